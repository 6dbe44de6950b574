"""Plays a reverse process: steps are computed as they are shown, and shown again without computing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from genstudio.api import BranchRequest, DenoiseEvent, DenoiseRequest, ProgressEvent, Step
from genstudio.engine import Ended, Failure
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.branches import take
from genstudio.ui.history import Reel

LANE = "play"
RATE = 20.0  # steps a second at speed 1
LONGEST_S = 5.0  # of a long process at speed 1, where the machine is fast enough
TICK_MS = 40


class DenoisePlayer(QObject):
    """Owns the denoise slot of a page; lives on the window thread. The page hands it the slot's events."""

    moved = Signal()  # another step is shown, or it plays or pauses
    finished = Signal()  # it has played to the last step

    def __init__(self, bridge: Bridge, slot: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.request: DenoiseRequest | None = None
        self.steps: Reel[Step] = Reel()
        self.count = 0  # the number of the last step
        self.has_failed = False
        self._bridge, self._slot = bridge, slot
        self._speed, self._at_once = 1.0, 1
        self._waiting = 0  # steps that were asked for and are not here
        self._until = -1  # a step's index to stop at, -1 the last
        self._is_open = False  # a stream is there to be asked
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)

    @property
    def is_playing(self) -> bool:
        """Whether the timer goes."""
        return self._timer.isActive()

    @property
    def is_complete(self) -> bool:
        """Whether there is no step to compute."""
        return len(self.steps) > 0 and self.steps[-1].index >= self.count

    @property
    def is_at_end(self) -> bool:
        """Whether the last step there will be is shown."""
        return (self.is_complete or self.has_failed) and self.steps.is_live

    def start(self, request: DenoiseRequest, playing: bool = True, until: int = -1) -> None:
        """Begin a process with its pure noise; the old one and what it still had to say are dropped."""
        self.go(request, Reel(), request.steps, playing, until)

    def go(self, request: DenoiseRequest, steps: Reel[Step], count: int, playing: bool, until: int = -1) -> None:
        """Show a process of which some steps are there; the others are computed as they are shown.

        Args:
            count: The number of its last step.
            until: The index of the step to stop at; -1 goes on to the last.
        """
        self._bridge.cancel(LANE, self._slot)
        self.request, self.steps, self.count, self._until = request, steps, count, until
        self.has_failed = self._is_open = False
        self._waiting = 0
        self.set_speed(self._speed)
        if not self.is_complete:
            self._ask(1)
        steps.look(len(steps))
        if len(steps):
            self._stop_where_wanted()
        self.set_playing(playing or self._until >= 0)

    def stop(self) -> None:
        """Nothing to play any more."""
        self._timer.stop()
        self.request, self.steps, self._is_open = None, Reel(), False
        self._bridge.cancel(LANE, self._slot)

    def set_speed(self, speed: float) -> None:
        """1 shows 20 steps a second, or as many as a long process needs to be over in 5 seconds."""
        self._speed = speed
        rate = speed * max(RATE, self.count / LONGEST_S)
        interval = max(TICK_MS, round(1000 / rate))
        self._at_once = max(1, round(rate * interval / 1000))
        self._timer.setInterval(interval)

    def set_playing(self, playing: bool) -> None:
        """Play on from the step that is shown, or stop computing between two steps.

        At the end it is shown again from the first step; a process that failed there is tried again.
        """
        if playing and self.request is not None:
            if self.is_at_end and self.has_failed:
                self.go(self.request, self.steps, self.count, True)
                return
            if self.is_at_end:
                self._until = -1
                self.steps.look(0)
            self._timer.start()
        else:
            self._timer.stop()
        self.moved.emit()

    def step(self, direction: int) -> None:
        """Pause, and one step on or back; at the newest step one more is computed."""
        self._timer.stop()
        if direction < 0 or not self.steps.is_live:
            self.steps.look(self.steps.position + direction)
        elif not self.is_at_end and self._waiting <= 0:
            self._ask(1)
        self.moved.emit()

    def look_at_index(self, index: int) -> None:
        """Pause, and show the kept step nearest to a step's index."""
        self._look_nearest([step.index for step in self.steps.values()], index)

    def look_at_level(self, t: float) -> None:
        """Pause, and show the step whose noise level is nearest to t."""
        self._look_nearest([step.t for step in self.steps.values()], t)

    def _look_nearest(self, values: Sequence[float], wanted: float) -> None:
        self._timer.stop()
        if values:
            self.steps.look(min(range(len(values)), key=lambda k: abs(values[k] - wanted)))
        self.moved.emit()

    def handle(self, event: Any) -> None:
        """Note an event of the slot."""
        if isinstance(event, DenoiseEvent) and event.request == self.request:
            self._waiting -= len(event.steps)
            self.count = event.count or event.request.steps
            for step in event.steps:
                take(self.steps, step)
            if self.is_complete and self._is_open:
                self._is_open = False
                self._bridge.control(LANE, self._slot, "step")  # lets the stream end
            self._stop_where_wanted()
        elif isinstance(event, Failure):
            self.has_failed, self._waiting, self._is_open = True, 0, False
            self._timer.stop()
        elif isinstance(event, Ended):
            self._waiting, self._is_open = 0, False
            if not self.is_complete:  # the user has cancelled it
                self._timer.stop()
        elif isinstance(event, ProgressEvent):
            return
        self.moved.emit()

    def _stop_where_wanted(self) -> None:
        if 0 <= self._until <= self.steps[-1].index:
            wanted, self._until = self._until, -1
            self.look_at_index(wanted)

    @Slot()
    def _tick(self) -> None:
        if not self.steps.is_live:
            self.steps.look(self.steps.position + self._at_once)
            self.moved.emit()
        elif self.is_at_end:
            self._timer.stop()
            self.moved.emit()
            self.finished.emit()
        elif self._waiting <= 0:
            self._ask(self._at_once)

    def _ask(self, count: int) -> None:
        assert self.request is not None
        self._waiting = count
        if not self._is_open:
            self._is_open = True
            self._bridge.start(LANE, self._slot, self._rest(self.request), "step")
            count -= 1
        for _ in range(count):
            self._bridge.control(LANE, self._slot, "step")

    def _rest(self, request: DenoiseRequest) -> DenoiseRequest | BranchRequest:
        """What is to be computed of a process; its newest step again, for that may be the branch's parent's."""
        return BranchRequest(request, self.steps[-1].index) if len(self.steps) else request
