"""A brush over the pictures of a stage: a ring under the mouse, and the stroke while it is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from genstudio.api.brush import Stroke
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.stage import Stage

GREYS = {"light": 1.0, "dark": 0.0, "erase": None}  # of the tools
RADII = (0.02, 0.4)  # parts of a picture's side
CLOSE = 0.012  # two points of a way are not nearer
MOST_POINTS = 200  # of a way; a longer one loses every second


class Brush(QWidget):
    """Covers a stage while it is in hand, and says by `stroked` what was painted.

    Args:
        picture_of: The number of the picture in a cell; -1 where it is none to paint on.
    """

    stroked = Signal(object)

    def __init__(self, stage: Stage, picture_of: Callable[[int], int]) -> None:
        super().__init__(stage)
        self.tool, self.radius, self.paints_all = "light", 0.08, True
        self._stage, self._picture_of = stage, picture_of
        self._mouse: QPointF | None = None
        self._cell = -1  # that is painted on
        self._way: list[tuple[float, float]] = []
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("Brush")
        self.hide()
        stage.installEventFilter(self)
        theme().changed.connect(self._restyle)

    def set_in_hand(self, is_in_hand: bool) -> None:
        """Paint, or leave the mouse to the stage."""
        if is_in_hand != self.isVisibleTo(self._stage):
            self._forget()
            self.setGeometry(self._stage.rect())
            self.setVisible(is_in_hand)
            if is_in_hand:
                self.raise_()

    def set_brush(self, tool: str, radius: float, paints_all: bool) -> None:
        """What it does, how wide, and whether to all pictures."""
        self.tool, self.radius, self.paints_all = tool, radius, paints_all
        self.update()

    def is_down(self) -> bool:
        """Whether a stroke is being drawn."""
        return self._cell >= 0

    # ---- the hand --------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A stroke begins on a picture."""
        cell = self._stage.index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and cell >= 0 and self._picture_of(cell) >= 0:
            self._cell, self._way = cell, [self._place(event.position(), cell)]
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """It goes on."""
        self._mouse = event.position()
        if self._cell >= 0:
            place = self._place(event.position(), self._cell)
            if math.dist(place, self._way[-1]) >= CLOSE:
                self._way.append(place)
            if len(self._way) > MOST_POINTS:
                self._way = [*self._way[:-1:2], self._way[-1]]
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """It is finished."""
        if self._cell >= 0 and event.button() == Qt.MouseButton.LeftButton:
            picture = -1 if self.paints_all else self._picture_of(self._cell)
            stroke = Stroke(picture, GREYS[self.tool], self.radius, tuple(self._way))
            self._forget()
            self.stroked.emit(stroke)

    def leaveEvent(self, event: QEvent) -> None:
        """No ring outside."""
        self._mouse = None
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """It is as large as the stage."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._stage.rect())
        return super().eventFilter(watched, event)

    def _place(self, spot: QPointF, cell: int) -> tuple[float, float]:
        box = QRectF(self._stage.cell_rect(cell))
        return (spot.x() - box.left()) / max(box.width(), 1), (spot.y() - box.top()) / max(box.height(), 1)

    def _forget(self) -> None:
        self._cell, self._way, self._mouse = -1, [], None
        self.update()

    @Slot()
    def _restyle(self) -> None:
        self.update()

    # ---- paint -----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ring and the stroke, on one picture or on all."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        under = self._cell if self._cell >= 0 else -1 if self._mouse is None else self._stage.index_at(self._mouse)
        if under < 0 or self._picture_of(under) < 0:
            return
        pictures = self._stage.pictures()
        count = 0 if pictures is None else len(pictures)
        cells = [k for k in range(count) if self._picture_of(k) >= 0] if self.paints_all else [under]
        way = self._way or ([] if self._mouse is None else [self._place(self._mouse, under)])
        for cell in cells:
            box = QRectF(self._stage.cell_rect(cell))
            painter.setClipRect(box)
            spots = [QPointF(box.left() + x * box.width(), box.top() + y * box.height()) for x, y in way]
            if self._way:
                self._paint_way(painter, spots, 2 * self.radius * box.width())
            if spots and cell == under:
                self._paint_ring(painter, spots[-1], self.radius * box.width())

    def _paint_way(self, painter: QPainter, spots: list[QPointF], wide: float) -> None:
        grey = GREYS[self.tool]
        color = QColor(theme().colors.latent) if grey is None else QColor.fromRgbF(grey, grey, grey)
        color.setAlphaF(0.6)
        painter.setPen(QPen(color, max(wide, 1.0), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap,
                            Qt.PenJoinStyle.RoundJoin))  # fmt: skip
        if len(spots) == 1:
            painter.drawPoint(spots[0])
        else:
            painter.drawPolyline(QPolygonF(spots))

    def _paint_ring(self, painter: QPainter, spot: QPointF, radius: float) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in (("#000000", 3), ("#FFFFFF", 1)):  # seen on light and dark pictures
            painter.setPen(QPen(QColor(color), px(width)))
            painter.drawEllipse(spot, max(radius, 2.0), max(radius, 2.0))
