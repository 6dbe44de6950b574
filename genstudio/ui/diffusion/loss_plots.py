"""The loss of whatever learns to take noise away, over its iterations; what stands beside it is for others to say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from genstudio.api import Floats, TrainEvent
from genstudio.ui.tabs.beside_plots import BesidePlots
from genstudio.ui.widgets.curves import CurveBuffer, trend_window

if TYPE_CHECKING:
    from genstudio.ui.widgets.plots import LossPlot

STEEP = 0.04  # of a run: in it the loss falls from where it begins
TITLE = "Loss: mean squared error of what is predicted"
WIDEST = "loss 0.000"  # at the end of the curve


def rows_of(event: TrainEvent, buffer: CurveBuffer) -> Floats:
    """What is new in an event, (n, 1); the curve of a run that goes on begins with its past."""
    before = event.iteration - len(event.rows)
    if len(event.past) and not len(buffer):
        buffer.begin_with(event.past[:, 0], event.past[:, 1:2], before)
    elif len(event.rows) and not len(buffer):
        buffer.clear(before + 1)
    return buffer.beyond(event.rows[:, :1], event.iteration)


def loss_plot() -> LossPlot:
    """The curve of what takes noise away; imports pyqtgraph."""
    from genstudio.ui.widgets.panel import CurveStyle
    from genstudio.ui.widgets.plots import LossPlot

    return LossPlot(TITLE, [CurveStyle("loss", "accent")], digits=3, steep=STEEP, widest=WIDEST)


class LossPlots(BesidePlots):
    """The loss plot is built when the first row comes (0.3 s)."""

    picked = Signal(float)  # an iteration
    painted = Signal()  # `newest` has changed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.loss: LossPlot | None = None
        self._curves = CurveBuffer(1)

    def build(self) -> None:
        """Make the plot, once."""
        if self.loss is not None:
            return
        self.loss = loss_plot()
        self.loss.picked.connect(self.picked)
        self.loss.painted.connect(self.painted)
        self._box.insertWidget(0, self.loss, 1)
        self.show_run((self._curves,))

    def set_stacked(self, stacked: bool) -> None:
        """As low as the stage may be, once they stand beside it."""
        super().set_stacked(stacked)
        if stacked:
            self.setMinimumHeight(0)

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

    def set_cursor(self, iteration: int | None) -> None:
        """Mark the iteration that is looked at; None at the live end."""
        if self.loss is not None:
            self.loss.set_cursor(iteration)

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
