"""Colours, sizes, fonts and icons of the window; light, dark or as the system has it, from 80 to 250 %."""

from __future__ import annotations

import weakref
from functools import cache
from typing import Any, Literal

from PySide6.QtCore import QByteArray, QObject, QRectF, QSettings, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
    QPixmapCache,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QLayout, QWidget
from shiboken6 import isValid

from genstudio.files import assets_dir
from genstudio.ui.colors import DARK, LIGHT, Colors, contrast, mix, readable
from genstudio.ui.style_sheet import style_sheet

Mode = Literal["system", "dark", "light"]
SCALES = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5)


class Theme(QObject):
    """The look of the whole application; lives on the window thread. `changed` follows every change of it."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.colors = DARK
        self.mode: Mode = "system"
        self.scale = 1.0
        self._window: weakref.ref[QWidget] | None = None
        self._system_dark: bool | None = None
        self._applying = False

    def start(self, mode: Mode = "system", scale: float = 1.0) -> None:
        """Take over the application: style, palette, font, and the system's light or dark from now on."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.setStyle("Fusion")
        hints = QGuiApplication.styleHints()
        if self._system_dark is None:
            self._system_dark = app.palette().color(QPalette.ColorRole.Window).lightness() < 128
            hints.colorSchemeChanged.connect(self._system_changed)
        self.mode, self.scale = mode, min(max(scale, SCALES[0]), SCALES[-1])
        self._window = None
        self._apply()

    def dress(self, window: QWidget) -> None:
        """All that is shown belongs to this window, which has the style sheet from now on.

        With the thousands of widgets of all pages Qt changes that of a window in a fifth of the time that it needs for
        that of the application.
        """
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._window = weakref.ref(window)
        app.setStyleSheet("")
        window.setStyleSheet(style_sheet(self.colors, self.px, self.gap))

    def set_mode(self, mode: Mode) -> None:
        """Dark, light, or as the system has it."""
        self.mode = mode
        self._apply()

    def set_scale(self, scale: float) -> None:
        """Everything from 0.8 to 2.5 times its size."""
        self.scale = min(max(scale, SCALES[0]), SCALES[-1])
        self._apply()

    def zoom(self, steps: int) -> None:
        """The next larger or smaller scale; 0 is back to 100 %."""
        nearest = min(range(len(SCALES)), key=lambda i: abs(SCALES[i] - self.scale))
        self.set_scale(1.0 if steps == 0 else SCALES[min(max(nearest + steps, 0), len(SCALES) - 1)])

    def px(self, length: float) -> int:
        """A length in design pixels, scaled; at least 1."""
        return max(round(length * self.scale), 1)

    def gap(self, length: float) -> int:
        """A distance in design pixels: it grows half as fast as text does, so that large text keeps its room."""
        return round(length * (min(self.scale, 1.0) + max(self.scale - 1.0, 0.0) / 2))

    def font(self, size: float = 13, bold: bool = False, mono: bool = False) -> QFont:
        """The system's font with tabular figures in design pixels (13 body, 11 captions, 20 numbers)."""
        kind = QFontDatabase.SystemFont.FixedFont if mono else QFontDatabase.SystemFont.GeneralFont
        font = QFont(QFontDatabase.systemFont(kind))
        font.setPixelSize(self.px(size))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def save(self, settings: QSettings) -> None:
        """Remember mode and scale."""
        settings.setValue("theme/mode", self.mode)
        settings.setValue("theme/scale", self.scale)

    @Slot()
    def _system_changed(self) -> None:
        if not self._applying and self.mode == "system":
            self._apply()

    def _is_dark(self) -> bool:
        if self.mode != "system":
            return self.mode == "dark"
        scheme = QGuiApplication.styleHints().colorScheme()
        return bool(self._system_dark) if scheme == Qt.ColorScheme.Unknown else scheme == Qt.ColorScheme.Dark

    def _apply(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._applying = True
        schemes = {"system": Qt.ColorScheme.Unknown, "dark": Qt.ColorScheme.Dark, "light": Qt.ColorScheme.Light}
        QGuiApplication.styleHints().setColorScheme(schemes[self.mode])
        self.colors = DARK if self._is_dark() else LIGHT
        app.setPalette(_palette(self.colors))
        app.setFont(self.font())
        window = self._window() if self._window is not None else None
        dressed = window if window is not None and isValid(window) else app
        dressed.setStyleSheet(style_sheet(self.colors, self.px, self.gap))
        for widget in app.allWidgets():
            _rescale(widget)
        self._applying = False
        self.changed.emit()


def _palette(c: Colors) -> QPalette:
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()
    pairs = {
        role.Window: c.window, role.WindowText: c.text, role.Base: c.panel, role.AlternateBase: c.raised,
        role.Text: c.text, role.Button: c.raised, role.ButtonText: c.text, role.BrightText: c.text,
        role.Highlight: c.accent, role.HighlightedText: c.on_accent, role.ToolTipBase: c.raised,
        role.ToolTipText: c.text, role.Link: c.accent_text, role.PlaceholderText: c.text2, role.Accent: c.accent,
    }  # fmt: skip
    for key, color in pairs.items():
        palette.setColor(key, QColor(color))
    faded = QColor(mix(c.text2, c.panel, 0.4))
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(group.Disabled, key, faded)
    return palette


@cache
def theme() -> Theme:
    """The application's one theme."""
    return Theme()


def px(length: float) -> int:
    """A length in design pixels at the present scale."""
    return theme().px(length)


def pad(layout: QLayout, margins: tuple[int, int, int, int] | int = 0, spacing: int = 8) -> Any:
    """Give a layout margins (left, top, right, bottom) and spacing in design pixels; they follow `Theme.gap`."""
    sides = (margins,) * 4 if isinstance(margins, int) else margins
    layout.setProperty("pad", [*sides, spacing])
    _repad(layout)
    return layout


def fix(widget: QWidget, width: int = 0, height: int = 0, *, at_most: int = 0) -> Any:
    """Fix a widget's width or height in design pixels (0 leaves it as it was), or only its largest width.

    The lengths follow the scale.
    """
    before = widget.property("fixed") or (0, 0, 0)
    widget.setProperty("fixed", [new or old for new, old in zip((width, height, at_most), before, strict=True)])
    _rescale(widget)
    return widget


def _repad(layout: QLayout) -> None:
    if (values := layout.property("pad")) is not None:
        *sides, spacing = (theme().gap(int(v)) for v in values)
        layout.setContentsMargins(*sides)
        layout.setSpacing(spacing)


def _rescale(widget: QWidget) -> None:
    if (size := widget.property("fixed")) is not None:
        if size[0]:
            widget.setFixedWidth(px(size[0]))
        if size[1]:
            widget.setFixedHeight(px(size[1]))
        if size[2]:
            widget.setMaximumWidth(px(size[2]))
    if (layout := widget.layout()) is not None:
        _repad(layout)
        for inner in layout.findChildren(QLayout):
            _repad(inner)


@cache
def _svg(name: str) -> str:
    return (assets_dir() / "icons" / f"{name}.svg").read_text("utf-8")


def pixmap(name: str, color: str, side: int, ratio: float = 1.0) -> QPixmap:
    """An icon of `assets/icons` in one colour, `side` device-independent pixels wide."""
    key = f"genstudio/{name}/{color}/{side}/{ratio}"
    picture = QPixmap()
    if QPixmapCache.find(key, picture):
        return picture
    picture = QPixmap(round(side * ratio), round(side * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer = QSvgRenderer(QByteArray(_svg(name).replace("currentColor", color).encode()))
    renderer.render(painter, QRectF(0, 0, picture.width(), picture.height()))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, picture)
    return picture


def icon(name: str, color: str | None = None, room: int = 0) -> QIcon:
    """An icon of `assets/icons` tinted with `color`, else with the text colour; faded when disabled.

    `room` design pixels are left free at its right, where a text follows.
    """
    colors, made = theme().colors, QIcon()
    app = QApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QApplication) else 1.0
    for mode, tint in (
        (QIcon.Mode.Normal, color or colors.text),
        (QIcon.Mode.Disabled, mix(colors.text2, colors.panel, 0.5)),
    ):
        picture = pixmap(name, tint, px(18 if room else 20), ratio)
        if room:
            wide = QPixmap(picture.width() + round(px(room) * ratio), picture.height())
            wide.setDevicePixelRatio(ratio)
            wide.fill(Qt.GlobalColor.transparent)
            painter = QPainter(wide)
            painter.drawPixmap(0, 0, picture)
            painter.end()
            picture = wide
        made.addPixmap(picture, mode)
    return made


__all__ = [
    "DARK",
    "LIGHT",
    "Colors",
    "Mode",
    "Theme",
    "contrast",
    "fix",
    "icon",
    "mix",
    "pad",
    "pixmap",
    "px",
    "readable",
    "theme",
]
