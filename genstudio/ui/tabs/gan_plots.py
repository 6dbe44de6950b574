"""The two plots of the adversarial game, above or beside each other over the same iterations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from genstudio.api import TrainEvent
from genstudio.ui.theme import pad

if TYPE_CHECKING:
    from genstudio.ui.widgets.plots import LossPlot

COLUMNS = (("d_loss", "g_loss"), ("d_real", "d_fake"))


class GANPlots(QWidget):
    """Losses, and how sure the discriminator is. The plots are built when the first row comes (0.3 s)."""

    picked = Signal(float)  # an iteration
    painted = Signal()  # `scores` has changed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = pad(QBoxLayout(QBoxLayout.Direction.TopToBottom, self), 0, 12)
        self.plots: tuple[LossPlot, ...] = ()

    def set_stacked(self, stacked: bool) -> None:
        """Above each other, or side by side where there is no room."""
        direction = QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        self._box.setDirection(direction)
        if self.plots:
            self.plots[0].panel.show_x(not stacked)

    def build(self) -> None:
        """Make the plots, once."""
        if self.plots:
            return
        from genstudio.ui.widgets.panel import CurveStyle
        from genstudio.ui.widgets.plots import LossPlot

        losses = [CurveStyle("D loss", "discriminator"), CurveStyle("G loss", "generator", "dash")]
        scores = [CurveStyle("D(real)", "real"), CurveStyle("D(fake)", "generated", "dash")]
        self.plots = (LossPlot("Loss, nats", losses), LossPlot("How sure D is that pictures are real", scores, (0, 1)))
        self.plots[1].painted.connect(self.painted)
        for plot in self.plots:
            plot.picked.connect(self.picked)
            self._box.addWidget(plot, 1)
        self.set_stacked(self._box.direction() == QBoxLayout.Direction.TopToBottom)

    def scores(self) -> tuple[int, float, float] | None:
        """Iteration, D(real) and D(fake) as they stand at the ends of the curves; None before the first."""
        if not self.plots:
            return None
        iteration, (d_real, d_fake) = self.plots[1].ends()
        return (iteration, d_real, d_fake) if math.isfinite(d_real + d_fake) else None

    def clear(self) -> None:
        """Forget all rows."""
        for plot in self.plots:
            plot.clear()

    def add(self, event: TrainEvent) -> None:
        """The rows since the last event."""
        self.build()
        first = event.iteration - len(event.rows) + 1
        for plot, names in zip(self.plots, COLUMNS, strict=True):
            if not len(event.rows) or not set(names) <= set(event.names):
                continue
            if not len(plot.buffer) and first > 1:
                plot.clear(first)  # a resumed run
            plot.add_rows(np.stack([event.rows[:, event.names.index(name)] for name in names], axis=1))

    def set_cursor(self, iteration: int | None) -> None:
        """Mark the iteration that is shown; None at the live end."""
        for plot in self.plots:
            plot.set_cursor(iteration)
