"""What a set of points looks like, before a game on it begins."""

from __future__ import annotations

from dataclasses import dataclass

from genstudio.api.pictures import Floats


@dataclass(frozen=True)
class ExamplesRequest:
    """The real points that a game of such a seed shows; `points` is a name of the list, or a drawn set."""

    points: str
    seed: int


@dataclass(frozen=True, eq=False)
class ExamplesEvent:
    """Answer to ExamplesRequest: (N, 2) points in the plane."""

    request: ExamplesRequest
    points: Floats
