"""The point sets: all within about [-2, 2], each a mixture of equal Gaussians."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from genstudio.core.points.mixture import Mixture
from genstudio.errors import hint
from genstudio.settings.adversarial import REACH
from genstudio.settings.games import POINT_SETS

ALONG = 256  # centres along a curve: nearer to each other than two sigma
DRAWN_SIGMA = 0.05


@dataclass(frozen=True)
class PointSet:
    """A distribution in the plane.

    Args:
        has_modes: Its centres are islands that one can count; else they are close together along a curve.
    """

    name: str
    mixture: Mixture
    has_modes: bool = False


def _islands(centres: Sequence[tuple[float, float]], sigma: float) -> tuple[Mixture, bool]:
    return Mixture(torch.tensor(centres), sigma), True


def _curve(points: Tensor, sigma: float) -> tuple[Mixture, bool]:
    return Mixture(points.float(), sigma), False


def _ring(count: int, radius: float) -> list[tuple[float, float]]:
    turns = [2 * math.pi * k / count for k in range(count)]
    return [(radius * math.cos(turn), radius * math.sin(turn)) for turn in turns]


def _spiral() -> Tensor:
    """1.75 turns from the middle outwards, equally dense along the arm."""
    turn = torch.linspace(0, 1, ALONG).sqrt() * 3.5 * math.pi
    radius = 1.6 * turn / (3.5 * math.pi)
    return torch.stack([radius * turn.cos(), radius * turn.sin()], 1)


def _moons() -> Tensor:
    """Two half circles that reach into each other."""
    turn = torch.linspace(0, math.pi, ALONG // 2)
    upper = torch.stack([turn.cos() - 0.5, turn.sin() - 0.25], 1)
    return 1.1 * torch.cat([upper, -upper])


def _segment(start: tuple[float, float], end: tuple[float, float], count: int) -> Tensor:
    share = torch.linspace(0, 1, count)[:, None]
    return (1 - share) * torch.tensor(start) + share * torch.tensor(end)


def drawn(strokes: Sequence[Sequence[tuple[float, float]]]) -> PointSet:
    """What a hand drew: strokes of points in the plane, each at least one point; equally dense along the pen's way.

    Raises:
        ValueError: if nothing was drawn, or a point lies outside the plane.
    """
    if not strokes or not all(strokes):
        raise ValueError("nothing is drawn; draw a line or some dots")
    if any(not (abs(x) <= REACH and abs(y) <= REACH) for stroke in strokes for x, y in stroke):
        raise ValueError(f"a point lies outside the plane, -{REACH:g} to {REACH:g}")
    parts = []
    for stroke in strokes:
        parts.append(torch.tensor([stroke[0]]))
        for a, b in itertools.pairwise(stroke):
            steps = max(1, math.ceil(math.dist(a, b) / DRAWN_SIGMA))
            parts.append(_segment(a, b, steps + 1)[1:])
        if sum(map(len, parts)) > MOST_CENTRES:
            raise ValueError("the drawing is too long; draw less")
    return PointSet("drawn", *_curve(torch.cat(parts), DRAWN_SIGMA))


_SETS = {
    "line": _curve(_segment((-1.4, -0.8), (1.4, 0.8), ALONG), 0.05),
    "two": _islands([(-1.0, 0.0), (1.0, 0.0)], 0.25),
    "ring": _islands(_ring(8, 1.5), 0.08),
    "grid": _islands([(0.75 * x, 0.75 * y) for x in range(-2, 3) for y in range(-2, 3)], 0.05),
    "spiral": _curve(_spiral(), 0.06),
    "moons": _curve(_moons(), 0.08),
    "pieces": _curve(torch.cat([_segment((x, -1.2), (x, 1.2), ALONG // 2) for x in (-1.2, 1.2)]), 0.03),
}
PEN = "drawn:"  # before the strokes of a drawn set, as JSON, in its name
MOST_NAME = 200_000  # characters
MOST_CENTRES = 8192
POINTS: dict[str, PointSet] = {name: PointSet(name, *_SETS[name]) for name in POINT_SETS}


def points_of(name: str) -> PointSet:
    """A set of the list, or a drawn one: "drawn:" and its strokes as JSON, [[[x, y], ...], ...].

    Raises:
        ValueError: for another name, or strokes that cannot be read.
    """
    if name in POINTS:
        return POINTS[name]
    if not name.startswith(PEN):
        end = hint(name, POINTS, f"there are {', '.join(POINTS)}")
        raise ValueError(f"{name!r:.60} is not a set of points; {end}")
    if len(name) > MOST_NAME:
        raise ValueError("the drawing has too many points; draw fewer")
    try:
        strokes = [[(float(x), float(y)) for x, y in stroke] for stroke in json.loads(name.removeprefix(PEN))]
    except (TypeError, ValueError, OverflowError, RecursionError):
        raise ValueError("the drawn points cannot be read; draw them again") from None
    return drawn(strokes)


def name_of_drawing(strokes: Sequence[Sequence[tuple[float, float]]]) -> str:
    """The name by which `points_of` gives these strokes again, rounded to thousandths."""
    return PEN + json.dumps([[[round(x, 3), round(y, 3)] for x, y in stroke] for stroke in strokes])
