"""Equal Gaussians around centres: the one form of all our point sets, so that every density is known."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

CHUNK = 4096  # points at once
SMALLEST = 1e-280  # of a sum that has lost none of its digits


@dataclass(frozen=True, eq=False)
class Mixture:
    """p(x) = mean over k of N(x; centre_k, sigma_k^2 I) in the plane, or on a line.

    Args:
        centres: (K, D), K >= 1 and D = 2 or 1.
        sigma: Standard deviation, in the units of the plane, of all of them or of each, (K,).
    """

    centres: Tensor
    sigma: float | Tensor

    @property
    def dimension(self) -> int:
        """2 in the plane, 1 on a line."""
        return self.centres.shape[1]

    @property
    def reach(self) -> float:
        """No coordinate of a point is larger, but of one in thousands."""
        return float((self.centres.abs().amax(1) + 4 * self.sigmas).max())

    @property
    def sigmas(self) -> Tensor:
        """Of each centre, (K,)."""
        return torch.as_tensor(self.sigma, dtype=torch.float32).expand(len(self.centres))

    def blurred(self, by: float) -> Mixture:
        """What it is like after noise of this standard deviation."""
        return Mixture(self.centres, (self.sigmas.double().square() + by**2).sqrt().float())

    def sample(self, count: int, rng: torch.Generator) -> Tensor:
        """Points (count, D), drawn on the CPU."""
        which = torch.randint(len(self.centres), (count,), generator=rng)
        noise = torch.randn(count, self.dimension, generator=rng)
        return self.centres[which] + self.sigmas[which, None] * noise

    def log_density(self, x: Tensor) -> Tensor:
        """ln p of points (N, D), (N,), in nats per unit of area, or of length."""
        scale = 2 * self.sigmas.to(x).square()  # (K,)
        constants = torch.log(len(self.centres) * (math.pi * scale) ** (self.dimension / 2))
        parts = []
        for chunk in x.split(CHUNK):
            distances = (chunk[:, None] - self.centres.to(x)).square().sum(2)  # (n, K)
            parts.append(torch.logsumexp(-distances / scale - constants, 1))
        return torch.cat(parts)

    def log_density_on(self, x: Tensor, y: Tensor) -> Tensor:
        """ln p over the grid of a row of x (W,) and a column of y (H,), (H, W) float64.

        A round Gaussian is a product of one in x and one in y, so the sum over the centres is one product of matrices.
        Where that is too small for a float64, centre by centre.
        """
        centres, sigmas = self.centres.to(x), self.sigmas.double()
        columns, rows = (
            torch.exp(-(axis[:, None] - part).double().square() / (2 * sigmas.square()))
            for axis, part in ((x, centres[:, 0]), (y, centres[:, 1]))
        )
        total = (rows / (len(centres) * math.tau * sigmas.square())) @ columns.T  # (H, W)
        found, lost = total.log(), total < SMALLEST
        if lost.any():
            row, column = lost.nonzero(as_tuple=True)
            found[lost] = self.log_density(torch.stack([x[column], y[row]], 1)).double()
        return found

    def nearest(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The distance of each point (N, D) to its nearest centre, and which that is, both (N,)."""
        distances, which = torch.cdist(x, self.centres.to(x)).min(1)
        return distances, which
