"""A light of the game: a lamp that one can press, and the room below for what it says."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QWidget

from genstudio.api.health import Light
from genstudio.ui.theme import fix, pad, px, theme

LIGHTS = {  # as the alarms call them: in the window
    "balance": "Balance",
    "gradient": "Gradient",
    "oscillation": "Oscillation",
    "collapse": "Diversity",
    "divergence": "Divergence",
}
LEVELS = {"early": "too early", "good": "well", "watch": "watch it", "bad": "fails"}
ROLES = {"early": "text2", "good": "real", "watch": "generator", "bad": "error"}
LINES = 3  # of the longest reason


class Lamp(QAbstractButton):
    """One light: a dot, full where something is wrong, its name, and how it is. Pressed it says why, below."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.level = "early"
        self._is_shown = False  # its reason stands below
        self.setProperty("lamp", name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._dot = fix(Dot(), width=14, height=14)
        self._name, self._state = QLabel(LIGHTS[name]), QLabel()
        self._state.setProperty("role", "second")
        box = pad(QHBoxLayout(self), (4, 3, 4, 3), 8)
        box.addWidget(self._dot)
        box.addWidget(self._name, 1)
        box.addWidget(self._state)
        for part in (self._dot, self._name, self._state):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_light(self, light: Light | None) -> None:
        """Show a light; None before anything is known."""
        self.level = light.level if light else "early"
        self._dot.show_role(ROLES[self.level] if light else "line")
        self._state.setText(LEVELS[self.level] if light else "")
        self.setToolTip(light.reason if light else "Nothing is known yet.")
        self.setAccessibleName(f"{self._name.text()}: {self._state.text()}")

    def set_shown(self, is_shown: bool) -> None:
        """Whether its reason stands below."""
        if is_shown != self._is_shown:
            self._is_shown = is_shown
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors, painter = theme().colors, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colors.accent_text), px(1.5)) if self.hasFocus() else Qt.PenStyle.NoPen)
        is_filled = self._is_shown or self.underMouse()
        painter.setBrush(QColor(colors.raised) if is_filled else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), px(4), px(4))


class Dot(QWidget):
    """A light in a colour of the theme."""

    def __init__(self) -> None:
        super().__init__()
        self._role = "line"

    def show_role(self, role: str) -> None:
        """Shine in the colour of that name."""
        if role != self._role:
            self._role = role
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(theme().colors, self._role)))
        side = px(10)
        painter.drawEllipse(QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side))


class Room(QLabel):
    """Words that have the same room whatever they are, so that nothing below them moves."""

    def __init__(self, lines: int = LINES, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setProperty("role", "second")

    def say(self, text: str) -> None:
        """Show a sentence, whole in the tooltip."""
        self.setText(text)
        self.setToolTip(text)

    def heightForWidth(self, width: int) -> int:
        return self._lines * self.fontMetrics().lineSpacing() + px(2)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.heightForWidth(0))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.heightForWidth(0))
