"""Sliced Wasserstein distance of order 2 (Rabin et al. 2012; Bonneel et al. 2015, doi:10.1007/s10851-014-0506-3)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


def directions(width: int, count: int, rng: torch.Generator) -> Tensor:
    """Unit vectors (F, P) float64, evenly likely in all directions."""
    d = torch.randn(width, count, generator=rng, dtype=torch.float64)
    return d / d.norm(dim=0)


def sliced_w2(x: Tensor, y: Tensor, directions: Tensor) -> float:
    """The 2-Wasserstein distance of features (N, F) and (M, F), seen along each of directions (F, P)."""
    return along(Places.of(x, directions).values, Places.of(y, directions).values)


@dataclass(frozen=True)
class Places:
    """Where features lie along each direction, rising, (P, N) float64; and which of them it is, (P, N)."""

    values: Tensor
    order: Tensor

    @classmethod
    def of(cls, x: Tensor, directions: Tensor) -> Places:
        """Features (N, F) seen along directions (F, P)."""
        return cls(*(x.double() @ directions).T.contiguous().sort(1))

    def drawn(self, counts: Tensor) -> Tensor:
        """The places, rising, (P, sum of counts) of as many of each feature as its count (N,) int64 says."""
        repeated = self.values.flatten().repeat_interleave(counts[self.order].flatten())
        return repeated.view(len(self.values), -1)


def along(x: Tensor, y: Tensor) -> float:
    """The same of rising places (P, N) and (P, M) along P directions: (mean of W_2^2)^(1/2), in their units.

    On a line the cheapest way to bring one set to the other keeps the order: W_2^2 is the integral of
    (Q_x(u) - Q_y(u))^2 over the quantiles u.
    """
    n, m = x.shape[1], y.shape[1]
    if n == m:  # each of one with that of its rank
        return float((x - y).square().mean().sqrt())
    ends = torch.cat([torch.arange(1, n + 1) * m, torch.arange(1, m + 1) * n]).unique()  # of pieces, u = end / n m
    widths = ends.diff(prepend=ends.new_zeros(1)).double() / (n * m)
    apart = (x[:, (ends - 1) // m] - y[:, (ends - 1) // n]).square().mean(0)
    return float((widths @ apart).sqrt())
