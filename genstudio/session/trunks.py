"""Points of reverse processes that were gone lately: a branch begins at one of them, not at the noise."""

from __future__ import annotations

import dataclasses
import math
from collections import OrderedDict

from genstudio.api import Change, DenoiseRequest
from genstudio.core.reverse import Point

MOST_BYTES = 96_000_000
MOST_PROCESSES = 32


class Trunks:
    """Keeps points by their process, the newest processes longest, within a budget."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes, self._bytes = most_bytes, 0
        self._kept: OrderedDict[DenoiseRequest, dict[int, Point]] = OrderedDict()

    def keep(self, process: DenoiseRequest, point: Point) -> None:
        """One more of a process that goes on; older processes, and then every second point, make room."""
        points = self._kept.setdefault(process, {})
        self._kept.move_to_end(process)
        if point.index not in points:
            points[point.index] = point
            self._bytes += _bytes(point)
        while len(self._kept) > 1 and (self._bytes > self._most_bytes or len(self._kept) > MOST_PROCESSES):
            self._drop(self._kept.popitem(last=False)[1])
        if self._bytes > self._most_bytes and len(points) > 2:
            self._drop({index: points.pop(index) for index in sorted(points)[1::2]})

    def nearest(self, process: DenoiseRequest, first: int) -> Point | None:
        """The point nearest before step `first` of any process that was the same until there; None for the noise."""
        found: list[Point] = []
        for other, points in self._kept.items():
            if dataclasses.replace(other, changes=()) == dataclasses.replace(process, changes=()):
                same = min(_same_until(other.changes, process.changes), first)
                found.extend(point for index, point in points.items() if index <= same)
        return max(found, key=lambda point: point.index, default=None)

    def _drop(self, points: dict[int, Point]) -> None:
        self._bytes -= sum(map(_bytes, points.values()))


def _same_until(a: tuple[Change, ...], b: tuple[Change, ...]) -> float:
    """The step at which two lists of changes differ first; before its changes both processes are the same."""
    different = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return min((change.iteration for change in (*a[different:], *b[different:])), default=math.inf)


def _bytes(point: Point) -> int:
    return point.x.nbytes * (2 if point.before is not None else 1)
