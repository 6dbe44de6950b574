"""How long a training takes on one core, reckoned from the pace of a part of it."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from pathlib import Path

from genstudio.api import TrainingTime, TrainRequest
from genstudio.core import datasets
from genstudio.core.compute import default_compute, machine
from genstudio.core.families.classifier import train_classifier
from genstudio.core.threads import use_threads
from genstudio.core.training import TrainingData
from genstudio.session import training
from genstudio.settings import ClassifierSettings

WARM_UP = 3  # iterations, where there are more
PACE_S = 30.0


def training_time(request: TrainRequest, data_dir: Path, seconds: float = PACE_S) -> TrainingTime:
    """All iterations of a training at the pace of so many seconds of it; nothing is kept of what it learns."""
    learns = _classifier if isinstance(request.settings, ClassifierSettings) else _run
    done, first = learns(request, data_dir), WARM_UP if request.iterations > WARM_UP else 0
    if first:
        next(iteration for iteration in done if iteration >= first)
    last, start = first, time.perf_counter()
    for last in done:
        if time.perf_counter() - start >= seconds and last > first:
            break
    each = (time.perf_counter() - start) / (last - first)
    return TrainingTime(round(each * request.iterations, 1), machine(default_compute(), threads=1), last - first)


def _run(request: TrainRequest, data_dir: Path) -> Iterator[int]:
    """The iterations that are done, after each or a part of one; it goes on after the last that is asked for."""
    run = training.prepare(dataclasses.replace(request, iterations=0), data_dir, default_compute())
    use_threads(1)
    for _ in training.train(run):
        yield run.trainer.iteration


def _classifier(request: TrainRequest, data_dir: Path) -> Iterator[int]:
    assert isinstance(request.settings, ClassifierSettings)
    compute = default_compute()
    train = TrainingData.of(datasets.load(request.dataset, data_dir), compute.device)
    use_threads(1)
    for iteration, _ in train_classifier(request.settings, train, compute, request.iterations):
        yield iteration
