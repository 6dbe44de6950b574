"""Datasets for the window: a look at one, and its download."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from genstudio import api
from genstudio.core import datasets

PREVIEW = 64


def look(request: api.DatasetRequest, data_dir: Path) -> api.DatasetEvent:
    """Counts, skipped files and pictures of a dataset, its classes in turn."""
    dataset = datasets.load(request.dataset, data_dir)
    return api.DatasetEvent(dataset.info(), dataset.preview(PREVIEW), dataset.counts(), dataset.skipped)


def download(request: api.DownloadRequest, data_dir: Path) -> Iterator[api.ProgressEvent | api.DatasetEvent]:
    """Fetch a dataset, then look at it; closing the generator cancels and leaves nothing half done."""
    with contextlib.closing(datasets.download(request.dataset, data_dir)) as progress:
        for done, total in progress:
            yield api.ProgressEvent(f"Downloading {request.dataset}", done, total)
    yield look(api.DatasetRequest(request.dataset), data_dir)
