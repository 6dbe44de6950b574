"""The measurements that are still to be made, one after the other, or of times together. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Queue:
    """Which models wait, which one is being measured and how far, and which could not be.

    Args:
        troubles: Why a model could not be measured, a sentence; it is forgotten when it is asked for again.
        timed: Models whose times are being measured together.
    """

    count: int = 0  # pictures of each
    current: str = ""
    waiting: list[str] = field(default_factory=list)
    troubles: dict[str, str] = field(default_factory=dict)
    what: str = ""
    done: int = 0
    total: int = 0
    timed: tuple[str, ...] = ()

    @property
    def is_busy(self) -> bool:
        """Whether something is being measured."""
        return bool(self.current or self.timed)

    def add(self, models: Sequence[str], count: int) -> None:
        """These, too, after those that wait; all are measured with `count` pictures from now on."""
        self.count = count
        for model in models:
            self.troubles.pop(model, None)
            if model not in (self.current, *self.waiting):
                self.waiting.append(model)

    def next(self) -> str:
        """The next model, which is being measured from now on; "" if none waits."""
        self.current = self.waiting.pop(0) if self.waiting else ""
        self.what, self.done, self.total = "", 0, 0
        return self.current

    def time(self, models: Sequence[str]) -> None:
        """The times of these are being measured from now on; of none no longer."""
        self.timed, self.what, self.done, self.total = tuple(models), "", 0, 0

    def note(self, what: str, done: int, total: int) -> None:
        """How far the present one is; `total` 0 means unknown."""
        self.what, self.done, self.total = what, done, total

    def fail(self, why: str) -> None:
        """The present one could not be measured."""
        if self.current:
            self.troubles[self.current] = why

    def keep(self, models: Sequence[str]) -> None:
        """Models that are no longer shown need not be measured; the present one goes on."""
        self.waiting = [model for model in self.waiting if model in models]

    def stop(self) -> None:
        """Nothing more is measured."""
        self.current, self.waiting, self.timed = "", [], ()
        self.what, self.done, self.total = "", 0, 0
