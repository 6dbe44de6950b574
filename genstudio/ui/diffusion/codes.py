"""Codes as tiles, a tile a number, beside the pictures that they decode to. No Qt."""

from __future__ import annotations

import math

import numpy as np

from genstudio.api import Floats, Pictures
from genstudio.api.differences import BRIGHTER, DARKER

SPAN = 3.0  # the number of the full colour; codes have unit variance
NOUGHT = (52, 57, 66)  # the colour of 0
FRAMED = 3  # px of a tile that has a line around it
GAP, EDGE = 3, 2  # px between a picture and its code, and at the code's right


def tiles(codes: Floats, height: int) -> Pictures:
    """(N, height, W, 3) of codes (N, D), row by row: orange above 0, blue below, grey at 0, black between them.

    W is at most `height`, unless the codes have more than height * height numbers.
    """
    count, numbers = codes.shape
    rows = min(math.isqrt(numbers - 1) + 1, height)
    columns = -(-numbers // rows)
    side = max(height // max(rows, columns), 1)
    line = 1 if side >= FRAMED else 0
    sheet = np.zeros((count, height, columns * side - line, 3), np.uint8)
    top = (height - (rows * side - line)) // 2
    for number in range(numbers):
        y, x = top + number // columns * side, number % columns * side
        sheet[:, y : y + side - line, x : x + side - line] = colors(codes[:, number])[:, None, None]
    return sheet


def colors(values: Floats) -> Pictures:
    """(N, 3) of numbers (N,)."""
    share = np.clip(np.abs(values) / SPAN, 0, 1)[:, None]
    ends = np.where((values > 0)[:, None], BRIGHTER, DARKER)
    mixed: Pictures = (np.array(NOUGHT) * (1 - share) + ends * share).round().astype(np.uint8)
    return mixed


def beside(pictures: Pictures, codes: Floats) -> Pictures:
    """(N, H, W', 3): each picture (N, H, W, C) and at its right its code of (N, D)."""
    count, height, width, _ = pictures.shape
    plain = np.broadcast_to(pictures, (count, height, width, 3))
    left, right = (np.zeros((count, height, wide, 3), np.uint8) for wide in (GAP, EDGE))
    return np.concatenate([plain, left, tiles(codes, height), right], axis=2)
