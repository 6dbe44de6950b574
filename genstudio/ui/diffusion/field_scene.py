"""What a moment of a diffusion of points has to show, at any place between noise and data. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from genstudio.api import Floats

TRAILS = 32  # particles whose way is drawn


@dataclass(frozen=True, eq=False)
class Scene:
    """The numbers that a run tells, see `core.points.sight.Sight`; before it tells any, real points alone.

    A place is a share of the way, from 0, noise, to 1, data.
    """

    numbers: Mapping[str, Floats]

    @property
    def is_line(self) -> bool:
        """Whether points are on a line; else they are in the plane."""
        return "real" in self.numbers and self.numbers["real"].shape[1] == 1

    @property
    def has_way(self) -> bool:
        """Whether there are particles."""
        return "particles" in self.numbers

    def at(self, name: str, place: float) -> Floats:
        """One of the rows along the way, or straight between two."""
        rows = self.numbers[name]
        where = place * (len(rows) - 1)
        before = min(int(where), len(rows) - 2)
        share = where - before
        return cast(Floats, ((1 - share) * rows[before] + share * rows[before + 1]).astype(np.float32))

    def t(self, place: float) -> float:
        """The time there, T to 0."""
        return float(self.at("t", place))

    def place_of(self, t: float) -> float:
        """Where it is time t."""
        times = self.numbers["t"]
        return float(np.interp(-t, -times, np.linspace(0, 1, len(times))))

    def trails(self, place: float) -> Floats:
        """The ways of some particles up to a place, (TRAILS, M, D)."""
        ways = self.numbers["particles"][:, :TRAILS]
        whole = int(place * (len(ways) - 1) + 1e-9) + 1
        done = np.concatenate([ways[:whole], self.at("particles", place)[None, :TRAILS]])
        return cast(Floats, done.swapaxes(0, 1))


def histogram(values: Floats, axis: Floats, bins: int) -> Floats:
    """How densely values (N,) lie in so many bins from the first to the last place of an axis, (bins,)."""
    counts, edges = np.histogram(values[np.isfinite(values)], bins, (float(axis[0]), float(axis[-1])))
    return (counts / (max(len(values), 1) * np.diff(edges))).astype(np.float32)


def arrows(field: Floats, longest: float) -> Floats:
    """Steps along a field (..., D): in its direction, the longer the stronger, but never longer than that."""
    strength = np.linalg.norm(field, axis=-1, keepdims=True)
    shares = np.tanh(strength) / np.maximum(strength, 1e-9)
    return cast(Floats, np.nan_to_num(longest * shares * field).astype(np.float32))


def outside(points: Floats, reach: float) -> int:
    """How many points cannot be seen."""
    return int((~(np.abs(points) <= reach).all(1)).sum())
