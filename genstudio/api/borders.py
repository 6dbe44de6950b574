"""What pictures are drawn on, by their outermost pixels: light on dark or dark on light."""

from __future__ import annotations

import numpy as np

from genstudio.api.pictures import Pictures

CLEARLY = 0.2  # grey levels, 0 to 1, by which a border must be nearer to the opposite of the usual


def border(images: Pictures) -> float:
    """Median grey level, 0 to 1, of the outermost pixels of pictures (N, H, W, C)."""
    rim = [images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]]
    return float(np.median(np.concatenate([edge.ravel() for edge in rim]))) / 255


def is_inverted(images: Pictures, usual: float) -> bool:
    """Whether pictures (N, H, W, C) have dark and light the other way round than those whose border is `usual`."""
    own = border(images)
    return abs(own - usual) > abs(1 - own - usual) + CLEARLY
