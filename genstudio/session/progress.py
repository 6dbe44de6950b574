"""Work that only says that it goes on, as work with progress."""

from __future__ import annotations

import itertools
from collections.abc import Generator
from typing import TypeVar

from genstudio import api
from genstudio.steps import mapped

T = TypeVar("T")


def told(work: Generator[None, None, T], what: str, total: int = 0) -> Generator[api.ProgressEvent, None, T]:
    """`work`, with how many of its `total` parts are done; 0 where it is not known how many there will be."""
    done = itertools.count(1)
    return (yield from mapped(work, lambda _: api.ProgressEvent(what, next(done), total)))
