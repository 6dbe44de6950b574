"""Work in steps: a generator that says after each step how far it is, and returns a result at its end."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator
from typing import Any, TypeVar

Step = TypeVar("Step")
Told = TypeVar("Told")
Result = TypeVar("Result")


def finish(steps: Generator[Step, None, Result], tell: Callable[[Step], Any] | None = None) -> Result:
    """What `steps` return at their end; `tell` hears of each, and what it raises ends them before."""
    with contextlib.closing(steps):
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                result: Result = end.value
                return result
            if tell is not None:
                tell(step)


def mapped(steps: Generator[Step, None, Result], make: Callable[[Step], Told]) -> Generator[Told, None, Result]:
    """What `make` makes of each of `steps`, and what they return; what it raises ends them before."""
    with contextlib.closing(steps):
        while True:
            try:
                step = next(steps)
            except StopIteration as end:
                result: Result = end.value
                return result
            yield make(step)
