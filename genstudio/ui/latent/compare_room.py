"""How many pictures of each kind a comparison has room for, and how large they are. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from genstudio.api.compare import BETWEEN, COLUMNS, RANDOM

GIVEN = 2  # rows: real ones, and what is given back of them
MOST_ROWS = (RANDOM // COLUMNS, BETWEEN // COLUMNS)  # of random pictures, of pictures in between
CHOICES = (MOST_ROWS, (3, 2), (2, 2), (2, 1))
ENOUGH = 56  # design px of a picture: larger ones are no reason to show fewer
NUMBERS = 165  # design px of the numbers under a model
LABELS = (56, 220)  # design px of the words before the rows, at least and at most


class Room(NamedTuple):
    """Rows of random pictures and of those in between, and the pixels that the words before the rows have."""

    random: int
    between: int
    labels: int


def room_for(models: int, side: int, width: int, height: int, edge: int, scale: float) -> Room:
    """The most pictures that are large enough; else the largest.

    Args:
        side: Of a picture, its own pixels.
        width, height: Of all rows, with the words before them.
        edge: Pixels around the pictures of a row.
        scale: Pixels of a design pixel.
    """
    least, most = (round(LABELS[k] * scale) for k in (0, 1))
    across = (width - least) // max(models, 1) - 2 * edge
    found = [(_zoom(across, height, GIVEN + sum(rows), side, edge), rows) for rows in CHOICES]
    enough = -(-round(ENOUGH * scale) // side)
    zoom, rows = max(found, key=lambda one: (min(one[0], enough), sum(one[1])))
    need = models * max(COLUMNS * (side * zoom + 1) + 2 * edge, round(NUMBERS * scale))
    return Room(*rows, min(max(width - need, least), most))


def _zoom(across: int, height: int, rows: int, side: int, edge: int) -> int:
    """How many pixels one of a picture's has, a whole number."""
    down = height - 3 * 2 * edge
    return max(min((across - COLUMNS) // (COLUMNS * side), (down - rows) // (rows * side)), 0)


def some(count: int, rows: int) -> Sequence[int]:
    """Which of so many pictures in order fill so many rows, the first and the last among them."""
    shown = min(rows * COLUMNS, count)
    return [round(k * (count - 1) / max(shown - 1, 1)) for k in range(shown)]
