"""One training run as the window knows it: its request, state, samples and curves so far, and time. No Qt."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from genstudio.api import THREADS, Change, Floats, Pictures, StageEvent, TrainEvent, TrainRequest
from genstudio.settings import AT_ONCE, PLANAR
from genstudio.ui.history import Reel
from genstudio.ui.signs import Signs
from genstudio.ui.widgets.curves import CurveBuffer

RunState = Literal["none", "running", "paused", "failed", "ended"]


class Moment(NamedTuple):
    """What is kept of one iteration."""

    iteration: int
    samples: Pictures  # (N, H, W, C)
    views: Mapping[str, Pictures] = {}  # what else the family shows of itself, by name
    numbers: Mapping[str, Floats] = {}  # and tells


class TrainingRun:
    """What a page shows of a run: `history` holds its moments and where one looks.

    Args:
        place: Which of the session's places holds its networks.
    """

    def __init__(self, place: int = 0) -> None:
        self.place = place
        self.history: Reel[Moment] = Reel()
        self.curves: tuple[CurveBuffer, ...] = (CurveBuffer(2), CurveBuffer(2))  # of the plots
        self.signs = Signs()  # what it has told of itself beside the losses
        self.request: TrainRequest | None = None
        self.real: Pictures | None = None  # to show beside the samples
        self.changes: tuple[Change, ...] = ()
        self.classes: tuple[str, ...] = ()  # that the samples are of in turn, of a network that draws classes
        self.stages: tuple[StageEvent, ...] = ()  # of its newest iteration, if it goes stage by stage
        self.rewinds: tuple[int, ...] = ()  # iterations to which it can go back
        self.left: TrainingRun | None = None  # of which this one is an earlier moment, until its first event
        self.broke_at = 0  # where the run broke of which this one is the last finite state
        self.begins_at, self.is_as_it_broke = 0, True  # that state, and whether its settings were those that broke it
        self.has_undo = False  # the page could undo something when it went back to this run's beginning
        self.state: RunState = "none"
        self.iteration, self.iterations_per_s = 0, 0.0
        self.last: tuple[float, ...] = ()  # the newest losses
        self.kept = ""  # the file in which it was last written by itself
        self.saved, self.file = 0, ""  # the iteration that a file holds, and that file
        self._goal = 0  # beyond which it is asked to go, until its first event from there
        self._seconds, self._since = 0.0, time.monotonic()

    def begin(self, request: TrainRequest) -> None:
        """From now on it runs."""
        self.request, self.file = request, request.resume
        self.set_state("running")

    def note_file(self, path: str, iteration: int, *, is_kept: bool) -> None:
        """It is about to repeat what a file has of it; one that was kept by itself goes when more of it is kept."""
        if self.request is not None:
            self.file, self.saved, self.kept = path, iteration, path if is_kept else ""

    def fork(self, left: TrainingRun, iteration: int) -> None:
        """It goes on from an earlier iteration of another run, paused."""
        self.left, self.request, self.real = left, left.request, left.real
        self.iterations_per_s, self._seconds = (
            left.iterations_per_s,
            left.seconds() * iteration / max(left.iteration, 1),
        )
        self.changes = tuple(change for change in left.changes if change.iteration < iteration)
        self.set_state("paused")

    def go_beyond(self, state: RunState) -> None:
        """From its goal on there is no other; it runs, or goes step by step."""
        if self.request is not None:
            self._goal = self.request.iterations
            self.request = dataclasses.replace(self.request, iterations=0)
        self.set_state(state)

    def fail(self) -> None:
        """It broke; one that could not even begin to go beyond its goal stands there as before."""
        if self._goal and self.request is not None:
            self.request, self._goal = dataclasses.replace(self.request, iterations=self._goal), 0
            self.set_state("ended")
        else:
            self.set_state("failed")

    def set_state(self, state: RunState) -> None:
        """Note the state and the time spent running."""
        now = time.monotonic()
        if self.state == "running":
            self._seconds += now - self._since
        self._since = now
        self.state = state

    @property
    def source(self) -> TrainRequest | None:
        """What repeats the run as it went: its request with all that changed on the way."""
        return self.request and dataclasses.replace(self.request, changes=self.changes)

    def take(self, event: TrainEvent) -> None:
        """Note how far it is, and the samples; of an older event than the newest nothing."""
        self.real, self._goal = event.real if event.real is not None else self.real, 0
        if event.iteration < self.iteration:  # a file told of it, and the run has gone on meanwhile
            return
        goes_on = self.left is not None or bool(self.request and self.request.resume)
        if goes_on and not self.iteration:
            self.saved = event.iteration - len(event.rows)
        if self.left is not None:
            if self.left.state == "failed":  # nobody writes what has broken, so no file has more than it had
                self.saved = min(self.saved, self.left.saved)
            self.begins_at = event.iteration
            for moment in self.left.history.values():
                if moment.iteration < event.iteration:
                    self._keep(moment)
            self.signs.begin_with(self.left.signs, event.iteration)
            self.left = None
        self.iteration, self.rewinds = event.iteration, event.rewinds
        self.changes = max(event.changes, self.changes, key=len)  # one that was told before a change may come after it
        self.classes = event.classes or self.classes
        self.iterations_per_s = event.iterations_per_s or self.iterations_per_s
        if len(event.rows):
            self.last = tuple(map(float, event.rows[-1]))
        is_whole_with_them = bool(event.views) or event.request.family in PLANAR
        for iteration, pictures in () if is_whole_with_them else event.samples[:-1]:
            self._keep(Moment(iteration, pictures))
        for stage in event.stages:
            is_same = bool(self.stages) and self.stages[-1].iteration == stage.iteration
            self.stages = (*(self.stages if is_same else ()), stage)
        if event.samples:  # of several that came together only the newest has views and numbers
            self._keep(Moment(*event.samples[-1], event.views, event.numbers))
        self.signs.take(event)

    def _keep(self, moment: Moment) -> None:
        if len(self.history) and self.history[-1].iteration == moment.iteration:  # where it goes on, it tells again
            self.history.replace_newest(moment, _size_bytes(moment))
        else:
            self.history.append(moment, _size_bytes(moment))

    def see(self, moment: Moment) -> bool:
        """Note how it is now, while it stands still; False if something newer is known."""
        newest = self.history[-1].iteration if len(self.history) else -1
        if moment.iteration == newest:
            self.history.replace_newest(moment, _size_bytes(moment))
        elif moment.iteration > newest:
            self._keep(moment)
        return moment.iteration >= newest

    def shown(self) -> Moment | None:
        """The moment that is looked at; of a run that goes back, until it has, that of the run before."""
        return self.history.shown() or (self.left.history.shown() if self.left is not None else None)

    def rewind_at(self) -> int:
        """The iteration to which one can go back from the moment that is looked at; -1 if there is none.

        At its live end that is where it is, but for a run that broke.
        """
        moment = self.history.shown()
        if moment is None or (self.history.is_live and self.state != "failed"):
            return -1
        return max((iteration for iteration in self.rewinds if iteration <= moment.iteration), default=-1)

    @property
    def has_gone_back(self) -> bool:
        """Whether it stands where it went back to when it broke."""
        is_there = self.state == "paused" and self.iteration == self.begins_at and self.history.is_live
        return self.broke_at > 0 and self.left is None and is_there

    def settings(self, iteration: int | None = None) -> Any:
        """Its settings after all that was changed on the way, or until an iteration of its past."""
        assert self.request is not None
        settings = self.request.settings
        for change in self.changes:
            if change.name != THREADS and (iteration is None or change.iteration <= iteration):
                kind = type(getattr(settings, change.name))
                settings = dataclasses.replace(settings, **{change.name: kind(change.value)})
        return settings

    @property
    def is_at_goal(self) -> bool:
        """Whether it came to the iteration at which it was to end, and could learn beyond it."""
        request = self.request
        if self.state != "ended" or request is None:
            return False
        return request.iterations > 0 and request.family not in AT_ONCE

    @property
    def stands(self) -> RunState:
        """Its state, where one at its goal is as good as paused."""
        return "paused" if self.is_at_goal else self.state

    @property
    def is_alive(self) -> bool:
        """Whether it can go on."""
        return self.state in ("running", "paused") or self.is_at_goal

    @property
    def is_complete(self) -> bool:
        """Whether it has ended by itself: nothing was left to learn."""
        return self.state == "ended" and self.request is not None and not self.request.iterations

    @property
    def unsaved(self) -> int:
        """Iterations that no file holds and that one could save."""
        return self.iteration - self.saved if self.state in ("running", "paused", "ended") else 0

    def seconds(self) -> float:
        """Time spent running."""
        return self._seconds + (time.monotonic() - self._since if self.state == "running" else 0.0)


def _size_bytes(moment: Moment) -> int:
    views, numbers = moment.views.values(), moment.numbers.values()
    return moment.samples.nbytes + sum(view.nbytes for view in views) + sum(array.nbytes for array in numbers)
