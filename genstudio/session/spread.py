"""Moments of a run kept in memory, evenly spread over it however long it gets, and the bytes that all may have."""

from __future__ import annotations

import sys
import weakref
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar


class Kept(Protocol):
    """What is kept of a moment; nobody writes into it."""

    @property
    def iteration(self) -> int:
        """At the end of which it is."""

    @property
    def size_bytes(self) -> int:
        """Of what is large in it."""


K = TypeVar("K", bound=Kept)


class Budget:
    """The bytes that all that is kept of a session's runs may have together; what several have counts once."""

    def __init__(self, most_bytes: int = 512_000_000) -> None:
        self.most_bytes = most_bytes
        self._members: weakref.WeakSet[Spread[Any]] = weakref.WeakSet()  # of living runs

    def join(self, member: Spread[Any]) -> None:
        """From now on it counts."""
        self._members.add(member)

    def used_bytes(self) -> int:
        """By all together."""
        return sum(one.size_bytes for one in {kept for member in self._members for kept in member})

    def make_room(self) -> bool:
        """One of the largest goes until all fit; False if only single ones are left, and they still do not."""
        while self.used_bytes() > self.most_bytes:
            many = [member for member in self._members if len(member) > 1]
            if not many:
                return False
            max(many, key=lambda member: sum(kept.size_bytes for kept in member)).drop_one()
        return True


class Spread(Generic[K]):
    """A few moments spread evenly over a run: when they are too many, they come half as often, and for each that comes
    one of every second that is there goes. So their number stays, and the memory that they take.

    Args:
        budget: Shared with others; of its own by default.
    """

    MOST: ClassVar[int] = 16

    def __init__(self, budget: Budget | None = None) -> None:
        self._kept: list[K] = []
        self._gap = 1  # iterations from one to the next at least
        self._due = 0  # iteration of the next
        self._spare: list[K] = []  # of those kept, which go one after the other
        self.budget = budget or Budget()
        self.budget.join(self)

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[K]:
        return iter(self._kept)

    def iterations(self) -> tuple[int, ...]:
        """At which they are, the oldest first."""
        return tuple(kept.iteration for kept in self._kept)

    def before(self, iteration: int) -> K | None:
        """The newest at or before an iteration."""
        earlier = self._kept[: bisect_right(self.iterations(), iteration)]
        return earlier[-1] if earlier else None

    def until(self, iteration: int) -> Self:
        """Those at or before an iteration, for a run that goes on from there."""
        part = type(self)(self.budget)
        part._kept, part._gap = self._kept[: bisect_right(self.iterations(), iteration)], self._gap
        part._spare = [kept for kept in self._spare if kept.iteration <= iteration]
        part._due = part._kept[-1].iteration + part._gap if part._kept else 0
        return part

    def is_due(self, iteration: int) -> bool:
        """Whether one of this iteration would be evenly among the others."""
        return iteration >= self._due

    def add(self, kept: K) -> None:
        """Keep the newest; one that is so large that two are too many is not kept, and none comes again."""
        if 2 * kept.size_bytes > self.budget.most_bytes:
            self._due = sys.maxsize
            return
        self._kept.append(kept)
        self._due = kept.iteration + self._gap
        if len(self._kept) > self.MOST:
            self.drop_one()
        if not self.budget.make_room():  # other runs have it all
            self._kept = [one for one in self._kept if one is not kept]
            self._spare = [one for one in self._spare if one is not kept]
            self._gap *= 2
            self._due = kept.iteration + self._gap

    def drop_one(self) -> None:
        """The oldest of every second one goes; where those have gone, the rest is evenly spread, and it begins anew."""
        if not self._spare:
            first, last, spaces = self._kept[0].iteration, self._kept[-1].iteration, len(self._kept) - 1
            self._gap = max(1, 2 * (last - first) // spaces)
            self._spare = self._kept[1::2]
        gone = self._spare.pop(0)
        self._kept = [one for one in self._kept if one is not gone]
        self._due = self._kept[-1].iteration + self._gap
