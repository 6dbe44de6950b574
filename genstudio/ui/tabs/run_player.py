"""Drives the training runs of a page: start, pause, slow motion, put away, and repeating a file's run."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from genstudio.api import GoOnRequest, RestoredEvent, RewindRequest, RunRequest, TrainEvent, TrainRequest
from genstudio.engine import Ended, Failure
from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs.run_drive import LANE, RunDrive
from genstudio.ui.tabs.training_run import RunState, TrainingRun


class RunPlayer(RunDrive):
    """Owns the two train slots of a page; lives on the window thread. The page hands it the slots' events.

    One slot has `run`, which the page shows. The other has `away`, the run that was put away last: it waits,
    paused, and can come back as it was until the next one is put away.

    Args:
        places: The session's places of the two slots; no other page may use them.
    """

    def __init__(
        self,
        bridge: Bridge,
        slots: tuple[str, str],
        parent: QObject | None = None,
        places: tuple[int, int] = (0, 1),
    ) -> None:
        super().__init__(bridge, parent)
        self.run, self.away = TrainingRun(places[0]), TrainingRun(places[1])
        self.repeat: RestoredEvent | None = None  # the file whose run is repeated
        self._slots = dict(zip(places, slots, strict=True))

    def slot_at_hand(self) -> str:
        """That of the run which is shown."""
        return self._slots[self.run.place]

    def place_at_hand(self) -> int:
        """The same."""
        return self.run.place

    def start(self, request: TrainRequest, repeat: RestoredEvent | None = None) -> None:
        """Begin a run; the one before is put away."""
        self.put_away()
        self.repeat = repeat
        self.run.begin(request)
        only_first = self._wait_s > 0 or (repeat is not None and repeat.iteration == 0)
        asked = RunRequest(request, self.run.place)
        self._bridge.start(LANE, self._slots[self.run.place], asked, "step" if only_first else "run")
        self._set_timer()

    def set_running(self, running: bool) -> None:
        """As of all that goes on; a run that has come to its goal goes beyond it."""
        if not self.run.is_at_goal:
            super().set_running(running)
        elif running:
            self._go_beyond("running")

    def step(self) -> None:
        """As of all that goes on; of a run beyond its goal the first event tells where it stands."""
        if self.run.is_at_goal:
            self._go_beyond("paused")
            self._tick()
        else:
            super().step()

    def _go_beyond(self, state: RunState) -> None:
        self.run.go_beyond(state)
        only_first = self._wait_s > 0 or state == "paused"
        self._bridge.start(LANE, self.slot_at_hand(), GoOnRequest(self.run.place), "step" if only_first else "run")
        self._set_timer()

    def rewind(self, iteration: int) -> None:
        """The run that is shown is put away as it is; an earlier moment of it is there in its stead, paused."""
        left = self.run
        self.put_away()
        self.repeat = None
        self.run.fork(left, iteration)
        asked = RewindRequest(iteration, left.place, self.run.place)
        self._bridge.start(LANE, self._slots[self.run.place], asked, "step")

    def run_in(self, place: int) -> TrainingRun:
        """The run, shown or away, whose networks are in this place."""
        return self.run if self.run.place == place else self.away

    def put_away(self) -> None:
        """Let the run wait, and forget the one that was put away before; that one stays if this has not begun."""
        if self.run.iteration:
            self.swap()
        place = self.run.place
        self.run = TrainingRun(place)
        self._set_timer()
        self._bridge.stop(self._slots[place])

    def swap(self) -> None:
        """Bring back the run that was put away, and put this one away; one that has not begun is given up."""
        self.set_running(False)
        self.repeat = None
        self.run, self.away = self.away, self.run
        self.ask_how_it_stands()
        if not self.away.iteration:
            place = self.away.place
            self.away = TrainingRun(place)
            self._bridge.stop(self._slots[place])

    def handle(self, place: int, event: Any) -> str:
        """Note an event of the slot of a place; the result of a comparison, if that was what it was waited for."""
        run, verdict = self.run_in(place), ""
        if isinstance(event, TrainEvent):
            run.take(event)
            verdict = self._compare() if run is self.run else ""
            self.ask_for_pictures()
        elif isinstance(event, Failure):
            run.fail()
            self.repeat = None if run is self.run else self.repeat
        elif isinstance(event, Ended) and run.is_alive:
            run.set_state("ended")
        self._set_timer()
        return verdict

    def _compare(self) -> str:
        repeat, newest = self.repeat, self.run.history[-1] if len(self.run.history) else None
        if repeat is None or newest is None or newest[0] != repeat.iteration:
            return ""
        self.repeat = None
        if repeat.iteration == 0:
            self.set_running(False)
        from genstudio.export.repeats import compare  # brings Pillow, which the start of the window does not need

        return compare(repeat, newest[1])[1]
