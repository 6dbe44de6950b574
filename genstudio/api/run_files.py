"""What is written of a run beside its pictures: how to repeat it, and its curves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from genstudio.api.pictures import Pictures
from genstudio.api.training import TrainRequest


@dataclass(frozen=True, eq=False)
class WriteRunRequest:
    """Write a run as JSON that repeats it: its request with all changes, how far, and a hash of its samples there."""

    source: TrainRequest
    iteration: int
    samples: Pictures  # (N, H, W, C)
    path: str


@dataclass(frozen=True, eq=False)
class Series:
    """Numbers of a run: `y` (n,) at the iterations `x` (n,), which ascend; not finite where there is none."""

    name: str  # of a column: d_loss
    x: npt.NDArray[np.floating[Any]]
    y: npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class WriteCurvesRequest:
    """Write the curves of a run with what repeats it: .csv is the table of `series`, the others are as drawn.

    `picture` (H, W, C) is that of a .png, `drawing` that of a .svg. Of a race `beside` is the right side.
    """

    source: TrainRequest
    iteration: int
    series: tuple[Series, ...]
    path: str
    picture: Pictures | None = None
    drawing: str = ""
    beside: TrainRequest | None = None
