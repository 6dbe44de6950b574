"""What has been shown, kept for the scrubber within a budget of bytes. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

BUDGET_BYTES = 60_000_000


@dataclass(frozen=True)
class _Kept(Generic[T]):
    index: int  # how many were appended before it
    value: T
    size_bytes: int


class History(Generic[T]):
    """A list that thins itself evenly when it is full: from then on every second value comes, and for each that comes
    one of every second that is there goes, the oldest first. So it stays full, and takes as much memory all the time.

    The first and the newest value are always there, so two values may exceed the budget.
    """

    def __init__(self, budget_bytes: int = BUDGET_BYTES) -> None:
        self._budget_bytes = budget_bytes
        self._kept: list[_Kept[T]] = []
        self._appended = 0
        self._stride = 1
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def __getitem__(self, position: int) -> T:
        return self._kept[position].value

    @property
    def bytes(self) -> int:
        """Bytes of all kept values."""
        return self._bytes

    @property
    def stride(self) -> int:
        """1 while nothing had to go; n when only every n-th value is kept."""
        return self._stride

    def append(self, value: T, size_bytes: int) -> None:
        """Keep the newest value; the one before it stays only if it is on the stride."""
        if self._kept and self._kept[-1].index % self._stride:
            self._bytes -= self._kept.pop().size_bytes
        self._kept.append(_Kept(self._appended, value, size_bytes))
        self._appended += 1
        self._bytes += size_bytes
        while self._bytes > self._budget_bytes and len(self._kept) > 2:
            self._drop_one()

    def replace_newest(self, value: T, size_bytes: int) -> None:
        """Another value in the place of the newest one."""
        before = self._kept[-1]
        self._kept[-1] = _Kept(before.index, value, size_bytes)
        self._bytes += size_bytes - before.size_bytes

    def index_at(self, position: int) -> int:
        """How many values were appended before the one at `position`; it never changes, positions do."""
        return self._kept[position].index

    def position_of(self, index: int) -> int:
        """Position of the value appended as number `index`, or of the last one kept before it."""
        return max(0, sum(kept.index <= index for kept in self._kept) - 1)

    def values(self) -> list[T]:
        """All kept values, oldest first."""
        return [kept.value for kept in self._kept]

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self._appended = self._bytes = 0
        self._stride = 1

    def _drop_one(self) -> None:
        """The oldest that is not on the stride goes; where all are on it, the stride is doubled before."""
        while (place := next((k for k, kept in enumerate(self._kept[:-1]) if kept.index % self._stride), -1)) < 0:
            self._stride *= 2
        self._bytes -= self._kept.pop(place).size_bytes


class Reel(History[T]):
    """A history with an eye on one of its moments; the eye at the end follows what comes."""

    def __init__(self, budget_bytes: int = BUDGET_BYTES) -> None:
        super().__init__(budget_bytes)
        self._eye: int | None = None

    @property
    def is_live(self) -> bool:
        """Whether the newest value is looked at."""
        return self._eye is None

    @property
    def position(self) -> int:
        """Where the eye is; -1 while there is nothing."""
        return len(self) - 1 if self._eye is None else self.position_of(self._eye)

    def look(self, position: int) -> None:
        """Look at one moment; it stays in view, or its neighbour before it, when the history is thinned."""
        is_newest = position >= len(self) - 1 or not len(self)
        self._eye = None if is_newest else self.index_at(max(position, 0))

    def shown(self) -> T | None:
        """What the eye sees."""
        return self[self.position] if len(self) else None

    def clear(self) -> None:
        """Forget everything, and look at what comes next."""
        super().clear()
        self._eye = None
