"""Curves of a run as a sheet of paper has them: plots above each other over the same iterations. No Qt."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from genstudio.api import Series
from genstudio.ui.numbers import log_ends, log_ticks, nice_ticks, tick_text
from genstudio.ui.widgets.curves import CurveBuffer, trend_window

Floats = npt.NDArray[np.float64]
NONE = np.empty(0)
MIN_SPAN = 20  # iterations, as on the screen
TICKS = 4
READING = "lines are moving means, bands the range they move in"
WIDE, HIGH, HEAD, FOOT = 960, 190, 68, 44  # px: the sheet, a plot with its title, above and below all
SHARPNESS = 2  # pixels of a picture for each of the sheet


def _none() -> Floats:
    return NONE


@dataclass(frozen=True, eq=False)
class Line:
    """A curve: its name, the field of `Colors` it is drawn in, its dash, numbers `y` at `x`, and the line as drawn.

    The faint band behind it reaches from `low` to `high`, at the same places. `column` is its name in a table.
    """

    label: str
    color: str
    dash: str
    x: Floats
    y: Floats
    drawn: Floats
    low: Floats = field(default_factory=_none)
    high: Floats = field(default_factory=_none)
    column: str = ""
    error: Floats = field(default_factory=_none)  # how far each number may be off
    has_dots: bool = False


@dataclass(frozen=True, eq=False)
class Plot:
    """Lines over one y axis, which `title` names with its unit; `levels` are lines across: label, colour, dash, y."""

    title: str
    lines: tuple[Line, ...]
    y_range: tuple[float, float] | None = None  # as far as the numbers go if there is none
    is_log: bool = False
    levels: tuple[tuple[str, str, str, float], ...] = ()
    steep: float = 0.0  # share of the run, from its beginning, that may leave the plot at the top

    def y_ends(self) -> tuple[float, float]:
        """Where the axis begins and ends; of a logarithmic one the logarithms."""
        if self.y_range is not None:
            return self.y_range
        drawn = [self._seen(line.drawn) for line in self.lines] + [np.array([y]) for *_, y in self.levels]
        bands = [self._seen(end) for line in self.lines for end in (line.low, line.high) if len(end)]
        if self.is_log:
            numbers = _positive(drawn + bands)
            low, high = log_ends(*np.log10([numbers.min(), numbers.max()])) if len(numbers) else (-1.0, 1.0)
            return low, max(high, low + 0.5)
        numbers, jumps = _finite(drawn), _finite(bands)
        high = max([0.0, *numbers, *(np.percentile(jumps, [98]) if len(jumps) else [])])
        low = min([0.0, *numbers, *(np.percentile(jumps, [2]) if len(jumps) else [])])
        return 1.05 * low, max(1.05 * high, low + 0.1)

    def _seen(self, y: Floats) -> Floats:
        return y[int(len(y) * self.steep) :]

    def y_ticks(self) -> list[tuple[float, str]]:
        """Where the numbers of the axis stand, and how they are written."""
        low, high = self.y_ends()
        return log_ticks(low, high) if self.is_log else ticks_of(low, high, TICKS)


@dataclass(frozen=True, eq=False)
class Figure:
    """Plots with a title, a line of facts below it, and marks where the run was changed."""

    title: str
    facts: str
    plots: tuple[Plot, ...]
    marks: tuple[tuple[float, str], ...] = ()
    x_name: str = "iteration"

    def x_ends(self) -> tuple[float, float]:
        """The first and the last iteration that is seen."""
        ends = _finite([line.x for plot in self.plots for line in plot.lines])
        first, last = (float(ends.min()), float(ends.max())) if len(ends) else (1.0, 1.0)
        first, last = math.floor(first), math.ceil(last)
        return first, max(last, first + MIN_SPAN)

    def series(self) -> tuple[Series, ...]:
        """All numbers, for a table."""
        found: list[Series] = []
        for line in (line for plot in self.plots for line in plot.lines):
            name = line.column or column_of(line.label)
            found.append(Series(name, line.x, line.y))
            if len(line.error):
                found.append(Series(f"{name}_error", line.x, line.error))
        return tuple(found)


def sheet_size(figure: Figure) -> tuple[int, int]:
    """Width and height in px."""
    return WIDE, HEAD + HIGH * len(figure.plots) + FOOT


def ticks_of(low: float, high: float, count: float) -> list[tuple[float, str]]:
    """Round numbers along an axis, as they are written."""
    ticks = nice_ticks(low, high, count)
    spacing = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    return [(tick, tick_text(tick, spacing)) for tick in ticks]


def column_of(label: str) -> str:
    """D(real) is d_real, −ELBO is elbo: what a column of a table is called."""
    return re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")


def buffer_lines(buffer: CurveBuffer, styles: Sequence[tuple[str, str, str]]) -> tuple[Line, ...]:
    """The curves of a buffer, each of a label, a colour and a dash."""
    x = buffer.x()
    lines = []
    for number, (label, color, dash) in enumerate(styles):
        low, high = buffer.ends(number)
        lines.append(Line(label, color, dash, x, buffer.mean(number), buffer.mean(number, trend_window(x)), low, high))
    return tuple(lines)


def _finite(arrays: Sequence[Floats]) -> Floats:
    joined = np.concatenate([NONE, *arrays])
    return joined[np.isfinite(joined)]


def _positive(arrays: Sequence[Floats]) -> Floats:
    finite = _finite(arrays)
    return finite[finite > 0]
