"""Two training runs, locked by iteration: one setting differs, or the same game is played in two arenas."""

from __future__ import annotations

import dataclasses
from collections.abc import Generator
from pathlib import Path

from genstudio import api
from genstudio.core.compute import Compute
from genstudio.core.datasets import Dataset
from genstudio.session import data, training
from genstudio.session.run import Run
from genstudio.session.spread import Budget
from genstudio.session.training import Clock
from genstudio.settings import PLANAR


def check(request: api.RaceRequest) -> None:
    """Refuse a race that could not begin, before any data is read.

    Raises:
        ValueError: as for a single run, and for sides that could not keep together.
    """
    left, right = request.left, request.right
    for side in (left, right):
        training.check(side)
        if side.resume:
            raise ValueError("a race begins at the beginning; neither side goes on from a file")
    if left.iterations != right.iterations:
        raise ValueError(f"iterations are {left.iterations} and {right.iterations}; give both sides the same")
    if request.places[0] == request.places[1]:
        raise ValueError("both sides are to be in one place; give each its own")


def preparing(
    request: api.RaceRequest, data_dir: Path, compute: Compute, *, adapts: bool = False
) -> Generator[api.ProgressEvent, None, tuple[Run, Run]]:
    """Read what there is to learn from, and build the networks of both: returns two runs.

    Args:
        adapts: As of a `Run`: the slower side chooses the threads of both.
    """
    read: dict[str, Dataset] = {}
    for side in (request.left, request.right):
        if side.family not in PLANAR and side.dataset not in read:
            read[side.dataset] = yield from data.reading(side.dataset, data_dir)
    chooser = request.left if request.right.family in PLANAR else request.right

    def prepare(side: api.TrainRequest) -> Run:
        is_chooser = adapts and side is chooser
        none_kept = Budget(0)  # nobody goes back in a race
        return training.prepare(side, data_dir, compute, read.get(side.dataset), adapts=is_chooser, budget=none_kept)

    return prepare(request.left), prepare(request.right)


class Race:
    """Owns how far both sides are, and who has broken. Lives on one thread."""

    def __init__(self, left: Run, right: Run) -> None:
        self._runs = left, right
        self._sides = _Side(left), _Side(right)

    def going(self) -> Generator[api.RaceEvent | None, bool | None, None]:
        """One iteration of each per `next()`, until their end; a side whose losses are no longer finite stops alone.

        One that is asked for by itself, by `send(True)`, is told of at once.
        """
        is_single: bool | None = False
        left, right = self._runs
        trainers = left.trainer, right.trainer
        clock = Clock(max(t.preview_every_s for t in trainers), max(t.preview_share for t in trainers))
        while any(side.goes_on for side in self._sides):
            is_told = bool(is_single) or clock.rows_due()
            is_drawn = is_told and clock.preview_due()
            left.follow(right)
            right.follow(left)
            has_news = [side.advance(is_told, is_drawn) for side in self._sides]
            if any(has_news):
                clock.rows_sent()
                if is_drawn:
                    clock.preview_drawn(sum(side.beat.drawing_s for side in self._sides))
                is_single = yield self._event()
            elif any(side.goes_on for side in self._sides):
                is_single = yield None

    def standing(self, *, with_pictures: bool) -> api.RaceEvent | None:
        """How both are while they stand still, as `training.standing` has it; None if there is nothing to tell."""
        racing = [side for side in self._sides if side.goes_on]
        if not all(side.run.is_finite() for side in racing):
            return None
        has_news = [side.stand(with_pictures) for side in racing]
        return self._event() if any(has_news) else None

    def _event(self) -> api.RaceEvent:
        left, right = self._sides
        return api.RaceEvent(left.told(), right.told(), (left.trouble, right.trouble))


class _Beat(Clock):
    """The clock of one side: it tells and draws when both do."""

    def __init__(self) -> None:
        super().__init__(0, 1)
        self.is_told = self.is_drawn = False
        self.drawing_s = 0.0  # of its newest pictures

    def rows_due(self) -> bool:
        return self.is_told

    def preview_due(self) -> bool:
        return self.is_drawn

    def preview_drawn(self, seconds: float) -> None:
        self.drawing_s = seconds


class _Side:
    """A run of the race as far as it is."""

    def __init__(self, run: Run) -> None:
        self.run, self.beat = run, _Beat()
        self.goes_on, self.trouble = True, ""
        self._stream = training.train(run, self.beat)
        self._last: api.TrainEvent | None = None
        self._is_news = False

    def advance(self, is_told: bool, is_drawn: bool) -> bool:
        """One iteration; whether there is something to tell of it."""
        if not self.goes_on:
            return False
        self.beat.is_told, self.beat.is_drawn = is_told, is_drawn
        try:
            event = next(self._stream)
        except StopIteration:
            self.goes_on = False
            return False
        except FloatingPointError as error:
            self.goes_on, self.trouble = False, str(error)
            return True
        return self._note(event)

    def stand(self, with_pictures: bool) -> bool:
        """Whether there is something to tell of it where it stands."""
        return self._note(training.standing(self.run, with_pictures=with_pictures))

    def _note(self, event: api.TrainEvent | None) -> bool:
        if event is not None:
            self._last, self._is_news = event, True
        return event is not None

    def told(self) -> api.TrainEvent:
        """What is new of it; an event without rows and pictures if nothing is."""
        assert self._last is not None
        event, was_news, self._is_news = self._last, self._is_news, False
        if was_news:
            return event
        return dataclasses.replace(event, rows=event.rows[:0], samples=(), numbers={}, views={}, measured=())
