"""Is it copied? How near new pictures are to those that were learnt from, and how near other real ones are."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import torch
from torch import Tensor

from genstudio.core.parts import in_parts

NEAR = 0.01  # share of the held-out pictures that are nearer than what is called near
PART, ROWS = 4096, 256  # training pictures, and others on each thread, that are compared at once


@dataclass(frozen=True)
class Copies:
    """Distances to the nearest training picture, root mean square of the pixels' differences, and which it is."""

    distances: Tensor  # (N,) float64 of the generated
    nearest: Tensor  # (N,) int64
    held_out: Tensor  # (M,) float64, of real pictures that were not learnt from

    @property
    def near(self) -> Tensor:
        """Which generated pictures are as near as only a hundredth of the held-out ones is, (N,) bool.

        Of a generator as new as the held-out pictures a hundredth is; of one that learnt by heart nearly all are
        (after Meehan et al. 2020, arXiv:2004.05675, who compare the same distances), also where held-out pictures
        are themselves among the training pictures.
        """
        return self.distances <= self.held_out.quantile(NEAR)

    @property
    def ratio(self) -> Tensor:
        """Each distance over the median of the held-out ones, (N,): 0 is a copy, 1 as new as a real picture."""
        return self.distances / self.held_out.median().clamp_min(1e-12)


def copies(generated: Tensor, training: Tensor, held_out: Tensor) -> Generator[None, None, Copies]:
    """The nearest of training pictures (K, ...) to generated (N, ...) and to held-out ones (M, ...), all of one kind
    and shape; yields between parts.

    Raises:
        ValueError: if there are none of a kind.
    """
    if not (len(generated) and len(training) and len(held_out)):
        raise ValueError("there must be generated, training and held-out pictures to compare")
    distances, indices = yield from nearest(torch.cat([generated, held_out]), training)
    n = len(generated)
    return Copies(distances[:n], indices[:n], distances[n:])


def share_near(distances: Tensor, held_out: Tensor) -> float:
    """The share of distances (N,) that are no larger than all but a hundredth of those of held-out pictures (M,)."""
    return float((distances <= held_out.quantile(NEAR)).double().mean())


def nearest(pictures: Tensor, training: Tensor) -> Generator[None, None, tuple[Tensor, Tensor]]:
    """Distances (N,) float64 and indices (N,) of the nearest of training pictures (K, ...); the first of equals.

    The nearest is found in float32 by |a|^2 - 2 a b, exactly of 1,000 grey values of 0 to 255, and its distance then
    measured in float64: that of a copy is 0.
    """
    x = _centred(pictures)
    best, found = torch.full((len(x),), torch.inf, dtype=torch.float64), torch.zeros(len(x), dtype=torch.int64)
    for start in range(0, len(training), PART):
        part = _centred(training[start : start + PART])
        squares = part.square().sum(1)

        def scored(rows: Tensor, part: Tensor = part, squares: Tensor = squares) -> Tensor:
            return torch.stack([each.double() for each in torch.addmm(squares, rows, part.T, alpha=-2).min(1)])

        scores, places = torch.cat(in_parts(scored, x, part=ROWS), 1)  # (N,)
        is_nearer = scores < best
        best, found = torch.where(is_nearer, scores, best), torch.where(is_nearer, places.long() + start, found)
        yield
    apart = training[found].flatten(1).double() - pictures.flatten(1).double()
    return apart.square().mean(1).sqrt(), found


def _centred(pictures: Tensor) -> Tensor:
    """Values (N, D) float32, those of bytes about their middle, so that sums of products stay below 2^24."""
    values = pictures.flatten(1).float()
    return values - 128 if pictures.dtype == torch.uint8 else values
