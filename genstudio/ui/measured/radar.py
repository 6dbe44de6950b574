"""The radar of the aspects: a line for each model, between the worst of them on the inner ring and the best outside."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.api.aspects import ASPECTS, MEASURES
from genstudio.api.comparison import Table
from genstudio.api.radar import SCALING, Axis, axes_of
from genstudio.ui.measured import words
from genstudio.ui.measured.marks import draw_mark, pen_of
from genstudio.ui.tabs.run_words import name_of
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.place_help import PlaceHelp

INNER = 0.25  # share of the radius where the worst stands
NEAR = 12  # design px around a dot
DOT = 4.5  # design px
LEGEND, NAME = 20, 15  # design px of a line of the legend, and of a name at an axis
ROOM = 40  # design px beside the rings
OVER = 2 * NAME + 14  # design px above and below the rings, for names
GAP = 12  # design px between names beside each other
STRAIGHT = 0.01  # of its length an axis that goes up or down may lean
NOWHERE = (-1, -1)
NO_NUMBER, NOT_COMPARED = "no numbers", "not compared"
EMPTY = Table((), (), 0)


class Radar(PlaceHelp):
    """Takes a table in; `cell_chosen(measure, column)` says whose dot was clicked. Below: the legend, the scaling."""

    cell_chosen = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table, self.axes = EMPTY, tuple[Axis, ...]()
        self.cell = ("", -1)
        self._hovered = NOWHERE  # axis and model
        self._has_legend = False
        self.setMouseTracking(True)
        self.setAccessibleName("Radar of the aspects")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self._restyle)
        self._restyle()

    def show_table(self, table: Table) -> None:
        """What is known of the models."""
        self.table, self.axes, self._hovered = table, axes_of(table), NOWHERE
        told = [f"{ASPECTS[axis.aspect].title}: {self.axis_words(axis)}" for axis in self.axes]
        self.setAccessibleDescription(". ".join([*told, SCALING]))
        self.update()

    def show_cell(self, name: str, column: int) -> None:
        """Ring the dot of a cell; "" none."""
        self.cell = (name, column)
        self.update()

    def show_legend(self, is_shown: bool) -> None:
        """Where the table is not beside it, whose heads have the marks of the models."""
        self._has_legend = is_shown
        self.update()

    def axis_words(self, axis: Axis) -> str:
        """What an axis shows."""
        if axis.name:
            return MEASURES[axis.name].title
        lines = (line for line in self.table.lines if line.aspect == axis.aspect)
        return NOT_COMPARED if any(line.apart for line in lines) else NO_NUMBER

    # ---- geometry ---------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(px(340), px(400))

    def _below(self) -> float:
        """Pixels of the legend and of the words about the scaling."""
        lines = len(self.table.models) if self._has_legend else 0
        return lines * px(LEGEND) + self._scaling_high() + px(16)

    def _scaling_high(self) -> float:
        room = QRectF(0, 0, max(self.width() - px(16), 1), 1000)
        flags = int(Qt.TextFlag.TextWordWrap)
        return QFontMetricsF(theme().font(11)).boundingRect(room, flags, SCALING).height()

    def centre(self) -> QPointF:
        """Of the rings."""
        return QPointF(self.width() / 2, (self.height() - self._below()) / 2)

    def radius(self) -> float:
        """Pixels of the outer ring."""
        high = (self.height() - self._below()) / 2 - px(OVER)
        return max(min(self.width() / 2 - px(ROOM), high), px(24))

    def foot(self) -> float:
        """Where rings and names end, and the words below them begin; as much is free above all as below."""
        return self.centre().y() + self.radius() + px(OVER)

    def _direction(self, axis: int) -> QPointF:
        angle = 2 * math.pi * axis / max(len(self.axes), 1) - math.pi / 2
        return QPointF(math.cos(angle), math.sin(angle))

    def spot(self, axis: int, place: float) -> QPointF:
        """Where a place from 0 to 1 is on an axis."""
        return self.centre() + self._direction(axis) * self.radius() * (INNER + (1 - INNER) * place)

    def dot_at(self, point: QPointF) -> tuple[int, int]:
        """Axis and model of the dot nearest to a point; NOWHERE if none is near."""
        near: list[tuple[float, tuple[int, int]]] = []
        for k, axis in enumerate(self.axes):
            for column, place in enumerate(axis.places):
                if place is not None:
                    apart = self.spot(k, place) - point
                    near.append((math.hypot(apart.x(), apart.y()), (k, column)))
        distance, found = min(near, default=(math.inf, NOWHERE))
        return found if distance <= px(NEAR) else NOWHERE

    # ---- hand -------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A dot leads to its number in the table."""
        axis, column = self.dot_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and axis >= 0:
            self.cell_chosen.emit(self.axes[axis].name, column)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self.dot_at(event.position())
        if found != self._hovered:
            self._hovered = found
            self.setCursor(Qt.CursorShape.PointingHandCursor if found[0] >= 0 else Qt.CursorShape.ArrowCursor)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = NOWHERE
        self.update()

    def help_at(self, point: QPointF) -> str:
        """The numbers of the dots under a point, which may lie on one another; else how it is scaled."""
        k, column = self.dot_at(point)
        if k < 0:
            return SCALING
        axis, line = self.axes[k], self.table.line(self.axes[k].name)
        here = [
            other for other, place in enumerate(axis.places)
            if place is not None and abs(place - (axis.places[column] or 0.0)) * self.radius() < px(DOT)
        ]  # fmt: skip
        return " ".join(words.cell_help(line, other) for other in here)

    # ---- paint ------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Rings, axes with their names, a line for each model, the legend."""
        if not self.axes or not self.table.models:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_rings(painter)
        for axis, box in zip(self.axes, self.name_boxes(), strict=True):
            self._paint_name(painter, axis, box)
        for column in range(len(self.table.models)):
            self._paint_model(painter, column)
        self._paint_chosen(painter)
        if self._has_legend:
            self._paint_legend(painter)
        self._paint_scaling(painter)

    def _paint_rings(self, painter: QPainter) -> None:
        colors, count = theme().colors, len(self.axes)
        for place in (0.0, 0.5, 1.0):
            painter.setPen(QPen(QColor(colors.line), 1))
            painter.drawPolygon(QPolygonF([self.spot(k, place) for k in range(count)]))
        for k, axis in enumerate(self.axes):
            pen = QPen(QColor(colors.line), 1)
            if not axis.name:
                pen.setStyle(Qt.PenStyle.DotLine)
            painter.setPen(pen)
            painter.drawLine(self.centre(), self.spot(k, 1.0))

    def _paint_name(self, painter: QPainter, axis: Axis, room: QRectF) -> None:
        colors = theme().colors
        for number, (text, font) in enumerate(self._name_lines(axis)):
            box = QRectF(room.left(), room.top() + number * px(NAME), room.width() + 2, px(NAME))
            painter.setFont(font)
            painter.setPen(QColor(colors.text if number == 0 and axis.name else colors.text2))
            side = Qt.AlignmentFlag.AlignHCenter
            painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, text)

    def _name_lines(self, axis: Axis) -> list[tuple[str, QFont]]:
        """The two lines at an axis."""
        return [
            (ASPECTS[axis.aspect].title, theme().font(12, bold=True)),
            (self.axis_words(axis), theme().font(11)),
        ]

    def name_boxes(self) -> list[QRectF]:
        """Where the names of the axes stand: at the corners, and beside those in the middle where they would meet."""
        boxes = []
        for k, axis in enumerate(self.axes):
            wide = max(QFontMetricsF(font).horizontalAdvance(text) for text, font in self._name_lines(axis))
            boxes.append(self._placed(k, QRectF(self.spot(k, 1.0).x() - wide / 2, 0.0, wide, 2 * px(NAME))))
        sides = [self._direction(k).x() for k in range(len(boxes))]
        middle = [box for box, side in zip(boxes, sides, strict=True) if abs(side) < STRAIGHT]
        for k, side in enumerate(sides):
            for other in middle if abs(side) >= STRAIGHT else ():
                if boxes[k].intersects(other.adjusted(-px(GAP), 0, px(GAP), 0)):
                    left = other.right() + px(GAP) if side > 0 else other.left() - px(GAP) - boxes[k].width()
                    boxes[k].moveLeft(left)
                    boxes[k] = self._placed(k, boxes[k])
        return boxes

    def _placed(self, k: int, box: QRectF) -> QRectF:
        """A box of that width within the widget, as high or as low as the rings let it stand."""
        box.moveLeft(min(max(box.left(), 0.0), max(self.width() - box.width(), 0.0)))
        box.moveTop(self._name_top(self._direction(k), box))
        return box

    def _name_top(self, towards: QPointF, box: QRectF) -> float:
        """Where a name begins so that it is outside of the rings, above or below them: at its inner end, the edge."""
        centre, radius = self.centre(), self.radius()
        inner = max(min(abs(box.left() - centre.x()), abs(box.right() - centre.x())), 0.0)
        if box.left() <= centre.x() <= box.right():
            inner = 0.0
        edge = radius - inner / math.sqrt(3)  # of a hexagon that stands on a corner
        if towards.y() < 0:
            return centre.y() - edge - px(8) - box.height()
        return centre.y() + edge + px(8)

    def _paint_model(self, painter: QPainter, column: int) -> None:
        """Lines between neighbours that both have a number; a gap stays a gap."""
        spots = [None if axis.places[column] is None else self.spot(k, axis.places[column] or 0.0)
                 for k, axis in enumerate(self.axes)]  # fmt: skip
        pen = pen_of(column)
        for k, spot in enumerate(spots):
            other = spots[(k + 1) % len(spots)]
            if spot is not None and other is not None:
                painter.setPen(pen)
                painter.drawLine(spot, other)
        for spot in filter(None, spots):
            draw_mark(painter, spot, column, px(DOT))

    def _paint_chosen(self, painter: QPainter) -> None:
        for k, axis in enumerate(self.axes):
            for column, place in enumerate(axis.places):
                is_chosen = (axis.name, column) == self.cell
                if place is not None and (is_chosen or (k, column) == self._hovered):
                    color = theme().colors.accent if is_chosen else theme().colors.text
                    painter.setPen(QPen(QColor(color), px(2)))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawEllipse(self.spot(k, place), px(DOT + 4), px(DOT + 4))

    def _paint_legend(self, painter: QPainter) -> None:
        colors, top = theme().colors, self.foot() + px(8)
        font = theme().font(12)
        wide = max(QFontMetricsF(font).horizontalAdvance(text) for text in self._names()) + px(34)
        left = max((self.width() - wide) / 2, px(8))
        for column, name in enumerate(self._names()):
            middle = top + column * px(LEGEND) + px(LEGEND) / 2
            painter.setPen(pen_of(column))
            painter.drawLine(QPointF(left, middle), QPointF(left + px(26), middle))
            draw_mark(painter, QPointF(left + px(13), middle), column, px(4))
            painter.setFont(font)
            painter.setPen(QColor(colors.text))
            box = QRectF(left + px(34), middle - px(LEGEND) / 2, self.width() - left - px(34), px(LEGEND))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)

    def _paint_scaling(self, painter: QPainter) -> None:
        painter.setFont(theme().font(11))
        painter.setPen(QColor(theme().colors.text2))
        high = self._scaling_high()
        box = QRectF(px(8), self.foot() + self._below() - high - px(4), self.width() - px(16), high)
        painter.drawText(box, int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignHCenter), SCALING)

    def _names(self) -> Sequence[str]:
        return [name_of(model) for model in self.table.models]

    @Slot()
    def _restyle(self) -> None:
        self.setMinimumSize(px(280), px(300))
        self.updateGeometry()
        self.update()
