"""What a reverse process begins with in the stead of pure noise: a picture, perhaps with a hole in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genstudio.api.brush import stroke_of, touched

MOST_REPEATS = 20
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Start:
    """A picture with noise.

    Args:
        picture: A text of `pack`; it is made to be of the model's size and channels.
        strength: How far up the schedule the noise goes, above 0 to 1: at 1 nearly pure noise is left, at little
            nearly the picture (SDEdit, Meng et al. 2022, arXiv:2108.01073).
        hole: Strokes of a brush as `text_of` writes them, one after the other: those without a grey mark what is made
            anew, those with one what stays after all (RePaint, Lugmayr et al. 2022, arXiv:2201.09865). Without any
            stroke all of the picture may change.
        repeats: How often each step is gone where there is a hole, so that the new part fits (RePaint's U).
    """

    picture: str
    strength: float = 0.6
    hole: tuple[str, ...] = ()
    repeats: int = 1


def levels_left(strength: float, timesteps: int) -> int:
    """Of a schedule's levels those that a start of such a strength has before it: one at least."""
    return max(round(strength * timesteps), 1)


def hole_of(strokes: Sequence[str], height: int, width: int) -> Mask:
    """The pixels (H, W) that are made anew.

    Raises:
        ValueError: if a stroke cannot be read.
    """
    mask = np.zeros((height, width), np.bool_)
    for text in strokes:
        stroke = stroke_of(text)
        mask[touched(stroke, height, width)] = stroke.grey is None
    return mask
