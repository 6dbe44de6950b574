"""A brush for noisy pictures: what it paints is as noisy as what is around it."""

from __future__ import annotations

import itertools

import numpy as np
import torch
from torch import Tensor

from genstudio.api.brush import Stroke
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
    y, x = np.mgrid[0:height, 0:width] + 0.5
    middle = np.stack([x / width, y / height], -1)  # (H, W, 2)
    distances = [
        _distance(middle, np.array(a), np.array(b)) for a, b in itertools.pairwise([stroke.way[0], *stroke.way])
    ]
    nearest = np.minimum.reduce(distances)
    return torch.from_numpy(nearest <= max(stroke.radius, nearest.min()))


def _distance(points: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Of points (..., 2) from the segment a b."""
    along = b - a
    share = np.clip(((points - a) @ along) / max(float(along @ along), 1e-12), 0, 1)
    distances: np.ndarray = np.linalg.norm(points - (a + share[..., None] * along), axis=-1)
    return distances
