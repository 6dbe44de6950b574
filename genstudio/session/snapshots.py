"""Whole states of a trainer, kept on the way: a run can be put back to them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import torch

from genstudio import api
from genstudio.api import Change
from genstudio.core.training import State


@dataclass(frozen=True, eq=False)
class Snapshot:
    """All that a run is at the end of `iteration` iterations; nobody writes into it."""

    iteration: int
    state: State  # of the trainer, on the CPU
    changes: tuple[Change, ...]  # until then
    planned: tuple[Change, ...]  # still to be made
    threads: int
    past: api.Floats  # iterations and losses, thinned out
    metrics: dict[str, float]
    numbers: dict[str, api.Floats]

    @property
    def size_bytes(self) -> int:
        """Of the state; the rest is small."""
        return sum(tensor.numel() * tensor.element_size() for tensor in self.state.values())

    @property
    def is_finite(self) -> bool:
        """Whether one could go on from it."""
        return all(bool(torch.isfinite(tensor).all()) for tensor in self.state.values())


class Snapshots:
    """A few snapshots spread evenly over a run: when they are too many, every second goes, and fewer come."""

    MOST, BUDGET_BYTES = 16, 512_000_000

    def __init__(self) -> None:
        self._kept: list[Snapshot] = []
        self._gap = 1  # iterations from one to the next at least

    def iterations(self) -> tuple[int, ...]:
        """At which they are, the oldest first."""
        return tuple(snapshot.iteration for snapshot in self._kept)

    def at(self, iteration: int) -> Snapshot:
        """The newest at or before an iteration.

        Raises:
            ValueError: if there is none.
        """
        earlier = self._kept[: bisect_right(self.iterations(), iteration)]
        if not earlier:
            raise ValueError(f"Nothing is kept of the run at iteration {iteration:,} or before, so it cannot go back.")
        return earlier[-1]

    def until(self, iteration: int) -> Snapshots:
        """Those at or before an iteration, for a run that goes on from there."""
        part = Snapshots()
        part._kept, part._gap = self._kept[: bisect_right(self.iterations(), iteration)], self._gap
        return part

    def is_due(self, iteration: int) -> bool:
        """Whether one of this iteration would be evenly among the others."""
        return not self._kept or iteration >= self._kept[-1].iteration + self._gap

    def add(self, snapshot: Snapshot) -> None:
        """Keep the newest; one that is so large that two are too many is not kept."""
        most = min(self.MOST, self.BUDGET_BYTES // max(snapshot.size_bytes, 1))
        if most < 2:
            return
        self._kept.append(snapshot)
        if len(self._kept) > most:
            self._kept = self._kept[::2]
            self._gap = max(1, (self._kept[-1].iteration - self._kept[0].iteration) // (len(self._kept) - 1))
