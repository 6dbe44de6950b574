"""Drives the race of a page: begin, pause, slow motion, and what was put away."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from genstudio.api import RaceEvent, RaceRequest
from genstudio.engine import Ended, Failure
from genstudio.ui.bridge import Bridge
from genstudio.ui.race.run import RaceRun
from genstudio.ui.tabs.run_drive import LANE, RunDrive


class RacePlayer(RunDrive):
    """Owns the slot of a page's races. `away` was put away last: it waits until the next one begins."""

    def __init__(self, bridge: Bridge, slot: str, parent: QObject | None = None) -> None:
        super().__init__(bridge, parent)
        self.run, self.away = RaceRun(), RaceRun()
        self._slot = slot
        self._streaming = self.run  # whose events come

    def slot_at_hand(self) -> str:
        """The only one."""
        return self._slot

    def place_at_hand(self) -> int:
        """That of the left side."""
        return self.run.sides[0].place

    def start(self, request: RaceRequest, names: tuple[str, str]) -> None:
        """Begin a race; the one before, and one that was put away, are over."""
        self.run = self._streaming = RaceRun()
        self.away = RaceRun()
        self.run.begin(request, names)
        self._bridge.start(LANE, self._slot, request, "step" if self._wait_s else "run")
        self._set_timer()

    def put_away(self) -> None:
        """Let the race wait; one that has not begun is given up."""
        self.set_running(False)
        before, self.run = self.run, RaceRun()
        self._set_timer()
        if len(before.history):
            self.away = before
        else:
            self._bridge.stop(self._slot)  # who hears that it has ended finds no race any more

    def bring_back(self) -> None:
        """The race that was put away, as it was."""
        self.run, self.away = self.away, RaceRun()
        self.ask_how_it_stands()

    def handle(self, event: Any) -> RaceRun:
        """Note an event of the slot; the race it belongs to."""
        run = self._streaming
        if isinstance(event, RaceEvent) and run.request is not None:
            run.take(event)
            self.ask_for_pictures()
        elif isinstance(event, Failure):
            run.set_state("failed")
        elif isinstance(event, Ended) and run.is_alive:
            run.set_state("failed" if any(run.troubles) else "ended")
        self._set_timer()
        return run
