"""Datasets for the window: a look at one, and its download."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator
from pathlib import Path

from genstudio import api
from genstudio.api.own_pictures import path_of
from genstudio.core import datasets
from genstudio.core.datasets import Dataset
from genstudio.core.families.point_gan import SHOWN, real_points
from genstudio.core.points import points_of
from genstudio.steps import mapped

PREVIEW = 64
Reading = Generator[api.ProgressEvent, None, Dataset]


def reading(name: str, data_dir: Path, *, train: bool = True) -> Reading:
    """A dataset; of a folder or zip with progress. Closing the generator ends the reading."""
    what = f"Reading {Path(path_of(name)).name}"
    return (yield from mapped(datasets.reading(name, data_dir, train), lambda step: api.ProgressEvent(what, *step)))


def look(request: api.DatasetRequest, data_dir: Path) -> Iterator[api.ProgressEvent | api.DatasetEvent]:
    """Counts, skipped files and pictures of a dataset, its classes in turn."""
    dataset = yield from reading(request.dataset, data_dir)
    yield api.DatasetEvent(dataset.info(), dataset.preview(PREVIEW), dataset.counts(), dataset.skipped)


def inspect(request: api.InspectRequest) -> Iterator[api.ProgressEvent | api.InspectedEvent]:
    """All that is to be known of a folder or zip before anything learns from it.

    Raises:
        FileNotFoundError, ValueError: if it is not there, or holds no picture that can be read.
    """
    name = Path(path_of(request.dataset)).name

    def told(step: tuple[str, int, int]) -> api.ProgressEvent:
        what, done, total = step
        return api.ProgressEvent(f"{what} {name}", done, total)

    found = yield from mapped(datasets.inspecting(request.dataset), told)
    yield api.InspectedEvent(
        request=request,
        info=found.train.info(),
        counts=found.train.counts(),
        held_out=found.held_out,
        preview=found.preview,
        labels=found.labels,
        unreadable=found.unreadable,
        others=found.others,
        empty=found.empty,
        sizes=found.sizes,
        has_parts=found.has_parts,
        twins=found.twins,
    )


def examples(request: api.ExamplesRequest) -> api.ExamplesEvent:
    """Points of a set.

    Raises:
        ValueError: for an unknown set, or strokes that cannot be read.
    """
    return api.ExamplesEvent(request, real_points(points_of(request.points), SHOWN, request.seed).numpy())


def download(request: api.DownloadRequest, data_dir: Path) -> Iterator[api.ProgressEvent | api.DatasetEvent]:
    """Fetch a dataset, then look at it; closing the generator cancels and leaves nothing half done."""
    with contextlib.closing(datasets.download(request.dataset, data_dir)) as progress:
        for done, total in progress:
            yield api.ProgressEvent(f"Downloading {request.dataset}", done, total)
    yield from look(api.DatasetRequest(request.dataset), data_dir)
