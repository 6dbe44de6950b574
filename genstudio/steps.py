"""Work in steps: a generator that says after each step how far it is, and returns a result at its end."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator
from typing import Any, Generic, TypeVar

Step = TypeVar("Step")
Told = TypeVar("Told")
Result = TypeVar("Result")


class _Ending(Generic[Step, Result]):
    """Goes through steps in a `for`; afterwards it has their result."""

    result: Result

    def __init__(self, steps: Generator[Step, None, Result]) -> None:
        self._steps = steps

    def __iter__(self) -> Iterator[Step]:
        self.result = yield from self._steps


def finish(steps: Generator[Step, None, Result], tell: Callable[[Step], Any] | None = None) -> Result:
    """What `steps` return at their end; `tell` hears of each, and what it raises ends them before."""
    ending = _Ending(steps)
    with contextlib.closing(steps):
        for step in ending:
            if tell is not None:
                tell(step)
    return ending.result


def mapped(steps: Generator[Step, None, Result], make: Callable[[Step], Told]) -> Generator[Told, None, Result]:
    """What `make` makes of each of `steps`, and what they return; what it raises ends them before."""
    ending = _Ending(steps)
    with contextlib.closing(steps):
        for step in ending:
            yield make(step)
    return ending.result
