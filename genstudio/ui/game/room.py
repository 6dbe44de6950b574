"""How many pictures have room at a size at which one can look into them."""

from __future__ import annotations

from typing import NamedTuple

from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.stage import Stage

LEAST = 48  # design px: the side of a picture of which one sees every pixel
SMALL = 28  # where so many more have room that this counts more


class Room(NamedTuple):
    """So many pictures, in so many columns; 0 columns where all have room and the stage chooses itself."""

    pictures: int
    columns: int


def room(stage: Stage, count: int, side: int, strip: int = 0, least: int = LEAST) -> Room:
    """Of `count` pictures with `side` pixels a side, on a stage as large as it is now.

    Args:
        strip: Design px of height under each picture.
        least: Design px of a picture's side.
    """
    edge = 2 * theme().gap(8)
    cell = side * max(-(-px(least) // side), 1) + 1
    columns = max((stage.width() - edge + 1) // cell, 1)
    rows = max((stage.height() - edge + 1) // (cell + (px(strip) + 2 if strip else 0)), 1)
    return Room(count, 0) if columns * rows >= count else Room(columns * rows, columns)


def class_columns(count: int, classes: int) -> int:
    """One column for each class of pictures whose classes come in turn; 0 where that leaves a gap."""
    return classes if classes and not count % classes else 0
