"""Quality meters of a run that goes on: what they show, and how they are switched."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Band:
    """A number and its standard error."""

    value: float
    error: float


def counting_error(share: float, n: int) -> float:
    """Standard error of a share of n, above 0 also where none or all were counted (Agresti & Coull 1998).

    It is that of a share with two more counted and two more not.
    """
    p = (share * n + 2) / (n + 4)
    return math.sqrt(p * (1 - p) / (n + 4))


@dataclass(frozen=True)
class Meters:
    """How near pictures are to real ones, in the features of the bundled classifier."""

    frechet: Band  # Fréchet distance, squared feature units; depends on the count, compare with the floor
    precision: Band  # share of the pictures that look real, 0 to 1
    recall: Band  # share of the real ones that the generator could make, 0 to 1
    coverage: Band  # share of the real ones with a picture near them, 0 to 1
    class_shares: tuple[Band, ...]  # of the pictures, by what the classifier takes them for; they sum to 1


@dataclass(frozen=True)
class Measured:
    """The meters of a run at the end of `iteration`, by `count` pictures against as many real ones.

    `floor` is what other real pictures of the same count reach: nobody can expect better.
    """

    iteration: int
    count: int
    meters: Meters
    floor: Meters


@dataclass(frozen=True)
class MeterRequest:
    """Measure the run in a place again and again while it goes on, by `count` pictures each time; 0 stops it.

    It takes about a fiftieth of the training time and leaves the run as it is, bit for bit. What is measured
    comes with the run's events, see TrainEvent.measured. A run that goes on from an earlier iteration of this one is
    measured as this one is; a new run in the place is not until it is asked for.
    """

    place: int = 0
    count: int = 500


@dataclass(frozen=True)
class MeterEvent:
    """Answer to MeterRequest: how many pictures are measured each time, and what the classes are called.

    Where nothing can be measured the count is 0 and `reason` says why, in a sentence.
    """

    place: int
    count: int
    classes: tuple[str, ...] = ()  # of Meters.class_shares
    reason: str = ""
