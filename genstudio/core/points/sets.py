"""The point sets, each a mixture of equal Gaussians: in the plane within about [-2, 2], on a line within [-5, 5]."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from genstudio.core.points.mixture import Mixture
from genstudio.errors import hint
from genstudio.settings.drawings import PEN, Stroke, check_drawing, strokes_of
from genstudio.settings.games import POINT_SETS
from genstudio.settings.point_diffusion import LINE_SETS

ON_A_CURVE = 256  # centres: nearer to each other than two sigma


@dataclass(frozen=True)
class PointSet:
    """A distribution in the plane, or on a line.

    Args:
        has_modes: Its centres are islands that one can count; else they are close together along a curve.
        strokes: Of which stroke of the pen each centre is, (K,), if there are several of which not all are islands.
    """

    name: str
    mixture: Mixture
    has_modes: bool = False
    strokes: Tensor | None = None


def _islands(centres: Sequence[tuple[float, float]], sigma: float) -> tuple[Mixture, bool]:
    return Mixture(torch.tensor(centres), sigma), True


def _curve(points: Tensor, sigma: float) -> tuple[Mixture, bool]:
    return Mixture(points.float(), sigma), False


def _ring(count: int, radius: float) -> list[tuple[float, float]]:
    turns = [2 * math.pi * k / count for k in range(count)]
    return [(radius * math.cos(turn), radius * math.sin(turn)) for turn in turns]


def _spiral() -> Tensor:
    """1.75 turns from the middle outwards, equally dense along the arm."""
    turn = torch.linspace(0, 1, ON_A_CURVE).sqrt() * 3.5 * math.pi
    radius = 1.6 * turn / (3.5 * math.pi)
    return torch.stack([radius * turn.cos(), radius * turn.sin()], 1)


def _moons() -> Tensor:
    """Two half circles that reach into each other."""
    turn = torch.linspace(0, math.pi, ON_A_CURVE // 2)
    upper = torch.stack([turn.cos() - 0.5, turn.sin() - 0.25], 1)
    return 1.1 * torch.cat([upper, -upper])


def _segment(start: tuple[float, float], end: tuple[float, float], count: int) -> Tensor:
    share = torch.linspace(0, 1, count)[:, None]
    return (1 - share) * torch.tensor(start) + share * torch.tensor(end)


def drawn(strokes: Sequence[Stroke]) -> PointSet:
    """What a hand drew: islands, if it set dots alone, else lines, as dense everywhere along the pen's way.

    Raises:
        ValueError: as `check_drawing`.
    """
    check_drawing(strokes)
    has_modes = all(stroke.is_dot for stroke in strokes)
    parts = [_along(stroke, is_island=has_modes) for stroke in strokes]
    sigmas = [torch.full((len(part),), stroke.spread) for part, stroke in zip(parts, strokes, strict=True)]
    which = torch.cat([torch.full((len(part),), k) for k, part in enumerate(parts)])
    mixture = Mixture(torch.cat(parts), torch.cat(sigmas))
    return PointSet("drawn", mixture, has_modes, which if len(parts) > 1 and not has_modes else None)


def _along(stroke: Stroke, *, is_island: bool) -> Tensor:
    """The centres of a stroke, (K, 2)."""
    start = torch.tensor([stroke.way[0]])
    if stroke.is_dot:
        return start if is_island else start.repeat(stroke.dots(), 1)
    ways = zip(itertools.pairwise(stroke.way), stroke.steps(), strict=True)
    return torch.cat([start, *(_segment(a, b, steps + 1)[1:] for (a, b), steps in ways)])


_SETS = {
    "line": _curve(_segment((-1.4, -0.8), (1.4, 0.8), ON_A_CURVE), 0.05),
    "two": _islands([(-1.0, 0.0), (1.0, 0.0)], 0.25),
    "ring": _islands(_ring(8, 1.5), 0.08),
    "grid": _islands([(0.75 * x, 0.75 * y) for x in range(-2, 3) for y in range(-2, 3)], 0.05),
    "spiral": _curve(_spiral(), 0.06),
    "moons": _curve(_moons(), 0.08),
    "pieces": _curve(torch.cat([_segment((x, -1.2), (x, 1.2), ON_A_CURVE // 2) for x in (-1.2, 1.2)]), 0.03),
    "modes": (Mixture(torch.tensor([[-3.0], [3.0]]), 0.5), True),
}
POINTS: dict[str, PointSet] = {name: PointSet(name, *_SETS[name]) for name in POINT_SETS}
LINES: dict[str, PointSet] = {name: PointSet(name, *_SETS[name]) for name in LINE_SETS}


def points_of(name: str) -> PointSet:
    """A set of the list, or a drawn one: "drawn:" and its strokes as JSON, [[spread, [x, y], ...], ...].

    Raises:
        ValueError: for another name, or strokes that cannot be read.
    """
    if name in POINTS or name in LINES:
        return POINTS.get(name) or LINES[name]
    if not name.startswith(PEN):
        end = hint(name, POINTS, f"there are {', '.join(POINTS)}")
        raise ValueError(f"{name!r:.60} is not a set of points; {end}")
    return drawn(strokes_of(name))
