"""Beside or under the samples of a diffusion model that learns: its loss, and its loss by t since the run began."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio.api import Floats
from genstudio.ui.diffusion.loss_plots import WIDEST, LossPlots, rows_of
from genstudio.ui.widgets.curves import CurveBuffer

if TYPE_CHECKING:
    from genstudio.ui.widgets.heat_map import HeatMap

MAP_TITLE = "Loss by t"
MAP_HELP = (
    "How large the loss has been at each t, from the picture (t = 0, at the bottom) to pure noise (at the top): the "
    "farther a colour is from the ground, the larger. Each column is the mean of a hundred iterations or so, and the "
    "sentence below speaks of the newest one. Click to see that moment."
)
UNTOLD = (-1, -1)  # the map shows another run, or has not been painted
BURST = 2.5  # times the least loss so far: columns of a run that learns differ by less once the first is over
MIN_X_SPAN = 20  # iterations, as of the curve above


def curves_of(family: str) -> CurveBuffer:
    """An empty curve."""
    return CurveBuffer(1)


class DenoisingPlots(LossPlots):
    """Both are built when the first row comes (0.3 s), and share their iterations."""

    curves_of, rows_of = staticmethod(curves_of), staticmethod(rows_of)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.by_t: HeatMap | None = None
        self._told: tuple[int, int] = UNTOLD  # how many columns the map shows, and the newest of them

    def build(self) -> None:
        """Make the plots, once."""
        if self.by_t is not None:
            return
        from genstudio.ui.widgets.heat_map import HeatMap

        self.by_t = HeatMap(MAP_TITLE, ("loss", "t"), MAP_HELP, WIDEST, "0.000")
        self.by_t.picked.connect(self.picked)
        self._box.addWidget(self.by_t, 1)
        self.painted.connect(self._follow)
        super().build()
        self._share_x()

    def set_stacked(self, stacked: bool) -> None:
        """The numbers under the map are those of the curve above it, too."""
        super().set_stacked(stacked)
        self._share_x()

    def _share_x(self) -> None:
        if self.loss is not None:
            self.loss.panel.show_x(not self._is_stacked)

    def show_run(self, curves: Sequence[CurveBuffer]) -> None:
        """Those of another run."""
        super().show_run(curves)
        self._told = UNTOLD

    def show_history(self, told: Sequence[tuple[int, Floats]], timesteps: int) -> None:
        """The loss by t since the run began: iterations, and losses (bins,) from t = 0 to T."""
        newest = told[-1][0] if told else -1
        if self.by_t is None or (len(told), newest) == self._told:
            return
        self._told = len(told), newest
        values = np.stack([losses for _, losses in told]) if told else np.zeros((0, 1))
        self.by_t.show_columns([iteration for iteration, _ in told], values, timesteps)
        self._follow()

    def newest_by_t(self) -> Floats | None:
        """The losses (bins,) from t = 0 to T in the newest column of the map; None while it has none."""
        return self.by_t.values[-1] if self.by_t is not None and len(self.by_t.iterations) else None

    def best_before(self) -> tuple[int, float] | None:
        """The iteration and the mean loss of the column with the least, if the newest has many times as much."""
        if self.by_t is None or not len(self.by_t.iterations):
            return None
        known = np.isfinite(self.by_t.values)
        means = np.where(known, self.by_t.values, 0).sum(1) / np.maximum(known.sum(1), 1)
        means[~known.any(1)] = np.inf
        least = int(means.argmin())
        has_burst = np.isfinite(means[-1]) and means[-1] > BURST * means[least]
        return (int(self.by_t.iterations[least]), float(means[least])) if has_burst else None

    def set_moment(self, numbers: Mapping[str, Floats], iteration: int | None) -> None:
        """Mark the iteration that is looked at; None at the live end."""
        self.set_cursor(iteration)
        if self.by_t is not None:
            self.by_t.set_cursor(iteration)

    def set_marks(self, marks: tuple[tuple[float, str], ...]) -> None:
        """As on the curve; its words are enough."""
        super().set_marks(marks)
        if self.by_t is not None:
            self.by_t.panel.marks.set(tuple((iteration, "") for iteration, _ in marks))

    @Slot()
    def _follow(self) -> None:
        if self.by_t is not None:
            first, newest = self._curves.x_range()
            self.by_t.show_range(first, max(newest, first + MIN_X_SPAN))
