"""The forward process for the window: schedules, pictures to spoil, and the whole way as pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from genstudio import api
from genstudio.api.borders import border
from genstudio.api.forward import grey_levels, moments, noise_like, noised, unit
from genstudio.core.datasets import Dataset
from genstudio.core.fitting import fit_pictures
from genstudio.core.levels import CLEAN, Level
from genstudio.core.schedules import schedule_named
from genstudio.export.columns import headed
from genstudio.export.letters import Tiles, Words
from genstudio.session.data import reading
from genstudio.session.stamps import Stamp, Stamps
from genstudio.settings.schedules import PEN, TIMESTEPS

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
    levels = levels_of(request)
    x0, eps = unit(picture), noise_like(request.seed, picture)
    return np.stack([grey_levels(noised(x0, eps, level.signal, level.noise)) for level in levels])


def levels_of(request: api.ForwardRequest) -> list[Level]:
    """The level of noise of each moment."""
    found = schedule_named(request.schedule, request.timesteps)
    return [found.level(t - 1) if t else CLEAN for t in moments(request.timesteps, request.steps)]


def sheet(request: api.ForwardRequest) -> Tiles:
    """The same, and where it is wanted over them the schedule and below each at which t it is, and of what.

    Raises:
        ValueError: as `way`.
    """
    pictures = way(request)
    if not request.told:
        return pictures
    name = "drawn" if request.schedule.startswith(PEN) else request.schedule
    title = f"Noisy pictures at t, {name} schedule with T = {request.timesteps}, noise of seed {request.seed}"
    below = [
        Words((f"t = {t}", f"{level.signal:.2f} picture", f"+ {level.noise:.2f} noise"))
        for t, level in zip(moments(request.timesteps, request.steps), levels_of(request), strict=True)
    ]
    return [*headed((title, *_whose(request.origin)), request.steps), *pictures, *below]


def _whose(origin: api.PictureOrigin | None) -> tuple[str, ...]:
    if origin is None:
        return ()
    of = f", class {origin.label}" if origin.label else ""
    return (f"Picture {origin.number} held out of {api.called(origin.dataset)}{of}",)


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
