"""How a run goes on: by whole iterations, stage by stage, or by a turn of one player alone."""

from __future__ import annotations

import dataclasses
import time
import weakref
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from genstudio.api import StageEvent
from genstudio.api.stages import Learner, Line, sequence
from genstudio.core.adversarial.game import GameTrainer
from genstudio.core.adversarial.stage import Stage
from genstudio.settings.adversarial import GameSettings

if TYPE_CHECKING:
    from genstudio.session.run import Run

CHANGES_OF_A_TURN = 4  # at most: the updates of both players, and back


class Pace:
    """Advances a run. An iteration that is half done is the run's own, whoever asked for its stages: `finish` carries
    out what is left of it, and a run is saved or changed only between two iterations."""

    def __init__(self, run: Run) -> None:
        self.is_slow = False
        self._run: Run = weakref.proxy(run)  # which owns this: no cycle keeps its networks when it is dropped
        self._turns: deque[Learner] = deque()
        self._half: Iterator[Stage] | None = None
        self._plan: tuple[tuple[Line, int, int], ...] = ()  # of the half
        self._number = 0  # of its stages that are done
        self._seconds = 0.0  # that the half has taken so far
        self._told: list[StageEvent] = []  # of which nobody has read

    @property
    def is_half_done(self) -> bool:
        """Whether the run is in the middle of an iteration."""
        return self._half is not None

    def set_slow(self, on: bool) -> None:
        """Stage by stage from now on, or not.

        Raises:
            ValueError: if the run has no stages to tell of.
        """
        self._check()
        self.is_slow = on

    def add_turn(self, learner: Learner) -> None:
        """The next `advance` is a whole iteration of one player, or of both.

        Raises:
            ValueError: if it is no game, or its changes are too many.
        """
        self._check()
        self._run.check_room(CHANGES_OF_A_TURN * (1 + len(self._turns)))
        if learner != "both":
            self.finish()
        self._turns.append(learner)

    def advance(self) -> float:
        """One iteration, in slow motion one stage of it; the seconds of the iteration that has ended, or 0."""
        if self._turns:
            return self._turn(self._turns.popleft())
        if self._half is None and not self.is_slow:
            return self._whole()
        self._begin()
        return self._stage() if self.is_slow else self.finish()

    def finish(self) -> float:
        """Carry out what is left of an iteration that is half done; its seconds, or 0 if none is."""
        seconds = 0.0
        while self._half is not None:
            seconds = self._stage()
        return seconds

    def read_told(self) -> tuple[StageEvent, ...]:
        """The stages since the last reading."""
        told = tuple(self._told)
        self._told.clear()
        return told

    def _whole(self) -> float:
        self._run.begin_iteration()
        start = time.perf_counter()
        self._run.trainer.run_iteration()
        seconds = time.perf_counter() - start
        self._run.end_iteration(seconds)
        return seconds

    def _turn(self, learner: Learner) -> float:
        """Before it and after it the settings change, so that the run can be repeated."""
        if self.is_half_done:  # both were to learn: they do
            return self.finish()
        run = self._run
        before = run.trainer.settings
        run.change(alone(before, learner))
        try:
            self._begin()
            return self.finish()
        finally:
            run.change(before)

    def _begin(self) -> None:
        if self._half is None:
            self._run.begin_iteration()
            trainer = self._run.trainer
            assert isinstance(trainer, GameTrainer)
            self._plan = sequence(trainer.settings)
            self._half, self._number, self._seconds = trainer.stages(), 0, 0.0

    def _stage(self) -> float:
        """The next stage; the seconds of the whole iteration if it was the last, else 0."""
        run, half = self._run, self._half
        assert half is not None
        run.use_threads()  # others may have worked since the stage before
        start = time.perf_counter()
        self._half = None  # if it breaks there is nothing to finish
        stage = next(half)
        line, update, updates = self._plan[self._number]
        self._number += 1
        is_last = self._number == len(self._plan)
        if is_last:
            assert next(half, None) is None
        self._seconds += time.perf_counter() - start
        iteration = run.trainer.iteration + 1
        self._told.append(StageEvent(iteration, self._number, len(self._plan), line, update, updates, stage.tell()))
        if not is_last:
            self._half = half
            return 0.0
        run.trainer.iteration += 1
        run.end_iteration(self._seconds)
        return self._seconds

    def _check(self) -> None:
        if not isinstance(self._run.trainer, GameTrainer):
            raise ValueError("Only the adversarial game goes on stage by stage.")


def alone(settings: GameSettings, learner: Learner) -> GameSettings:
    """The settings of an iteration in which one player learns, as often as it does and once at least."""
    if learner == "both":
        return settings
    updates = {player: max(1, getattr(settings, f"{player}_updates")) * (player == learner) for player in "dg"}
    return dataclasses.replace(settings, d_updates=updates["d"], g_updates=updates["g"])
