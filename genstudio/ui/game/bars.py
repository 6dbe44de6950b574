"""Bars of one moment: what D has said of a batch, and the classes of the samples. Painted without pyqtgraph."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from genstudio.api import Measured
from genstudio.ui.game.kinds import ALL, WIDEST_LABEL, WIDEST_TICK
from genstudio.ui.game.look import EARLY, NOTHING, UNTOLD, Look, LookPlot, unmeasured
from genstudio.ui.numbers import at_most, nice_ticks, tick_text
from genstudio.ui.theme import px, readable, theme

BINS = 24
TOPS = (0.15, 0.25, 0.5, 1.0)  # ends of the y axis: it must not jump with every batch
Floats = npt.NDArray[np.float64]


class Frame(NamedTuple):
    """The plane that is painted on, and the numbers at its edges."""

    room: QRectF
    low: float
    high: float
    top: float

    def at(self, x: float, y: float) -> QPointF:
        """Where a pair of numbers is, in pixels."""
        across = self.room.left() + (x - self.low) / (self.high - self.low) * self.room.width()
        return QPointF(across, self.room.bottom() - y / self.top * self.room.height())


class Canvas(QWidget):
    """Paints a grid with numbers, what it is told to, and names at the right, as the curves beside it have them."""

    def __init__(self, paint: Callable[[QPainter, Frame], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paint = paint
        self.low, self.high, self.top = 0.0, 1.0, 1.0
        self.names: list[tuple[float, str]] = []  # along the x axis, in the stead of numbers
        self.labels: list[tuple[str, str]] = []  # at the right: what, and its colour

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colors = QPainter(self), theme().colors
        painter.fillRect(self.rect(), QColor(colors.stage))
        painter.setFont(theme().font(11))
        metrics = QFontMetricsF(painter.font())
        left = metrics.horizontalAdvance(WIDEST_TICK) + 12
        right = metrics.horizontalAdvance(WIDEST_LABEL) + 12
        room = QRectF(self.rect()).adjusted(left, px(7), -right, -metrics.height() - 8)
        frame = Frame(room, self.low, self.high, self.top)
        self._grid(painter, frame, metrics)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._paint(painter, frame)
        for row, (text, role) in enumerate(self.labels):
            painter.setPen(QColor(getattr(colors, f"{role}_text")))
            spot = QRectF(room.right() + 8, room.top() + row * metrics.height(), right, metrics.height())
            painter.drawText(spot, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _grid(self, painter: QPainter, frame: Frame, metrics: QFontMetricsF) -> None:
        room, colors, high = frame.room, theme().colors, metrics.height()
        line = QColor(colors.line)
        line.setAlpha(128)
        for value in nice_ticks(0, frame.top, min(max(room.height() / (3 * high), 1), 4)):
            y = frame.at(frame.low, value).y()
            painter.setPen(QPen(line, 1))
            painter.drawLine(QLineF(room.left(), y, room.right(), y))
            painter.setPen(QColor(colors.text2))
            spot = QRectF(0, y - high / 2, room.left() - 6, high)
            painter.drawText(spot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{100 * value:.0f} %")
        ticks = nice_ticks(
            frame.low, frame.high, min(max(room.width() / (2 * metrics.horizontalAdvance("10,000")), 1), 5)
        )
        spacing = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
        wide = room.width() / max(len(self.names), 1) if self.names else room.width()
        for x, text in self.names or [(value, tick_text(value, spacing)) for value in ticks]:
            spot = QRectF(frame.at(x, 0).x() - wide / 2, room.bottom() + 6, wide, high)
            said = metrics.elidedText(text, Qt.TextElideMode.ElideRight, wide - 2) if self.names else text
            painter.drawText(spot, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, said)


class HistogramPlot(LookPlot):
    """Real pictures as a filled outline, generated ones hatched with a dashed one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(ALL["histogram"].title, ALL["histogram"].help, parent)
        self.shares = np.zeros((2, BINS))  # of the real and of the generated
        self.canvas = Canvas(self._paint)
        self.set_canvas(self.canvas)

    @property
    def x_range(self) -> tuple[float, float]:
        """Probabilities from 0 to 1, or as far as the scores go."""
        return self.canvas.low, self.canvas.high

    def key(self, look: Look) -> Hashable:
        """The moment."""
        return look.signs, look.moment.iteration if look.moment is not None else None, look.is_critic

    def draw(self, look: Look) -> str:
        """Count."""
        numbers = look.moment.numbers if look.moment is not None else {}
        said = [_finite(numbers.get(f"{name}_outputs")) for name in ("real", "fake")]
        if not all(map(len, said)):
            return UNTOLD if look.moment is not None and look.moment.iteration else NOTHING
        canvas = self.canvas
        if look.is_critic:
            canvas.low, canvas.high = rounded(float(min(map(np.min, said))), float(max(map(np.max, said))))
        else:
            said = [_probability(outputs) for outputs in said]
            canvas.low, canvas.high = 0.0, 1.0
        counts = [np.histogram(outputs, BINS, (canvas.low, canvas.high))[0] / len(outputs) for outputs in said]
        self.shares = np.stack(counts)
        canvas.top = next((top for top in TOPS if self.shares.max() <= top), 1.0)
        names, roles = ("D(real)", "D(fake)"), ("real", "generated")
        means = [at_most(float(outputs.mean()), 2) for outputs in said]
        canvas.labels = [(f"{n} {mean}", role) for n, mean, role in zip(names, means, roles, strict=True)]
        canvas.update()
        return ""

    def _paint(self, painter: QPainter, frame: Frame) -> None:
        edges = np.linspace(frame.low, frame.high, BINS + 1)
        looks = (
            ("real", Qt.BrushStyle.SolidPattern, 90, Qt.PenStyle.SolidLine),
            ("generated", Qt.BrushStyle.BDiagPattern, 255, Qt.PenStyle.DashLine),
        )
        for shares, (role, fill, alpha, dash) in zip(self.shares, looks, strict=True):
            color = _tint(role)
            brush = QColor(color)
            brush.setAlpha(alpha)
            bars = [QRectF(frame.at(edges[k], share), frame.at(edges[k + 1], 0)) for k, share in enumerate(shares)]
            for bar in bars:
                painter.fillRect(bar, QBrush(brush, fill))
            painter.setPen(QPen(color, 1, dash))
            painter.drawLines(_outline(bars))


