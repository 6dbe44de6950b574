"""A desk to test the engine at: every race is held open by a gate, none by a sleep."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from genstudio.engine import Engine

TIMEOUT_S = 10


@dataclass(frozen=True)
class Rows:
    """An event that joins."""

    rows: tuple[int, ...]

    def merge(self, newer: Rows) -> Rows:
        return Rows(self.rows + newer.rows)


class Gated:
    """A handler whose "hold" call waits for `release`; streams count up to their request."""

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self.entered, self.release, self.closed = threading.Event(), threading.Event(), threading.Event()
        self.threads: set[int] = set()

    def handle(self, request: Any) -> Any:
        self.seen.append(request)
        self.threads.add(threading.get_ident())
        if request == "hold":
            self.entered.set()
            assert self.release.wait(TIMEOUT_S)
        if request == "bad":
            raise RuntimeError("shape mismatch")
        return None if request == "silent" else request

    def stream(self, request: Any) -> Iterator[Any]:
        try:
            self.threads.add(threading.get_ident())
            if callable(request):
                yield from request()
            for i in range(request if isinstance(request, int) else 0):
                self.seen.append(i)
                yield Rows((i,))
        finally:
            self.closed.set()


class Desk:
    """An engine with its gate, and a drain that waits for wakes instead of time."""

    def __init__(self, make_handler: Callable[[], Any] | None = None) -> None:
        self.gate = Gated()
        self.wakes = threading.Semaphore(0)
        self.engine = Engine(make_handler or (lambda: self.gate), self.wakes.release)
        self.got: list[tuple[str, Any]] = []

    def wait_for(self, enough: Callable[[list[tuple[str, Any]]], object]) -> list[tuple[str, Any]]:
        """Drain on every wake until `enough` holds; returns and forgets what came."""
        while not enough(self.got):
            assert self.wakes.acquire(timeout=TIMEOUT_S), f"no wake; so far {self.got}"
            self.got += self.engine.drain()
        got, self.got = self.got, []
        return got

    def hold(self) -> None:
        """Keep the thread busy until `gate.release`."""
        self.engine.submit("hold", "hold")
        assert self.gate.entered.wait(TIMEOUT_S)

    def rows(self, slot: str, count: int) -> tuple[int, ...]:
        """The first `count` rows that a stream gives."""

        def rows_of(got: list[tuple[str, Any]]) -> tuple[int, ...]:
            return tuple(r for name, event in got if name == slot and isinstance(event, Rows) for r in event.rows)

        return rows_of(self.wait_for(lambda got: len(rows_of(got)) >= count))


def has(slot: str, event: Any) -> Callable[[list[tuple[str, Any]]], bool]:
    return lambda got: (slot, event) in got
