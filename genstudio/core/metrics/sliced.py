"""Sliced Wasserstein distance (Rabin et al. 2012; Bonneel et al. 2015, doi:10.1007/s10851-014-0506-3)."""

from __future__ import annotations

import torch
from torch import Tensor


def directions(width: int, count: int, rng: torch.Generator) -> Tensor:
    """Unit vectors (F, P) float64, evenly likely in all directions."""
    d = torch.randn(width, count, generator=rng, dtype=torch.float64)
    return d / d.norm(dim=0)


def sliced_wasserstein(x: Tensor, y: Tensor, directions: Tensor) -> float:
    """The 2-Wasserstein distance of features (N, F) and (M, F), seen along each of directions (F, P)."""
    return of_projections(x.double() @ directions, y.double() @ directions)


def of_projections(x: Tensor, y: Tensor) -> float:
    """The same of places (N, P) and (M, P) along P directions: (mean of W_2^2)^(1/2), in their units.

    On a line the cheapest way to bring one set to the other keeps the order: W_2^2 is the integral of
    (Q_x(u) - Q_y(u))^2 over the quantiles u.
    """
    a, b, n, m = x.sort(0).values, y.sort(0).values, len(x), len(y)
    ends = torch.cat([torch.arange(1, n + 1) * m, torch.arange(1, m + 1) * n]).sort().values  # of pieces, u = end / n m
    widths = ends.diff(prepend=ends.new_zeros(1)).double() / (n * m)
    apart = (a[(ends - 1) // m] - b[(ends - 1) // n]).square().mean(1)
    return float((widths @ apart).sqrt())
