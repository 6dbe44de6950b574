"""The ticks of a page that plays: each tells how much time has passed since the last one."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal, Slot

TICK_MS = 20  # between two pictures while it plays
LONGEST_S = 1.0  # a tick that comes later than this counts as that much: the machine slept


class PlayClock(QObject):
    """Lives on the window thread; its page stops it when nobody looks."""

    ticked = Signal(float)  # seconds since the last tick

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._last_tick = 0.0

    def run(self, is_running: bool) -> None:
        """Start or stop the ticks."""
        if is_running and not self._timer.isActive():
            self._last_tick = time.monotonic()
            self._timer.start()
        elif not is_running:
            self._timer.stop()

    def runs(self) -> bool:
        """Whether ticks come."""
        return self._timer.isActive()

    @Slot()
    def _tick(self) -> None:
        now = time.monotonic()
        seconds, self._last_tick = min(now - self._last_tick, LONGEST_S), now
        self.ticked.emit(seconds)
