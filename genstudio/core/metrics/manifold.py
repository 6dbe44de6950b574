"""Which generated pictures look real, and which real ones are generated: by balls around nearest neighbours.

Improved precision and recall (Kynkäänniemi et al. 2019, arXiv:1904.06991, eq. 1 and 2); density and coverage
(Naeem et al. 2020, arXiv:2002.09797, eq. 3 and 4).
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import torch
from torch import Tensor

from genstudio.steps import finish

NEIGHBOURS = 5  # k of the balls, as Naeem et al. have it
CELLS = 1 << 17  # of a table of distances that are in memory at once


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


def overlapping(real: Tensor, fake: Tensor, k: int = NEIGHBOURS) -> Generator[None, None, Overlap]:
    """The same; yields between parts of a few milliseconds."""
    return (yield from membership(real, fake, k)).overlap()


@dataclass(frozen=True)
class Membership:
    """Which picture lies in whose ball: the four shares are the means of these."""

    looks_real: Tensor  # (M,) bool: a generated one lies in the ball of a real one
    crowd: Tensor  # (M,): in how many real balls a generated one lies, over k
    found: Tensor  # (N,) bool: a real one lies in the ball of a generated one
    covered: Tensor  # (N,) bool: a generated one lies in the ball of a real one

    def overlap(self) -> Overlap:
        """The shares."""
        m, n = len(self.looks_real), len(self.found)
        return Overlap(
            int(self.looks_real.sum()) / m, int(self.found.sum()) / n,
            float(self.crowd.sum()) / m, int(self.covered.sum()) / n,
        )  # fmt: skip


def membership(real: Tensor, fake: Tensor, k: int = NEIGHBOURS) -> Generator[None, None, Membership]:
    """Who lies where, of features (N, F) and (M, F); yields between parts of a few milliseconds. Points of a ball's
    rim are in it.

    The distances are float64, on the CPU, and at most CELLS of them, or one row, are there at once.

    Raises:
        ValueError: if a set has fewer than k + 1 features, or the two have different widths.
    """
    if real.shape[1:] != fake.shape[1:] or real.ndim != 2:
        raise ValueError(f"features {tuple(real.shape)} and {tuple(fake.shape)}; give two tables of the same width")
    real, fake = real.double().cpu(), fake.double().cpu()
    real_radii = yield from neighbour_radii(real, k)  # (N,)
    fake_radii = yield from neighbour_radii(fake, k)  # (M,)
    crowd = torch.zeros(len(fake), dtype=torch.float64)
    found, covered = [], []
    rows = max(1, CELLS // len(fake))
    for part, radii in zip(real.split(rows), real_radii.split(rows), strict=True):
        distances = torch.cdist(part, fake)  # (rows, M)
        in_real_ball = distances <= radii[:, None]
        crowd += in_real_ball.sum(0)
        covered.append(in_real_ball.any(1))
        found.append((distances <= fake_radii).any(1))
        yield
    return Membership(crowd > 0, crowd / k, torch.cat(found), torch.cat(covered))


def neighbour_radii(x: Tensor, k: int = NEIGHBOURS) -> Generator[None, None, Tensor]:
    """Distances (N,) of features (N, F) to their k-th nearest neighbours, themselves not among them.

    Raises:
        ValueError: if there are no k others.
    """
    if not 1 <= k < len(x):
        raise ValueError(f"{k} neighbours in a set of {len(x)} features; 1 to {len(x) - 1} are there")
    radii, rows = torch.empty(len(x), dtype=x.dtype), max(1, CELLS // len(x))
    for start in range(0, len(x), rows):
        distances = torch.cdist(x[start : start + rows], x)  # (rows, N)
        distances[torch.arange(len(distances)), torch.arange(start, start + len(distances))] = torch.inf
        radii[start : start + rows] = distances.topk(k, largest=False).values[:, -1]
        yield
    return radii