def _outline(bars: list[QRectF]) -> list[QLineF]:
    """Around bars that stand side by side, where they are higher than nothing."""
    tops = [QLineF(bar.topLeft(), bar.topRight()) for bar in bars if bar.height() > 0]
    ground = bars[0].bottom()
    heights = [ground, *(bar.top() for bar in bars), ground]
    edges = [*(bar.left() for bar in bars), bars[-1].right()]
    sides = zip(edges, heights[:-1], heights[1:], strict=True)
    return tops + [QLineF(x, before, x, after) for x, before, after in sides if before != after]


class ClassPlot(LookPlot):
    """A bar for every class with its error, and a mark where the real pictures are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(ALL["classes"].title, ALL["classes"].help, parent)
        self.measured: Measured | None = None
        self.canvas = Canvas(self._paint)
        self.canvas.labels = [("samples", "generated"), ("− real", "real")]
        self.set_canvas(self.canvas)

    def key(self, look: Look) -> Hashable:
        """The newest measurement until then."""
        return look.signs, id(_measured(look)), unmeasured(look.signs), bool(len(look.signs.measured))

    def draw(self, look: Look) -> str:
        """The shares."""
        self.measured = found = _measured(look)
        if found is None:
            return EARLY if len(look.signs.measured) else unmeasured(look.signs)
        shares = found.meters.class_shares
        classes = look.signs.classes or tuple(map(str, range(len(shares))))
        canvas = self.canvas
        canvas.low, canvas.high = -0.5, len(shares) - 0.5
        canvas.names = [(float(k), name) for k, name in enumerate(classes)]
        most = max(band.value + band.error for band in (*shares, *found.floor.class_shares))
        canvas.top = next((top for top in TOPS if most <= top), 1.0)
        canvas.update()
        return ""

    def _paint(self, painter: QPainter, frame: Frame) -> None:
        if self.measured is None:
            return
        color, real = _tint("generated"), _tint("real")
        fill = QColor(color)
        fill.setAlpha(110)
        for k, (band, mark) in enumerate(
            zip(self.measured.meters.class_shares, self.measured.floor.class_shares, strict=True)
        ):
            painter.setPen(QPen(color, 1))
            painter.setBrush(fill)
            painter.drawRect(QRectF(frame.at(k - 0.32, band.value), frame.at(k + 0.32, 0)))
            ends = (max(band.value - band.error, 0.0), min(band.value + band.error, frame.top))
            painter.drawLine(QLineF(frame.at(k, ends[0]), frame.at(k, ends[1])))
            painter.setPen(QPen(real, px(2)))
            painter.drawLine(QLineF(frame.at(k - 0.42, mark.value), frame.at(k + 0.42, mark.value)))


def rounded(low: float, high: float) -> tuple[float, float]:
    """A range of round ends around numbers, which seldom changes while they wander."""
    step = 10.0 ** np.floor(np.log10(max(high - low, abs(high), abs(low), 1e-6)))
    step /= 1 if (high - low) / step > 4 else 2
    ends = float(np.floor(low / step) * step), float(np.ceil(high / step) * step)
    return ends if ends[1] > ends[0] else (ends[0] - step, ends[1] + step)


def _measured(look: Look) -> Measured | None:
    if look.is_live or look.moment is None:
        return look.signs.measured[-1] if len(look.signs.measured) else None
    return look.signs.measured_at(look.moment.iteration)


def _finite(outputs: npt.ArrayLike | None) -> Floats:
    values = np.asarray(outputs if outputs is not None else [], np.float64).reshape(-1)
    return values[np.isfinite(values)]


def _probability(logits: Floats) -> Floats:
    return 0.5 * (1 + np.tanh(logits / 2))


def _tint(role: str) -> QColor:
    colors = theme().colors
    return QColor(readable(getattr(colors, role), colors.stage, colors.text, 3.0))
