"""A brush for noisy pictures: what it paints is as noisy as what is around it."""

from __future__ import annotations

import torch
from torch import Tensor

from genstudio.api.brush import Stroke, touched
from genstudio.core.levels import Level
from genstudio.core.seeding import ImageNoise


def painted(x: Tensor, level: Level, stroke: Stroke, rng: ImageNoise) -> Tensor:
    """The state (B, C, H, W) with a stroke as it looks at this level: its grey, and fresh noise.

    Raises:
        ValueError: for codes.
    """
    if x.ndim != 4:
        raise ValueError("a brush paints on pictures; this model takes noise away from codes")
    mask = covered(stroke, *x.shape[2:]).to(x.device)
    eps = rng.draw(tuple(x.shape[1:]))
    grey = 0.0 if stroke.grey is None else 2 * stroke.grey - 1
    where = mask.expand_as(x).clone()
    if stroke.picture >= 0:
        where[torch.tensor(rng.indices) != stroke.picture] = False
    return torch.where(where, level.signal * grey + level.noise * eps, x)


def covered(stroke: Stroke, height: int, width: int) -> Tensor:
    """The pixels (H, W) bool whose middle is within the radius of the way, or nearest to it."""
    return torch.from_numpy(touched(stroke, height, width))
