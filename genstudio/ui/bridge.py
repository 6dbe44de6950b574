"""Carries requests from the window to the lanes, and their events back onto the window thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot

State = Literal["run", "pause", "step"]


class EngineLike(Protocol):
    """What the bridge needs of an engine; see genstudio.engine."""

    def submit(self, slot: str, request: Any) -> None: ...
    def start(self, slot: str, request: Any, state: State = "run") -> None: ...
    def control(self, slot: str, state: State) -> None: ...
    def cancel(self, slot: str) -> None: ...
    def drain(self) -> list[tuple[str, Any]]: ...
    def close(self, timeout_s: float = 5.0) -> None: ...


MakeEngine = Callable[[Callable[[], None]], EngineLike]  # takes on_wake, returns the running engine


class Bridge(QObject):
    """Owns the engines; lives on the window thread. Lanes that are given the same maker share one engine."""

    event = Signal(str, object)  # slot, event
    _woken = Signal()

    def __init__(self, makers: Mapping[str, MakeEngine], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._closing = False
        self._woken.connect(self._drain, Qt.ConnectionType.QueuedConnection)
        made: dict[int, EngineLike] = {}
        self._lanes: dict[str, EngineLike] = {}
        for lane, make in makers.items():
            if id(make) not in made:
                made[id(make)] = make(self._wake)
            self._lanes[lane] = made[id(make)]
        self._engines = list(made.values())

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

    def close(self, timeout_s: float = 1.5) -> bool:
        """Stop all lanes, at the same time; False if one is still busy after `timeout_s`."""
        self._closing = True
        end = time.monotonic() + timeout_s
        stopped = [self._stop(engine, 0.0) for engine in self._engines]
        return all(
            done or self._stop(e, end - time.monotonic()) for done, e in zip(stopped, self._engines, strict=True)
        )

    def _stop(self, engine: EngineLike, timeout_s: float) -> bool:
        try:
            engine.close(max(timeout_s, 0.0))
        except TimeoutError:
            return False
        return True

    def _wake(self) -> None:
        """Called on a compute thread; the queued signal crosses over."""
        if not self._closing:
            self._woken.emit()

    @Slot()
    def _drain(self) -> None:
        for engine in self._engines:
            for slot, event in engine.drain():
                if self._closing:
                    return
                self.event.emit(slot, event)
