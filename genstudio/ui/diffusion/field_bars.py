"""A number for each part of the time from T to 0, as bars, with a line for what is known of it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from genstudio.api import Floats
from genstudio.ui.numbers import short
from genstudio.ui.theme import pad, px, readable, theme
from genstudio.ui.widgets.bar_scale import paint_scale
from genstudio.ui.widgets.place_help import PlaceHelp
from genstudio.ui.widgets.plain import wrapped

NOTHING: Floats = np.zeros(0, np.float32)


class _Bars(PlaceHelp):
    """Paints the bars in the order of the way: the noisiest at the left."""

    picked = Signal(float)  # t

    def __init__(self, color: str, unit: str, least_top: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.whole = 1.0
        self.color, self.unit, self.least_top = color, unit, least_top
        self.t, self.values, self.floor = NOTHING, NOTHING, NOTHING
        self.marked: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(unit)
        theme().changed.connect(self._restyle)

    def sizeHint(self) -> QSize:
        """As a plot."""
        return QSize(px(200), px(90))

    def minimumSizeHint(self) -> QSize:
        """Enough for some bars."""
        return QSize(px(80), px(36))

    def room(self) -> QRectF:
        """Where the bars stand."""
        metrics = self.fontMetrics()
        return QRectF(self.rect().adjusted(metrics.horizontalAdvance("0.00") + px(8), px(10), -px(4), -px(18)))

    def bar_at(self, x: float) -> int:
        """The bar under x, counted from the left; -1 beside them."""
        room = self.room()
        if not len(self.values) or not room.left() <= x < room.right():
            return -1
        return int((x - room.left()) / room.width() * len(self.values))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Grid, numbers, bars, the line, the cursor."""
        painter, colors, room = QPainter(self), theme().colors, self.room()
        painter.setFont(theme().font(11))
        finite = [part[np.isfinite(part)] for part in (self.values, self.floor)]
        top = max(self.least_top, *(1.08 * float(part.max(initial=0.0)) for part in finite))
        paint_scale(painter, room, top)
        if not len(self.values):
            return
        color = QColor(readable(getattr(colors, self.color), colors.stage, colors.text, 3.0))
        step = room.width() / len(self.values)
        for number, value in enumerate(np.nan_to_num(self.values[::-1], posinf=top)):
            high = min(float(value) / top, 1.0) * room.height()
            left, right = round(room.left() + number * step), round(room.left() + (number + 1) * step)
            painter.fillRect(QRectF(left, room.bottom() - high, max(right - left - 1, 1), high), color)
        if len(self.floor):
            painter.setPen(QPen(QColor(colors.text), px(1.5)))
            line = [
                QPointF(room.left() + (number + side) * step, room.bottom() - float(value) / top * room.height())
                for number, value in enumerate(self.floor[::-1])
                for side in (0, 1)
            ]
            painter.drawPolyline(QPolygonF(line))
        self._paint_time(painter, room)

    def _paint_time(self, painter: QPainter, room: QRectF) -> None:
        colors, whole = theme().colors, self.whole
        if self.marked is not None:
            x = room.left() + (1 - self.marked / whole) * room.width()
            painter.setPen(QPen(QColor(colors.accent), px(1), Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
        painter.setPen(QColor(colors.text2))
        below = QRectF(room.left(), room.bottom(), room.width(), px(18))
        for text, side in ((f"t = {whole:.0f}", Qt.AlignmentFlag.AlignLeft), ("t = 0", Qt.AlignmentFlag.AlignRight)):
            painter.drawText(below, side | Qt.AlignmentFlag.AlignVCenter, text)

    def help_at(self, point: QPointF) -> str:
        """What a bar is."""
        bar = self.bar_at(point.x())
        if bar < 0:
            return ""
        index = len(self.values) - 1 - bar
        least = f"; the least there can be is {short(float(self.floor[index]))}" if len(self.floor) else ""
        return f"About t = {self.t[index]:.0f}: {self.unit} {short(float(self.values[index]))}{least}."

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press means the time of the bar."""
        if (bar := self.bar_at(event.position().x())) >= 0:
            self.picked.emit(float(self.t[len(self.values) - 1 - bar]))

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()


class TimeBars(QWidget):
    """Bars under a title.

    Args:
        title: What they are, and after it the mean.
        color: A field of `Colors`.
        unit: What a bar's number is, in a tooltip.
        help: A tooltip of the title.
        least_top: The end of the axis at least.
    """

    picked = Signal(float)  # t

    def __init__(
        self, title: str, color: str, unit: str, help: str, least_top: float = 0.02, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name = title
        self.title, self.bars = QLabel(title), _Bars(color, unit, least_top)
        self.title.setProperty("role", "small")
        self.title.setToolTip(wrapped(help))
        self.legend = QLabel("▬ least")
        self.legend.setProperty("role", "small")
        self.legend.setToolTip(wrapped(help))
        self.legend.hide()
        self.title.setMinimumWidth(0)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        box = pad(QVBoxLayout(self), 0, 0)
        head = pad(QHBoxLayout(), (0, 0, 4, 0), 8)
        head.addWidget(self.title, 1)
        head.addWidget(self.legend)
        box.addLayout(head)
        box.addWidget(self.bars, 1)
        self.bars.picked.connect(self.picked)

    def show_values(self, t: Floats, values: Floats, floor: Floats = NOTHING, whole: float = 1.0) -> None:
        """At times (B,), upwards to the `whole` T: the bars, and a line; NaN has no bar."""
        self.bars.whole = whole
        self.bars.t, self.bars.values, self.bars.floor = t, values, floor
        finite = values[np.isfinite(values)]
        self.legend.setVisible(bool(len(floor)))
        self.title.setText(f"{self._name}: {short(float(finite.mean()))}" if len(finite) else self._name)
        self.bars.setAccessibleDescription(self.title.text())
        self.bars.update()

    def clear(self) -> None:
        """No bars."""
        self.show_values(NOTHING, NOTHING)

    def set_cursor(self, t: float | None) -> None:
        """Mark a time."""
        self.bars.marked = t
        self.bars.update()
