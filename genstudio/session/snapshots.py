"""Whole states of a trainer, kept on the way: a run can be put back to them."""

from __future__ import annotations

import sys
import weakref
from bisect import bisect_right
from collections.abc import Iterator
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


class Budget:
    """The bytes that all snapshots of a session may have together; one that several runs have counts once."""

    def __init__(self, most_bytes: int = 512_000_000) -> None:
        self.most_bytes = most_bytes
        self._members: weakref.WeakSet[Snapshots] = weakref.WeakSet()  # of living runs

    def join(self, snapshots: Snapshots) -> None:
        """From now on they count."""
        self._members.add(snapshots)

    def used_bytes(self) -> int:
        """By all together."""
        return sum(snapshot.size_bytes for snapshot in {kept for member in self._members for kept in member})

    def make_room(self) -> bool:
        """Thin out the largest until all fit; False if only single ones are left, and they still do not."""
        while self.used_bytes() > self.most_bytes:
            many = [member for member in self._members if len(member) > 1]
            if not many:
                return False
            max(many, key=lambda member: sum(kept.size_bytes for kept in member)).thin()
        return True


class Snapshots:
    """A few snapshots spread evenly over a run: when they are too many, every second goes, and fewer come.

    Args:
        budget: Shared with other runs; of its own by default.
    """

    MOST = 16

    def __init__(self, budget: Budget | None = None) -> None:
        self._kept: list[Snapshot] = []
        self._gap = 1  # iterations from one to the next at least
        self._due = 0  # iteration of the next
        self._budget = budget or Budget()
        self._budget.join(self)

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Snapshot]:
        return iter(self._kept)

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
        part = Snapshots(self._budget)
        part._kept, part._gap = self._kept[: bisect_right(self.iterations(), iteration)], self._gap
        part._due = part._kept[-1].iteration + part._gap if part._kept else 0
        return part

    def is_due(self, iteration: int) -> bool:
        """Whether one of this iteration would be evenly among the others."""
        return iteration >= self._due

    def add(self, snapshot: Snapshot) -> None:
        """Keep the newest; one that is so large that two are too many is not kept, and none comes again."""
        if 2 * snapshot.size_bytes > self._budget.most_bytes:
            self._due = sys.maxsize
            return
        self._kept.append(snapshot)
        self._due = snapshot.iteration + self._gap
        if len(self._kept) > self.MOST:
            self.thin()
        if not self._budget.make_room():  # other runs have it all
            self._kept = [kept for kept in self._kept if kept is not snapshot]
            self._gap *= 2
            self._due = snapshot.iteration + self._gap

    def thin(self) -> None:
        """Every second of several goes, and from now on they come half as often."""
        first, last, spaces = self._kept[0].iteration, self._kept[-1].iteration, len(self._kept) - 1
        self._gap = max(1, 2 * (last - first) // spaces)
        self._kept = self._kept[::2]
        self._due = self._kept[-1].iteration + self._gap
