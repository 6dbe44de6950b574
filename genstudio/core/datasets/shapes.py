"""Squares, ellipses and hearts of known factors, drawn offline after dSprites (Matthey et al. 2017)."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from genstudio.api import Floats
from genstudio.core.datasets.dataset import Dataset, Labels
from genstudio.core.datasets.strokes import TEST_FIRST, uniforms

SIZE = 32
TRAIN_COUNT, TEST_COUNT = 60_000, 10_000
CLASSES = ("square", "ellipse", "heart")
FACTORS = ("shape", "scale", "rotation_deg", "x_px", "y_px")
SCALES, ROTATIONS, PLACES = 6, 40, 32  # as in dSprites
PLACE_PX = 0.5  # from one place to the next
SIDE_PX = 8.5  # root of every sprite's area at scale 1: none leaves the 28 px in the middle
ASPECT = 5 / 3  # of the ellipse
HEART_AREA, HEART_MIDDLE = 3.66199, 0.29348  # of (x^2 + y^2 - 1)^3 <= x^2 y^3, and its centre of mass
STAMP = 14  # px, room for any sprite and half a pixel of moving
FINE = 8  # samples a pixel, down and across


def load(train: bool = True, count: int | None = None, seed: int = 0) -> Dataset:
    """`count` sprites (60,000 to train, 10,000 to test); picture k depends on the seed and k alone.

    No number is in both parts. There are only 737,280 combinations of factors, fewer still that look
    different, so some pictures of the test part are in the training part too.
    """
    total = count if count is not None else TRAIN_COUNT if train else TEST_COUNT
    return draw(np.arange(total, dtype=np.uint64) + np.uint64(0 if train else TEST_FIRST), seed)


def draw(index: npt.NDArray[np.uint64], seed: int = 0) -> Dataset:
    """The sprites with these numbers, white on black; number k shows shape k mod 3.

    Factors, each on a grid and independent of the others: `shape` is the label; `scale` 0.5 to 1, the root of
    the area over that of the largest; `rotation_deg` 0 to 351, clockwise; `x_px` and `y_px` -7.75 to 7.75, the
    centre of mass from the picture's middle, to the right and down. As in dSprites a square looks the same
    every 90 degrees and an ellipse every 180, so their rotation cannot be read off the picture.
    """
    labels: Labels = (index % np.uint64(len(CLASSES))).astype(np.int64)
    cells = (SCALES, ROTATIONS, PLACES, PLACES)
    scale, rotation, x, y = (uniforms(seed, index, 4) * np.array(cells, dtype=np.float32)).astype(np.int64).T
    images = np.zeros((len(index), SIZE, SIZE), dtype=np.uint8)
    rows, columns = (1 + (place[:, None] + 1) // 2 + np.arange(STAMP) for place in (y, x))  # (N, STAMP)
    stamps = _stamps()[labels, scale, rotation, y % 2, x % 2]
    images[np.arange(len(index))[:, None, None], rows[:, :, None], columns[:, None, :]] = stamps
    middle = (PLACES - 1) / 2
    places = ((x - middle) * PLACE_PX, (y - middle) * PLACE_PX)
    factors = np.stack([labels, _scales()[scale], _degrees()[rotation], *places], axis=1).astype(np.float32)
    return Dataset("shapes", images[..., None], labels, CLASSES, (), factors, FACTORS)


def _scales() -> Floats:
    return np.linspace(0.5, 1, SCALES, dtype=np.float32)


def _degrees() -> Floats:
    return np.arange(ROTATIONS, dtype=np.float32) * np.float32(360 / ROTATIONS)


@cache
def _stamps() -> npt.NDArray[np.uint8]:
    """Every sprite that differs by more than whole pixels, (3, 6, 40, 2, 2, STAMP, STAMP).

    Neighbouring places are half a pixel apart: the even ones have their centre a quarter of a pixel right of
    (below) the stamp's middle, the odd ones as far left of (above) it.
    """
    inside = _inside()
    half, width = FINE // 2, STAMP * FINE
    moved = []
    for down in (0, half):
        for right in (0, half):
            window = inside[..., down : down + width, right : right + width]
            blocks = window.reshape(*window.shape[:3], STAMP, FINE, STAMP, FINE)
            moved.append(blocks.mean(axis=(-3, -1), dtype=np.float32))
    shades = np.stack(moved, axis=3).reshape(*inside.shape[:3], 2, 2, STAMP, STAMP)
    levels: npt.NDArray[np.uint8] = np.rint(shades * 255).astype(np.uint8)
    return levels


def _inside() -> npt.NDArray[np.bool_]:
    """Whether each fine sample around a sprite's centre lies in it, (3, 6, 40, S, S)."""
    samples = STAMP * FINE + FINE // 2
    at = (np.arange(samples, dtype=np.float32) - np.float32((samples - 1) / 2)) / FINE  # px
    inside = np.empty((len(CLASSES), SCALES, ROTATIONS, samples, samples), dtype=np.bool_)
    for r, degrees in enumerate(_degrees()):
        cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
        u = cos * at + sin * at[:, None]  # the picture's axes turned back, (S, S)
        v = cos * at[:, None] - sin * at
        for s, scale in enumerate(_scales()):
            side = scale * np.float32(SIDE_PX)
            inside[:, s, r] = _shapes(u / side, v / side)
    return inside


def _shapes(u: Floats, v: Floats) -> npt.NDArray[np.bool_]:
    """Whether points (S, S) lie in the three shapes of area 1 about their centres, u right and v down: (3, S, S)."""
    square = np.maximum(np.abs(u), np.abs(v)) <= 0.5
    ellipse = u * u / ASPECT + v * v * ASPECT <= 1 / np.pi
    x, y = u * np.float32(HEART_AREA**0.5), HEART_MIDDLE - v * np.float32(HEART_AREA**0.5)
    x2, y2 = x * x, y * y
    round_part = x2 + y2 - 1
    heart = round_part * round_part * round_part <= x2 * y2 * y
    return np.stack([square, ellipse, heart])
