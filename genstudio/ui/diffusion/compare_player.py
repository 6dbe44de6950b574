"""Plays several reverse processes locked in time: computing runs ahead, and what is shown follows at its own speed."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot

from genstudio import api
from genstudio.engine import Ended, Failure
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.compare_tracks import Moment, Tracks

LANE = "play"
SHORTEST_S, LONGEST_S, RATE = 3.0, 6.0, 20.0  # of a whole way at speed 1, and moments a second between these
TICK_MS = 40


class ComparePlayer(QObject):
    """Owns the slot of the comparison; lives on the window thread. The page hands it the slot's events.

    `moments` are the places, 0 to 1, where some column shows another step; `position` is the one that is shown.
    """

    moved = Signal()  # another moment is shown, another step is here, or it plays or pauses
    finished = Signal()  # it has played to the end

    def __init__(self, bridge: Bridge, slot: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.request: api.CompareSamplersRequest | None = None
        self.tracks = Tracks()
        self.moments: list[float] = []
        self.by: api.By = "share"
        self.has_failed = False
        self._bridge, self._slot = bridge, slot
        self._speed, self._at = 1.0, 0.0
        self._wanted = -1  # a moment that is to be computed and shown while it does not play
        self._until = -1.0  # a place to stop at, -1 none
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def is_playing(self) -> bool:
        """Whether the timer goes."""
        return self._timer.isActive()

    @property
    def position(self) -> int:
        """The number of the moment shown."""
        return min(int(self._at), max(len(self.moments) - 1, 0))

    @property
    def place(self) -> float:
        """Where that is, 0 the noise and 1 the clean pictures."""
        return self.moments[self.position] if self.moments else 0.0

    @property
    def known(self) -> int:
        """The last moment that all columns have reached."""
        return self.tracks.known(self.moments, self.by)

    @property
    def is_at_end(self) -> bool:
        """Whether the last moment there will be is shown."""
        done = self.tracks.is_complete or self.has_failed
        return done and self.position >= min(self.known, max(len(self.moments) - 1, 0))

    def shown(self) -> list[Moment | None]:
        """Of each column its Moment, None if it has none."""
        return [track.at(self.place, self.by) for track in self.tracks.shown]

    def start(self, request: api.CompareSamplersRequest, playing: bool = True, until: float = -1.0) -> None:
        """Begin at the noise; columns that were finished before are not computed again."""
        self.request, self._until, self._wanted, self._at = request, until, -1, 0.0
        self.has_failed = False
        asked = self.tracks.begin(request)
        if asked is None:
            self._bridge.cancel(LANE, self._slot)
        else:
            self._bridge.start(LANE, self._slot, asked, "run" if playing else "step")
        self._line_up(0.0)
        self._stop_where_wanted()
        is_there = until >= 0 > self._until
        self.set_playing(playing and not is_there)

    def start_anew(self) -> None:
        """Compute all columns beside each other, also those that were finished before."""
        if self.request is not None:
            self.tracks = Tracks()
            self.start(self.request)

    def stop(self) -> None:
        """Nothing to play any more."""
        self._timer.stop()
        self.request, self.tracks, self.moments = None, Tracks(), []
        self._bridge.cancel(LANE, self._slot)
        self.moved.emit()

    def set_speed(self, speed: float) -> None:
        """1 shows the whole way in three to six seconds, or as fast as it is computed."""
        self._speed = speed

    def set_by(self, by: api.By) -> None:
        """Lock the columns by the share of the way or by the level of noise; the longest column stays where it is."""
        if by == self.by:
            return
        longest = max(self.tracks.shown, key=lambda track: len(track.levels), default=None)
        moment = longest.at(self.place, self.by) if longest is not None else None
        self.by = by
        self._line_up(longest.places(by)[moment.step.index] if longest is not None and moment is not None else 0.0)
        self.moved.emit()

    def set_playing(self, playing: bool) -> None:
        """Play on from what is shown, or stop; computing goes and stops with it. At the end it begins again."""
        if playing and self.request is not None:
            if self.is_at_end and self.has_failed:
                self.start(self.request)
                return
            if self.is_at_end:
                self._at = 0.0
            self._wanted = -1
            self._control("run")
            self._clock.start()
            self._timer.start()
        else:
            self._timer.stop()
            self._control("pause")
        self.moved.emit()

    def step(self, direction: int) -> None:
        """Pause, and one moment on or back; at the newest one as many steps are computed as it takes."""
        self.look(self.position + direction, computes=True)

    def look(self, position: int, computes: bool = False) -> None:
        """Pause, and show a moment, or the last one that is known."""
        self._timer.stop()
        self._control("pause")
        last = max(len(self.moments) - 1, 0)
        wanted, self._until, self._wanted = min(max(position, 0), last), -1.0, -1
        self._at = float(min(wanted, self.known))
        if wanted > self.known and computes and not self.has_failed:
            self._wanted = wanted
            self._control("step")
        self.moved.emit()

    def look_at(self, place: float) -> None:
        """The same with a place instead of a number."""
        self.look(max(bisect_right(self.moments, place + api.SAME) - 1, 0))

    def handle(self, event: Any) -> None:
        """Note an event of the slot."""
        if isinstance(event, api.CompareSamplersEvent):
            place = self.place
            if not self.tracks.take(event):
                return
            if event.levels:
                self._line_up(place)
            if 0 <= self._wanted <= self.known:
                self._at, self._wanted = float(self._wanted), -1
            elif self._wanted >= 0 and event.steps:
                self._control("step")
            self._stop_where_wanted()
        elif isinstance(event, Failure):
            self.has_failed, self._wanted = True, -1
            self._timer.stop()
        elif isinstance(event, Ended):
            self._wanted = -1
        self.moved.emit()

    def _stop_where_wanted(self) -> None:
        if self._until >= 0 and self.moments:
            known = self.moments[self.known]
            if known >= self._until - api.SAME or self.tracks.is_complete:
                self.look_at(self._until)

    def _line_up(self, place: float) -> None:
        """The moments anew, and the one at a place."""
        self.moments = self.tracks.moments(self.by)
        self._at = float(max(bisect_right(self.moments, place + api.SAME) - 1, 0))

    def _control(self, state: Any) -> None:
        if self.request is not None and not self.tracks.is_complete and not self.has_failed:
            self._bridge.control(LANE, self._slot, state)

    @Slot()
    def _tick(self) -> None:
        count = len(self.moments)
        seconds = min(max(count / RATE, SHORTEST_S), LONGEST_S)
        before = self.position
        self._at = min(self._at + self._speed * self._clock.restart() / 1000 * count / seconds, float(self.known))
        if self.is_at_end:
            self._timer.stop()
            self.moved.emit()
            self.finished.emit()
        elif self.position != before:
            self.moved.emit()
