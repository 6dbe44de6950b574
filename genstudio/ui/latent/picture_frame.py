"""A digit brought into the frame of its data, as MNIST was made (LeCun et al. 1998): a box of 20, centred by mass."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from genstudio.api import Pictures

FRAMED = ("mnist",)  # datasets whose pictures all lie so
DESIGN = 28  # px of a picture that the numbers below are of
SIDE, MIDDLE = 20.0, 14.5  # the longer side of ink as dark as INK, and where the centre of mass is: on pixel 14
INK = 0.2  # of the strongest: paper and soft edges are less
STILL, ALIKE = 0.8, 1.12  # px off the middle, and times another size, that the data's own pictures have, too


@dataclass(frozen=True)
class Frame:
    """Where a picture's ink lies: the square, in its pixels of 28, that becomes the whole picture."""

    left: float
    top: float
    side: float  # 28 is as large as the picture

    def is_own(self) -> bool:
        """Whether the picture lies as the data's do."""
        return self.off() <= STILL and 1 / ALIKE <= self.times() <= ALIKE

    def off(self) -> float:
        """How far, in pixels, the ink's centre is from where the data have it."""
        share = MIDDLE / DESIGN * self.side
        return float(np.hypot(self.left + share - MIDDLE, self.top + share - MIDDLE))

    def times(self) -> float:
        """How much larger the ink becomes."""
        return DESIGN / self.side

    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom in shares of the picture; it may reach beyond."""
        left, top, side = self.left / DESIGN, self.top / DESIGN, self.side / DESIGN
        return left, top, left + side, top + side


def frame_of(picture: Pictures, ground: int) -> Frame | None:
    """The frame of what is drawn on (H, W, C); None where it lies as the data do, or nothing is there."""
    ink = np.abs(picture.astype(np.float64).mean(2) - ground)
    ink[ink < max(INK * ink.max(), 8)] = 0
    if not ink.any():
        return None
    scale, (rows, columns) = DESIGN / len(ink), (np.flatnonzero(ink.any(axis)) for axis in (1, 0))
    longest = scale * (1 + max(int(np.ptp(rows)), int(np.ptp(columns))))
    at = scale * (np.arange(len(ink)) + 0.5)
    y, x = (float(ink.sum(axis) @ at / ink.sum()) for axis in (1, 0))
    side = DESIGN * longest / SIDE
    frame = Frame(x - MIDDLE / DESIGN * side, y - MIDDLE / DESIGN * side, side)
    return None if frame.is_own() else frame


def framed(picture: Pictures, frame: Frame, ground: int) -> Pictures:
    """What of (H, W, C) is in the frame, as large as the picture; ground where it reaches beyond."""
    size = len(picture)
    down, across = (_weights(size, start / DESIGN * size, frame.side / DESIGN) for start in (frame.top, frame.left))
    ink = np.moveaxis(picture.astype(np.float64) - ground, 2, 0)  # (C, H, W)
    found = ground + down @ ink @ across.T
    return np.moveaxis(np.clip(np.rint(found), 0, 255).astype(np.uint8), 0, 2).copy()


def _weights(size: int, start: float, step: float) -> npt.NDArray[np.float64]:
    """Cubic interpolation (Keys 1981, a = -1/2), smoothed where it makes smaller: new pixels (rows) of old ones."""
    wide = max(step, 1.0)
    x = np.abs((start + (np.arange(size) + 0.5) * step)[:, None] - (np.arange(size) + 0.5)[None]) / wide
    near, far = 1.5 * x**3 - 2.5 * x**2 + 1, -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
    weights: npt.NDArray[np.float64] = np.where(x < 1, near, np.where(x < 2, far, 0)) / wide
    return weights
