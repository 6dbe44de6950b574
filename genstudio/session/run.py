"""A training run: its trainer, what changed on the way, and the losses so far."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import torch
from torch import Tensor

from genstudio import api
from genstudio.api import Change
from genstudio.core.thread_chooser import ThreadChooser
from genstudio.core.threads import THREADS, use_threads
from genstudio.core.training import Trainer
from genstudio.errors import sentence
from genstudio.session.changes import MOST_TUNED, changed, check_live, still_to_make
from genstudio.session.history import History
from genstudio.session.peek import Generators
from genstudio.session.run_quality import Meter
from genstudio.session.snapshots import Snapshot, Snapshots
from genstudio.session.stages import Pace
from genstudio.settings import check_settings

MOST_MEASURED = 512


class Run:
    """A trainer with what is needed to save it, and to repeat it.

    Args:
        changes: Those made before, of a run that goes on.
        history: Its losses until then.
        seconds: What it took until then.
        adapts: On the CPU, give an iteration as many threads as are fastest now, other than the request says.
        threads: So many in the first iteration, where it does not adapt; as many as there are by default.
        snapshots: Those that this one begins with; none by default.
    """

    def __init__(
        self,
        request: api.TrainRequest,
        trainer: Trainer,
        classes: tuple[str, ...],
        *,
        changes: tuple[Change, ...] = (),
        history: History | None = None,
        seconds: float = 0.0,
        adapts: bool = False,
        threads: int = THREADS,
        snapshots: Snapshots | None = None,
    ) -> None:
        self.request, self.trainer, self.classes = request, trainer, classes
        self.file = request.resume  # that holds it, or did last
        self.changes = list(changes)
        self.history = history or History(len(trainer.metric_names))
        self.seconds = seconds  # of its iterations, one after the other
        self.pending: list[Tensor] = []  # losses that nobody has read
        self.drawn_at = -1  # the iteration of its newest pictures
        self.snapshots = snapshots if snapshots is not None else Snapshots()
        self.generators = Generators(self.snapshots.budget)  # of its past
        self.pace = Pace(self)
        self.numbers: dict[str, api.Floats] = {}  # what the trainer told of itself before it went on from here
        self.is_watched = False  # somebody wants to know what D makes of its samples
        self.told_every: tuple[int, ...] = ()  # losses are told at multiples of these, besides when it is time; 0: not
        self.meter: Meter | None = None  # that measures it while it goes on
        self.measured: tuple[api.Measured, ...] = ()  # thinned out
        self._new_measured: list[api.Measured] = []  # of which nobody has been told
        self._meter_trouble = ""
        self._chooser: ThreadChooser | None = None
        on_cpu = trainer.compute.device.type == "cpu"
        if adapts and on_cpu and not any(change.name == api.THREADS for change in request.changes):
            self._chooser = ThreadChooser(THREADS)
        self._threads = self._chooser.count if self._chooser is not None else threads
        for change in changes:
            if change.name != api.THREADS:  # those of a run before had another machine, or another time
                trainer.settings = changed(trainer.settings, change)
        self._planned = still_to_make(request.changes, changes, request.settings, trainer.iteration)
        if on_cpu and not any(_is_about_threads(change, trainer.iteration) for change in self._planned):
            self._note(api.THREADS, self._threads)

    def snapshot(self, numbers: dict[str, api.Floats]) -> None:
        """Keep the trainer's state if it is time, with what the trainer tells of itself; its losses have been read."""
        trainer = self.trainer
        self.generators.keep(trainer)
        if trainer.most_iterations or not self.snapshots.is_due(trainer.iteration):
            return
        state, on_cpu = trainer.state(), trainer.compute.device.type == "cpu"
        for name, tensor in state.items():
            if on_cpu or not tensor.ndim:  # else it is a copy already; Adam may count its steps on the CPU
                state[name] = tensor.clone()
        snapshot = Snapshot(
            trainer.iteration, state, tuple(self.changes), tuple(self._planned), self._threads,
            self.history.rows, self.metrics(), numbers, self.seconds,
        )  # fmt: skip
        if snapshot.is_finite:
            self.snapshots.add(snapshot)

    def fork(self, iteration: int, trainer: Trainer) -> Run:
        """Another run that goes on from the newest snapshot at or before an iteration; this one stays as it is.

        Args:
            trainer: A new one, of this run's settings and data.

        Raises:
            ValueError: if there is no such snapshot.
        """
        then = self.snapshots.at(iteration)
        trainer.load_state(then.state)
        trainer.iteration = then.iteration
        trainer.set_metrics(then.metrics)
        fork = Run(
            dataclasses.replace(self.request, changes=then.planned), trainer, self.classes,
            changes=then.changes, history=History.of(then.past), seconds=then.seconds, adapts=self._chooser is not None,
            threads=then.threads, snapshots=self.snapshots.until(then.iteration),
        )  # fmt: skip
        fork.numbers, fork.generators = then.numbers, self.generators.until(then.iteration)
        known = (*self.measured, *self._new_measured)
        fork.measured = tuple(found for found in known if found.iteration <= then.iteration)
        return fork

    def begin_iteration(self) -> None:
        """Carry out what is due before the next iteration."""
        while self._planned and self._planned[0].iteration <= self.trainer.iteration:
            self._make(self._planned.pop(0))
        self.use_threads()

    def use_threads(self) -> None:
        """Compute with as many threads as the run has now."""
        use_threads(self._threads)

    def end_iteration(self, seconds: float) -> None:
        """The iteration that has ended took so long."""
        self.seconds += seconds
        self.pending.append(self.trainer.metrics())
        if self._chooser is not None and (len(self.changes) < api.MOST_CHANGES or self._chooser.is_trying):
            self._threads = self._chooser.after(seconds)
            self._note(api.THREADS, self._threads)

    def follow(self, other: Run) -> None:
        """The next iteration has as many threads as that of another run, if that one chooses them."""
        if other._chooser is not None and self._chooser is None:
            self._threads = other._threads
            self._note(api.THREADS, self._threads)

    def measure(self, seconds: float) -> None:
        """Let the meter, if there is one, carry on, after an iteration that took so long."""
        try:
            if self.meter is not None and (found := self.meter.after(seconds)) is not None:
                self._new_measured.append(found)
        except Exception as error:  # out of memory, say: the run itself is well
            self.meter, self._meter_trouble = None, sentence(error)

    def read_meter_trouble(self) -> str:
        """Why the meters have stopped by themselves since the last reading, a sentence; "" if they have not."""
        trouble, self._meter_trouble = self._meter_trouble, ""
        return trouble

    def read_measured(self) -> tuple[api.Measured, ...]:
        """What has been measured since the last reading."""
        new = tuple(self._new_measured)
        self._new_measured.clear()
        self.measured += new
        while len(self.measured) > MOST_MEASURED:
            self.measured = self.measured[::2]
        return new

    def read_losses(self) -> api.Floats:
        """Those since the last reading, (n, columns)."""
        rows = self._unread()
        self.pending.clear()
        self.history.add(self.trainer.iteration, rows)
        return rows

    def metrics(self) -> dict[str, float]:
        """The losses of the last iteration by their names."""
        return dict(zip(self.trainer.metric_names, map(float, self.trainer.metrics()), strict=True))

    def progress(self) -> api.TrainEvent:
        """How far it is, with the losses that nobody has read, which are told again when it goes on: so the events of
        its stream have them all. If it has just broken it says so by itself then."""
        unread = self._unread()
        rows = unread if np.isfinite(unread).all() else unread[:0]
        names, rewinds = self.trainer.metric_names, self.snapshots.iterations()
        return api.TrainEvent(
            self.request, self.trainer.iteration, names, rows, (), 0.0, tuple(self.changes), rewinds=rewinds
        )

    def is_finite(self) -> bool:
        """Whether the losses that nobody has read are finite numbers."""
        return bool(np.isfinite(self._unread()).all())

    def past(self) -> api.Floats:
        """Iterations and losses of the whole run, thinned out, (n, 1 + columns); finite ones only."""
        whole = History.of(self.history.rows)
        whole.add(self.trainer.iteration, self._unread())
        return whole.rows[np.isfinite(whole.rows).all(1)]

    def _unread(self) -> api.Floats:
        if not self.pending:
            return np.zeros((0, len(self.trainer.metric_names)), np.float32)
        rows: api.Floats = torch.stack(self.pending).float().cpu().numpy()
        return rows

    def tune(self, settings: Any) -> tuple[Change, ...]:
        """Go on with these settings; the changes that makes.

        Raises:
            ValueError: if another setting differs than those that may change while a run goes on, or one is bad.
        """
        self.pace.finish()
        if type(settings) is not type(self.trainer.settings):
            raise ValueError(f"the run is a {self.request.family}; it has other settings")
        check_settings(settings)
        self.check_room(len(self._differences(settings)))
        return self.change(settings)

    def check_room(self, more: int) -> None:
        """Refuse more changes by hand than a run keeps note of: a file with them could not be read again.

        Raises:
            ValueError: if so many more do not fit.
        """
        if len(self.changes) + more > api.MOST_CHANGES + MOST_TUNED:
            raise ValueError(f"a run keeps note of at most {MOST_TUNED} changes by hand; start a new one")

    def change(self, settings: Any) -> tuple[Change, ...]:
        """From the next iteration on these settings, which are good ones; the changes that makes.

        Raises:
            ValueError: if another one differs than those that may.
        """
        made = self._differences(settings)
        if made:
            due = [change for change in self._planned if _is_about_threads(change, self.trainer.iteration)]
            self._planned.clear()  # somebody else steers now, with the threads of now
            for change in due:
                self._make(change)
        for change in made:
            self._make(change)
        return made

    def _differences(self, settings: Any) -> tuple[Change, ...]:
        """The changes that lead to these settings.

        Raises:
            ValueError: if another one differs than those that may.
        """
        now, found = self.trainer.settings, []
        for field in dataclasses.fields(now):
            value = getattr(settings, field.name)
            if value != getattr(now, field.name):
                check_live(type(now), field.name)
                found.append(Change(self.trainer.iteration, field.name, as_change(value)))
        return tuple(found)

    def _make(self, change: Change) -> None:
        if change.name == api.THREADS:
            self._threads = int(change.value)
        else:
            self.trainer.settings = changed(self.trainer.settings, change)
        self._note(change.name, change.value)

    def _note(self, name: str, value: float | str) -> None:
        """Remember a change, if it is one; of two at the same iteration the later one counts."""
        now = self.trainer.iteration
        self.changes = [change for change in self.changes if (change.iteration, change.name) != (now, name)]
        last = next((change for change in reversed(self.changes) if change.name == name), None)
        if last is None or last.value != value:
            self.changes.append(Change(now, name, as_change(value)))


def as_change(value: float | str) -> float | str:
    """A value of the settings as a `Change` has it: a float or a word."""
    return value if isinstance(value, str) else float(value)


def _is_about_threads(change: Change, iteration: int) -> bool:
    return change.name == api.THREADS and change.iteration <= iteration
