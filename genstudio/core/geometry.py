"""What a decoder does to distances: stretching, smoothness along a path, and how unusual a distance is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

BATCH = 64  # codes at once


def magnification(
    decode: Callable[[Tensor], Tensor], z: Tensor, directions: Tensor | None = None, batch: int = BATCH
) -> Tensor:
    """sqrt(det(J^T J)): area of decoded pictures per area of codes (Bishop et al. 1997; Chen et al. 2018).

    J holds the derivatives of the decoder along the two directions (arXiv:1711.01204 for deep decoders), by central
    differences: four decoded pictures a code. The kinks of ReLU ask for a step below the textbook's cube root of the
    machine epsilon; with its square root a trained decoder in float32 comes within 1 %, usually 0.1 %.

    Args:
        decode: Codes (B, D) to pictures (B, ...), each from its own code alone (no batch statistics).
        z: (N, D).
        directions: (2, D), of length about one; the two axes of a two-latent model by default.
    Returns:
        (N,) float64, 0 and up, in squared picture units per unit parallelogram of the directions.
    Raises:
        ValueError: for other than two directions of D numbers.
    """
    if directions is None:
        directions = torch.eye(2)
    if directions.shape != (2, z.shape[1]):
        raise ValueError(f"directions are {tuple(directions.shape)}; (2, {z.shape[1]}) is needed")
    u, v = directions.to(z)
    return torch.cat([_area(decode, part, u, v) for part in z.split(batch)])


@torch.no_grad()
def _area(decode: Callable[[Tensor], Tensor], z: Tensor, u: Tensor, v: Tensor) -> Tensor:
    h = torch.finfo(z.dtype).eps ** 0.5
    right, left, up, down = decode(torch.cat([z + h * u, z - h * u, z + h * v, z - h * v])).flatten(1).double().chunk(4)
    a, b = (right - left) / (2 * h), (up - down) / (2 * h)  # the columns of J, (B, P) each
    squared = a.square().sum(1) * b.square().sum(1) - (a * b).sum(1).square()  # det of [[aa, ab], [ab, bb]]
    return squared.clamp_min(0).sqrt()


@dataclass(frozen=True)
class Smoothness:
    """Squared differences between neighbours on a path of pictures, (T - 1,) float64, never empty."""

    steps: Tensor

    @property
    def total(self) -> float:
        """Their sum."""
        return float(self.steps.sum())

    @property
    def mean(self) -> float:
        """Their mean; divided by the squared step in z it estimates the perceptual path length."""
        return float(self.steps.mean())

    @property
    def ratio(self) -> float:
        """Largest to mean: 1 is an even path (or one that stands still), T - 1 a single jump."""
        return float(self.steps.max()) / self.mean if self.mean > 0 else 1.0


def smoothness(path: Tensor) -> Smoothness:
    """How evenly a path goes, after the perceptual path length (Karras et al. 2019, arXiv:1812.04948, section 4.1).

    Args:
        path: T >= 2 pictures or their features, (T, ...).
    Raises:
        ValueError: for fewer than two pictures.
    """
    if len(path) < 2:
        raise ValueError(f"a path of {len(path)} pictures has no steps; at least two are needed")
    return Smoothness(path.flatten(1).double().diff(dim=0).square().sum(1))


def percentile_of(value: float, sorted_held_out: Tensor) -> float:
    """Percent of held-out scores below `value`, ties counted half: an anomaly score, 0 to 100.

    Args:
        sorted_held_out: (N,), rising, e.g. reconstruction errors of pictures the model has not seen.
    Raises:
        ValueError: without held-out scores.
    """
    if len(sorted_held_out) == 0:
        raise ValueError("there are no held-out scores to compare with")
    scores = sorted_held_out.double()
    wanted = torch.tensor(value, dtype=torch.float64, device=scores.device)
    below, up_to = torch.searchsorted(scores, wanted), torch.searchsorted(scores, wanted, right=True)
    return 50 * float(below + up_to) / len(scores)
