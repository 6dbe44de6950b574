"""A scale of its own at the foot of a plot, for a curve that lies far below all others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SHARE = 0.24  # of the height
GAP = 0.08  # of the height of the others, between their lowest number and the foot
FILLED = 0.8  # of the foot, up to its greatest number


@dataclass(frozen=True)
class Foot:
    """Where numbers from 0 to `top` stand on the axis of the others.

    Args:
        low, high: The ends of the foot, in the units of the others.
        top: The greatest number of its own.
    """

    low: float
    high: float
    top: float

    def at(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Numbers of its own as heights on the axis of the others."""
        placed: npt.NDArray[np.float64] = self.low + np.asarray(values) / self.top * (self.high - self.low) * FILLED
        return placed


def foot_below(floor: float, high: float, top: float) -> Foot:
    """The foot of a plot whose other curves reach from `floor` to `high`, for numbers up to `top`."""
    ceiling = floor - GAP * (high - floor)
    return Foot(ceiling - SHARE / (1 - SHARE) * (high - ceiling), ceiling, top)
