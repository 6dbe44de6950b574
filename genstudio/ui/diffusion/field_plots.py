"""Beside or under the plane: the loss over the iterations, and loss and error over the time from noise to data."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from genstudio.api import Floats, TrainEvent
from genstudio.ui.diffusion.field_bars import TimeBars
from genstudio.ui.tabs.beside_plots import BesidePlots
from genstudio.ui.widgets.curves import CurveBuffer, trend_window

if TYPE_CHECKING:
    from genstudio.ui.widgets.plots import LossPlot

STEEP = 0.04  # of a run: in it the loss falls from where it begins
TITLE = "Loss: mean squared error of what is predicted"
LOSS_HELP = (
    "The loss lately at each time, and after its name the mean. The line is the least there can be: what no network "
    "can know of the noise, because different points look alike once noise is on them."
)
ERROR_HELP = (
    "How far the field is from the true one, which is known here: the mean squared error of noise times score, over "
    "points of the density at that time, and after its name the mean. The true field has about 1."
)


def rows_of(event: TrainEvent, buffer: CurveBuffer) -> Floats:
    """What is new in an event, (n, 1); the curve of a run that goes on begins with its past."""
    before = event.iteration - len(event.rows)
    if len(event.past) and not len(buffer):
        buffer.begin_with(event.past[:, 0], event.past[:, 1:2], before)
    elif len(event.rows) and not len(buffer):
        buffer.clear(before + 1)
    return buffer.beyond(event.rows[:, :1], event.iteration)


class FieldPlots(BesidePlots):
    """The loss plot is built when the first row comes (0.3 s)."""

    picked = Signal(float)  # an iteration
    time_picked = Signal(float)  # a t
    painted = Signal()  # `newest` has changed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.loss: LossPlot | None = None
        self.by_t = TimeBars("Loss by t", "accent", "loss", LOSS_HELP)
        self.error = TimeBars("Field error by t", "latent", "mean squared error", ERROR_HELP)
        self._curves = CurveBuffer(1)
        for bars in (self.by_t, self.error):
            bars.picked.connect(self.time_picked)
            self._box.addWidget(bars, 1)

    def build(self) -> None:
        """Make the plot, once."""
        if self.loss is not None:
            return
        from genstudio.ui.widgets.panel import CurveStyle
        from genstudio.ui.widgets.plots import LossPlot

        self.loss = LossPlot(TITLE, [CurveStyle("loss", "accent")], digits=3, steep=STEEP, widest="loss 0.000")
        self.loss.picked.connect(self.picked)
        self.loss.painted.connect(self.painted)
        self._box.insertWidget(0, self.loss, 1)
        self.show_run((self._curves,))

    def set_stacked(self, stacked: bool) -> None:
        """As low as the stage may be, once they stand beside it."""
        super().set_stacked(stacked)
        if stacked:
            self.setMinimumHeight(0)

    # ---- numbers --------------------------------------------------------------------------------------

    def show_run(self, curves: Sequence[CurveBuffer]) -> None:
        """The curve of another run; its rows are appended to it."""
        self._curves = curves[0]
        if self.loss is not None:
            self.loss.show_buffer(self._curves)

    def add(self, event: TrainEvent) -> None:
        """The rows since the last event."""
        self.build()
        if self.loss is not None:
            self.loss.add_rows(rows_of(event, self._curves))

    def show_numbers(self, numbers: Mapping[str, Floats]) -> None:
        """Of the moment that is looked at."""
        if "loss" in numbers:
            whole = float(numbers["t"][0])
            self.by_t.show_values(numbers["bin_t"], numbers["loss"], numbers["floor"], whole)
            self.error.show_values(numbers["bin_t"], numbers["error"], whole=whole)
        else:
            self.by_t.clear()
            self.error.clear()

    def set_cursor(self, iteration: int | None) -> None:
        """Mark the iteration that is looked at; None at the live end."""
        if self.loss is not None:
            self.loss.set_cursor(iteration)

    def set_time(self, t: float | None) -> None:
        """Mark the time that is looked at."""
        for bars in (self.by_t, self.error):
            bars.set_cursor(t)

    def set_marks(self, marks: tuple[tuple[float, str], ...]) -> None:
        """The iterations at which the run was changed, with what was."""
        if self.loss is not None:
            self.loss.set_marks(marks)

    def newest(self) -> tuple[int, float] | None:
        """Iteration and loss as they stand at the end of the curve, seen or not; None before the first."""
        if self.loss is not None and self.loss.isVisible():
            iteration, (end,) = self.loss.ends()
        else:
            x = self._curves.x()
            iteration = round(self._curves.x_range()[1])
            end = float(self._curves.mean(0, trend_window(x))[-1]) if len(x) else math.nan
        return (iteration, end) if math.isfinite(end) else None

    def at(self, iteration: int) -> float:
        """The loss as the curve has it at an iteration; NaN before the first."""
        x = self._curves.x()
        if not len(x) or iteration < self._curves.x_range()[0]:
            return math.nan
        return float(self._curves.mean(0, trend_window(x))[int(np.abs(x - iteration).argmin())])
