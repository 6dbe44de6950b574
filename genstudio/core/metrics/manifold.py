"""Which generated pictures look real, and which real ones are generated: by balls around nearest neighbours.

Improved precision and recall (Kynkäänniemi et al. 2019, arXiv:1904.06991, eq. 1 and 2); density and coverage
(Naeem et al. 2020, arXiv:2002.09797, eq. 3 and 4).
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor

from genstudio.core.parts import by_parts
from genstudio.core.threads import THREADS
from genstudio.steps import finish

NEIGHBOURS = 5  # k of the balls, as Naeem et al. have it
FEWEST_FOR_SHARES = 200  # pictures; by 50 the balls of real ones are so wide that a black picture covers a third
CELLS = 1 << 19  # of a table of distances that a thread has in memory at once: of fewer, each costs twice as much
SHORT = 4  # times fewer on one thread, beside a training
BANDS = 4  # of so many cells from one yield to the next

Result = TypeVar("Result")


@dataclass(frozen=True)
class Overlap:
    """How two sets of features lie in each other; a ball reaches to the k-th nearest neighbour in its own set."""

    precision: float  # share of the generated in a ball of a real one, 0 to 1
    recall: float  # share of the real in a ball of a generated one, 0 to 1
    density: float  # in how many real balls a generated one lies, over k; 1 is expected of equal sets, more is denser
    coverage: float  # share of the real balls with a generated one in it, 0 to 1


def overlap(real: Tensor, fake: Tensor, k: int = NEIGHBOURS) -> Overlap:
    """All of `overlapping` at once."""
    return finish(overlapping(real, fake, k))


def overlapping(
    real: Tensor, fake: Tensor, k: int = NEIGHBOURS, threads: int = THREADS
) -> Generator[None, None, Overlap]:
    """The same; yields between parts of a few milliseconds."""
    return (yield from membership(real, fake, k, threads)).overlap()


@dataclass(frozen=True)
class Balls:
    """Around each of a set of features, to the k-th nearest neighbour in that set."""

    radii: Tensor  # (N,) float64
    wider: Tensor  # (N,), to the neighbour after that: the radii where one of the k is left out
    inside: Tensor  # (N, k): which the k are


@dataclass(frozen=True)
class Membership:
    """Which picture lies in whose ball: the four shares are the means of these."""

    looks_real: Tensor  # (M,) bool: a generated one lies in the ball of a real one
    crowd: Tensor  # (M,): in how many real balls a generated one lies, over k
    found: Tensor  # (N,) bool: a real one lies in the ball of a generated one
    caught: Tensor  # (N, 2): how many generated ones lie in the ball of a real one, and in its wider one

    def overlap(self) -> Overlap:
        """The shares."""
        m, n = len(self.looks_real), len(self.found)
        return Overlap(
            int(self.looks_real.sum()) / m, int(self.found.sum()) / n,
            float(self.crowd.sum()) / m, int((self.caught[:, 0] > 0).sum()) / n,
        )  # fmt: skip


def membership(
    real: Tensor, fake: Tensor, k: int = NEIGHBOURS, threads: int = THREADS, of_real: Balls | None = None
) -> Generator[None, None, Membership]:
    """Who lies where, of features (N, F) and (M, F); yields between parts of a few milliseconds. Points of a ball's
    rim are in it. The distances are float64, on the CPU.

    Args:
        of_real: `balls(real, k)`, if they are known.
    Raises:
        ValueError: if a set has fewer than k + 1 features, or the two have different widths.
    """
    if real.shape[1:] != fake.shape[1:] or real.ndim != 2:
        raise ValueError(f"features {tuple(real.shape)} and {tuple(fake.shape)}; give two tables of the same width")
    real, fake = real.double().cpu(), fake.double().cpu()
    around_real = (yield from balls(real, k, threads)) if of_real is None else of_real
    around_fake = yield from balls(fake, k, threads)

    of_fake = fake.square().sum(1)

    def lying(rows: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        distances = _distances(real[rows], fake, of_fake)  # (B, M)
        in_real_ball, in_wider = (distances <= reach[rows, None] for reach in (around_real.radii, around_real.wider))
        caught = torch.stack([in_real_ball.sum(1), in_wider.sum(1)], 1)
        return in_real_ball.sum(0), caught, (distances <= around_fake.radii).any(1)

    crowd = torch.zeros(len(fake), dtype=torch.float64)
    found, caught = [], []
    for lie, has, is_in_one in (yield from _in_bands(lying, len(real), len(fake), threads)):
        crowd += lie
        caught.append(has)
        found.append(is_in_one)
    return Membership(crowd > 0, crowd / k, torch.cat(found), torch.cat(caught))


def balls(x: Tensor, k: int = NEIGHBOURS, threads: int = THREADS) -> Generator[None, None, Balls]:
    """Those of features (N, F); themselves are not among their neighbours. Of k + 1 features the wider reach for ever.

    Raises:
        ValueError: if there are no k others.
    """
    if not 1 <= k < len(x):
        raise ValueError(f"{k} neighbours in a set of {len(x)} features; 1 to {len(x) - 1} are there")
    of_x = x.square().sum(1)

    def around(rows: Tensor) -> tuple[Tensor, Tensor]:
        distances = _distances(x[rows], x, of_x)  # (B, N)
        distances[torch.arange(len(rows)), rows] = torch.inf
        values, places = distances.topk(k + 1, largest=False)
        return values[:, k - 1 :], places[:, :k]

    reaches, inside = zip(*(yield from _in_bands(around, len(x), len(x), threads)), strict=True)
    radii, wider = torch.cat(reaches).unbind(1)
    return Balls(radii, wider, torch.cat(inside))


def _distances(a: Tensor, b: Tensor, of_b: Tensor) -> Tensor:
    """Distances (N, M) of features (N, F) and (M, F), whose squared lengths (M,) are given."""
    return torch.addmm(of_b, a, b.T, alpha=-2).add_(a.square().sum(1)[:, None]).clamp_min_(0).sqrt_()


def _in_bands(
    function: Callable[[Tensor], Result], rows: int, columns: int, threads: int
) -> Generator[None, None, list[Result]]:
    """What a function says of bands of the rows of a table of distances, in their order; yields between slices.

    On one thread, beside a training, a slice is CELLS / SHORT distances; on several each has some bands of CELLS.
    """
    found: list[Result] = []
    band = max(1, CELLS // (SHORT if threads == 1 else 1) // columns)
    for some in torch.arange(rows).split(band if threads == 1 else BANDS * band):
        found += [function(some)] if threads == 1 else by_parts(function, some, threads, band)
        yield
    return found
