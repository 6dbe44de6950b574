"""How far generated points are from real ones in the plane: by counting, by slices, and by islands."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from genstudio.api import Band, Floats
from genstudio.core.points.mixture import Mixture

NEAR = 3.0  # sigma: a point this near to a centre is of high quality
PART = 0.2  # of its fair share of the points: a stroke with less is missed
BINS, REACH = 20, 2.5  # a side of the counting grid, and how far it reaches; all beyond is one more bin
RESAMPLES, GROUPS = 16, 10
SLICES = 16  # directions: their mean is within 0.002 of that of all, as far as 64 by chance are within 0.03


def counts(x: Tensor) -> Tensor:
    """How many points (N, 2) lie in each cell of the grid, (BINS^2 + 1,); those beyond the grid are in the last."""
    cells = ((x + REACH) / (2 * REACH) * BINS).floor().long()
    inside = ((cells >= 0) & (cells < BINS)).all(1)
    index = torch.where(inside, cells[:, 0] * BINS + cells[:, 1], BINS * BINS)
    return torch.bincount(index, minlength=BINS * BINS + 1)


def js_divergence(p: Tensor, q: Tensor) -> Tensor:
    """Jensen-Shannon divergence of histograms (..., K), nats: 0 if equal, ln 2 = 0.693 if they share no cell."""
    p, q = _shares(p), _shares(q)
    middle = (p + q) / 2
    return 0.5 * (_kl(p, middle) + _kl(q, middle))


def kl_divergence(p: Tensor, q: Tensor) -> Tensor:
    """KL(p || q) of histograms (..., K), nats; infinite where p has something and q nothing."""
    return _kl(_shares(p), _shares(q))


def _shares(histograms: Tensor) -> Tensor:
    return histograms.double() / histograms.sum(-1, keepdim=True)


def _kl(p: Tensor, q: Tensor) -> Tensor:
    return (torch.xlogy(p, p) - torch.xlogy(p, q)).sum(-1)


@dataclass(frozen=True)
class Counted:
    """Histograms (1 + RESAMPLES, K) of real and of generated points: as they are, and of as many drawn from them."""

    real: Tensor
    fake: Tensor

    def js(self) -> Band:
        """JS over the grid, with its standard error over the resampled sets.

        Few points in many cells make it too large: compare with what two real sets of the same counts have.
        """
        return _band(js_divergence(self.real, self.fake))

    def kl(self) -> Band:
        """KL(real || fake) over the grid, with half a point added to every cell so that it is finite."""
        return _band(kl_divergence(self.real + 0.5, self.fake + 0.5))


@dataclass(frozen=True)
class Counter:
    """Real points, counted once for all the generated ones they are compared with.

    Args:
        real: (1 + RESAMPLES, K), as in `Counted`.
        draws: (RESAMPLES, M + 1), see `_draws`, of M generated points.
    """

    real: Tensor
    draws: Tensor

    @classmethod
    def of(cls, real: Tensor, generated: int, rng: torch.Generator) -> Counter:
        """Points (N, 2), and how many there will be to compare with them."""
        return cls(_with_redrawn(counts(real), _draws(len(real), rng)), _draws(generated, rng))

    def against(self, fake: Tensor) -> Counted:
        """Generated points (M, 2)."""
        return Counted(self.real, _with_redrawn(counts(fake), self.draws))


def _band(values: Tensor) -> Band:
    return Band(float(values[0]), float(values[1:].std()))


def js_by_counting(real: Tensor, fake: Tensor, rng: torch.Generator) -> Band:
    """JS of two sets of points (N, 2) and (M, 2); see `Counted`."""
    return Counter.of(real, len(fake), rng).against(fake).js()


def kl_by_counting(real: Tensor, fake: Tensor, rng: torch.Generator) -> Band:
    """KL(real || fake) of two sets of points; see `Counted`."""
    return Counter.of(real, len(fake), rng).against(fake).kl()


def _draws(points: int, rng: torch.Generator) -> Tensor:
    """(RESAMPLES, points + 1): of so many draws of one of the points, how many fell on one of the first k."""
    drawn = torch.randint(points, (RESAMPLES, points), generator=rng) + points * torch.arange(RESAMPLES)[:, None]
    hits = torch.bincount(drawn.flatten(), minlength=RESAMPLES * points).view(RESAMPLES, points)
    return torch.cat([hits.new_zeros(RESAMPLES, 1), hits.cumsum(1)], 1)


def _with_redrawn(histogram: Tensor, draws: Tensor) -> Tensor:
    """(1 + RESAMPLES, K): a histogram, and those of as many points, each like one of those that were counted."""
    ends = torch.cat([histogram.new_zeros(1), histogram.cumsum(0)])  # of the points, put in the order of their cells
    return torch.cat([histogram[None], draws[:, ends].diff(dim=1)])


@dataclass(frozen=True)
class Slices:
    """Real points seen along directions, sorted once for all the generated ones they are compared with.

    In one dimension the earth mover's distance W1 is that of sorted points (Rabin et al. 2011; Bonneel et al. 2015).

    Args:
        directions: (D, S) float32; on a line there is one.
        whole: (S, N) sorted; groups: the same in GROUPS parts, each sorted for itself.
    """

    directions: Floats
    whole: Floats
    groups: tuple[Floats, ...]

    @classmethod
    def of(cls, real: Tensor, rng: torch.Generator, slices: int = SLICES) -> Slices:
        """Of points (N, 2) along so many directions, evenly apart: a few of them are truer than many by chance."""
        if real.shape[1] == 1:
            return cls(np.ones((1, 1), np.float32), *_sorted(np.ones((1, 1), np.float32), real))
        turns = math.pi / slices * (torch.arange(slices) + torch.rand(1, generator=rng))
        directions = torch.stack([turns.cos(), turns.sin()]).float().numpy()
        return cls(directions, *_sorted(directions, real))

    def distance(self, fake: Tensor) -> Band:
        """The mean over the directions, in the units of the plane.

        The error is what other points would change: from as many groups of them as GROUPS, along the same directions.

        Raises:
            ValueError: if there are not as many points as real ones.
        """
        if self.whole.shape[1] != len(fake):
            raise ValueError(f"{self.whole.shape[1]} real and {len(fake)} generated points; give equally many")
        with np.errstate(invalid="ignore", over="ignore"):  # of points that have flown away; the loss will tell
            whole, groups = _sorted(self.directions, fake)
            parts = np.array([np.abs(a - b).mean() for a, b in zip(self.groups, groups, strict=True)])
            error = float(parts.std(ddof=1) / math.sqrt(len(parts))) if len(parts) > 1 else math.nan
            return Band(float(np.abs(self.whole - whole).mean()), error)


def _sorted(directions: Floats, points: Tensor) -> tuple[Floats, tuple[Floats, ...]]:
    """Along each direction, (S, N), all of them and by groups; numpy sorts several times faster than torch."""
    along = directions.T @ points.detach().float().cpu().numpy().T  # (S, N)
    ends = np.cumsum([len(group) for group in torch.arange(len(points)).chunk(GROUPS)])[:-1]
    return np.sort(along, 1), tuple(np.sort(group, 1) for group in np.split(along, ends, 1))


def sliced_w1(real: Tensor, fake: Tensor, rng: torch.Generator, slices: int = SLICES) -> Band:
    """The mean over directions of the 1-D earth mover's distance W1; see `Slices`.

    Args:
        real, fake: (N, 2) each, equally many.
    """
    return Slices.of(real, rng, slices).distance(fake)


def modes_covered(mixture: Mixture, fake: Tensor, least: int = 1) -> tuple[int, float]:
    """How many islands have at least `least` points of high quality, and the share of points that are, 0 to 1.

    High quality: within three sigma of the nearest centre (Srivastava et al. 2017, arXiv:1705.07761, section 5).
    """
    distances, which = mixture.nearest(fake)
    good = distances <= NEAR * mixture.sigmas.to(distances)[which]
    found = torch.bincount(which[good], minlength=len(mixture.centres))
    return int((found >= least).sum()), float(good.float().mean())


def strokes_covered(mixture: Mixture, strokes: Tensor, fake: Tensor) -> tuple[int, float]:
    """How many strokes have their part of the points of high quality, and the share of points that are, 0 to 1.

    Args:
        strokes: (K,) of which each centre is. Its part is PART of what is fair: as many as it has centres.
    """
    distances, which = mixture.nearest(fake)
    good = distances <= NEAR * mixture.sigmas.to(distances)[which]
    found = torch.bincount(strokes[which[good].cpu()], minlength=int(strokes.max()) + 1)
    fair = torch.bincount(strokes) * (good.sum().cpu() / len(strokes))
    return int(((found >= PART * fair) & (found > 0)).sum()), float(good.float().mean())


def optimal_discriminator(log_p: Tensor, log_q: Tensor) -> Tensor:
    """D* = p / (p + q) from the log densities of real and generated, (N,) (Goodfellow et al. 2014, proposition 1)."""
    return torch.sigmoid(log_p - log_q)
