"""Work in steps: a generator that says after each step how far it is, and returns a result at its end."""

from __future__ import annotations

import contextlib
import time
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


def clocked(
    steps: Generator[Step, None, Result], before: Callable[[], Any], after: Callable[[float], Any]
) -> Generator[Step, None, Result]:
    """`steps` as they are; `before` is called before each, and `after` with the seconds that it took.

    What others do between two of them does not count, nor what follows the last.
    """
    ending = _Ending(steps)
    with contextlib.closing(steps):
        before()
        start = time.perf_counter()
        for step in ending:
            after(time.perf_counter() - start)
            yield step
            before()
            start = time.perf_counter()
    return ending.result
