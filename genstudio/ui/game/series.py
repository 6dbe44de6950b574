"""Curves of what a run has told of itself. Imports pyqtgraph: import it when the first one is shown."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from genstudio.api import Band, Measured, Meters
from genstudio.ui.game.kinds import ALL, WIDEST_LABEL, WIDEST_TICK
from genstudio.ui.game.look import NOTHING, Look, LookPlot, unmeasured
from genstudio.ui.numbers import log_ends, log_ticks, short
from genstudio.ui.signs import Signs
from genstudio.ui.theme import px, readable, theme
from genstudio.ui.widgets.curves import trend_window
from genstudio.ui.widgets.marks import Mark
from genstudio.ui.widgets.panel import CurveStyle, Panel
from genstudio.ui.widgets.plots import MIN_X_SPAN, throttled

Floats = npt.NDArray[np.float64]
FEW, FEWEST = 48, 6  # points, up to which each has a dot: measurements, and what is told all the time
RULE = 1e-3  # of an update over the weights (Karpathy, CS231n, "Neural Networks 3")


class Curve(NamedTuple):
    """Points, and how far they may be off; a trend over the points where `error` is None."""

    x: Floats
    y: Floats
    error: Floats | None = None


class Series(NamedTuple):
    """What is drawn: styles of its curves, how they are read, and over which y axis."""

    styles: tuple[CurveStyle, ...]
    read: Callable[[Signs], list[Curve]]
    is_log: bool = True
    level: tuple[CurveStyle, Callable[[Signs], float]] | None = None  # a line across
    is_measured: bool = False


def _told(name: str) -> Callable[[Signs], list[Curve]]:
    def read(signs: Signs) -> list[Curve]:
        x, values = signs.table(name)
        return [Curve(x, column) for column in values.T]

    return read


def _meters(*names: str) -> Callable[[Signs], list[Curve]]:
    def read(signs: Signs) -> list[Curve]:
        found = signs.measured.values()
        x = np.array([one.iteration for one in found], np.float64)
        return [_bands(x, found, name) for name in names]

    return read


def _bands(x: Floats, found: list[Measured], name: str) -> Curve:
    bands: list[Band] = [getattr(one.meters, name) for one in found]
    return Curve(x, np.array([b.value for b in bands]), np.array([b.error for b in bands]))


def _floor(signs: Signs) -> float:
    floor: Meters | None = signs.measured[-1].floor if len(signs.measured) else None
    return floor.frechet.value if floor is not None else math.nan


PLAYERS = (CurveStyle("D", "discriminator"), CurveStyle("G", "generator", "dash"))
SERIES = {
    "gradients": Series(PLAYERS, _told("gradient_norms")),
    "ratios": Series(PLAYERS, _told("update_ratios"), level=(CurveStyle("rule", "neutral", "dot"), lambda signs: RULE)),
    "frechet": Series(
        (CurveStyle("samples", "generated"),),
        _meters("frechet"),
        level=(CurveStyle("real", "real", "dash"), _floor),
        is_measured=True,
    ),
    "shares": Series(
        (
            CurveStyle("precision", "generated"),
            CurveStyle("recall", "real", "dash"),
            CurveStyle("coverage", "accent", "dot"),
        ),
        _meters("precision", "recall", "coverage"),
        is_log=False,
        is_measured=True,
    ),
}
SYMBOLS = ("o", "s", "t")


class SeriesPlot(LookPlot):
    """Curves over the iterations of a run; repainted at most five times a second."""

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(ALL[kind].title, ALL[kind].help, parent)
        self.series = series = SERIES[kind]
        styles = [*series.styles, *([series.level[0]] if series.level else [])]
        self.panel = Panel(styles, "iteration", WIDEST_LABEL, WIDEST_TICK)
        self._styles = styles
        self.set_canvas(self.panel)
        self.panel.picked.connect(self.picked)
        self._soon = throttled(self, self._follow_seen)

    def show_look(self, look: Look) -> None:
        """Soon, for it grows all the time."""
        is_other = self._look is None or look.signs is not self._look.signs
        self._look = look
        if self.isVisible() and is_other:
            self.follow()
        elif self.isVisible():
            self._soon.throttle()

    def set_cursor(self, iteration: float | None) -> None:
        """Mark the iteration that is looked at; None at the live end."""
        self.panel.set_cursor(iteration)

    def set_marks(self, marks: tuple[Mark, ...]) -> None:
        """Where the run was changed."""
        self.panel.marks.set(marks)

    def key(self, look: Look) -> Hashable:
        """The run so far."""
        return look.signs, look.signs.version, look.span, unmeasured(look.signs)

    def draw(self, look: Look) -> str:
        """All of it, to the newest iteration."""
        series, panel = self.series, self.panel
        curves = series.read(look.signs)
        if not curves or not len(curves[0].x):
            return unmeasured(look.signs) if series.is_measured else NOTHING
        first, newest = look.span
        x_range = (first, max(newest, first + MIN_X_SPAN))
        ends: list[tuple[float, str]] = []
        seen: list[Floats] = []
        for number, curve in enumerate(curves):
            line, band_x, band_y = _lines(curve, series.is_log)
            self._set_dots(number, int(np.isfinite(line).sum()))
            panel.set_curve(number, curve.x, line)
            panel.set_band(number, band_x, band_y)
            seen += [line, band_y]
            last = line[np.isfinite(line)][-1:]
            value = 10 ** last[0] if series.is_log and len(last) else last[0] if len(last) else math.nan
            ends.append((float(last[0]) if len(last) else math.nan, f" {short(float(value))}"))
        if series.level is not None:
            level = series.level[1](look.signs)
            y = np.full(2, math.log10(level) if series.is_log and level > 0 else level)
            panel.set_curve(len(curves), np.array(x_range), y)
            seen.append(y)
            ends.append((float(y[0]), f" {short(level)}"))
        panel.set_ranges(x_range, self._y_range(seen))
        panel.set_labels(ends)
        return ""

    def _y_range(self, seen: list[Floats]) -> tuple[float, float]:
        """0 to 1, or whole powers of ten."""
        if not self.series.is_log:
            return 0.0, 1.0
        finite = np.concatenate([y[np.isfinite(y)] for y in seen])
        if not len(finite):
            return -1.0, 1.0
        low, high = log_ends(float(np.percentile(finite, 1)), float(finite.max()))
        high = max(high, low + 0.5)
        self.panel.name_y(log_ticks(low, high))
        return low, high

    def _set_dots(self, number: int, count: int) -> None:
        colors, line = theme().colors, self.panel.lines[number]
        color = QColor(readable(getattr(colors, self._styles[number].color), colors.stage, colors.text, 3.0))
        are_few = 0 < count <= (FEW if self.series.is_measured else FEWEST)
        line.setSymbol(SYMBOLS[number] if are_few else None)
        line.setSymbolSize(px(5))
        line.setSymbolPen(pg.mkPen(None))
        line.setSymbolBrush(color)
        if self.series.is_measured:  # bars of errors, not a cloud of what jumps
            bars = QColor(color)
            bars.setAlpha(160)
            self.panel.bands[number].setPen(pg.mkPen(bars, width=1))

    @Slot()
    def _follow_seen(self) -> None:
        if self.isVisible():
            self.follow()


def _lines(curve: Curve, is_log: bool) -> tuple[Floats, Floats, Floats]:
    """The line, and the faint one behind it, as they are drawn: all points, or bars from low to high."""
    x, y, error = curve
    if error is None:
        y = np.log10(y) if is_log else y
        return _trend(y), x, y
    low, high = y - error, y + error
    if is_log:  # an error as large as the value has no logarithm
        low, high, y = (np.log10(np.maximum(v, 0.1 * np.maximum(y, 1e-12))) for v in (low, high, y))
    bars = np.stack([low, high, np.full(len(x), np.nan)], axis=1).reshape(-1)
    return y, np.repeat(x, 3), bars


def _trend(y: Floats) -> Floats:
    """Moving mean of what there is, over as many neighbours as the losses have."""
    kernel = np.ones(2 * trend_window(y) + 1)
    is_there = np.isfinite(y)
    window = slice(len(kernel) // 2, len(kernel) // 2 + len(y))
    count = np.convolve(is_there, kernel)[window]
    total = np.convolve(np.where(is_there, y, 0.0), kernel)[window]
    return np.where(is_there, total / np.maximum(count, 1), np.nan)
