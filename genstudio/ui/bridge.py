"""Carries requests from the window to the lanes, and their events back onto the window thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot

from genstudio.engine import Ended

State = Literal["run", "pause", "step"]


class EngineLike(Protocol):
    """What the bridge needs of an engine; see genstudio.engine."""

    def submit(self, slot: str, request: Any) -> None: ...
    def start(self, slot: str, request: Any, state: State = "run") -> None: ...
    def control(self, slot: str, state: State) -> None: ...
    def cancel(self, slot: str) -> None: ...
    def drain(self) -> list[tuple[str, Any]]: ...
    def close(self, timeout_s: float = 5.0, last: Sequence[Any] = ()) -> None: ...


MakeEngine = Callable[[Callable[[], None]], EngineLike]  # takes on_wake, returns the running engine


class _Wire(QObject):
    """Crosses from the compute threads to the window thread: a queued signal, then one drain."""

    arrived = Signal(str, object)
    cancelled = Signal(str)
    woken = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.engines: list[EngineLike] = []
        self.is_cut = False
        self._waiting: list[tuple[str, Any]] = []  # have come, and are told one after the other
        self.woken.connect(self.drain, Qt.ConnectionType.QueuedConnection)

    def wake(self) -> None:
        """Called on a compute thread."""
        if not self.is_cut:
            self.woken.emit()

    @Slot()
    def drain(self) -> None:
        for engine in self.engines:
            self._waiting += engine.drain()
        while self._waiting and not self.is_cut:
            self.arrived.emit(*self._waiting.pop(0))

    def forget(self, slot: str) -> None:
        """Who hears of one event may have no use for another that has come with it."""
        self._waiting = [waiting for waiting in self._waiting if waiting[0] != slot]


class Bridge:
    """Owns the engines; lives on the window thread. `event(slot, event)` is a signal of what comes back, and
    `cancelled(slot)` of that nothing more comes back of what was asked there.

    Lanes that are given the same maker share one engine.
    """

    def __init__(self, makers: Mapping[str, MakeEngine]) -> None:
        self._wire = _Wire()
        self.event, self.cancelled = self._wire.arrived, self._wire.cancelled
        made: dict[int, EngineLike] = {}
        self._lanes: dict[str, EngineLike] = {}
        for lane, make in makers.items():
            if id(make) not in made:
                made[id(make)] = make(self._wire.wake)
            self._lanes[lane] = made[id(make)]
        self._wire.engines = self._engines = list(made.values())
        self._asked_last: list[EngineLike] = []  # those that were given last requests

    def submit(self, lane: str, slot: str, request: Any) -> None:
        """Ask for one answer; replaces a waiting request of the same slot."""
        self._lanes[lane].submit(slot, request)

    def start(self, lane: str, slot: str, request: Any, state: State = "run") -> None:
        """Start a stream; an older one of the same slot is closed."""
        self._lanes[lane].start(slot, request, state)

    def control(self, lane: str, slot: str, state: State) -> None:
        """Run, pause, or advance a stream by one step."""
        self._lanes[lane].control(slot, state)

    def cancel(self, lane: str, slot: str) -> None:
        """Drop what waits, runs or is unread in a slot."""
        self._lanes[lane].cancel(slot)
        self._wire.forget(slot)
        self._wire.cancelled.emit(slot)

    def stop(self, slot: str) -> None:
        """The same, whichever lane the slot is on; who listens to `event` hears at once that it has Ended."""
        for engine in self._engines:
            engine.cancel(slot)
        self._wire.forget(slot)
        if not self._wire.is_cut:
            self._wire.arrived.emit(slot, Ended())

    def close(self, timeout_s: float = 2.0, last: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Stop all lanes, at the same time; False if one is still busy after `timeout_s`.

        Args:
            last: Of some lanes the requests that are answered before they stop; nobody hears of it.
        """
        self._wire.is_cut = True
        end = time.monotonic() + timeout_s
        self._asked_last += [self._lanes[lane] for lane, requests in (last or {}).items() if requests]
        for lane, requests in (last or {}).items():
            self._stop(self._lanes[lane], 0.0, requests)
        stopped = [self._stop(engine, 0.0) for engine in self._engines]
        return all(
            done or self._stop(e, end - time.monotonic()) for done, e in zip(stopped, self._engines, strict=True)
        )

    def finish(self, timeout_s: float) -> bool:
        """Wait on, after `close`, for the lanes that have last requests; False if one has not answered them by then."""
        end = time.monotonic() + timeout_s
        return all(self._stop(engine, end - time.monotonic()) for engine in self._asked_last)

    def _stop(self, engine: EngineLike, timeout_s: float, last: Sequence[Any] = ()) -> bool:
        try:
            engine.close(max(timeout_s, 0.0), last)
        except TimeoutError:
            return False
        return True
