"""A slider for numbers with a fraction, in the colour of what it means."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.ui.theme import px, theme


class Slider(QWidget):
    """A horizontal slider from `low` to `high`; a press anywhere takes the handle there.

    Arrows and the wheel move by `step`, PageUp and PageDown by ten of them, Home and End to the ends; a
    double click, Delete or Backspace goes to `rest`. The fill starts at `origin`.
    """

    changed = Signal(float)  # by the user or the program
    moved = Signal(float)  # by the user alone
    released = Signal()  # the hand let go, or a key or the wheel moved it

    def __init__(
        self,
        low: float = 0.0,
        high: float = 1.0,
        step: float = 0.01,
        tint: str = "accent",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.low, self.high, self.step, self.tint = low, high, step, tint
        self.rest = self.origin = low
        self._value = low
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.updateGeometry)

    def value(self) -> float:
        """Where the handle is."""
        return self._value

    def set_value(self, value: float) -> None:
        """Put the handle elsewhere; out of range becomes the nearest end."""
        value = min(max(float(value), self.low), self.high)
        if value != self._value:
            self._value = value
            self.update()
            self.changed.emit(value)

    def set_range(self, low: float, high: float) -> None:
        """Other ends; the value is kept inside."""
        self.low, self.high = low, max(high, low)
        self.update()
        self.set_value(self._value)

    def sizeHint(self) -> QSize:
        return QSize(px(120), px(22))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(48), px(22))

    def is_held(self) -> bool:
        """Whether the hand is on the handle."""
        return self._held

    _held = False

    def _x(self, value: float) -> float:
        span = self.high - self.low
        radius = px(7)
        return radius + (self.width() - 2 * radius) * ((value - self.low) / span if span else 0.0)

    def _by_user(self, value: float) -> None:
        old = self._value
        self.set_value(value)
        if self._value != old:
            self.moved.emit(self._value)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = True
            self.mouseMoveEvent(event)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            radius = px(7)
            share = (event.position().x() - radius) / max(self.width() - 2 * radius, 1)
            raw = self.low + share * (self.high - self.low)
            self._by_user(self.low + round((raw - self.low) / self.step) * self.step if self.step else raw)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._held = False
            self.update()
            self.released.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._by_user(self.rest)
        self.released.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus() or not event.angleDelta().y():
            event.ignore()
            return
        self._by_user(self._value + self.step * (5 if event.angleDelta().y() > 0 else -5))
        self.released.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, steps = event.key(), 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        moves = {
            Qt.Key.Key_Left: self._value - steps * self.step,
            Qt.Key.Key_Down: self._value - steps * self.step,
            Qt.Key.Key_Right: self._value + steps * self.step,
            Qt.Key.Key_Up: self._value + steps * self.step,
            Qt.Key.Key_PageDown: self._value - 10 * self.step,
            Qt.Key.Key_PageUp: self._value + 10 * self.step,
            Qt.Key.Key_Home: self.low,
            Qt.Key.Key_End: self.high,
            Qt.Key.Key_Delete: self.rest,
            Qt.Key.Key_Backspace: self.rest,
        }
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier or key not in moves:
            super().keyPressEvent(event)
            return
        self._by_user(moves[Qt.Key(key)])
        self.released.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors, painter = theme().colors, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        y, thick, radius = self.height() / 2, px(4), px(6)
        left, right = self._x(self.low), self._x(self.high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.line))
        painter.drawRoundedRect(QRectF(left - 1, y - thick / 2, right - left + 2, thick), thick / 2, thick / 2)
        x, zero = self._x(self._value), self._x(min(max(self.origin, self.low), self.high))
        fill = QColor(getattr(colors, self.tint) if self.isEnabled() else colors.neutral)
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(min(x, zero), y - thick / 2, abs(x - zero), thick), thick / 2, thick / 2)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colors.accent_text), px(2)))
            painter.drawEllipse(QPointF(x, y), radius + px(2), radius + px(2))
        painter.setBrush(QColor(colors.text if self.isEnabled() else colors.text2))
        painter.setPen(QPen(QColor(colors.panel), px(1)))
        painter.drawEllipse(QPointF(x, y), radius, radius)
