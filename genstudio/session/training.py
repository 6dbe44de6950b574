"""Training runs: the same for the window and for the command line."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Generator
from pathlib import Path

import numpy as np
import torch

from genstudio import api, store
from genstudio.core import datasets, parallel
from genstudio.core.compute import Compute
from genstudio.core.datasets import Dataset
from genstudio.core.families import FAMILIES
from genstudio.core.points import PointData, points_of
from genstudio.core.threads import THREADS, use_threads
from genstudio.core.training import Batches, Trainer, TrainingData, prefixed
from genstudio.errors import Diverged
from genstudio.session.changes import check_changes
from genstudio.session.history import History
from genstudio.session.lessons import with_model
from genstudio.session.models import ModelShelf
from genstudio.session.run import Run
from genstudio.session.saving import HISTORY, dataset_name
from genstudio.session.snapshots import Snapshots
from genstudio.session.spread import Budget
from genstudio.session.watching import real_pictures, sight
from genstudio.settings import CONDITIONAL, PLANAR, PLAYED, SETTINGS, Settings, check_settings

ROWS_EVERY_S = 0.2  # losses are told at most this often, and with pictures
MOST_PREVIEW = 1024  # pictures


def check(request: api.TrainRequest) -> None:
    """Refuse a run that could not begin, before its data is read.

    Raises:
        ValueError: for an unknown family, bad settings, or numbers that are not allowed.
    """
    if request.family not in FAMILIES or not isinstance(request.settings, SETTINGS[request.family]):
        raise ValueError(f"family is {request.family!r}; allowed: {', '.join(FAMILIES)}, each with its own settings")
    if request.family in PLAYED:
        raise ValueError(
            f"family is {request.family!r}; models of it come from elsewhere and are played, not trained here"
        )
    check_settings(request.settings)
    check_changes(request)
    if request.iterations < 0:
        raise ValueError(f"iterations is {request.iterations}; give 0 (until stopped) or more")
    if not 0 <= request.preview <= MOST_PREVIEW:
        raise ValueError(f"preview is {request.preview}; allowed: 0 to {MOST_PREVIEW}")


def prepare(
    request: api.TrainRequest,
    data_dir: Path,
    compute: Compute,
    dataset: Dataset | None = None,
    *,
    adapts: bool = False,
    budget: Budget | None = None,
    models: ModelShelf | None = None,
) -> Run:
    """Build the networks, and go back to the checkpoint where the request names one.

    Args:
        dataset: What has been read already; else it is read here.
        adapts: As of a `Run`.
        budget: Of its snapshots, which it shares with other runs.
        models: Where a student finds its teacher; else the folders of this machine.

    Raises:
        ValueError, FileNotFoundError: as `check` does, for an unknown dataset or an unusable checkpoint.
    """
    check(request)
    use_threads(THREADS)
    data, classes = _material(request, data_dir, compute, dataset, models)
    _check_shares(request.settings, data)
    trainer = FAMILIES[request.family].trainer(request.settings, data, compute)
    if not request.resume:
        return Run(request, trainer, classes, adapts=adapts, snapshots=Snapshots(budget))
    changes, history, seconds = _resume(trainer, request)
    return Run(
        request, trainer, classes,
        changes=changes, history=history, seconds=seconds, adapts=adapts, snapshots=Snapshots(budget),
    )  # fmt: skip


def _material(
    request: api.TrainRequest, data_dir: Path, compute: Compute, dataset: Dataset | None, models: ModelShelf | None
) -> tuple[Batches, tuple[str, ...]]:
    """What the run learns from, and the names of its classes."""
    if request.family in PLANAR:
        return PointData(points_of(request.dataset), compute.device), ()
    dataset = dataset if dataset is not None else datasets.load(request.dataset, data_dir)
    data = TrainingData.of(dataset, compute.device)
    shelf = models or ModelShelf((store.pretrained_dir(), store.models_dir()), compute)
    return with_model(data, request.settings, shelf), dataset.classes


def _check_shares(settings: Settings, data: Batches) -> None:
    count = getattr(settings, "batch_size", parallel.size())
    count = min(count, len(data.images)) if isinstance(data, TrainingData) else count
    if count < parallel.size():
        raise ValueError(
            f"batch_size is {count} and there are {parallel.size()} processes; each needs an example at least"
        )


def fork(run: Run, iteration: int) -> Run:
    """A run with networks of its own that goes on from a snapshot of another.

    Raises:
        ValueError: if nothing is kept of that iteration or before.
    """
    trainer = FAMILIES[run.request.family].trainer(run.request.settings, run.trainer.data, run.trainer.compute)
    return run.fork(iteration, trainer)


def _resume(trainer: Trainer, request: api.TrainRequest) -> tuple[tuple[api.Change, ...], History, float]:
    """Load a checkpoint into the trainer; what changed before, the losses, and the seconds it took."""
    path = Path(request.resume)

    def expected(header: store.Header) -> dict[str, tuple[int, ...]]:
        _check_same_run(path.name, header, request)
        shapes = {name: tuple(t.shape) for name, t in prefixed("train", trainer.state()).items()}
        return shapes | ({HISTORY: (header.history, columns)} if header.history else {})

    columns = 1 + len(trainer.metric_names)
    late = {f"train.{name}" for name in trainer.late}
    header, tensors = store.read_checkpoint(path, expected, groups=("train", "history"), late=late)
    rows = tensors.pop(HISTORY, np.zeros((0, columns), np.float32))
    state = {name.removeprefix("train."): torch.from_numpy(np.array(value)) for name, value in tensors.items()}
    trainer.load_state(state)
    trainer.iteration = header.iteration
    trainer.set_metrics(header.metrics)
    told = np.concatenate([[0], rows[:, 0], [header.iteration + 1]])
    if not (np.diff(told) > 0).all():
        raise ValueError(f"{path.name} has damaged losses of its run.")
    return header.changes, History.of(rows), header.seconds


def _check_same_run(name: str, header: store.Header, request: api.TrainRequest) -> None:
    was, asked = (
        {"family": run.family, "dataset": dataset_name(run.dataset), **dataclasses.asdict(run.settings)}
        for run in (header, request)
    )
    for what, value in was.items():
        if asked.get(what) != value:
            raise ValueError(
                f"{name} was trained with {what} {value}, not {asked.get(what)}; leave it as it was to go on."
            )


def train(run: Run, clock: Clock | None = None) -> Generator[api.TrainEvent | None, bool | None, None]:
    """One iteration per `next()`, or a stage of it, until `iterations` is reached, nothing is left, or for ever.

    One that is asked for by itself, by `send(True)`, is told of at once.

    Args:
        clock: Says when rows and pictures are due; one of its own by default.

    Raises:
        Diverged: when a loss is no longer a finite number.
    """
    request, trainer = run.request, run.trainer
    clock = clock or Clock(trainer.preview_every_s if request.preview else math.inf, trainer.preview_share)
    first = _event(run, clock, request.preview > 0)
    numbers = {**first.numbers, **run.numbers}
    is_single = yield dataclasses.replace(
        first, past=run.history.rows, numbers=numbers, measured=run.measured, real=real_pictures(run)
    )
    for _ in trainer.preparing():
        yield None
    end = min((n for n in (request.iterations, trainer.most_iterations) if n), default=0)
    while not end or trainer.iteration < end:
        before, seconds = trainer.iteration, run.pace.advance()
        is_whole, told = trainer.iteration > before, run.pace.read_told()
        if is_whole:
            clock.iteration_done(seconds)
            run.measure(seconds)
        last = trainer.iteration == end
        if told or last or is_single or _is_marked(run) or clock.rows_due():
            shows = last or (is_whole if told else clock.preview_due())
            is_single = yield dataclasses.replace(_event(run, clock, request.preview > 0 and shows), stages=told)
        else:
            is_single = yield None
    if run.pending:  # somebody else has finished the last iteration
        told = run.pace.read_told()
        yield dataclasses.replace(_event(run, clock, request.preview > 0), stages=told)


def standing(run: Run, *, with_pictures: bool) -> api.TrainEvent | None:
    """How a run is that stands still: losses nobody has read, and pictures of now; None if there is nothing to tell.

    In the middle of an iteration no pictures are drawn; nothing is told where a loss is no longer a finite number.
    """
    draws = run.drawn_at < run.trainer.iteration and run.request.preview > 0 and not run.pace.is_half_done
    if not run.is_finite() or not (run.pending or draws):
        return None
    run.use_threads()  # others may have worked since its last iteration
    return _event(run, Clock(math.inf, 1), with_pictures and draws)


def _is_marked(run: Run) -> bool:
    return any(every and run.trainer.iteration % every == 0 for every in run.told_every)


class Clock:
    """When rows and pictures are due, and how fast the run is.

    Args:
        preview_every_s: Pictures come at most so often; never if it is infinite.
        preview_share: They take at most this share of the time.
    """

    def __init__(self, preview_every_s: float, preview_share: float) -> None:
        self._preview_every_s, self._preview_share = preview_every_s, preview_share
        self._rows_at = self._preview_at = time.perf_counter()
        self._preview_s: tuple[float, ...] = ()  # what the last two took
        self._iteration_s = 0.0  # smoothed over about a second; waiting and pauses do not count

    @property
    def iterations_per_s(self) -> float:
        """0 before the first iteration."""
        return 1 / self._iteration_s if self._iteration_s else 0.0

    def iteration_done(self, seconds: float) -> None:
        """An iteration took so long."""
        weight = min(1.0, max(seconds, 0.02)) if self._iteration_s else 1.0
        self._iteration_s += weight * (seconds - self._iteration_s)

    def rows_due(self) -> bool:
        """Whether it is time to tell the losses: also with pictures, so that the window is woken once for both."""
        due = time.perf_counter() - self._rows_at >= ROWS_EVERY_S or self.preview_due()
        return parallel.any_of(due)  # what follows, all processes of a run do at the same iteration

    def preview_due(self) -> bool:
        """Whether it is time to draw pictures."""
        usual_s = min(self._preview_s) if len(self._preview_s) > 1 else 0.0
        wait_s = max(self._preview_every_s, usual_s / self._preview_share)
        return time.perf_counter() - self._preview_at >= wait_s

    def rows_sent(self) -> None:
        """Losses were told just now."""
        self._rows_at = time.perf_counter()

    def preview_drawn(self, seconds: float) -> None:
        """Pictures were drawn just now, which took so long; the first of a run, while all is cold, tell nothing."""
        self._preview_s, self._preview_at = (*self._preview_s[-1:], seconds), time.perf_counter()


def _event(run: Run, clock: Clock, with_samples: bool) -> api.TrainEvent:
    trainer, rows = run.trainer, run.read_losses()
    if not np.isfinite(rows).all():
        bad = int(np.argmin(np.isfinite(rows).all(1))) - len(rows) + 1 + trainer.iteration
        raise Diverged(bad)
    clock.rows_sent()
    by_t = trainer.loss_by_t() if len(rows) else None
    samples: tuple[tuple[int, api.Pictures], ...] = ()
    views: dict[str, api.Pictures] = {}
    numbers: dict[str, api.Floats] = {}
    if with_samples:
        start = time.perf_counter()
        samples = ((trainer.iteration, trainer.preview(run.request.preview).numpy()),)
        views = {name: pictures.numpy() for name, pictures in trainer.views().items()}
        numbers = {name: tensor.float().cpu().numpy() for name, tensor in trainer.numbers().items()}
        run.drawn_at = trainer.iteration
        run.snapshot(numbers)
        if run.is_watched:
            seen, slopes = sight(run, samples[0][1])
            numbers, views = {**numbers, **seen}, {**views, **slopes}
        clock.preview_drawn(time.perf_counter() - start)
    return api.TrainEvent(
        run.request, trainer.iteration, trainer.metric_names, rows, samples, clock.iterations_per_s,
        tuple(run.changes), numbers, views, rewinds=run.snapshots.iterations(), measured=run.read_measured(),
        meter_seen=run.meter.seen if run.meter is not None else (0, 0),
        meter_trouble=run.read_meter_trouble(), classes=run.classes if run.request.family in CONDITIONAL else (),
        loss_by_t=((trainer.iteration, by_t.float().numpy()),) if by_t is not None else (),
    )  # fmt: skip
