"""Paths and grids through a latent space."""

from __future__ import annotations

import torch
from torch import Tensor


def lerp(a: Tensor, b: Tensor, w: Tensor) -> Tensor:
    """Straight lines from a to b, each (..., D), at weights w (S,): (S, ..., D)."""
    w = w.view(-1, *[1] * a.ndim)
    return a + w * (b - a)


def slerp(a: Tensor, b: Tensor, w: Tensor) -> Tensor:
    """Spherical paths from a to b, each (..., D), at weights w (S,): (S, ..., D) (Shoemake 1985).

    Directions go along the great circle and lengths linearly, so codes keep the norm that a normal
    prior gives them. Falls back to `lerp` where the angle is undefined (parallel, opposite or zero codes).
    """
    norm_a, norm_b = a.norm(dim=-1, keepdim=True), b.norm(dim=-1, keepdim=True)
    unit_a, unit_b = a / norm_a.clamp_min(1e-12), b / norm_b.clamp_min(1e-12)
    angle = torch.arccos((unit_a * unit_b).sum(-1, keepdim=True).clamp(-1, 1))
    is_arc = (angle.sin() >= 1e-4) & (norm_a > 0) & (norm_b > 0)
    straight = lerp(a, b, w)
    w = w.view(-1, *[1] * a.ndim)
    direction = torch.sin((1 - w) * angle) * unit_a + torch.sin(w * angle) * unit_b
    arc = direction / angle.sin().clamp_min(1e-4) * ((1 - w) * norm_a + w * norm_b)
    return torch.where(is_arc, arc, straight)


PATHS = {"lerp": lerp, "slerp": slerp}


def plane(cells: int, extent: float) -> Tensor:
    """Cell centres of [-extent, extent]^2 as (cells * cells, 2), top row first: z2 falls downwards."""
    centres = (torch.arange(cells) + 0.5) / cells * 2 * extent - extent
    z1 = centres.repeat(cells)
    z2 = centres.flip(0).repeat_interleave(cells)
    return torch.stack([z1, z2], 1)
