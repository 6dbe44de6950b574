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
HEAD = 6  # tiles that the words above it take
SHARE = 0.01  # of unseen pictures that are nearer than what is called near, and as many farther than what is called far
UNLIKELY = 0.001  # chance below which so many near ones are no chance
UNUSUAL = 0.01  # the same of the other signs, of all together: nobody is accused by them
SIGNS = 3  # of these: far, and on either side of the middle
BY_HEART = 0.5  # share of near ones from which a model is said to repeat
Space = Literal["pixels", "classifier"]
SPACES: tuple[Space, ...] = get_args(Space)
Order = Literal["seed", "distance"]
ORDERS: tuple[Order, ...] = get_args(Order)
Level = Literal["good", "watch", "bad", "far", "within", "faded", "few"]


@dataclass(frozen=True)
class Yardstick:
    """How far unseen pictures are from their nearest training picture, where that is of a class.

    Args:
        name: Of the class; "" of all.
        count: How many unseen pictures say so.
        near: The distance that a hundredth of them has at most.
        middle: That half of them have at most.
        far: That all but a hundredth have at most.
    """

    name: str
    count: int
    near: float
    middle: float
    far: float


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

    def head(self) -> int:
        """Rows of tiles for the words above: of few columns more."""
        return math.ceil(HEAD / self.columns())

    def rows(self) -> int:
        """Tiles below each other: words; new pictures, the nearest training pictures, how far they are apart."""
        return self.head() + 3 * math.ceil(max(self.count, 1) / self.wide())


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
        yardsticks: What these say, of all and of every class of which there are enough.
        measured_by: Which of them holds for each new picture: that of its nearest training picture's class, (N,).
        faded: Which have far less contrast than their nearest training picture, so that they are near to many, (N,).
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
    yardsticks: tuple[Yardstick, ...]
    measured_by: npt.NDArray[np.int64]
    faded: npt.NDArray[np.bool_]
    training: int
    compute_ms: float

    def order(self, by: Order) -> tuple[int, ...]:
        """The numbers of the new pictures in an order; near is what is near for its class: a 1 is near to many."""
        if by == "seed":
            return tuple(range(len(self.images)))
        apart = self.distances[:, 0] / np.maximum(self._lines("middle"), 1e-12)
        return tuple(int(k) for k in np.argsort(apart, kind="stable"))

    def yardstick(self, number: int) -> Yardstick:
        """What holds for a new picture."""
        return self.yardsticks[int(self.measured_by[number])]

    def _lines(self, field: Literal["near", "middle", "far"]) -> npt.NDArray[np.float64]:
        return np.array([getattr(one, field) for one in self.yardsticks])[self.measured_by]

    @property
    def near(self) -> npt.NDArray[np.bool_]:
        """Which new pictures are as near as only a hundredth of the unseen ones is, and not merely grey, (N,)."""
        return np.asarray((self.distances[:, 0] <= self._lines("near")) & ~self.faded)

    @property
    def far(self) -> npt.NDArray[np.bool_]:
        """Which are farther than all but a hundredth of the unseen ones, (N,)."""
        return np.asarray(self.distances[:, 0] > self._lines("far"))

    @property
    def beyond(self) -> npt.NDArray[np.bool_]:
        """Which are farther than half of the unseen ones, (N,)."""
        return np.asarray(self.distances[:, 0] > self._lines("middle"))

    @property
    def within(self) -> npt.NDArray[np.bool_]:
        """Which are as near as half of the unseen ones, (N,)."""
        return ~self.beyond

    @property
    def marked(self) -> npt.NDArray[np.bool_]:
        """Which are marked as too near: the near ones, and none where too few pictures are known to tell, (N,)."""
        return self.near & (self._level != "few")

    @property
    def judges(self) -> int:
        """How many unseen pictures judge; where they do so by classes, those of the class with the fewest."""
        return min(self.yardsticks[int(k)].count for k in np.unique(self.measured_by))

    @property
    def level(self) -> Level:
        """How the light stands."""
        count, level = len(self.images), self._level
        is_faded = level in ("good", "within", "few") and exact_chance(int(self.faded.sum()), count) < UNUSUAL
        return "faded" if is_faded else level

    @property
    def _level(self) -> Level:
        near, far, beyond, within = (int(which.sum()) for which in (self.near, self.far, self.beyond, self.within))
        return level_of(len(self.images), self.judges, near, far, beyond, within)


def level_of(count: int, unseen: int, near: int, far: int = 0, beyond: int = 0, within: int = 0) -> Level:
    """What it says that of `count` pictures so many are near, far, beyond the middle of `unseen` ones, and within it.

    "bad" where at least half are near, "watch" where more are than chance makes; "few" where so many are near that this
    would accuse, were it known exactly how near is near, or where even all of them would be no wonder; else "far" where
    more than chance makes are far or beyond the middle, which no copy is, and nothing of the data; "within" where more
    are within the middle, as flat pictures are: nearer as a crowd, with no single one near; else "good". Meehan et al.
    2020 (arXiv:2004.05675) tell copies, what is far, and what is new from the ranks of the distances.
    """
    if chance(near, count, unseen) < UNLIKELY:
        return "bad" if near >= BY_HEART * count else "watch"
    if exact_chance(near, count) < UNLIKELY or chance(count, count, unseen) >= UNLIKELY:
        return "few"
    least = min(chance(far, count, unseen), chance(beyond, count, unseen, middle_rank(unseen)))
    if least < UNUSUAL / SIGNS:
        return "far"
    return "within" if chance(within, count, unseen, within_rank(unseen)) < UNUSUAL / SIGNS else "good"


def near_rank(unseen: int) -> int:
    """Which of so many unseen pictures, the nearest first, is as near as a hundredth of all such pictures at most; of
    few the nearest. A new one of their kind is no farther than the one of rank r with the chance r / (unseen + 1).
    """
    return max((unseen + 1) // round(1 / SHARE), 1)


def middle_rank(unseen: int) -> int:
    """Which of them, the farthest first, is the middle one; of two in the middle the nearer."""
    return 1 + unseen // 2


def within_rank(unseen: int) -> int:
    """Which of them, the nearest first, is that same one."""
    return unseen + 1 - middle_rank(unseen)


def chance(found: int, count: int, unseen: int, rank: int = 0) -> float:
    """The probability that at least `found` of `count` new pictures are nearer than the unseen one of this rank, the
    nearest first, or farther, the farthest first; that of `near_rank` without one.

    If all are of one kind, every order of their distances is equally likely (exceedances; Gumbel and von Schelling
    1950, doi:10.1214/aoms/1177729837). So few unseen pictures say little: they might be far themselves.
    """
    rank = rank or near_rank(unseen)
    return math.fsum(
        math.exp(
            _log_ways(k + rank - 1, k)
            + _log_ways(count - k + unseen - rank, count - k)
            - _log_ways(count + unseen, count)
        )
        for k in range(found, count + 1)
    )


def exact_chance(found: int, count: int) -> float:
    """The probability of at least `found` of `count` where each has the chance SHARE (binomial)."""
    return math.fsum(math.comb(count, k) * SHARE**k * (1 - SHARE) ** (count - k) for k in range(found, count + 1))


def _log_ways(n: int, k: int) -> float:
    """The logarithm of n over k."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
