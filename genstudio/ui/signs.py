"""What a run has told of itself on the way, beside its losses: small, thinned out as it grows. No Qt."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from genstudio.api import Floats, Measured, TrainEvent
from genstudio.ui.history import History

MOST = 512  # of each kind
NAMES = ("gradient_norms", "update_ratios")  # each of D and of G, see GameTrainer.numbers


class Sign(NamedTuple):
    """The numbers of `NAMES` of D and G at one iteration."""

    iteration: int
    values: npt.NDArray[np.float64]  # (4,) gradient D, G, ratio D, G


class Signs:
    """Gradients, sizes of updates, quality, and the loss by t of one run; one that goes on from an earlier moment
    begins with those until then."""

    def __init__(self) -> None:
        self.told: History[Sign] = History(MOST)
        self.measured: History[Measured] = History(MOST)
        self.by_t: History[tuple[int, Floats]] = History(MOST)  # iteration, and the loss lately from t = 0 to T
        self.version = 0  # grows with all that comes
        self.asked = -1  # pictures by which it was asked to be measured, 0 not at all; -1 before
        self.classes: tuple[str, ...] = ()  # that the meters tell apart
        self.obstacle = ""  # why it is not measured, a sentence
        self.seen = (0, 0)  # pictures of the measurement that is under way, and how many there will be
        self.trouble = ""  # why the meters have stopped by themselves, a sentence

    def take(self, event: TrainEvent) -> None:
        """Note what an event tells beyond all before."""
        if event.samples:
            self._tell(event.samples[-1][0], event.numbers)
        for found in event.measured:
            if not len(self.measured) or found.iteration > self.measured[-1].iteration:
                self.measured.append(found, 1)
                self.version += 1
        for iteration, losses in event.loss_by_t:
            if not len(self.by_t) or iteration > self.by_t[-1][0]:
                self.by_t.append((iteration, losses), 1)
        self.seen = event.meter_seen
        self.trouble = event.meter_trouble or self.trouble

    def begin_with(self, left: Signs, iteration: int) -> None:
        """All that another run had told before an iteration; it is measured as that one was."""
        for sign in left.told.values():
            if sign.iteration < iteration:
                self.told.append(sign, 1)
        for found in left.measured.values():
            if found.iteration <= iteration:
                self.measured.append(found, 1)
        for told in left.by_t.values():
            if told[0] <= iteration:
                self.by_t.append(told, 1)
        self.asked, self.classes, self.obstacle = left.asked, left.classes, left.obstacle
        self.version += 1

    def table(self, name: str) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Iterations (n,) and what D and G told at each (n, 2), NaN where there was nothing, of one of `NAMES`."""
        rows = self.told.values()
        if not rows:
            return np.empty(0), np.empty((0, 2))
        first = 2 * NAMES.index(name)
        values = np.stack([row.values[first : first + 2] for row in rows])
        return np.array([row.iteration for row in rows], np.float64), values

    def measured_at(self, iteration: int) -> Measured | None:
        """What the newest measurement at or before an iteration found; None before the first."""
        return next((found for found in reversed(self.measured.values()) if found.iteration <= iteration), None)

    def _tell(self, iteration: int, numbers: dict[str, Floats]) -> None:
        known = [numbers[name] for name in NAMES if name in numbers and numbers[name].shape == (2,)]
        if len(known) == len(NAMES) and (not len(self.told) or iteration > self.told[-1].iteration):
            values = np.concatenate(known).astype(np.float64)
            self.told.append(Sign(iteration, np.where(np.isfinite(values) & (values > 0), values, np.nan)), 1)
            self.version += 1
