"""One quiet plot: faint grid, no frame, every curve named at its end. Imports pyqtgraph (0.3 s), so import it late."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from genstudio.ui.numbers import in_units, nice_ticks
from genstudio.ui.theme import readable, theme
from genstudio.ui.widgets.marks import Marks

TICK_EDGE = 6  # px before the widest number of the y axis
APART = 12  # px between the last number below a panel and the name of its axis, with the margin of the latter
DASHES = {"solid": Qt.PenStyle.SolidLine, "dash": Qt.PenStyle.DashLine, "dot": Qt.PenStyle.DotLine}


@dataclass(frozen=True)
class CurveStyle:
    """What a curve is called at its end, the field of `theme.Colors` it is drawn in, and its dash."""

    label: str
    color: str
    dash: str = "solid"


class TickAxis(pg.AxisItem):
    """An axis that also writes the numbers at its very ends, which pyqtgraph drops beside a grid."""

    def boundingRect(self) -> QRectF:
        """The axis and the room that half a number needs beyond it."""
        return super().boundingRect().adjusted(-40, -20, 40, 20)


class EndLabels(pg.AxisItem):
    """Stands at the right axis and writes each curve's name beside its last point, one below the other."""

    def __init__(self) -> None:
        super().__init__("right", pen=None, showValues=False)
        self._labels: list[tuple[float, str, QColor]] = []
        self._font = QFont()

    def set_font(self, font: QFont, widest: str) -> None:
        """Reserve the room that the widest text needs, so that none is ever cut."""
        self._font = font
        self.setWidth(QFontMetricsF(font).horizontalAdvance(widest) + 12)

    def set_labels(self, labels: list[tuple[float, str, QColor]]) -> None:
        """Texts by the value they stand at."""
        if labels != self._labels:
            self._labels = labels
            self.picture = None
            self.update()

    def paint(self, p, opt, widget) -> None:
        """Draw the texts, moved apart where they would touch."""
        view = self.linkedView()
        if view is None:
            return
        p.setFont(self._font)
        height = QFontMetricsF(self._font).height()
        placed = [(self._y_of(view, value), text, color) for value, text, color in self._labels if math.isfinite(value)]
        placed.sort(key=lambda item: item[0])
        tops = spread([y - height / 2 for y, _, _ in placed], height, self.size().height())
        for top, (_, text, color) in zip(tops, placed, strict=True):
            p.setPen(color)
            where = QRectF(8, top, self.size().width(), height)
            p.drawText(where, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _y_of(self, view: pg.ViewBox, value: float) -> float:
        return self.mapFromScene(view.mapViewToScene(QPointF(0, value))).y()


def spread(tops: list[float], height: float, room: float) -> list[float]:
    """Ascending tops of labels of one height, pushed apart and kept inside 0..room."""
    for i, top in enumerate(tops):
        tops[i] = max(top, tops[i - 1] + height if i else 0.0)
    limit = room - height
    for i in reversed(range(len(tops))):
        tops[i] = min(tops[i], limit)
        limit = tops[i] - height
    return tops


class Panel(pg.PlotWidget):
    """Curves over one x axis, with a moving cursor; a click or drag says which x was meant."""

    picked = Signal(float)

    def __init__(
        self,
        curves: list[CurveStyle],
        x_name: str = "",
        widest_label: str = "",
        widest_tick: str = "0.00",
        smooth: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        axes: dict[str, pg.AxisItem] = {"left": TickAxis("left"), "bottom": TickAxis("bottom"), "right": EndLabels()}
        for axis in axes.values():
            axis.enableAutoSIPrefix(False)  # else each new range writes a label anew that is not shown
        super().__init__(parent, axisItems=axes)
        self._styles = curves
        self._ranges = ((0.0, 1.0), (0.0, 1.0))
        self._widest_label = widest_label or max((c.label for c in curves), key=len, default="")
        self._widest_tick = widest_tick
        self._with_x = bool(x_name)
        self._ticks: dict[str, list[float]] = {}
        self._names: dict[str, list[tuple[float, str]]] = {}
        self._ends: list[tuple[float, str]] = []
        plot = self.getPlotItem()
        plot.hideButtons()
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(x=False, y=False)
        plot.showAxis("right")
        plot.showGrid(x=False, y=True, alpha=0.25)
        plot.getViewBox().setDefaultPadding(0)
        self._x_label = pg.LabelItem(x_name, justify="right")
        plot.layout.addItem(self._x_label, 3, 2)
        self.bands = [plot.plot() for _ in curves]
        self.lines = [plot.plot(antialias=smooth) for _ in curves]
        plot.setDownsampling(auto=True, mode="peak")
        plot.setClipToView(True)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        plot.addItem(self._cursor, ignoreBounds=True)
        self.marks = Marks(plot)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.show_x(self._with_x)
        theme().changed.connect(self.restyle)

    @Slot()
    def restyle(self) -> None:
        """Take colours and sizes of the theme."""
        colors, font = theme().colors, theme().font(11)
        metrics = QFontMetricsF(font)
        self.setBackground(colors.stage)
        plot = self.getPlotItem()
        plot.setContentsMargins(0, theme().px(7), 0, 0 if self._with_x else theme().px(7))
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.setStyle(tickFont=font, tickLength=0, tickTextOffset=6)
            axis.setPen(pg.mkPen(None))
            axis.setTextPen(QColor(colors.text2))
            axis.setTickPen(QColor(colors.line))
        plot.getAxis("left").setWidth(metrics.horizontalAdvance(self._widest_tick) + 6 + TICK_EDGE)
        plot.getAxis("bottom").setHeight(metrics.height() + 8)
        right = plot.getAxis("right")
        right.set_font(font, self._widest_label)
        if self._x_label.text:  # it stands there, after half of the last number of the axis
            needed = metrics.horizontalAdvance(self._x_label.text) + metrics.horizontalAdvance("10,000") / 2 + APART
            right.setWidth(max(right.fixedWidth, needed))  # `width()` follows with the next layout
        if self._ends:
            self.set_labels(self._ends)
        for column, side in ((0, "left"), (2, "right")):
            plot.layout.setColumnFixedWidth(column, plot.getAxis(side).width())
        self._x_label.setText(self._x_label.text, color=colors.text2, size=f"{theme().px(11)}px")
        for style, band, line in zip(self._styles, self.bands, self.lines, strict=True):
            color = QColor(readable(getattr(colors, style.color), colors.stage, colors.text, 3.0))
            line.setPen(pg.mkPen(color, width=1, style=DASHES[style.dash]))
            color.setAlpha(64)
            band.setPen(pg.mkPen(color, width=1))
        self.marks.restyle()
        self._cursor.setPen(pg.mkPen(QColor(colors.accent), width=1, style=Qt.PenStyle.DashLine))
        plot.layout.activate()  # the axes have their new sizes now, and the numbers the room that is left
        self._ticks.clear()
        self._write_ticks()

    def show_x(self, shown: bool) -> None:
        """Write the x axis, or leave it to a panel below."""
        self._with_x = shown
        self.getPlotItem().showAxis("bottom", shown)
        self._x_label.setVisible(shown)
        self._x_label.setMaximumHeight(1000 if shown else 0)
        self.restyle()

    def set_curve(self, number: int, x: np.ndarray, y: np.ndarray) -> None:
        """Points of a curve."""
        self.lines[number].setData(x, y, connect="finite")

    def set_band(self, number: int, x: np.ndarray, y: np.ndarray) -> None:
        """The faint line behind a curve that shows how far it jumps."""
        self.bands[number].setData(x, y, connect="finite")

    def set_labels(self, ends: list[tuple[float, str]]) -> None:
        """The value each curve ends at and the text after its name; NaN hides the name."""
        self._ends = ends
        colors = theme().colors
        labels = []
        for style, (value, text) in zip(self._styles, ends, strict=True):
            labels.append((value, f"{style.label}{text}", QColor(getattr(colors, f"{style.color}_text"))))
        self.getPlotItem().getAxis("right").set_labels(labels)

    def set_ranges(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """What is to be seen, without padding."""
        self._ranges = (x, y)
        view = self.getPlotItem().getViewBox()
        view.setRange(xRange=x, yRange=y, padding=0, disableAutoRange=True)
        view.updateMatrix()  # now: found out in the midst of painting, it would be painted again
        self.marks.arrange()
        self._write_ticks()

    def ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Of both axes, x first."""
        return self._ranges

    def name_x(self, names: list[tuple[float, str]]) -> None:
        """Words at places of the x axis instead of its numbers; none brings the numbers back."""
        self._name("bottom", names)

    def name_y(self, names: list[tuple[float, str]]) -> None:
        """Words at places of the y axis instead of its numbers; none brings the numbers back."""
        self._name("left", names)

    def _name(self, side: str, names: list[tuple[float, str]]) -> None:
        if names != self._names.get(side, []):
            self._names[side] = names
            self._ticks.pop(side, None)
            self._write_ticks()

    def set_room(self, widest_label: str, widest_tick: str) -> None:
        """The texts beside and before the curves take as much room as these, so that plots can share their x axis."""
        self._widest_label, self._widest_tick = widest_label, widest_tick
        self.restyle()

    def _write_ticks(self) -> None:
        metrics, plot = QFontMetricsF(theme().font(11)), self.getPlotItem()
        room = plot.getViewBox().size()
        across = room.width() / (2 * metrics.horizontalAdvance("10,000"))
        down = room.height() / (2 * metrics.height())
        for side, (low, high), count in (("bottom", self._ranges[0], across), ("left", self._ranges[1], down)):
            named = self._names.get(side, [])
            ticks = [value for value, _ in named] or nice_ticks(low, high, min(max(count, 1), 5))
            if self._ticks.get(side) != ticks:
                self._ticks[side] = ticks
                texts = self.written(ticks) if side == "left" else in_units(ticks, _spacing(ticks))[0]
                plot.getAxis(side).setTicks([named or list(zip(ticks, texts, strict=True))])

    def written(self, ticks: list[float]) -> list[str]:
        """Numbers of the y axis in the first way that has room before it, else in the shortest."""
        ways = in_units(ticks, _spacing(ticks))
        metrics = QFontMetricsF(theme().font(11))
        wide = [max(map(metrics.horizontalAdvance, texts), default=0.0) for texts in ways]
        room = metrics.horizontalAdvance(self._widest_tick) + TICK_EDGE
        return next(
            (texts for texts, width in zip(ways, wide, strict=True) if width <= room), ways[wide.index(min(wide))]
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many numbers on the axes as there is room for."""
        super().resizeEvent(event)
        if hasattr(self, "_ranges"):
            self._write_ticks()
            self.marks.arrange()

    def set_cursor(self, x: float | None) -> None:
        """Move the dashed vertical line; None hides it."""
        self._cursor.setVisible(x is not None)
        if x is not None:
            self._cursor.setValue(x)

    def cursor_x(self) -> float | None:
        """Where the dashed line stands; None when hidden."""
        return float(self._cursor.value()) if self._cursor.isVisible() else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press means the x under it."""
        self._pick(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """So does a drag."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._pick(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Nothing is left to do."""

    def wheelEvent(self, event) -> None:
        """The wheel belongs to what lies around the plot."""
        event.ignore()

    def _pick(self, event: QMouseEvent) -> None:
        view = self.getPlotItem().getViewBox()
        x = view.mapSceneToView(self.mapToScene(event.position().toPoint())).x()
        low, high = view.viewRange()[0]
        self.picked.emit(min(max(x, low), high))


def _spacing(ticks: list[float]) -> float:
    return ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
