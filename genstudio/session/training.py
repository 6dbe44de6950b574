"""Training runs: the same for the window and for the command line."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import re
import shlex
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from genstudio import api, store
from genstudio.core import datasets
from genstudio.core.compute import THREADS, Compute, use_threads
from genstudio.core.datasets import Dataset
from genstudio.core.families import FAMILIES
from genstudio.core.training import Trainer, TrainingData, prefixed
from genstudio.settings import SETTINGS, check_settings

ROWS_EVERY_S = 0.033
PREVIEW_EVERY_S = 0.25
VARIABLES = {"device": "GENSTUDIO_DEVICE", "precision": "GENSTUDIO_PRECISION", "threads": "OMP_NUM_THREADS"}
MOST_PREVIEW = 1024  # pictures
LAST_RUN = "last run"  # how the file of a run that nobody saved begins
KEPT_NAME = re.compile(rf"{LAST_RUN} \([^()]*, \d+\){re.escape(store.ENDING)}")
KEPT = 3  # such files
PREVIEW_SHARE = 0.03  # of the time: wide networks draw their samples less often


@dataclass
class Run:
    """A trainer with what is needed to save it."""

    request: api.TrainRequest
    trainer: Trainer
    classes: tuple[str, ...]


def check(request: api.TrainRequest) -> None:
    """Refuse a run that could not begin, before its data is read.

    Raises:
        ValueError: for an unknown family, bad settings, or numbers that are not allowed.
    """
    if request.family not in FAMILIES or not isinstance(request.settings, SETTINGS[request.family]):
        raise ValueError(f"family is {request.family!r}; allowed: {', '.join(FAMILIES)}, each with its own settings")
    check_settings(request.settings)
    if request.iterations < 0:
        raise ValueError(f"iterations is {request.iterations}; give 0 (until stopped) or more")
    if not 0 <= request.preview <= MOST_PREVIEW:
        raise ValueError(f"preview is {request.preview}; allowed: 0 to {MOST_PREVIEW}")


def prepare(request: api.TrainRequest, data_dir: Path, compute: Compute, dataset: Dataset | None = None) -> Run:
    """Build the networks, and go back to the checkpoint where the request names one.

    Args:
        dataset: What has been read already; else it is read here.

    Raises:
        ValueError, FileNotFoundError: as `check` does, for an unknown dataset or an unusable checkpoint.
    """
    check(request)
    use_threads(THREADS)
    dataset = dataset if dataset is not None else datasets.load(request.dataset, data_dir)
    data = TrainingData.of(dataset, compute.device)
    trainer = FAMILIES[request.family].trainer(request.settings, data, compute)
    if request.resume:
        _resume(trainer, request)
    return Run(request, trainer, dataset.classes)


def _resume(trainer: Trainer, request: api.TrainRequest) -> None:
    path = Path(request.resume)

    def expected(header: store.Header) -> dict[str, tuple[int, ...]]:
        _check_same_run(path.name, header, request)
        return {name: tuple(t.shape) for name, t in prefixed("train", trainer.state()).items()}

    header, tensors = store.read_checkpoint(path, expected, groups=("train",))
    state = {name.removeprefix("train."): torch.from_numpy(np.array(value)) for name, value in tensors.items()}
    trainer.load_state(state)
    trainer.iteration = header.iteration


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


def dataset_name(dataset: str) -> str:
    """What a file calls a dataset: a folder or zip by its last part, wherever on this machine it is."""
    return api.last_part(os.path.normpath(Path.cwd() / dataset))


def train(run: Run) -> Iterator[api.TrainEvent | None]:
    """One iteration per `next()`, until `iterations` is reached or for ever.

    Raises:
        FloatingPointError: when a loss is no longer a finite number.
    """
    request, trainer = run.request, run.trainer
    clock = _Clock()
    pending: list[Tensor] = []
    yield _event(run, pending, clock, request.preview > 0)
    while not request.iterations or trainer.iteration < request.iterations:
        start = time.perf_counter()
        trainer.run_iteration()
        clock.iteration_done(time.perf_counter() - start)
        pending.append(trainer.metrics())
        last = trainer.iteration == request.iterations
        if last or clock.rows_due():
            yield _event(run, pending, clock, request.preview > 0 and (last or clock.preview_due()))
        else:
            yield None


class _Clock:
    """When rows and pictures are due, and how fast the run is."""

    def __init__(self) -> None:
        self._rows_at = self._preview_at = time.perf_counter()
        self._preview_s = 0.0
        self._iteration_s = 0.0  # smoothed over about a second; waiting and pauses do not count

    @property
    def iterations_per_s(self) -> float:
        """0 before the first iteration."""
        return 1 / self._iteration_s if self._iteration_s else 0.0

    def iteration_done(self, seconds: float) -> None:
        weight = min(1.0, max(seconds, 0.02)) if self._iteration_s else 1.0
        self._iteration_s += weight * (seconds - self._iteration_s)

    def rows_due(self) -> bool:
        return time.perf_counter() - self._rows_at >= ROWS_EVERY_S

    def preview_due(self) -> bool:
        wait_s = max(PREVIEW_EVERY_S, self._preview_s / PREVIEW_SHARE)
        return time.perf_counter() - self._preview_at >= wait_s

    def rows_sent(self) -> None:
        self._rows_at = time.perf_counter()

    def preview_drawn(self, seconds: float) -> None:
        self._preview_s, self._preview_at = seconds, time.perf_counter()


def _event(run: Run, pending: list[Tensor], clock: _Clock, with_samples: bool) -> api.TrainEvent:
    trainer = run.trainer
    names = trainer.metric_names
    rows = torch.stack(pending).float().cpu().numpy() if pending else np.zeros((0, len(names)), np.float32)
    pending.clear()
    if not np.isfinite(rows).all():
        bad = int(np.argmin(np.isfinite(rows).all(1))) - len(rows) + 1 + trainer.iteration
        raise FloatingPointError(
            f"A loss is no longer a finite number at iteration {bad}; the run has stopped. "
            "Try a smaller learning rate and start again."
        )
    clock.rows_sent()
    samples: tuple[tuple[int, api.Pictures], ...] = ()
    if with_samples:
        start = time.perf_counter()
        samples = ((trainer.iteration, trainer.preview(run.request.preview).numpy()),)
        clock.preview_drawn(time.perf_counter() - start)
    return api.TrainEvent(run.request, trainer.iteration, names, rows, samples, clock.iterations_per_s)


def save(run: Run, request: api.SaveRequest) -> api.SavedEvent:
    """Write the run's model and the trainer's state."""
    trainer = run.trainer
    state = {**prefixed("model", trainer.model().state_dict()), **prefixed("train", trainer.state())}
    path = Path(request.path)
    store.write_checkpoint(path, header_of(run), {name: tensor.numpy() for name, tensor in state.items()})
    return api.SavedEvent(str(path), path.stat().st_size)


def keep(run: Run, folder: Path, spare: Iterable[str] = ()) -> api.SavedEvent:
    """Write the run into a folder of models as the last one; of those kept before, only the newest stay.

    Args:
        spare: Files that stay whatever their age.
    """
    folder.mkdir(parents=True, exist_ok=True)
    dataset = dataset_name(run.request.dataset).removesuffix(".zip")[:40]
    path = folder / f"{LAST_RUN} ({dataset}, {run.trainer.iteration}){store.ENDING}"
    event = save(run, api.SaveRequest(str(path)))
    spared = {path.resolve(), *(Path(file).resolve() for file in spare)}
    kept = [file for file in folder.iterdir() if KEPT_NAME.fullmatch(file.name) and file.resolve() not in spared]
    for old in sorted(kept, key=lambda file: file.stat().st_mtime, reverse=True)[KEPT - 1 :]:
        with contextlib.suppress(OSError):  # somebody reads it
            old.unlink()
    return event


def header_of(run: Run, *, training: bool = True) -> store.Header:
    """The header of a checkpoint of this run as it is now."""
    request, trainer = run.request, run.trainer
    metrics = dict(zip(trainer.metric_names, map(float, trainer.metrics()), strict=True))
    return store.Header(
        family=request.family,
        settings=request.settings,
        dataset=dataset_name(request.dataset),
        channels=trainer.data.channels,
        size=trainer.data.size,
        classes=run.classes,
        iteration=trainer.iteration,
        metrics=metrics,
        quality={},
        reproduce=reproduce(request, trainer.iteration, trainer.compute),
        training=training,
    )


def reproduce(request: api.TrainRequest, iteration: int, compute: Compute) -> str:
    """The command that makes the same weights again, for a POSIX shell.

    Another precision, and another number of threads on the CPU, round differently; so it names them.
    """
    words = [f"{VARIABLES[what]}={value}" for what, value in compute.rounding().items()]
    dataset = dataset_name(request.dataset)
    words += ["genstudio", "train", request.family, "--dataset", dataset, "--iterations", str(iteration)]
    defaults = SETTINGS[request.family]()
    for field in dataclasses.fields(request.settings):
        value = getattr(request.settings, field.name)
        if value != getattr(defaults, field.name):
            words += [f"--{field.name.replace('_', '-')}", f"{value}"]
    return shlex.join([*words, "--out", "model.safetensors"])
