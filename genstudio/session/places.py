"""The runs that a session holds: each has a place, and stays in it when it has ended."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from genstudio import api
from genstudio.core.compute import Compute
from genstudio.session import data, peek, race, repeating, run_quality, saving, training, watching
from genstudio.session.classifier import CLASSES
from genstudio.session.models import ModelShelf
from genstudio.session.run import Run
from genstudio.session.spread import Budget
from genstudio.settings import PLANAR


class Places:
    """Owns the runs, what is kept of all of them on the way, and what is asked of a place before it has one. Lives on
    one thread.

    Args:
        adapts: As of a Session.
    """

    def __init__(self, models: ModelShelf, data_dir: Path, compute: Compute, *, adapts: bool) -> None:
        self._models, self._data_dir, self._compute, self.adapts = models, data_dir, compute, adapts
        self.runs: dict[int, Run] = {}  # by their places, also after they have ended
        self.slow: set[int] = set()  # places whose runs go stage by stage
        self.budget = Budget()  # of what is kept of all of them on the way
        self._watched: set[int] = set()  # places whose runs somebody looks at with D's eye
        self._races: dict[int, race.Race] = {}  # by the places of both sides
        self._gauges = run_quality.Gauges(compute)

    def run(self, place: int) -> Run:
        """The run in a place.

        Raises:
            ValueError: if there is none.
        """
        if place not in self.runs:
            raise ValueError("Nothing has been trained yet, so there is nothing to save.")
        return self.runs[place]

    def whole(self, place: int) -> Run:
        """A run between two iterations."""
        run = self.run(place)
        run.pace.finish()
        return run

    def slow_down(self, request: api.SlowRequest) -> api.SlowEvent:
        """Let the runs of some places go stage by stage, or whole iterations again."""
        self._check_alone(*request.places)
        runs = {place: self.runs[place] for place in request.places if place in self.runs}
        for run in runs.values():
            run.pace.set_slow(request.on)
        self.slow = self.slow.union(request.places) if request.on else self.slow.difference(request.places)
        return api.SlowEvent(request.on, tuple(place for place, run in runs.items() if run.pace.is_half_done))

    def turn(self, request: api.TurnRequest) -> api.TurnEvent:
        """One learner of a run that goes stage by stage has one more turn."""
        self._check_alone(request.place)
        self.run(request.place).pace.add_turn(request.learner)
        return api.TurnEvent(request.learner, request.place)

    def _check_alone(self, *places: int) -> None:
        if self._races.keys() & set(places):
            raise ValueError("Both sides of a race do whole iterations together; neither has a step of its own.")

    def keep(self, request: api.KeepRequest) -> api.SavedEvent:
        """Write a run among the user's models."""
        run = self.whole(request.place)
        files = {other.file for other in self.runs.values() if other is not run} - {"", run.request.resume}
        others = tuple(sorted(files))  # what another page has at hand is on the disk, too
        keep = repeating.keep_run if run.request.family in PLANAR else saving.keep
        return keep(run, self._models.folders[-1], (*request.spare, *others), request.replaces)

    def peek(self, request: api.PeekRequest) -> api.PeekedEvent:
        """Pictures of the generator of a run, as it is or was."""
        run = self.runs.get(request.place)
        if run is None:
            raise ValueError("Nothing has been trained yet, so there is no generator to explore.")
        return peek.peek(run.generators, run.trainer, request, run.classes)

    def measure(self, request: api.MeterRequest) -> api.MeterEvent:
        """From now on measure a run's pictures on the way, or no longer."""
        run, count = self.runs.get(request.place), request.count
        if run is None:
            return api.MeterEvent(request.place, 0, reason="Nothing has been trained yet, so nothing can be measured.")
        reason = self._gauges.why_not(run.request.dataset, run.trainer, count) if count else ""
        if reason or not count:
            run.meter = None
            return api.MeterEvent(request.place, 0, reason=reason)
        run.meter = self._gauges.meter(run.request.dataset, run.trainer, count)
        return api.MeterEvent(request.place, count, CLASSES)

    def train(self, request: api.TrainRequest, place: int) -> Iterator[api.TrainEvent | api.ProgressEvent | None]:
        """Another run in a place, from its beginning or a checkpoint on; a stream."""
        training.check(request)
        self.runs.pop(place, None)  # its networks make room
        self._races.pop(place, None)
        has_pictures = request.family not in PLANAR
        dataset = (yield from data.reading(request.dataset, self._data_dir)) if has_pictures else None
        self.runs[place] = training.prepare(
            request,
            self._data_dir,
            self._compute,
            dataset,
            adapts=self.adapts,
            budget=self.budget,
            models=self._models,
        )
        self.runs[place].is_watched = place in self._watched
        yield from self._go(place)

    def watch(self, request: api.WatchRequest) -> api.WatchedEvent:
        """Look at a run with D's eye, or no longer; the next runs of the place as well."""
        (self._watched.add if request.eye else self._watched.discard)(request.place)
        return watching.watch(self.runs.get(request.place), request)

    def race(self, request: api.RaceRequest) -> Iterator[api.RaceEvent | api.ProgressEvent | None]:
        """Two runs that are locked to each other; a stream."""
        race.check(request)
        for place in request.places:
            self.runs.pop(place, None)  # its networks make room
            self._races.pop(place, None)
        runs = yield from race.preparing(request, self._data_dir, self._compute, adapts=self.adapts)
        self.runs.update(zip(request.places, runs, strict=True))
        both = race.Race(*runs)
        self._races.update(dict.fromkeys(request.places, both))
        yield from both.going()

    def stand(self, request: api.StandRequest) -> api.TrainEvent | api.RaceEvent | None:
        """How a run or a race is that stands still; None if there is nothing to tell."""
        place, with_pictures = request.place, request.pictures
        if place in self._races:
            return self._races[place].standing(with_pictures=with_pictures)
        return training.standing(self.runs[place], with_pictures=with_pictures) if place in self.runs else None

    def _go(self, place: int) -> Iterator[api.TrainEvent | None]:
        if place in self.slow:
            self.runs[place].pace.set_slow(True)
        yield from training.train(self.runs[place])

    def go_on(self, place: int) -> Iterator[api.TrainEvent | None]:
        """A run goes on beyond the iteration at which it was to end; a stream."""
        self._check_alone(place)
        run = self.whole(place)
        run.request = dataclasses.replace(run.request, iterations=0)
        yield from self._go(place)

    def rewind(self, request: api.RewindRequest) -> Iterator[api.TrainEvent | None]:
        """A run goes on from an earlier iteration, in another place; a stream."""
        left = self.run(request.left)
        left.snapshots.at(request.iteration)  # before anything makes room
        self.runs.pop(request.place, None)  # its networks make room
        self._races.pop(request.place, None)
        run = self.runs[request.place] = training.fork(left, request.iteration)
        run.is_watched = left.is_watched or request.place in self._watched
        if left.meter is not None:
            run.meter = self._gauges.meter(run.request.dataset, run.trainer, left.meter.count)
        yield from self._go(request.place)
