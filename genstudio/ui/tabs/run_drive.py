"""Lets what a slot of the train lane streams go on, pause, or go on in slow motion."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from genstudio.api import StandRequest
from genstudio.ui.bridge import Bridge, State

LANE = "train"


class RunDrive(QObject):
    """Lives on the window thread. Subclasses say what goes on, and in which slot."""

    run: Any  # with `state`, `is_alive`, `set_state`, `iteration` and a `history` of moments

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._wait_s = 0.0  # between two iterations in slow motion; 0 is full speed
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)

    def slot_at_hand(self) -> str:
        """The slot of `run`."""
        raise NotImplementedError

    def place_at_hand(self) -> int:
        """Where the session has `run`, or a side of it."""
        raise NotImplementedError

    def set_running(self, running: bool) -> None:
        """Let a living run go on, or pause it between two iterations."""
        if self.run.is_alive:
            is_standing = self.run.state == "paused" and not running  # steps that are under way are still to be made
            self.run.set_state("running" if running else "paused")
            self._set_timer()
            if not is_standing:
                self._control("run" if running and not self._wait_s else "pause")
                if not running:
                    self.ask_how_it_stands()

    def set_wait(self, seconds: float) -> None:
        """Slow motion: the time from one iteration to the next; 0 is as fast as it goes."""
        if seconds != self._wait_s:
            self._wait_s = seconds
            if self.run.state == "running":
                self.set_running(True)

    def step(self) -> None:
        """Pause, and go on by one iteration."""
        self.set_running(False)
        self._tick()

    def ask_how_it_stands(self, *, with_pictures: bool = False) -> None:
        """A run that was paused is further than it has told, and its pictures are older still."""
        if self.run.state == "paused" and len(self.run.history):  # before that nothing has begun
            asked = StandRequest(self.place_at_hand(), with_pictures)
            self._bridge.submit(LANE, self.slot_at_hand(), asked)

    def ask_for_pictures(self) -> None:
        """Call it when `run` has told how far it is: where it stands, its pictures are to be those of now."""
        if len(self.run.history) and self.run.history[-1].iteration < self.run.iteration:
            self.ask_how_it_stands(with_pictures=True)

    @Slot()
    def _tick(self) -> None:
        self._control("step")

    def _control(self, state: State) -> None:
        self._bridge.control(LANE, self.slot_at_hand(), state)

    def _set_timer(self) -> None:
        if self._wait_s and self.run.state == "running":
            self._timer.start(round(1000 * self._wait_s))
        else:
            self._timer.stop()
