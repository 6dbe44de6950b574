"""Sheets that carry their own headings.

Of factors: the matrix of what latents tell, as shaded tiles, beside pictures of each factor's latent. Of ways: a row
for each, after its name.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from genstudio import api
from genstudio.core import datasets
from genstudio.export.labels import label
from genstudio.session import judging, planes
from genstudio.session.models import ModelShelf
from genstudio.session.study import StudyShelf

BRIGHTEST = 224  # grey level of a cell that tells all of a factor


def factor_sheet(
    models: ModelShelf, shelf: StudyShelf, request: api.FactorSheetRequest
) -> Generator[api.ProgressEvent, None, api.Pictures]:
    """All tiles row by row, (N, H, W, C): a heading, then for each factor its name, a cell for each latent of
    `columns` with its percents, the gap, and the pictures as the latent of `dims` moves.

    Raises:
        ValueError: if the request does not fit the model or the dataset.
    """
    if request.dataset not in {info.name for info in datasets.infos(shelf.data_dir)}:  # it may come out of a file
        raise ValueError(f"there is no dataset {request.dataset!r} here")
    asked = api.FactorsRequest(request.model, request.dataset, request.count)
    found = yield from judging.measured_factors(models, shelf, asked)
    factors, latents = found.information.shape
    if sorted(request.columns) != list(range(latents)) or len(request.dims) != factors:
        raise ValueError(f"a sheet of {request.model} has {latents} columns and {factors} rows of pictures")
    moved = api.TraverseRequest(request.model, request.z, request.dims, request.values)
    pictures = planes.traverse(models, moved).images
    size, channels = pictures.shape[1], pictures.shape[3]
    told = found.shares()
    heading = [f"{found.gap:.2f}", *(f"z{k + 1}" for k in request.columns), "gap", *(f"{v:g}" for v in request.values)]
    tiles = [label(text, size) for text in heading]
    for row, name in enumerate(found.names()):
        tiles.append(label(name, size))
        for latent in request.columns:
            share = float(told[row, latent])
            tiles.append(label(f"{100 * share:.0f}", size, round(BRIGHTEST * share)))
        tiles.append(label(f"{found.gaps()[row]:.2f}", size))
        tiles.extend(pictures[row * len(request.values) :][: len(request.values)])
    return np.stack([np.broadcast_to(tile, (size, size, channels)) for tile in tiles])


def path_sheet(models: ModelShelf, request: api.PathSheetRequest) -> api.Pictures:
    """All tiles row by row: for each way its name and its pictures.

    Raises:
        ValueError: if the keys or the number of steps are none of a path.
    """
    tiles: list[api.Pictures] = []
    for way in request.ways():
        pictures = planes.path(models, way).images
        tiles += [np.broadcast_to(label(way.path, pictures.shape[1]), pictures.shape[1:]), *pictures]
    return np.stack(tiles)
