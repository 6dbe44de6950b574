"""Where the states of reverse processes lie in a plane of two principal components."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genstudio.api.pictures import Floats, Layer
from genstudio.api.sampling import DenoiseRequest


@dataclass(frozen=True, eq=False)
class ComponentPlane:
    """A plane through `mean` (D,) along `axes` (2, D), of length 1 and at a right angle."""

    mean: Floats
    axes: Floats
    explained: Floats  # (2,), the shares of the variance that the axes hold


@dataclass(frozen=True, eq=False)
class Scatter:
    """A plane, and what lies on it behind the paths: places (N, 2) and classes (N,), -1 for none."""

    plane: ComponentPlane
    places: Floats
    labels: npt.NDArray[np.int64]
    dataset: str = ""  # whose pictures they are; "" for the last states of the processes themselves


@dataclass(frozen=True)
class ScatterRequest:
    """The plane in which the pictures that a diffusion model learned from, or their codes, differ most.

    A stream, answered by a ScatterEvent.
    """

    model: str
    count: int = 1500


@dataclass(frozen=True, eq=False)
class ScatterEvent:
    """Answers a ScatterRequest."""

    request: ScatterRequest
    scatter: Scatter


@dataclass(frozen=True)
class Section:
    """A process from step `first` on, as far as its steps after `after` are wanted."""

    process: DenoiseRequest
    first: int = 0
    after: int = -1


@dataclass(frozen=True, eq=False)
class TracksRequest:
    """Where the states of processes that were played lie; nothing is computed again.

    Args:
        layer: "x0_hat" wants the estimates; any other the states x_t.
        plane: None wants that of the states of the first process from its noise on.
    """

    sections: tuple[Section, ...]
    layer: Layer
    plane: ComponentPlane | None = None


@dataclass(frozen=True, eq=False)
class Track:
    """Places (S, N, 2) of N pictures at steps `indices` (S,), rising."""

    indices: npt.NDArray[np.int64]
    places: Floats


@dataclass(frozen=True, eq=False)
class TracksEvent:
    """A track for each section; `own` has the plane that was made of them, if one was."""

    request: TracksRequest
    tracks: tuple[Track, ...]
    own: Scatter | None = None
