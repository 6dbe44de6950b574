"""Work that only says that it goes on, as work with progress."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

from genstudio import api

T = TypeVar("T")


def told(work: Generator[None, None, T], what: str, total: int = 0) -> Generator[api.ProgressEvent, None, T]:
    """`work`, with how many of its `total` parts are done; 0 where it is not known how many there will be."""
    done = 0
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: T = end.value
            return result
        done += 1
        yield api.ProgressEvent(what, done, total)
