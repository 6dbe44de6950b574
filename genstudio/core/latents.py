"""Paths and grids through a latent space."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

FINE = 64  # points of the polygon per piece of a spline


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


def plane_through(z: Tensor, u: Tensor, v: Tensor, cells: int, extent: float) -> Tensor:
    """Codes (cells * cells, D) of `plane` laid through z (D,): u (D,) goes right, v (D,) goes up, extent times each."""
    return z + plane(cells, extent).to(z) @ torch.stack([u, v])


def traversal(z: Tensor, dims: Sequence[int], values: Tensor) -> Tensor:
    """z (D,) with one number replaced: dimension dims[r] is values[c] in row r, (len(dims), len(values), D)."""
    codes = z.repeat(len(dims), len(values), 1)
    for row, dim in enumerate(dims):
        codes[row, :, dim] = values.to(z)
    return codes


def arithmetic(a: Tensor, b: Tensor, c: Tensor) -> Tensor:
    """a - b + c: what sets a apart from b, given to c (Mikolov et al. 2013; Radford et al. 2016, figure 7)."""
    return a - b + c


def smooth_closed_path(points: Tensor, steps: int) -> Tensor:
    """Codes (steps, D) evenly spaced, by arc length, on a closed curve through points (P, D).

    Starts at points[0]; the code after the last would be the first again, so a film of it loops. The curve is
    a uniform Catmull-Rom spline (Catmull & Rom 1974), measured along a fine polygon.
    """
    ends = torch.stack([points.roll(shift, 0) for shift in (1, 0, -1, -2)])  # (4, P, D): around each piece
    t = torch.arange(FINE, dtype=torch.float64).to(points) / FINE
    basis = torch.stack([-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, t**3 - t**2]) / 2
    fine = torch.einsum("ft,fpd->ptd", basis, ends).flatten(0, 1)  # (P * FINE, D)
    fine = torch.cat([fine, fine[:1]])
    length = torch.cat([fine.new_zeros(1), fine.diff(dim=0).norm(dim=1).cumsum(0)])
    wanted = length[-1] * torch.arange(steps).to(points) / steps
    after = torch.searchsorted(length, wanted, right=True).clamp(1, len(length) - 1)
    gap = length[after] - length[after - 1]
    share = torch.where(gap > 0, (wanted - length[after - 1]) / gap.clamp_min(1e-30), 0)
    return torch.lerp(fine[after - 1], fine[after], share[:, None])
