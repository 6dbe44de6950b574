"""What the columns of a comparison of samplers yield, and which of their steps belong to one moment."""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from genstudio.api.events import Step
from genstudio.api.samplers import By, CompareSamplersRequest
from genstudio.api.sampling import DenoiseRequest

SAME = 1e-9  # places that differ by less are one


@dataclass(frozen=True, eq=False)
class CompareSamplersEvent:
    """New steps of a CompareSamplersRequest, each with its column; unread events join by appending.

    The first one has no steps but says of every column how noisy its states will be: the noise's share of the
    amplitude, from about 1 to 0. A column that cannot go says why in `failed`, and the others go on.
    """

    request: CompareSamplersRequest
    steps: tuple[tuple[int, Step], ...] = ()
    levels: tuple[tuple[float, ...], ...] = ()
    failed: tuple[tuple[int, str], ...] = ()

    @property
    def prepares(self) -> bool:
        """Whether there is still no step in it, see engine."""
        return not self.steps

    def merge(self, newer: CompareSamplersEvent) -> CompareSamplersEvent:
        """This event with what a newer one adds."""
        return CompareSamplersEvent(
            newer.request, self.steps + newer.steps, self.levels or newer.levels, self.failed + newer.failed
        )


def columns_of(request: CompareSamplersRequest) -> tuple[DenoiseRequest, ...]:
    """The process of each column, as it would be asked for alone."""
    seed, count, label = request.seed, request.count, request.label
    return tuple(DenoiseRequest(seed=seed, count=count, label=label, **dataclasses.asdict(way)) for way in request.ways)


def places_of(levels: Sequence[float], by: By) -> list[float]:
    """Where the states of a column are, from 0 (noise) to 1 (clean).

    Args:
        levels: The noise's share of the amplitude of each state.
    """
    last = max(len(levels) - 1, 1)
    return [k / last for k in range(len(levels))] if by == "share" else [1 - level for level in levels]


def step_at(places: Sequence[float], place: float) -> int:
    """The last step that is not beyond a place; the first one at least."""
    return max(bisect_right(places, place + SAME) - 1, 0)
