"""Points drawn by hand: strokes of a pen, their name, by which any part of the program finds them again, and limits."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from genstudio.settings.adversarial import REACH

PEN = "drawn:"  # before the strokes, as JSON, in the name of a drawn set
ALONG = 0.05  # from one centre to the next along a stroke, units of the plane
SPREADS = 0.02, 0.4  # of a stroke
MOST_NAME = 200_000  # characters
MOST_CENTRES = 8192


@dataclass(frozen=True)
class Stroke:
    """What a pen did between touching the plane and leaving it.

    Args:
        way: At least one point (x, y) of the plane; one alone is an island.
        spread: Standard deviation of the points around it, in the units of the plane.
    """

    way: tuple[tuple[float, float], ...]
    spread: float = 0.05

    @property
    def is_dot(self) -> bool:
        """Whether the pen did not move."""
        return len(self.way) == 1

    def steps(self) -> list[int]:
        """How many centres each part of the way has besides its first."""
        return [max(1, math.ceil(math.dist(a, b) / ALONG)) for a, b in itertools.pairwise(self.way)]

    def dots(self) -> int:
        """How often a dot counts among lines: as a line across it."""
        return max(1, math.ceil(2 * self.spread / ALONG))


def check_drawing(strokes: Sequence[Stroke]) -> None:
    """Refuse what no game could be about.

    Raises:
        ValueError: if there is too little or too much, or a point lies outside the plane.
    """
    if not strokes or not all(stroke.way for stroke in strokes):
        raise ValueError("nothing is drawn; draw a line or some dots")
    if any(not (abs(x) <= REACH and abs(y) <= REACH) for stroke in strokes for x, y in stroke.way):
        raise ValueError(f"a point lies outside the plane, -{REACH:g} to {REACH:g}")
    low, high = SPREADS
    if bad := [stroke.spread for stroke in strokes if not low <= stroke.spread <= high]:
        raise ValueError(f"a stroke's spread is {bad[0]:g}; allowed: {low:g} to {high:g}")
    if len({place for stroke in strokes for place in stroke.way}) < 2:
        raise ValueError("one dot is too little; draw a line, or a second dot")
    if sum(stroke.dots() + sum(stroke.steps()) for stroke in strokes) > MOST_CENTRES:
        raise ValueError("the drawing is too long; draw less")


def name_of_drawing(strokes: Sequence[Stroke]) -> str:
    """The name by which `strokes_of` gives these strokes again, rounded to thousandths."""
    kept = [[round(s.spread, 3), *([round(x, 3), round(y, 3)] for x, y in s.way)] for s in strokes]
    return PEN + json.dumps(kept, separators=(",", ":"))


def strokes_of(name: str) -> tuple[Stroke, ...]:
    """The strokes of a drawn set's name: [[spread, [x, y], ...], ...] as JSON, or without spreads.

    Raises:
        ValueError: if they cannot be read.
    """
    if len(name) > MOST_NAME:
        raise ValueError("the drawing has too many points; draw fewer")
    try:
        return tuple(_stroke_of(kept) for kept in json.loads(name.removeprefix(PEN)))
    except (TypeError, ValueError, LookupError, OverflowError, RecursionError):
        raise ValueError("the drawn points cannot be read; draw them again") from None


def _stroke_of(kept: list[Any]) -> Stroke:
    has_spread = bool(kept) and not isinstance(kept[0], list)
    way = tuple((float(x), float(y)) for x, y in kept[has_spread:])
    return Stroke(way, float(kept[0])) if has_spread else Stroke(way)
