"""Paths and grids through a latent space."""

from __future__ import annotations

import torch
from torch import Tensor


def lerp(a: Tensor, b: Tensor, w: Tensor) -> Tensor:
    """Straight line from a to b, each (D,), at weights w (S,): (S, D)."""
    w = w[:, None]
    return a + w * (b - a)


def slerp(a: Tensor, b: Tensor, w: Tensor) -> Tensor:
    """Spherical path from a to b at weights w (Shoemake 1985): the length changes evenly, not the chord.

    Directions go along the great circle and lengths linearly, so codes keep the norm that a normal
    prior gives them. Falls back to `lerp` where the angle is undefined (parallel or zero codes).
    """
    norm_a, norm_b = a.norm(), b.norm()
    cosine = torch.dot(a, b) / (norm_a * norm_b).clamp_min(1e-12)
    angle = torch.arccos(cosine.clamp(-1, 1))
    if norm_a == 0 or norm_b == 0 or torch.sin(angle) < 1e-4:
        return lerp(a, b, w)
    w = w[:, None]
    direction = torch.sin((1 - w) * angle) * a / norm_a + torch.sin(w * angle) * b / norm_b
    return direction / torch.sin(angle) * ((1 - w) * norm_a + w * norm_b)


PATHS = {"lerp": lerp, "slerp": slerp}


def plane(cells: int, extent: float) -> Tensor:
    """Cell centres of [-extent, extent]^2 as (cells * cells, 2), top row first: z2 falls downwards."""
    centres = (torch.arange(cells) + 0.5) / cells * 2 * extent - extent
    z1 = centres.repeat(cells)
    z2 = centres.flip(0).repeat_interleave(cells)
    return torch.stack([z1, z2], 1)
