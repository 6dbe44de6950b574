"""Principal components: the linear autoencoder that nothing linear beats (Pearson 1901; Hotelling 1933)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

CHUNK = 4096  # rows in float64 at once
SPARE, ROUNDS = 8, 12  # of `leading`: directions beside those that are wanted, and how often they are turned


@dataclass(frozen=True)
class Principal:
    """x is about mean + sum_k z_k deviation_k component_k, with codes z of unit variance.

    Components are orthonormal, by falling variance; the largest entry of each, by size, is positive.
    """

    mean: Tensor  # (D,) float32
    components: Tensor  # (K, D) float32
    deviations: Tensor  # (K,) float32, in units of x; 0 where the data do not vary
    explained: Tensor  # (K,) float32, shares of the total variance
    shape: tuple[int, ...]  # of one picture or row; its product is D

    def encode(self, x: Tensor) -> Tensor:
        """Codes (N, K) of pictures (N, *shape): unit variance over the fitted data, 0 where those do not vary."""
        z = (x.flatten(1).to(self.mean.dtype) - self.mean) @ self.components.T
        return torch.where(self.deviations > 0, z / self.deviations, 0)

    def decode(self, z: Tensor) -> Tensor:
        """Pictures (N, *shape) of codes (N, K)."""
        return ((z * self.deviations) @ self.components + self.mean).view(-1, *self.shape)


def principal(x: Tensor, count: int) -> Principal:
    """The first `count` components of pictures or rows, the eigenvectors of their covariance, in float64.

    Time grows as N D^2 + D^3 and memory as D^2; of fewer rows than numbers as N^2 D and N D.

    Args:
        x: (N, ...), a row or a picture each, of D numbers.
        count: K, 1 to D. The covariance divides by N - 1.
    Raises:
        ValueError: for fewer than two rows or a count out of range.
    """
    n, rows = len(x), x.flatten(1)
    if n < 2:
        raise ValueError(f"{n} pictures; components need at least two")
    if not 1 <= count <= rows.shape[1]:
        raise ValueError(f"{count} components of {rows.shape[1]} numbers; 1 to {rows.shape[1]} are allowed")
    mean = torch.stack([part.double().sum(0) for part in rows.split(CHUNK)]).sum(0) / n
    values, vectors = _of_few(rows, mean, count) if n < rows.shape[1] else _of_many(rows, mean)
    variances, components = values[:count] / (n - 1), vectors[:count]
    variances = torch.where(variances > 1e-12 * variances[0], variances, 0)  # rounding is no variance
    largest = components.gather(1, components.abs().argmax(1, keepdim=True))  # (K, 1)
    return Principal(
        mean=mean.float(),
        components=(components * largest.sign()).float(),
        deviations=variances.sqrt().float(),
        explained=(variances / (values.sum() / (n - 1)).clamp_min(1e-300)).float(),
        shape=tuple(x.shape[1:]),
    )


def leading(x: Tensor, count: int) -> Principal:
    """The same as `principal` to about six decimals, by subspace iteration (Halko et al. 2011, alg. 4.4).

    Time grows as N D K only: for a few components of long rows. The shares are of the whole variance.

    Raises:
        ValueError: for fewer than two rows or a count out of range.
    """
    n, rows = len(x), x.flatten(1)
    if n < 2:
        raise ValueError(f"{n} pictures; components need at least two")
    most = min(rows.shape)
    if not 1 <= count <= most:
        raise ValueError(f"{count} components of {n} rows of {rows.shape[1]} numbers; 1 to {most} are allowed")
    mean = rows.double().mean(0)
    centred = (rows.double() - mean).float()
    rng = torch.Generator().manual_seed(0)
    width = min(count + SPARE, most)
    basis = torch.randn(rows.shape[1], width, generator=rng).to(rows.device)  # (D, W)
    for _ in range(ROUNDS):
        basis, _ = torch.linalg.qr(centred.T @ (centred @ torch.linalg.qr(basis)[0]))
    _, s, turned = torch.linalg.svd((centred @ basis).double(), full_matrices=False)
    components = (turned @ basis.T.double())[:count]  # (K, D)
    variances = s[:count].square() / (n - 1)
    total = centred.double().square().sum() / (n - 1)
    largest = components.gather(1, components.abs().argmax(1, keepdim=True))
    return Principal(
        mean=mean.float(),
        components=(components * largest.sign()).float(),
        deviations=variances.sqrt().float(),
        explained=(variances / total.clamp_min(1e-300)).float(),
        shape=tuple(x.shape[1:]),
    )


def _of_many(rows: Tensor, mean: Tensor) -> tuple[Tensor, Tensor]:
    """Eigenvalues (D,), falling, and eigenvectors (D, D), one a row, of the scatter matrix."""
    scatter = np.zeros((rows.shape[1], rows.shape[1]))
    for part in rows.split(CHUNK):
        centred = (part.double() - mean).cpu().numpy()
        scatter += centred.T @ centred  # numpy, unlike torch, sees the symmetry and does half the work
    values, vectors = torch.linalg.eigh(torch.from_numpy(scatter).to(rows.device))  # rising
    return values.flip(0), vectors.T.flip(0)


def _of_few(rows: Tensor, mean: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The same of fewer rows than numbers, and no more than are needed: the right singular vectors of the rows."""
    _, s, vectors = torch.linalg.svd(rows.double() - mean, full_matrices=count > len(rows))
    values = s.new_zeros(len(vectors))
    values[: len(s)] = s.square()
    return values, vectors
