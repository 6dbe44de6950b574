"""How pictures differ from others, as pictures and as a number."""

from __future__ import annotations

import numpy as np

from genstudio.api.pictures import Pictures
from genstudio.api.samplers import Difference

BRIGHTER, DARKER = (255, 160, 40), (60, 160, 255)  # where a picture is brighter than the other, where it is darker
_LEVELS = np.arange(-255, 256)[:, None]
_COLOURS = (
    (np.where(_LEVELS > 0, _LEVELS * np.array(BRIGHTER), -_LEVELS * np.array(DARKER)) / 255).round().astype(np.uint8)
)


def difference(pictures: Pictures, others: Pictures, kind: Difference, times: int = 1) -> Pictures:
    """(N, H, W, 3) of the sign of the difference, orange and blue on black; or its size, (N, H, W, C).

    Args:
        times: How much stronger it is shown than it is.
    """
    change = np.clip((pictures.astype(np.int16) - others) * times, -255, 255)
    if kind == "absolute":
        size: Pictures = np.abs(change).astype(np.uint8)
        return size
    grey = change[..., 0] if change.shape[-1] == 1 else change.mean(-1).round().astype(np.int16)
    colours: Pictures = _COLOURS[grey + 255]
    return colours


def mean_square(pictures: Pictures, others: Pictures) -> float:
    """The mean squared difference of grey levels in [0, 1]."""
    change = pictures.astype(np.float32) - others
    return float(np.square(change).mean()) / 255**2
