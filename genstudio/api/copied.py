"""Is it copied? New pictures beside the training pictures that are nearest to them: what is asked, what was found."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from genstudio.api.pictures import Floats, Pictures
from genstudio.api.sampling import Sampling

NEAREST = 5  # training pictures of each new one
MOST = 200  # new pictures
WIDE = 12  # of them beside each other on a sheet
SHARE = 0.01  # of unseen pictures that are nearer than what is called near
UNLIKELY = 0.001  # chance below which so many near ones are no chance
BY_HEART = 0.5  # share of near ones from which a model is said to repeat
Space = Literal["pixels", "classifier"]
SPACES: tuple[Space, ...] = get_args(Space)
Order = Literal["seed", "distance"]
ORDERS: tuple[Order, ...] = get_args(Order)
Level = Literal["good", "watch", "bad"]


@dataclass(frozen=True)
class CopiedRequest(Sampling):
    """New pictures of any model, and the training pictures nearest to each; a stream with progress.

    Args:
        dataset: Whose training and held-out pictures; those of what the model learned from if "".
        space: What distances are measured between.
        order: Of a sheet: by number, or the nearest to a training picture first.
    """

    count: int = 48
    dataset: str = ""
    space: Space = "pixels"
    order: Order = "seed"

    def wide(self) -> int:
        """New pictures beside each other on the sheet."""
        return min(max(self.count, 1), WIDE)

    def columns(self) -> int:
        """Tiles beside each other on the sheet: before the pictures stands a word."""
        return 1 + self.wide()

    def rows(self) -> int:
        """Tiles below each other: new pictures, the nearest training pictures, how far they are apart."""
        return 3 * math.ceil(max(self.count, 1) / self.wide())


@dataclass(frozen=True, eq=False)
class CopiedEvent:
    """What was found. Distances are root mean squares: of the differences of grey levels of 255, or of features.

    Args:
        dataset: As requests call it.
        images: The new pictures, (N, H, W, C).
        nearest: The nearest training pictures of each, the nearest first, (N, k, H, W, C).
        labels: Their classes, (N, k); "" without any.
        distances: From each to them, (N, k).
        unseen: From held-out pictures to their nearest training picture, (M,).
        line: Distance below which the hundredth part of the held-out pictures is.
        near: Which of the new pictures are below it, (N,).
        training: How many training pictures there are.
        compute_ms: What drawing took.
    """

    request: CopiedRequest
    dataset: str
    images: Pictures
    nearest: Pictures
    labels: tuple[tuple[str, ...], ...]
    distances: Floats
    unseen: Floats
    line: float
    near: npt.NDArray[np.bool_]
    training: int
    compute_ms: float

    def order(self, by: Order) -> tuple[int, ...]:
        """The numbers of the new pictures in an order."""
        if by == "seed":
            return tuple(range(len(self.images)))
        return tuple(int(k) for k in np.argsort(self.distances[:, 0], kind="stable"))

    @property
    def level(self) -> Level:
        """How the light stands."""
        return level_of(int(self.near.sum()), len(self.near))


def level_of(near: int, count: int) -> Level:
    """What `near` of `count` pictures say of which each would be near with the chance SHARE, were it as new as an
    unseen one: "good" if chance makes as many, "bad" where at least half are near, "watch" between."""
    if chance(near, count) >= UNLIKELY:
        return "good"
    return "bad" if near >= BY_HEART * count else "watch"


def chance(near: int, count: int) -> float:
    """The probability of at least `near` of `count` where each has the chance SHARE (binomial)."""
    return math.fsum(math.comb(count, k) * SHARE**k * (1 - SHARE) ** (count - k) for k in range(near, count + 1))
