"""What lies over one another in a wipe: as many pictures on both sides, of one size and one kind of colour. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from genstudio.api import Pictures
from genstudio.api.differences import mean_square


class Side(NamedTuple):
    """Pictures (N, H, W, C) that can be one side of a wipe, none while they are to come; `key` tells it from others."""

    key: str
    name: str
    pictures: Pictures


def has(side: Side) -> bool:
    """Whether the pictures of a side are there, and not still to come."""
    return len(side.pictures) > 0


@dataclass(frozen=True, eq=False)
class Pair:
    """Two sides brought to one shape, (N, H, W, C) each."""

    left: Pictures
    right: Pictures
    number: int  # of the picture that is seen alone, in the side that has more; -1 all

    @cached_property
    def error(self) -> float:
        """The mean squared difference of grey levels in [0, 1]."""
        return mean_square(self.right, self.left)

    @cached_property
    def changed(self) -> float:
        """The share of pixels that differ at all."""
        change = self.left != self.right
        return float(np.logical_or.reduce([change[..., k] for k in range(change.shape[3])]).mean())


def is_same(a: Pictures, b: Pictures) -> bool:
    """Whether two sides have the same pictures."""
    return a is b or (a.shape == b.shape and bool((a == b).all()))


def paired(left: Pictures, right: Pictures, number: int = -1) -> Pair:
    """Both sides as they can lie over one another.

    Of two grids as many pictures as both have; of a single picture and a grid one picture of the grid. What is smaller
    is enlarged.

    Args:
        number: The picture that is to be seen alone; -1 all.
    """
    counts = len(left), len(right)
    if min(counts) == 1 or number >= 0:
        number = min(max(number, 0), highest(*counts))
        left, right = _only(left, number), _only(right, number)
    else:
        left, right = left[: min(counts)], right[: min(counts)]
    high, wide = (max(left.shape[k], right.shape[k]) for k in (1, 2))
    channels = max(left.shape[3], right.shape[3])
    left, right = (_in_colour(enlarged(side, high, wide), channels) for side in (left, right))
    return Pair(left, right, number if max(counts) > 1 else -1)


def highest(left: int, right: int) -> int:
    """The last number that a picture of sides with so many can have: a single one lies over any of the others."""
    return (max if min(left, right) == 1 else min)(left, right) - 1


def alone(side: Side, number: int) -> Side:
    """One picture of a side, or all of it for -1 and where it has no more; its key is to be given anew."""
    if number < 0 or len(side.pictures) < 2:
        return side
    return Side("", f"{side.name}, picture {number + 1}", _only(side.pictures, number))


def _only(images: Pictures, number: int) -> Pictures:
    return images if len(images) == 1 else images[number:][:1]


def enlarged(images: Pictures, height: int, width: int) -> Pictures:
    """Pictures (N, h, w, C) as large as they fit in the middle of (N, height, width, C) black ones, without blur."""
    count, h, w, channels = images.shape
    if (h, w) == (height, width):
        return images
    times = min(height / h, width / w)
    high, wide = min(round(h * times), height), min(round(w * times), width)
    rows, columns = np.arange(high) * h // high, np.arange(wide) * w // wide
    top, start = (height - high) // 2, (width - wide) // 2
    page: Pictures = np.zeros((count, height, width, channels), np.uint8)
    page[:, top : top + high, start : start + wide] = images.take(columns, 2).take(rows, 1)
    return page


def _in_colour(images: Pictures, channels: int) -> Pictures:
    return images if images.shape[3] == channels else np.repeat(images, channels, axis=3)
