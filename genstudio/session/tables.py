"""The table of a model that draws classes."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator

import numpy as np

from genstudio import api
from genstudio.export.labels import label
from genstudio.export.letters import Tile
from genstudio.export.tables import named_rows
from genstudio.session.models import Loaded, ModelShelf
from genstudio.settings import CONDITIONAL
from genstudio.steps import finish

Sampled = Callable[[Loaded, api.SampleRequest], Generator[api.ProgressEvent, None, api.Pictures]]
MOST_COLUMNS = 256
MOST_ROWS = 256


def rows_of(request: api.ClassGridRequest) -> tuple[api.SampleRequest, ...]:
    """What each row shows."""
    told = request.sampler, request.steps, request.guidance, request.eta
    return tuple(
        api.SampleRequest(request.model, request.seed, request.columns, label, *told) for label in request.labels
    )


def check(loaded: Loaded, request: api.ClassGridRequest) -> None:
    """Refuse a table that the model cannot draw.

    Raises:
        ValueError: for a model without classes, a class it does not know, or too many.
    """
    info, known = loaded.info, len(loaded.info.classes)
    if not known or info.family not in CONDITIONAL:
        raise ValueError(f"{info.name} draws no classes, so there is no table of them")
    if not (1 <= len(request.labels) <= MOST_ROWS and 1 <= request.columns <= MOST_COLUMNS):
        raise ValueError(f"a table of classes has 1 to {MOST_ROWS} rows and 1 to {MOST_COLUMNS} columns")
    if strange := [label for label in request.labels if not 0 <= label < known]:
        raise ValueError(f"class {strange[0]} is unknown to {info.name}; it knows 0 to {known - 1}")


def class_grid(
    models: ModelShelf, request: api.ClassGridRequest, sampled: Sampled
) -> Generator[api.ProgressEvent, None, list[Tile]]:
    """All tiles row by row: the name of a class, then its pictures."""
    rows = yield from _rows(models, request, sampled)
    classes = models.get(request.model).info.classes
    return named_rows(rows, [classes[label] for label in request.labels])


def _rows(
    models: ModelShelf, request: api.ClassGridRequest, sampled: Sampled
) -> Generator[api.ProgressEvent, None, list[api.Pictures]]:
    loaded = models.get(request.model)
    check(loaded, request)
    rows: list[api.Pictures] = []
    for done, row in enumerate(rows_of(request)):
        for event in _counted(sampled(loaded, row), rows):
            share = done * request.columns + event.done
            yield api.ProgressEvent(event.what, share, len(request.labels) * request.columns)
    return rows


def _counted(
    drawing: Generator[api.ProgressEvent, None, api.Pictures], rows: list[api.Pictures]
) -> Generator[api.ProgressEvent, None, None]:
    """The progress of a drawing, whose pictures are appended in the end."""
    rows.append((yield from drawing))


def answer(models: ModelShelf, request: api.ClassGridRequest, sampled: Sampled) -> api.PicturesEvent:
    """The same in one go, as pictures alone (N, H, W, C): the names are as coarse as these."""
    start = time.perf_counter()
    rows, classes = finish(_rows(models, request, sampled)), models.get(request.model).info.classes
    shape = rows[0].shape[1:]
    heads = [np.broadcast_to(label(classes[k].lower(), shape[0]), (1, *shape)) for k in request.labels]
    images = np.concatenate([part for pair in zip(heads, rows, strict=True) for part in pair])
    return api.PicturesEvent(request, images, 1000 * (time.perf_counter() - start))
