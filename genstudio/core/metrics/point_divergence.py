"""How far generated points are from real ones in the plane: by counting, by slices, and by islands."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from genstudio.api import Band
from genstudio.core.points.mixture import Mixture

NEAR = 3.0  # sigma: a point this near to a centre is of high quality
BINS, REACH = 20, 2.5  # a side of the counting grid, and how far it reaches; all beyond is one more bin
RESAMPLES, GROUPS = 16, 10


def counts(x: Tensor) -> Tensor:
    """How many points (N, 2) lie in each cell of the grid, (BINS^2 + 1,); those beyond the grid are in the last."""
    cells = ((x + REACH) / (2 * REACH) * BINS).floor().long()
    inside = ((cells >= 0) & (cells < BINS)).all(1)
    index = torch.where(inside, cells[:, 0] * BINS + cells[:, 1], BINS * BINS)
    return torch.bincount(index, minlength=BINS * BINS + 1)


def js_divergence(p: Tensor, q: Tensor) -> float:
    """Jensen-Shannon divergence of two histograms (K,), nats: 0 if equal, ln 2 = 0.693 if they share no cell."""
    p, q = p.double() / p.sum(), q.double() / q.sum()
    middle = (p + q) / 2
    return 0.5 * (_kl(p, middle) + _kl(q, middle))


def kl_divergence(p: Tensor, q: Tensor) -> float:
    """KL(p || q) of two histograms (K,), nats; infinite where p has something and q nothing."""
    return _kl(p.double() / p.sum(), q.double() / q.sum())


def _kl(p: Tensor, q: Tensor) -> float:
    there = p > 0
    return float((p[there] * (p[there] / q[there]).log()).sum())


def js_by_counting(real: Tensor, fake: Tensor, rng: torch.Generator) -> Band:
    """JS of two sets of points (N, 2) and (M, 2) over the grid, with its standard error over resampled sets.

    Few points in many cells make it too large: compare with what two real sets of the same counts have.
    """
    return _resampled(counts(real), counts(fake), js_divergence, rng)


def kl_by_counting(real: Tensor, fake: Tensor, rng: torch.Generator) -> Band:
    """KL(real || fake) over the grid, with half a point added to every cell so that it is finite."""
    return _resampled(counts(real), counts(fake), lambda p, q: kl_divergence(p + 0.5, q + 0.5), rng)


def _resampled(p: Tensor, q: Tensor, distance: Callable[[Tensor, Tensor], float], rng: torch.Generator) -> Band:
    again = [distance(_redrawn(p, rng), _redrawn(q, rng)) for _ in range(RESAMPLES)]
    return Band(distance(p, q), float(torch.tensor(again).std()))


def _redrawn(histogram: Tensor, rng: torch.Generator) -> Tensor:
    drawn = torch.multinomial(histogram.double(), int(histogram.sum()), replacement=True, generator=rng)
    return torch.bincount(drawn, minlength=len(histogram))


def sliced_wasserstein(real: Tensor, fake: Tensor, rng: torch.Generator, slices: int = 64) -> Band:
    """The mean over directions of the 1-D earth mover's distance W1, in the units of the plane.

    In one dimension the distance is that of sorted points (Rabin et al. 2011; Bonneel et al. 2015). The error is what
    other points would change: from as many groups of them as GROUPS, along the same directions.

    Args:
        real, fake: (N, 2) each, equally many.
    """
    if len(real) != len(fake):
        raise ValueError(f"{len(real)} real and {len(fake)} generated points; give equally many")
    turns = math.pi * torch.rand(slices, generator=rng)
    directions = torch.stack([turns.cos(), turns.sin()]).to(real)  # (2, slices)
    ours, theirs = real @ directions, fake @ directions
    parts = [_earth_moved(a, b) for a, b in zip(ours.chunk(GROUPS), theirs.chunk(GROUPS), strict=True)]
    error = float(torch.tensor(parts).std() / math.sqrt(len(parts))) if len(parts) > 1 else math.nan
    return Band(_earth_moved(ours, theirs), error)


def _earth_moved(real: Tensor, fake: Tensor) -> float:
    return float((real.sort(0)[0] - fake.sort(0)[0]).abs().mean())


def modes_covered(mixture: Mixture, fake: Tensor, least: int = 1) -> tuple[int, float]:
    """How many islands have at least `least` points of high quality, and the share of points that are, 0 to 1.

    High quality: within three sigma of the nearest centre (Srivastava et al. 2017, arXiv:1705.07761, section 5).
    """
    distances, which = mixture.nearest(fake)
    good = distances <= NEAR * mixture.sigma
    found = torch.bincount(which[good], minlength=len(mixture.centres))
    return int((found >= least).sum()), float(good.float().mean())


def optimal_discriminator(log_p: Tensor, log_q: Tensor) -> Tensor:
    """D* = p / (p + q) from the log densities of real and generated, (N,) (Goodfellow et al. 2014, proposition 1)."""
    return torch.sigmoid(log_p - log_q)
