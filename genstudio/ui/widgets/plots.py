"""The plots of the tabs: losses that grow for hours, and the noise schedule with its cursor.

Imports pyqtgraph and superqt, so import this module when the first plot is built, after the window shows.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from superqt.utils import QSignalThrottler

from genstudio.ui.numbers import at_most, nice_ticks
from genstudio.ui.theme import fix, pad
from genstudio.ui.widgets.curves import CurveBuffer, trend_window
from genstudio.ui.widgets.foot import Foot, foot_below
from genstudio.ui.widgets.marks import Mark
from genstudio.ui.widgets.one_line import OneLine
from genstudio.ui.widgets.panel import CurveStyle, Panel
from genstudio.ui.widgets.plain import wrapped

FAR = 0.1  # so small a share of all other curves lies far below them
HELP = "The line is a moving mean, the faint band the range it moves in. Click to see that moment."
AWAY = "{} is far below {}, so it has a scale of its own at the foot."
REPAINT_MS = 200  # five repaints a second are enough to follow; thirty would cost the training half its speed
WIDEST_LABEL = "D(fake) 00.00"  # one width for all, so that plots above each other share their x axis
MIN_X_SPAN = 20  # iterations seen at least, so that the first points do not jump


def throttled(owner: QWidget, slot: Callable[[], None]) -> QSignalThrottler:
    """Calls the slot at once, then at most every REPAINT_MS, and after the last `throttle()` in any case."""
    throttler = QSignalThrottler(parent=owner)
    throttler.setTimeout(REPAINT_MS)
    throttler.triggered.connect(slot)
    return throttler


class TitledPanel(QWidget):
    """A panel under one line that says what its y axis shows, with the unit."""

    def __init__(self, title: str, panel: Panel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panel = panel
        self._title = OneLine(title)
        self._title.setProperty("role", "small")
        panel.setAccessibleName(title)
        layout = QVBoxLayout(self)
        pad(layout, (8, 0, 0, 0), 0)
        layout.addWidget(self._title)
        layout.addWidget(panel, 1)

    def hide_title(self) -> None:
        """What is around it says it."""
        self._title.hide()

    def hold_title(self, width: int) -> None:
        """Fix its size, `width` design px: titles that change many times a second then lay nothing out anew."""
        fix(self._title, width, 18)

    def set_title(self, title: str) -> None:
        """What the y axis shows, from now on."""
        self._title.setText(title)
        self.panel.setAccessibleName(title)


class LossPlot(TitledPanel):
    """Curves of a run: a trend with its own dash over the faint range it moved in; at most ten repaints a second.

    Args:
        digits: After the decimal point of a value.
        widest: The longest text that will stand at the end of a curve.
        steep: Share of the run, from its beginning, that may leave the plot at the top, so that the rest fills it.
        aside: The curve that has a scale of its own at the foot while it is so far below the others that beside it
            they would all be one flat line.
    """

    picked = Signal(float)
    painted = Signal()  # the curves have new ends

    def __init__(
        self,
        title: str,
        curves: list[CurveStyle],
        y_range: tuple[float, float] | None = None,
        x_name: str = "iteration",
        parent: QWidget | None = None,
        digits: int = 2,
        steep: float = 0.0,
        widest: str = WIDEST_LABEL,
        aside: int | None = None,
    ) -> None:
        super().__init__(title, Panel(curves, x_name, widest, f"{0:.{digits}f}" if digits > 2 else "00.0"), parent)
        self._name = title
        self._digits, self._steep, self._aside = digits, steep, aside
        self.setToolTip(wrapped(HELP))
        self._curves = curves
        self._y_range = y_range
        self._buffer = CurveBuffer(len(curves))
        self._soon = throttled(self, self._repaint_if_visible)
        self.repaints = 0
        self._newest, self._ends = 0, (math.nan,) * len(curves)
        self.panel.picked.connect(self.picked)
        self._repaint()

    @property
    def buffer(self) -> CurveBuffer:
        """The numbers behind the curves."""
        return self._buffer

    def ends(self) -> tuple[int, tuple[float, ...]]:
        """The newest iteration painted, and the numbers written at the ends of the curves there; NaN before any."""
        return self._newest, self._ends

    def set_y_range(self, y_range: tuple[float, float] | None) -> None:
        """The y axis from now on; None is as far as the numbers go, and to 0."""
        if y_range != self._y_range:
            self._y_range = y_range
            self._repaint()

    def clear(self, first: int = 1) -> None:
        """Start over at iteration `first`."""
        self._buffer.clear(first)
        self._repaint()

    def show_buffer(self, buffer: CurveBuffer) -> None:
        """Show the numbers of another run; the rows that come are appended to them."""
        self._buffer = buffer
        self._repaint()

    def add_rows(self, rows: npt.ArrayLike) -> None:
        """Append one row per iteration, (n, curves); painted soon, not at once."""
        self._buffer.extend(rows)
        self._soon.throttle()

    def set_cursor(self, iteration: float | None) -> None:
        """Mark the iteration whose samples are shown; None at the live end."""
        self.panel.set_cursor(iteration)

    def set_marks(self, marks: tuple[Mark, ...]) -> None:
        """A thin line with a word at each iteration at which the run was changed."""
        self.panel.marks.set(marks)

    @Slot()
    def _repaint_if_visible(self) -> None:
        if self.isVisible():
            self._repaint()

    def _repaint(self) -> None:
        self.repaints += 1
        buffer, x = self._buffer, self._buffer.x()
        window = trend_window(x)
        trends = [buffer.mean(number, window) for number in range(len(self._curves))]
        bands = [buffer.band(number) for number in range(len(self._curves))]
        seen = [
            (trend[int(len(trend) * self._steep) :], band[int(len(band) * self._steep) :])
            for trend, (_, band) in zip(trends, bands, strict=True)
        ]
        tops, bottoms = [_top(*one) for one in seen], [-_top(-trend, -band) for trend, band in seen]
        ends = [float(trend[-1]) if len(trend) else math.nan for trend in trends]
        first, newest = buffer.x_range()
        self._newest, self._ends = round(newest), tuple(ends)
        low, high = self._y_range or (min([0.0, *bottoms]), max([10 / 10**self._digits, *tops]))
        foot = self._foot(tops, [_floor(*one) for one in seen], high)
        places: list[Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]] = [np.asarray] * len(trends)
        if foot is not None and self._aside is not None:
            low, places[self._aside] = foot.low, foot.at
        for number, (trend, (band_x, band), place) in enumerate(zip(trends, bands, places, strict=True)):
            self.panel.set_curve(number, x, place(trend))
            self.panel.set_band(number, band_x, place(band))
        self.panel.set_ranges((first, max(newest, first + MIN_X_SPAN)), (low, high))
        self.panel.name_y(self._ticks(foot, high) if foot is not None else [])
        heights = [float(place(np.array(end))) for place, end in zip(places, ends, strict=True)]
        self.panel.set_labels(
            [(min(max(height, low), high), self.end_text(end)) for height, end in zip(heights, ends, strict=True)]
        )
        self.painted.emit()

    def _foot(self, tops: list[float], floors: list[float], high: float) -> Foot | None:
        """The scale of the curve that may have its own, if it is far below all others."""
        if self._aside is None or self._y_range is not None:
            return None
        floor = min(floor for number, floor in enumerate(floors) if number != self._aside)
        is_far = 0 < tops[self._aside] < FAR * floor
        own = self._curves[self._aside].label
        others = " and ".join(style.label for number, style in enumerate(self._curves) if number != self._aside)
        self.setToolTip(wrapped(f"{HELP} {AWAY.format(own, others)}" if is_far else HELP))
        self.set_title(f"{self._name}; below, {own} has a scale of its own" if is_far else self._name)
        return foot_below(floor, high, tops[self._aside]) if is_far else None

    def _ticks(self, foot: Foot, high: float) -> list[tuple[float, str]]:
        """The numbers of both scales where they stand."""
        above = [value for value in nice_ticks(foot.high, high, 3) if value > foot.high]
        own = [0.0, max(nice_ticks(0, foot.top, 2))]
        places = [float(height) for height in foot.at(np.array(own))]
        return [*zip(places, self.panel.written(own), strict=True), *zip(above, self.panel.written(above), strict=True)]

    def end_text(self, end: float) -> str:
        """What stands after the name of a curve that ends at a value."""
        return " " + at_most(end, self._digits)

    def showEvent(self, event) -> None:
        """Catch up with what came while the plot was hidden."""
        super().showEvent(event)
        self._repaint()


def _floor(trend: npt.NDArray[np.float64], band: npt.NDArray[np.float64]) -> float:
    """Below which the trend never goes, and of the jumps only 2 %; 0 of nothing."""
    finite = band[np.isfinite(band)]
    return min(float(np.nanmin(trend)), float(np.percentile(finite, 2))) if len(finite) else 0.0


def _top(trend: npt.NDArray[np.float64], band: npt.NDArray[np.float64]) -> float:
    """Where the y axis ends: above the whole trend and 98 % of the jumps, so that one spike flattens nothing; at least
    at 0."""
    finite = band[np.isfinite(band)]
    if not len(finite):
        return 0.0
    return 1.05 * max(0.0, float(np.nanmax(trend)), float(np.percentile(finite, 98)))


class SchedulePlot(QWidget):
    """What is left of picture and noise at each t, and their ratio, with a cursor at the step that is shown."""

    picked = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        amplitudes = [CurveStyle("signal", "real"), CurveStyle("noise", "latent", "dash")]
        ratio = [CurveStyle("log₁₀ SNR", "accent")]
        self._amplitude = TitledPanel("Share of the amplitude", Panel(amplitudes, "t", widest_tick="0.0", smooth=True))
        self._ratio = TitledPanel("Signal to noise, powers of ten", Panel(ratio, "t", widest_tick="-0", smooth=True))
        layout = QHBoxLayout(self)
        pad(layout, 0, 16)
        for titled in (self._amplitude, self._ratio):
            titled.panel.set_ranges((0, 1000), (0, 1))
            titled.panel.picked.connect(self.picked)
            layout.addWidget(titled, 1)

    @property
    def panels(self) -> tuple[Panel, Panel]:
        """Amplitudes and their ratio."""
        return self._amplitude.panel, self._ratio.panel

    def set_schedule(self, signal: npt.ArrayLike, noise: npt.ArrayLike) -> None:
        """Amplitudes at t = 1 to T of the loaded model, (T,) each; the clean picture at 0 is added."""
        left = np.concatenate([[1.0], np.asarray(signal, np.float64)])
        right = np.concatenate([[0.0], np.asarray(noise, np.float64)])
        steps = len(left) - 1
        t = np.unique(np.linspace(0, steps, 240).round().astype(int))
        left, right = left[t], right[t]
        amplitude, ratio = self._amplitude.panel, self._ratio.panel
        amplitude.set_curve(0, t, left)
        amplitude.set_curve(1, t, right)
        amplitude.set_ranges((0, steps), (0, 1.02))
        amplitude.set_labels([(left[-1], ""), (right[-1], "")])
        inner = (left > 0) & (right > 0)
        log_snr = 2 * np.log10(left[inner] / right[inner])
        low, high = max(np.floor(log_snr.min()), -5.0), min(np.ceil(log_snr.max()), 5.0)
        ratio.set_curve(0, t[inner], np.clip(log_snr, low, high))
        ratio.set_ranges((0, steps), (low, high))
        ratio.set_labels([(max(log_snr[-1], low), "")])

    def set_cursor(self, t: float | None) -> None:
        """Move the cursor to a noise level, in the same paint as the pictures (1 ms); None hides it."""
        for panel in self.panels:
            panel.set_cursor(t)
