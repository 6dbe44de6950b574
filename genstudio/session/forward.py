"""The forward process for the window: schedules, pictures to spoil, and the whole way as pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from genstudio import api
from genstudio.api.forward import grey_levels, moments, noise_like, noised, unit
from genstudio.core.datasets import Dataset
from genstudio.core.fitting import border, fit_pictures
from genstudio.core.levels import CLEAN
from genstudio.core.schedules import schedule_named
from genstudio.session.data import reading
from genstudio.session.stamps import Stamp, Stamps
from genstudio.settings.schedules import TIMESTEPS

MOST_STEPS = 1001
SOME = 100  # pictures of a dataset tell whether they are light on dark


def schedule(request: api.ScheduleRequest) -> api.ScheduleEvent:
    """The numbers of a schedule.

    Raises:
        ValueError: for an unknown schedule, or a T that is not allowed.
    """
    check_timesteps(request.timesteps)
    found = schedule_named(request.schedule, request.timesteps)
    numbers = (part.to(torch.float32).numpy() for part in (found.signal, found.noise, found.betas))
    return api.ScheduleEvent(request, *numbers)


def check_timesteps(timesteps: int) -> None:
    """Refuse a T that is not allowed.

    Raises:
        ValueError: naming what is.
    """
    low, high = TIMESTEPS
    if not low <= timesteps <= high:
        raise ValueError(f"T is {timesteps}; allowed: {low} to {high}")


def fit(request: api.FitRequest) -> api.FittedEvent:
    """Any picture as a square of a size.

    Raises:
        ValueError: if it is no picture, or shows nothing.
    """
    fitted = fit_pictures(request.picture[None], request.channels, request.size)
    return api.FittedEvent(request, fitted.images[0], fitted.done)


def way(request: api.ForwardRequest) -> api.Pictures:
    """Its pictures (steps, H, W, C).

    Raises:
        ValueError: if the picture cannot be read, or a number is not allowed.
    """
    if (picture := api.picture_of(request.picture)) is None:
        raise ValueError("the picture of this forward process cannot be read")
    check_timesteps(request.timesteps)
    if not 2 <= request.steps <= MOST_STEPS:
        raise ValueError(f"steps is {request.steps}; allowed: 2 to {MOST_STEPS}")
    if request.seed < 0:
        raise ValueError(f"seed is {request.seed}; it must not be negative")
    found = schedule_named(request.schedule, request.timesteps)
    levels = [found.level(t - 1) if t else CLEAN for t in moments(request.timesteps, request.steps)]
    x0, eps = unit(picture), noise_like(request.seed, picture)
    return np.stack([grey_levels(noised(x0, eps, level.signal, level.noise)) for level in levels])


class Originals:
    """Pictures of datasets by their numbers; the dataset asked for last stays in memory as long as it is the same."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir, self._stamps = data_dir, Stamps()
        self._read: tuple[tuple[str, Stamp], Dataset] | None = None

    def pick(self, request: api.OriginalRequest) -> Iterator[api.ProgressEvent | api.OriginalEvent]:
        """One held-out picture.

        Raises:
            ValueError: if there is none of that number.
        """
        key = request.dataset, self._stamps.of(request.dataset)
        if self._read is None or self._read[0] != key:
            self._read = key, (yield from reading(request.dataset, self._data_dir, train=False))
        dataset = self._read[1]
        if not 0 <= request.number < len(dataset):
            raise ValueError(f"there is no picture {request.number}; {dataset.name} has 0 to {len(dataset) - 1}")
        label = dataset.classes[dataset.labels[request.number]] if dataset.classes else ""
        rim = border(dataset.images[:SOME])
        yield api.OriginalEvent(request, dataset.images[request.number].copy(), label, len(dataset), rim)
