"""Numbers over iterations and over something else, as colours. Imports pyqtgraph (0.3 s), so import it late."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from genstudio.api import Floats
from genstudio.ui.numbers import middle_of, short
from genstudio.ui.theme import pad, px, theme
from genstudio.ui.widgets.panel import Panel
from genstudio.ui.widgets.plain import wrapped

COLUMNS = 256  # of the picture
LEAST_SPAN = 0.5  # powers of ten from the least to the strongest colour, at least
SCALE_WIDE, SCALE_HIGH = 72, 8  # design px of the legend's bar
Pixels = npt.NDArray[np.uint8]


def shades(shares: npt.NDArray[np.float64]) -> Pixels:
    """Shares (H, W) from 0 to 1 as colours (H, W, 4) of the theme, the larger the farther from the ground; NaN has
    none."""
    colors = theme().colors
    ends = np.array([_rgb(colors.stage), _rgb(colors.accent), _rgb(colors.text)])
    known = np.nan_to_num(shares)[..., None]
    low, high = 0.08 + 0.92 * known / 0.6, (known - 0.6) / 0.4
    mixed = np.where(known < 0.6, ends[0] + low * (ends[1] - ends[0]), ends[1] + high * (ends[2] - ends[1]))
    alpha = np.where(np.isnan(shares), 0, 255)[..., None]
    pixels: Pixels = np.concatenate([np.clip(mixed, 0, 255), alpha], -1).astype(np.uint8)
    return pixels


def _rgb(color: str) -> tuple[int, int, int]:
    own = QColor(color)
    return own.red(), own.green(), own.blue()


def powers_of(values: Floats) -> tuple[float, float]:
    """Where the colours begin and end, as powers of ten: no number lies beyond them."""
    known = values[np.isfinite(values) & (values > 0)]
    if not len(known):
        return 0.0, 1.0
    low, high = (float(np.log10(end)) for end in (known.min(), known.max()))
    wider = max(LEAST_SPAN - (high - low), 0.0) / 2
    return low - wider, high + wider


class HeatScale(QWidget):
    """The legend: the number of the least colour, all colours, the number of the strongest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ends: tuple[float, float] | None = None  # powers of ten
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self._restyle)

    def set_ends(self, ends: tuple[float, float] | None) -> None:
        """Other numbers; None has no legend."""
        if ends != self.ends:
            self.ends = ends
            self._restyle()

    def texts(self) -> tuple[str, str]:
        """What stands before and after the colours."""
        return ("", "") if self.ends is None else (short(10 ** self.ends[0]), short(10 ** self.ends[1]))

    def sizeHint(self) -> QSize:
        """As wide as its words need."""
        if self.ends is None:
            return QSize(0, px(18))
        return QSize(sum(map(self.fontMetrics().horizontalAdvance, self.texts())) + px(SCALE_WIDE + 12), px(18))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Numbers around the colours."""
        if self.ends is None:
            return
        painter, (low, high) = QPainter(self), self.texts()
        painter.setFont(theme().font(11))
        painter.setPen(QColor(theme().colors.text2))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), middle | Qt.AlignmentFlag.AlignLeft, low)
        painter.drawText(self.rect(), middle | Qt.AlignmentFlag.AlignRight, high)
        left = painter.fontMetrics().horizontalAdvance(low) + px(6)
        top = (self.height() - px(SCALE_HIGH)) // 2
        for column, color in enumerate(shades(np.linspace(0, 1, px(SCALE_WIDE))[None])[0]):
            painter.fillRect(left + column, top, 1, px(SCALE_HIGH), QColor(*map(int, color[:3])))

    @Slot()
    def _restyle(self) -> None:
        self.setFont(theme().font(11))
        self.updateGeometry()
        self.update()


class HeatPanel(Panel):
    """The colours over their axes."""

    def __init__(self, widest_label: str, widest_tick: str, parent: QWidget | None = None) -> None:
        super().__init__([], "iteration", widest_label, widest_tick, parent=parent)
        self.image = pg.ImageItem(axisOrder="row-major")
        self.image.setZValue(-10)
        self.addItem(self.image)
        self.getPlotItem().showGrid(x=False, y=False)

    def set_cursor(self, x: float | None) -> None:
        """In a colour that is seen on all the others."""
        super().set_cursor(x)
        self._cursor.setPen(pg.mkPen(QColor(theme().colors.generator), width=2, style=Qt.PenStyle.DashLine))

    def place_at(self, position: QPoint) -> tuple[float, float]:
        """The iteration and the height under a pixel."""
        place = self.getPlotItem().getViewBox().mapSceneToView(self.mapToScene(position))
        return float(place.x()), float(place.y())


class HeatMap(QWidget):
    """Columns of numbers, each at an iteration, under a title with the legend; colours are on a logarithmic scale.

    Args:
        title: What the numbers are.
        name: What a number is called in a tooltip, and what its height is: "loss", "t".
        help: A tooltip of the title.
        widest_label, widest_tick: As of the panel above, so that both share their x axis.
    """

    picked = Signal(float)  # an iteration

    def __init__(
        self,
        title: str,
        name: tuple[str, str],
        help: str,
        widest_label: str,
        widest_tick: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._whole, self._first = name, 1.0, 0
        self.iterations: npt.NDArray[np.int64] = np.zeros(0, np.int64)
        self.values: Floats = np.zeros((0, 1), np.float32)
        self.title, self.scale = QLabel(title), HeatScale()
        self.title.setProperty("role", "small")
        self.title.setToolTip(wrapped(help))
        self.panel = HeatPanel(widest_label, widest_tick)
        self.panel.setAccessibleName(title)
        self.panel.viewport().installEventFilter(self)
        head = pad(QHBoxLayout(), 0, 8)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.scale)
        column = pad(QVBoxLayout(self), (8, 0, 0, 0), 0)
        column.addLayout(head)
        column.addWidget(self.panel, 1)
        self.panel.picked.connect(self.picked)
        theme().changed.connect(self._paint)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A tooltip for each place."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.says_at(*self.panel.place_at(event.pos())), self.panel)
            return True
        return super().eventFilter(watched, event)

    def show_columns(self, iterations: npt.ArrayLike, values: npt.ArrayLike, whole: float) -> None:
        """Numbers (n, rows) that were told at iterations (n,), upwards from 0 to `whole`; NaN has no colour."""
        self.iterations, self.values = np.asarray(iterations, np.int64), np.asarray(values, np.float32)
        self._whole = whole
        count = len(self.iterations)
        self._first = max(2 * int(self.iterations[0]) - int(self.iterations[1]), 0) if count > 1 else 0
        self._paint()

    def show_range(self, first: float, last: float) -> None:
        """The iterations that are seen."""
        self.panel.set_ranges((first, last), (0, self._whole))

    def set_cursor(self, iteration: float | None) -> None:
        """Mark an iteration; None marks none."""
        self.panel.set_cursor(iteration)

    def column_at(self, iteration: float) -> int:
        """The column that tells of an iteration: the first one told at it or after; -1 if there is none."""
        found = int(np.searchsorted(self.iterations, iteration))
        return found if found < len(self.iterations) and iteration >= self._first else -1

    def says_at(self, iteration: float, height: float) -> str:
        """What a place tells."""
        column = self.column_at(iteration)
        if column < 0 or not 0 <= height < self._whole:
            return ""
        value = float(self.values[column, int(height / self._whole * self.values.shape[1])])
        if not math.isfinite(value):
            return ""
        what, up = self._name
        rows = self.values.shape[1]
        middle = middle_of(int(height / self._whole * rows), rows, self._whole)
        return f"Iteration {self.iterations[column]:,}, about {up} = {middle:.0f}: {what} {short(value)}."

    @Slot()
    def _paint(self) -> None:
        self.set_cursor(self.panel.cursor_x())
        known = np.isfinite(self.values) & (self.values > 0)
        if not known.any():
            self.scale.set_ends(None)
            self.panel.image.clear()
            return
        low, high = powers_of(self.values)
        self.scale.set_ends((low, high))
        first, last = self._first, int(self.iterations[-1])
        places = first + (np.arange(COLUMNS) + 0.5) * (last - first) / COLUMNS
        columns = np.searchsorted(self.iterations, places).clip(max=len(self.iterations) - 1)
        powers = np.log10(np.where(known, self.values, np.nan))
        shares = np.clip((powers - low) / (high - low), 0, 1)[columns].T  # (rows, COLUMNS), the lowest first
        self.panel.image.setImage(shades(shares))
        self.panel.image.setRect(QRectF(first, 0, max(last - first, 1), self._whole))
