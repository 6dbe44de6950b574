"""Colours, sizes, fonts and icons of the window; light, dark or as the system has it, from 80 to 250 %."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cache
from pathlib import Path
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

from genstudio.ui.style_sheet import style_sheet

Mode = Literal["system", "dark", "light"]
SCALES = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5)


def luminance(color: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.1)."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.1)."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def mix(a: str, b: str, share: float) -> str:
    """`share` of colour b in colour a, as #rrggbb."""
    pairs = ((int(a[i : i + 2], 16), int(b[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in pairs)


def readable(color: str, background: str, towards: str, ratio: float = 4.5) -> str:
    """`color` moved towards another one just until it can be read on `background`."""
    return next(
        (c for c in (mix(color, towards, i / 50) for i in range(51)) if contrast(c, background) >= ratio), towards
    )


@dataclass(frozen=True)
class Colors:
    """One theme. The `*_text` variants of a meaning have 4.5:1 on every ground that text stands on."""

    dark: bool
    window: str
    panel: str
    raised: str
    stage: str
    line: str
    text: str
    text2: str
    accent: str
    real: str = "#009E73"
    generated: str = "#D55E00"
    discriminator: str = "#0072B2"
    generator: str = "#E69F00"
    latent: str = "#CC79A7"
    neutral: str = "#8A929D"
    error: str = "#D9483B"
    accent_text: str = ""
    real_text: str = ""
    generated_text: str = ""
    discriminator_text: str = ""
    generator_text: str = ""
    latent_text: str = ""
    neutral_text: str = ""
    error_text: str = ""
    on_accent: str = ""  # text upon the accent
    hover: str = ""  # raised, under the pointer
    edge: str = ""  # of a control: 3:1 against the panel where the control needs it to be found


def _complete(colors: Colors) -> Colors:
    grounds = (colors.window, colors.panel, colors.raised, colors.stage)
    ground = min(grounds, key=lambda g: contrast(g, colors.text))
    names = ("accent", "real", "generated", "discriminator", "generator", "latent", "neutral", "error")
    texts = {f"{name}_text": readable(getattr(colors, name), ground, colors.text) for name in names}
    on_accent = max(("#0B0D10", "#FFFFFF"), key=lambda c: contrast(c, colors.accent))
    hover = mix(colors.raised, colors.text, 0.07)
    return dataclasses.replace(
        colors, **texts, on_accent=on_accent, hover=hover, edge=mix(colors.line, colors.text2, 0.35)
    )


DARK = _complete(
    Colors(
        dark=True, window="#16181D", panel="#1E2127", raised="#262A31", stage="#101114", line="#343942",
        text="#E6E8EB", text2="#9AA3AE", accent="#56B4E9",
    )
)  # fmt: skip
LIGHT = _complete(
    Colors(
        dark=False, window="#F6F7F9", panel="#FFFFFF", raised="#F0F2F5", stage="#E9ECF1", line="#D8DDE3",
        text="#1B1F24", text2="#5B6672", accent="#0072B2",
    )
)  # fmt: skip


class Theme(QObject):
    """The look of the whole application; lives on the window thread. `changed` follows every change of it."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.colors = DARK
        self.mode: Mode = "system"
        self.scale = 1.0
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
        self._apply()

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
        app.setStyleSheet(style_sheet(self.colors, self.px))
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
    """Give a layout margins (left, top, right, bottom) and spacing in design pixels; they follow the scale."""
    sides = (margins,) * 4 if isinstance(margins, int) else margins
    layout.setProperty("pad", [*sides, spacing])
    _repad(layout)
    return layout


def fix(widget: QWidget, width: int = 0, height: int = 0, *, at_most: int = 0) -> Any:
    """Fix a widget's width or height in design pixels (0 leaves it free), or only its largest width.

    The lengths follow the scale.
    """
    widget.setProperty("fixed", [width, height, at_most])
    _rescale(widget)
    return widget


def _repad(layout: QLayout) -> None:
    if (values := layout.property("pad")) is not None:
        *sides, spacing = (round(int(v) * theme().scale) for v in values)
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


def assets_dir() -> Path:
    """The folder of icons."""
    return Path(__file__).parents[2] / "assets"


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


def icon(name: str, color: str | None = None) -> QIcon:
    """An icon of `assets/icons` tinted with `color`, else with the text colour; faded when disabled."""
    colors, made = theme().colors, QIcon()
    app = QApplication.instance()
    ratio = app.devicePixelRatio() if isinstance(app, QApplication) else 1.0
    for mode, tint in (
        (QIcon.Mode.Normal, color or colors.text),
        (QIcon.Mode.Disabled, mix(colors.text2, colors.panel, 0.5)),
    ):
        made.addPixmap(pixmap(name, tint, px(20), ratio), mode)
    return made
