"""A pad on which one draws with the mouse how much of a picture is left at each t: ᾱ, as the plots show it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.settings.schedules import KNOTS, Curve, bent, straight_curve
from genstudio.ui.theme import px, theme

HELP = (
    "Drag to draw how ᾱ falls from 1 at t = 0 to 0 at t = T; what is beside the pen gives way, so that it falls all "
    "the way. ← → choose one of its points, ↑ ↓ move it, Delete makes it as it was at first."
)
STEP, FINE = 0.05, 0.01  # of ᾱ, that an arrow key moves a point, and with Shift
BETWEEN = 6  # parts of the line from one point to the next: √ᾱ is straight there, ᾱ is not
MOVES = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
CHOOSE = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class CurvePad(QWidget):
    """A falling curve of KNOTS values of √ᾱ, shown and drawn as ᾱ.

    Signals:
        changed: the curve after each move by the hand.
        finished: the hand let go.
    """

    changed = Signal(object)
    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curve = straight_curve()
        self._knot = KNOTS // 2  # the point that keys move
        self._last: QPointF | None = None  # of the pen while it is down
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("Drawn schedule")
        self.setAccessibleDescription(HELP)
        self.setToolTip(f"<p>{HELP}</p>")
        theme().changed.connect(self._restyle)

    def sizeHint(self) -> QSize:
        """As wide as the inspector lets it."""
        return QSize(px(240), px(150))

    def minimumSizeHint(self) -> QSize:
        """As high as wanted."""
        return QSize(px(120), px(150))

    def curve(self) -> Curve:
        """What is drawn."""
        return self._curve

    def set_curve(self, curve: Curve) -> None:
        """Show another, without a signal."""
        if curve != self._curve:
            self._curve = curve
            self.update()

    def is_held(self) -> bool:
        """Whether the pen is down."""
        return self._last is not None

    # ---- where things are ------------------------------------------------------------------------

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(px(26), px(8), -px(10), -px(20))

    def spot(self, knot: float, alpha_bar: float | None = None) -> QPointF:
        """Where the curve is at a t, counted in knots, or where it would be with another ᾱ there."""
        area = self._area()
        height = self._alpha_bar(knot) if alpha_bar is None else alpha_bar
        return QPointF(area.left() + area.width() * knot / (KNOTS - 1), area.bottom() - area.height() * height)

    def _alpha_bar(self, knot: float) -> float:
        low = min(int(knot), KNOTS - 2)
        root = self._curve[low] + (knot - low) * (self._curve[low + 1] - self._curve[low])
        return root**2

    def _place(self, spot: QPointF) -> tuple[float, float]:
        """The t, counted in knots, and the ᾱ under a spot."""
        area = self._area()
        return (
            (spot.x() - area.left()) / max(area.width(), 1) * (KNOTS - 1),
            (area.bottom() - spot.y()) / max(area.height(), 1),
        )

    # ---- the hand --------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The pen goes down."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._last = event.position()
            self._draw_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """It draws."""
        if self._last is not None:
            self._draw_to(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """It is lifted."""
        if self._last is not None:
            self._last = None
            self.update()
            self.finished.emit()

    def _draw_to(self, spot: QPointF) -> None:
        """All points between the last place of the pen and this one."""
        assert self._last is not None
        (x0, y0), (x1, y1) = self._place(self._last), self._place(spot)
        self._last = spot
        first, last = sorted((round(x0), round(x1)))
        knots = range(first, last + 1) if x0 <= x1 else range(last, first - 1, -1)
        curve = self._curve
        for knot in knots:
            share = min(max((knot - x0) / (x1 - x0), 0.0), 1.0) if x1 != x0 else 1.0
            curve = bent(curve, knot, _root(y0 + share * (y1 - y0)))
            self._knot = min(max(knot, 1), KNOTS - 2)
        self._take(curve)

    def _take(self, curve: Curve) -> None:
        if curve != self._curve:
            self._curve = curve
            self.update()
            self.changed.emit(curve)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A point is chosen and moved."""
        key, mods = Qt.Key(event.key()), event.modifiers()
        if mods & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            event.ignore()
        elif key in CHOOSE:
            self._knot = min(max(self._knot + CHOOSE[key], 1), KNOTS - 2)
            self.update()
        elif key in MOVES:
            step = FINE if mods & Qt.KeyboardModifier.ShiftModifier else STEP
            self._take(bent(self._curve, self._knot, _root(self._alpha_bar(self._knot) + MOVES[key] * step)))
            self.finished.emit()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._take(straight_curve())
            self.finished.emit()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The chosen point is seen."""
        super().focusInEvent(event)
        self.update()

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    # ---- paint -----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Axes, the curve and its points."""
        colors, painter, area = theme().colors, QPainter(self), self._area()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(area, QColor(colors.stage))
        painter.setFont(theme().font(11))
        right, middle = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignCenter
        for value, text in ((0.0, "0"), (0.5, "0.5"), (1.0, "1")):
            y = self.spot(0, value).y()
            painter.setPen(QPen(QColor(colors.line), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(colors.text2))
            painter.drawText(QRectF(0, y - px(8), area.left() - px(5), px(16)), right, text)
        for x, text in ((area.left(), "0"), (area.center().x(), "ᾱ over t"), (area.right(), "T")):
            painter.drawText(QRectF(x - px(60), area.bottom() + px(3), px(120), px(16)), middle, text)
        spots = [self.spot(knot) for knot in range(KNOTS)]
        painter.setPen(QPen(QColor(colors.real), px(2)))
        parts = (KNOTS - 1) * BETWEEN
        painter.drawPolyline(QPolygonF([self.spot(part / BETWEEN) for part in range(parts + 1)]))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.text))
        for number, spot in enumerate(spots):
            is_chosen = number == self._knot and (self.hasFocus() or self.is_held())
            painter.drawEllipse(spot, px(4) if is_chosen else px(2), px(4) if is_chosen else px(2))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(colors.accent_text))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), px(4), px(4))


def _root(alpha_bar: float) -> float:
    return math.sqrt(max(alpha_bar, 0.0))
