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

_COLOURS_OF_SUMS = _COLOURS[(np.arange(-3 * 255, 3 * 255 + 1) / 3).round().astype(int) + 255]  # of three channels
PIECE = 1 << 16  # numbers that the processor's cache holds


def difference(pictures: Pictures, others: Pictures, kind: Difference, times: int = 1) -> Pictures:
    """(N, H, W, 3) of the sign of the difference, orange and blue on black; or its size, (N, H, W, C).

    Args:
        times: How much stronger it is shown than it is.
    """
    change = pictures.astype(np.int16)
    change -= others
    if times != 1:
        change = np.clip(change * times, -255, 255)
    if kind == "absolute":
        size: Pictures = np.abs(change).astype(np.uint8)
        return size
    if change.shape[-1] == 1:
        colours: Pictures = _COLOURS[change[..., 0] + 255]
        return colours
    sums = change[..., 0] + change[..., 1] + change[..., 2]
    of_sums: Pictures = _COLOURS_OF_SUMS.take(sums + 3 * 255, axis=0)
    return of_sums


def mean_square(pictures: Pictures, others: Pictures) -> float:
    """The mean squared difference of grey levels in [0, 1]."""
    flat, flat_others = pictures.reshape(-1), others.reshape(-1)
    total = 0.0
    for start in range(0, len(flat), PIECE):
        change = flat[start : start + PIECE].astype(np.float32)
        change -= flat_others[start : start + PIECE]
        total += float(np.dot(change, change))
    return total / len(flat) / 255**2
