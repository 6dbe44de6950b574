"""Buttons whose icon follows the theme."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from genstudio.ui.theme import fix, icon, px, theme


def _ring(button: QToolButton | QPushButton) -> None:
    """Around what is in a button full of the accent, on whose edge a line could not be told from it."""
    painter = QPainter(button)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme().colors.on_accent), px(1.5)))
    inset = px(2) + 1.5
    painter.drawRoundedRect(QRectF(button.rect()).adjusted(inset, inset, -inset, -inset), px(4), px(4))


class IconButton(QToolButton):
    """A square button with an icon, a name for screen readers and a tooltip that explains."""

    def __init__(self, name: str, label: str, help: str = "", parent: QWidget | None = None, side: int = 28) -> None:
        super().__init__(parent)
        self._icon, self._tint = name, ""
        self.setAccessibleName(label)
        self.setToolTip(help or label)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        fix(self, side, side)
        theme().changed.connect(self._tinted)
        self._tinted()

    def set_icon(self, name: str) -> None:
        """Show another icon of assets/icons."""
        if name != self._icon:
            self._icon = name
            self._tinted()

    def set_tint(self, field: str) -> None:
        """Tint with a field of theme().colors, '' for the text colour."""
        self._tint = field
        self._tinted()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus() and self.property("role") == "primary":
            _ring(self)

    @Slot()
    def _tinted(self) -> None:
        self.setIcon(icon(self._icon, getattr(theme().colors, self._tint or "text")))
        self.setIconSize(QSize(px(20), px(20)))


class TextButton(QPushButton):
    """A push button; `icon_name` is optional, `primary` fills it with the accent."""

    def __init__(
        self, text: str, help: str = "", icon_name: str = "", primary: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._icon, self._primary, self._help = icon_name, primary, help
        self.setAccessibleName(text)
        self.setToolTip(help)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        if primary:
            self.setProperty("role", "primary")
        if icon_name:
            theme().changed.connect(self._tinted)
            self._tinted()

    def set_icon(self, name: str) -> None:
        """Show another icon of assets/icons."""
        if not self._icon:
            theme().changed.connect(self._tinted)
        self._icon = name
        self._tinted()

    def set_help(self, text: str) -> None:
        """What the tooltip says while it is enabled."""
        self._help = text
        if self.isEnabled():
            self.setToolTip(text)

    def allow(self, is_allowed: bool, why_not: str) -> None:
        """Enable it, or disable it and let the tooltip say why."""
        self.setEnabled(is_allowed)
        self.setToolTip(self._help if is_allowed else why_not)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus() and self.property("role") == "primary":
            _ring(self)

    @Slot()
    def _tinted(self) -> None:
        colors = theme().colors
        room = 4 if self.text() else 0
        self.setIcon(icon(self._icon, colors.on_accent if self._primary else colors.text, room))
        self.setIconSize(QSize(px(18 + room), px(18)))
