"""Beside or under the plane: the loss over the iterations, and loss and error over the time from noise to data."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from genstudio.api import Floats
from genstudio.ui.diffusion.field_bars import TimeBars
from genstudio.ui.diffusion.loss_plots import LossPlots

LOSS_HELP = (
    "The loss lately at each time, and after its name the mean. The line is the least there can be: what no network "
    "can know of the noise, because different points look alike once noise is on them."
)
ERROR_HELP = (
    "How far the field is from the true one, which is known here: the mean squared error of noise times score, over "
    "points of the density at that time, and after its name the mean. The squares of the true field come to about 1, "
    "so 0.01 is an error of 1 %."
)


class FieldPlots(LossPlots):
    """The loss over the iterations, and bars of what is known at each time."""

    time_picked = Signal(float)  # a t

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.by_t = TimeBars("Loss by t", "accent", "loss", LOSS_HELP)
        self.error = TimeBars("Field error by t", "latent", "mean squared error", ERROR_HELP)
        for bars in (self.by_t, self.error):
            bars.picked.connect(self.time_picked)
            self._box.addWidget(bars, 1)

    def show_numbers(self, numbers: Mapping[str, Floats]) -> None:
        """Of the moment that is looked at."""
        if "loss" in numbers:
            whole = float(numbers["t"][0])
            self.by_t.show_values(numbers["bin_t"], numbers["loss"], numbers["floor"], whole)
            self.error.show_values(numbers["bin_t"], numbers["error"], whole=whole)
        else:
            self.by_t.clear()
            self.error.clear()

    def set_time(self, t: float | None) -> None:
        """Mark the time that is looked at."""
        for bars in (self.by_t, self.error):
            bars.set_cursor(t)
