"""Sheets that carry their own headings.

Of factors: the matrix of what latents tell, as shaded tiles, beside pictures of each factor's latent. Of ways: a row
for each, after its name.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable

from genstudio import api
from genstudio.core import datasets
from genstudio.export.letters import Tile, Words
from genstudio.session import judging, planes
from genstudio.session.models import ModelShelf
from genstudio.session.study import StudyShelf

WAYS = {"slerp": ("Arc", "(slerp)"), "lerp": ("Line", "(lerp)"), "pixels": ("Blend", "of pixels")}
BRIGHTEST = 224  # grey level of a cell that tells all of a factor


def factor_sheet(
    models: ModelShelf, shelf: StudyShelf, request: api.FactorSheetRequest
) -> Generator[api.ProgressEvent, None, list[Tile]]:
    """All tiles row by row: a heading, then for each factor its name, a cell for each latent of
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
    told = found.shares()
    latent_names, values = (f"z{k + 1}" for k in request.columns), (f"{v:g}" for v in request.values)
    tiles: list[Tile] = [Words(("Mean gap", f"{found.gap:.2f}")), *_each(latent_names), Words(("Gap",)), *_each(values)]
    for row, name in enumerate(found.names()):
        tiles.append(Words((name,)))
        for latent in request.columns:
            share = float(told[row, latent])
            tiles.append(Words((f"{100 * share:.0f} %",), round(BRIGHTEST * share)))
        tiles.append(Words((f"{found.gaps()[row]:.2f}",)))
        tiles.extend(pictures[row * len(request.values) :][: len(request.values)])
    return tiles


def _each(names: Iterable[str]) -> list[Tile]:
    return [Words((name,)) for name in names]


def path_sheet(models: ModelShelf, request: api.PathSheetRequest) -> list[Tile]:
    """All tiles row by row: for each way its name and its pictures.

    Raises:
        ValueError: if the keys or the number of steps are none of a path.
    """
    tiles: list[Tile] = []
    for way in request.ways():
        tiles += [Words(WAYS[way.path]), *planes.path(models, way).images]
    return tiles
