"""The plane to draw on: dots and strokes of real points, with a brush as wide as they are to spread."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.settings.adversarial import REACH
from genstudio.settings.drawings import ALONG, MOST_CENTRES, SPREADS, Stroke
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.plane import paint_dots, plane_in, spots_of

Way = list[tuple[float, float]]
PER_DOT, PER_STEP, MOST_SHOWN = 40, 3, 3000  # points shown of an island, of each step of a line, and of all
KEY_STEP, FINE_STEP = 0.1, 0.02  # units of the plane that an arrow key moves the pen
EMPTY = "Draw here: drag for a line, click for an island."
LEAST_ERASED = 0.08  # units around the pen
ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1),
}  # fmt: skip


class Sketch(QWidget):
    """Drag to draw, a click is an island; with the right button, or while `erases`, away with what is under the pen.

    Arrow keys move the pen (with Shift a little), Enter sets an island, Delete takes away.
    """

    changed = Signal()  # by the user, once the pen has left the plane
    full = Signal()  # more cannot be drawn

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spread, self.erases = 0.08, False
        self._strokes: list[Stroke] = []
        self._way: Way = []  # of the stroke that is being drawn
        self._pen: tuple[float, float] | None = None  # where the pen is over the plane
        self._is_erasing = self._by_keys = self._has_erased = False
        self._samples: dict[Stroke, npt.NDArray[np.float32]] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("Plane to draw on")
        self.setAccessibleDescription("Arrow keys move the pen, Enter sets an island, Delete takes away")
        theme().changed.connect(self._restyle)

    def sizeHint(self) -> QSize:
        """As the plane of the game."""
        return QSize(px(560), px(560))

    def minimumSizeHint(self) -> QSize:
        """As small as need be."""
        return QSize(px(120), px(120))

    # ---- data ----------------------------------------------------------------------------------

    def strokes(self) -> tuple[Stroke, ...]:
        """What is drawn."""
        return tuple(self._strokes)

    @property
    def is_busy(self) -> bool:
        """Whether the pen or the eraser is on the plane."""
        return bool(self._way) or self._is_erasing

    def set_strokes(self, strokes: Sequence[Stroke]) -> None:
        """Show another drawing, without a signal."""
        self._strokes, self._way = list(strokes), []
        self.update()

    def clear(self) -> None:
        """Take all away."""
        if self._strokes:
            self.set_strokes(())
            self.changed.emit()

    def set_spread(self, spread: float) -> None:
        """The brush of the next stroke."""
        self.spread = min(max(spread, SPREADS[0]), SPREADS[1])
        self.update()

    # ---- the pen -------------------------------------------------------------------------------

    def _place_of(self, spot: QPointF) -> tuple[float, float]:
        square = plane_in(self)
        scale = square.width() / (2 * REACH)
        x, y = (spot.x() - square.center().x()) / scale, (square.center().y() - spot.y()) / scale
        return round(min(max(x, -REACH), REACH), 3), round(min(max(y, -REACH), REACH), 3)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the pen, or the eraser, on the plane."""
        buttons = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
        if event.button() not in buttons or not plane_in(self).contains(event.position()):
            return
        self._end()
        self._by_keys = False
        self._pen = self._place_of(event.position())
        self._is_erasing = self.erases or event.button() == Qt.MouseButton.RightButton
        if self._is_erasing:
            self._erase()
        else:
            self._way = [self._pen]
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on."""
        pen = self._place_of(event.position())
        is_over = plane_in(self).contains(event.position())
        before, self._pen = self._pen, pen if is_over or self._way or self._is_erasing else None
        if self._is_erasing:
            steps = max(1, math.ceil(math.dist(before or pen, pen) / ALONG))
            for a in range(1, steps + 1):
                share = a / steps
                self._erase(tuple((1 - share) * p + share * q for p, q in zip(before or pen, pen, strict=True)))
        elif self._way and math.dist(self._way[-1], pen) >= ALONG:
            self._way.append(pen)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lift it."""
        self._end()

    def leaveEvent(self, event: QEvent) -> None:
        """No brush where there is no pointer."""
        if not self._way and not self._by_keys:
            self._pen = None
            self.update()

    def _end(self) -> None:
        way, has_erased = self._way, self._has_erased
        self._way, self._is_erasing, self._has_erased = [], False, False
        if way:
            self._add(Stroke(tuple(way), self.spread))
        elif has_erased:
            self.changed.emit()

    def _add(self, stroke: Stroke) -> None:
        room = MOST_CENTRES - sum(one.dots() + sum(one.steps()) for one in (*self._strokes, stroke))
        if room < 0:
            self.update()
            self.full.emit()
            return
        self._strokes.append(stroke)
        self.update()
        self.changed.emit()

    def _erase(self, at: tuple[float, ...] | None = None) -> None:
        """What lies under the eraser; a line of which the middle goes becomes two."""
        at, kept = at or self._pen or (0.0, 0.0), []
        reach = max(2 * self.spread, LEAST_ERASED)
        for stroke in self._strokes:
            way = _dense(stroke.way)
            stays = [math.dist(place, at) > reach for place in way]
            if all(stays):
                kept.append(stroke)
                continue
            self._has_erased = True
            for is_kept, part in itertools.groupby(zip(stays, way, strict=True), key=lambda pair: pair[0]):
                if is_kept:
                    kept.append(Stroke(tuple(place for _, place in part), stroke.spread))
        self._strokes = kept

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The pen by keys."""
        key, pen = Qt.Key(event.key()), self._pen or (0.0, 0.0)
        if key in ARROWS:
            step = FINE_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else KEY_STEP
            moved = (p + step * way for p, way in zip(pen, ARROWS[key], strict=True))
            x, y = (round(min(max(p, -REACH), REACH), 3) for p in moved)
            self._pen, self._by_keys = (x, y), True
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._pen, self._by_keys = pen, True
            self._add(Stroke((pen,), self.spread))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._erase(pen)
            self._end()
            self.update()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._by_keys:
            self._pen, self._by_keys = None, False
        self.update()

    # ---- paint ---------------------------------------------------------------------------------

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def _sample(self, stroke: Stroke) -> npt.NDArray[np.float32]:
        """Some points of a stroke, always the same."""
        found = self._samples.get(stroke)
        if found is None:
            way = np.array(_dense(stroke.way), np.float32)
            centres = np.repeat(way, PER_DOT if stroke.is_dot else PER_STEP, 0)
            noise = np.random.default_rng(len(centres)).standard_normal(centres.shape)
            found = self._samples[stroke] = (centres + stroke.spread * noise).astype(np.float32)
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        """Points of every stroke, its way, the brush."""
        painter, colors, square = QPainter(self), theme().colors, plane_in(self)
        painter.fillRect(square, QColor(colors.panel))
        painter.setClipRect(square)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strokes = [*self._strokes, *([Stroke(tuple(self._way), self.spread)] if self._way else [])]
        self._samples = {stroke: self._sample(stroke) for stroke in strokes}
        if strokes:
            points = np.concatenate(list(self._samples.values()))
            points = points[:: math.ceil(len(points) / MOST_SHOWN)]
            paint_dots(painter, spots_of(square, points), colors.real)
        else:
            painter.setPen(QColor(colors.text2))
            inside = square.adjusted(px(8), 0, -px(8), 0)
            painter.drawText(inside, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), EMPTY)
        painter.setPen(QPen(QColor(colors.text2), px(1)))
        for stroke in strokes:
            spots = [QPointF(x, y) for x, y in spots_of(square, np.array(stroke.way)).tolist()]
            painter.drawPolyline(QPolygonF(spots))
        if self._pen is not None:
            self._paint_pen(painter, square)
        painter.setClipping(False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colors.accent if self.hasFocus() else colors.line), px(2) if self.hasFocus() else 1))
        painter.drawRect(square)

    def _paint_pen(self, painter: QPainter, square: QRectF) -> None:
        assert self._pen is not None
        erases = self.erases or self._is_erasing
        reach = max(2 * self.spread, LEAST_ERASED) if erases else 2 * self.spread
        radius = reach * square.width() / (2 * REACH)
        middle = QPointF(*spots_of(square, np.array(self._pen)).tolist())
        style = Qt.PenStyle.DashLine if erases else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor(theme().colors.accent), px(1.5), style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(middle, radius, radius)


def _dense(way: Sequence[tuple[float, float]]) -> Way:
    """With a point at least every ALONG."""
    found: Way = [way[0]]
    for a, b in itertools.pairwise(way):
        steps = max(1, math.ceil(math.dist(a, b) / ALONG))
        for k in range(1, steps + 1):
            found.append((round(a[0] + k / steps * (b[0] - a[0]), 3), round(a[1] + k / steps * (b[1] - a[1]), 3)))
    return found
