"""Asks for both ways or the film, keeps what comes, and moves the place that is shown along it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from genstudio import api
from genstudio.engine import Ended, Failure
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.invert_track import Arc, Ways
from genstudio.ui.tabs.play_clock import PlayClock

LANE = "play"
WAYS_S, ARC_S = 7.0, 4.0  # both ways, and a film, at speed 1


class InvertPlayer(QObject):
    """Owns the two slots of a page; lives on the window thread. The page hands it their events.

    Signals:
        moved: another place is to be shown, in steps or pictures from the beginning.
        changed: something has come, or it plays or pauses.
    """

    moved = Signal(int)
    changed = Signal()

    def __init__(self, bridge: Bridge, ways_slot: str, arc_slot: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ways: Ways | None = None
        self.before: Ways | None = None  # the same picture with other settings, whole
        self.arc: Arc | None = None
        self.error: BaseException | None = None
        self.is_stopped = False  # the user has cancelled what was computed
        self.computes = False  # if there is something left to
        self.speed = 1.0
        self._bridge, self._slots = bridge, {"ways": ways_slot, "arc": arc_slot}
        self._running = ""  # the slot that computes
        self._at = 0.0
        self._clock = PlayClock(self)
        self._clock.ticked.connect(self._tick)

    @property
    def is_playing(self) -> bool:
        """Whether the clock goes."""
        return self._clock.runs()

    def shown(self) -> Ways | Arc | None:
        """What is computed or shown just now."""
        return {"ways": self.ways, "arc": self.arc}.get(self._running)

    @property
    def last(self) -> int:
        """The last place there will be."""
        track = self.shown()
        if isinstance(track, Ways):
            return 2 * track.request.steps
        return track.request.count - 1 if track is not None else 0

    @property
    def newest(self) -> int:
        """The last place that can be shown."""
        track = self.shown()
        return track.newest if isinstance(track, Ways) else self.last if track is not None else 0

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to compute."""
        track = self.shown()
        return track is not None and track.is_complete

    # ---- computing ---------------------------------------------------------------------------------------

    def go(self, request: api.InvertRequest | api.SlerpRequest, runs: bool) -> bool:
        """Show what a request draws; False if that is shown already. What was drawn before is not drawn again."""
        track = self.ways if isinstance(request, api.InvertRequest) else self.arc
        name = "ways" if isinstance(request, api.InvertRequest) else "arc"
        is_there = track is not None and track.request == request and track.is_complete
        if self._running == name and track is not None and track.request == request and not self._has_broken():
            return False
        if self._running:
            self._bridge.cancel(LANE, self._slots[self._running])
        self._running, self.error, self.is_stopped, self.computes = name, None, False, runs
        if not is_there:
            if isinstance(request, api.InvertRequest):
                self.before = self._before(request)
                self.ways = Ways(request)
            else:
                self.arc = Arc(request)
            self._bridge.start(LANE, self._slots[name], request, "run" if runs else "pause")
        return True

    def _has_broken(self) -> bool:
        return self.error is not None or self.is_stopped

    def _before(self, request: api.InvertRequest) -> Ways | None:
        """What the same picture was with other settings."""
        return next(
            (
                ways
                for ways in (self.ways, self.before)
                if ways is not None
                and ways.is_complete
                and (ways.request.model, ways.request.picture) == (request.model, request.picture)
                and ways.request != request
            ),
            None,
        )

    def stop(self) -> None:
        """Nothing to show any more."""
        self._clock.run(False)
        for slot in self._slots.values():
            self._bridge.cancel(LANE, slot)
        self.ways = self.before = self.arc = None
        self._running = ""

    def compute(self, runs: bool) -> None:
        """Go on computing, or pause between two steps."""
        self.computes = runs
        self._control("run" if runs else "pause")

    def compute_one(self) -> None:
        """One step more."""
        self._control("step")

    def _control(self, state: Any) -> None:
        if self._running and not self.is_complete and not self._has_broken():
            self._bridge.control(LANE, self._slots[self._running], state)

    def handle(self, event: Any) -> None:
        """Note an event of the slot that computes."""
        if isinstance(event, api.InvertEvent) and self.ways is not None:
            self.ways.take(event)
        elif isinstance(event, api.SlerpEvent) and self.arc is not None:
            self.arc.take(event)
        elif isinstance(event, Failure):
            self.error = event.error
            self._clock.run(False)
        elif isinstance(event, Ended) and not self.is_complete:
            self.is_stopped = True
            self._clock.run(False)
        self.changed.emit()

    # ---- playing -----------------------------------------------------------------------------------------

    def set_playing(self, playing: bool, place: int = 0) -> None:
        """Move on from a place, or stand still; computing goes and stops with it."""
        self._at = float(place)
        self._clock.run(playing)
        self.compute(playing)
        self.changed.emit()

    def stand_still(self) -> None:
        """The hand goes to another place; what computes goes on."""
        if self._clock.runs():
            self._clock.run(False)
            self.changed.emit()

    @Slot(float)
    def _tick(self, seconds: float) -> None:
        track = self.shown()
        if isinstance(track, Arc) and not track.is_complete:
            return  # the film begins when its pictures are clean
        rate = self.last / (WAYS_S if isinstance(track, Ways) else ARC_S)
        before, self._at = int(self._at), min(self._at + self.speed * seconds * rate, float(max(self.newest, 0)))
        if int(self._at) != before:
            self.moved.emit(int(self._at))
        if self._at >= self.last and self.is_complete:
            self._clock.run(False)
            self.changed.emit()
