"""Computes what a request asks for, in batches with progress, and writes it with its receipt."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from genstudio import api, export
from genstudio.core.compute import Compute
from genstudio.core.images import to_uint8
from genstudio.core.seeding import image_noise
from genstudio.export.letters import Tiles
from genstudio.export.repeats import samples_told
from genstudio.export.tables import by_class
from genstudio.files import check_writable
from genstudio.session import (
    comparing,
    copied,
    diffusion,
    forward,
    inversion,
    latent,
    one_picture,
    planes,
    samplers,
    sheets,
    tables,
    triptych,
)
from genstudio.session.models import Loaded, ModelShelf
from genstudio.session.study import StudyShelf
from genstudio.settings import DenoisingSettings
from genstudio.steps import finish

MOST_SAMPLES = 100_000
CHUNK = {"cpu": 16, "cuda": 512, "mps": 64}  # pictures at once; always full, so a picture ignores the count

Progress = Generator[api.ProgressEvent, None, api.Pictures]
Drawn = Generator[api.ProgressEvent, None, Tiles]


def chunks(count: int, size: int) -> Iterator[tuple[range, int]]:
    """Full ranges of `size` indices that cover `count`, each with how many of them are wanted."""
    for start in range(0, count, size):
        yield range(start, start + size), min(size, count - start)


def sampled(loaded: Loaded, request: api.SampleRequest) -> Progress:
    """New pictures (N, H, W, C), with progress; picture k depends on the seed and k alone.

    Raises:
        ValueError: for a count, class or sampler the model does not allow.
    """
    if not 1 <= request.count <= MOST_SAMPLES:
        raise ValueError(f"count is {request.count}; 1 to {MOST_SAMPLES} pictures are allowed")
    diffusion.check(request)
    size, done = CHUNK[loaded.compute.device.type], 0
    images: list[api.Pictures] = []
    for indices, wanted in chunks(request.count, size):
        if isinstance(loaded.info.settings, DenoisingSettings):
            for step in diffusion.steps_of(loaded, request, indices):
                share = done + wanted * step.index // request.steps
                yield api.ProgressEvent(f"Drawing from {loaded.info.name}", share, request.count)
            if not torch.isfinite(step.x_t).all():
                raise ValueError(f"{loaded.info.name} draws pictures that are no finite numbers when it is asked so")
            batch: api.Pictures = to_uint8(loaded.seen(step.x_t)).cpu().numpy()
        else:
            z = image_noise(request.seed, indices, (loaded.info.latent_dim,))
            labels = diffusion.labels_of(loaded.info, request.label, indices) if loaded.info.classes else None
            batch = latent.pictures_of(loaded, z, labels)
        images.append(batch[:wanted])
        done += wanted
        yield api.ProgressEvent(f"Drawing from {loaded.info.name}", done, request.count)
    return np.concatenate(images)


def sample(models: ModelShelf, request: api.SampleRequest) -> api.PicturesEvent:
    """The same in one go."""
    start = time.perf_counter()
    images = finish(sampled(models.get(request.model), request))
    return api.PicturesEvent(request, images, 1000 * (time.perf_counter() - start))


def sample_labels(info: api.ModelInfo, request: api.SampleRequest) -> np.ndarray | None:
    """The class of every picture of a request, (N,) int64; None where pictures have no class."""
    if not info.classes or request.label == api.NO_CLASS:
        return None
    labels: np.ndarray = diffusion.labels_of(info, request.label, range(request.count)).numpy()
    return labels


DRAWERS: dict[type, Callable[[ModelShelf, Any], api.PicturesEvent]] = {
    api.DecodeRequest: latent.decode,
    api.MapRequest: latent.decode_map,
    api.InterpolateRequest: latent.interpolate,
    api.PlaneRequest: planes.decode_plane,
    api.TraverseRequest: planes.traverse,
}


def render(
    models: ModelShelf,
    studies: StudyShelf,
    source: api.Source,
    layer: api.Layer = "x0_hat",
    frame: int = -1,
    copier: copied.Copier | None = None,
) -> Drawn:
    """The pictures of any source that can be computed at once, with progress; those of a sheet among its words.

    Args:
        copier: One that may know the dataset of a sheet of copies already.
    """
    if isinstance(source, api.SampleRequest):
        return (yield from sampled(models.get(source.model), source))
    if isinstance(source, api.DenoiseRequest):
        steps = []
        for event in diffusion.denoise(models, source):
            yield api.ProgressEvent("Denoising", event.steps[0].index, source.steps)
            steps.append(event.steps[0].layers[layer])
        if not -len(steps) <= frame < len(steps):
            raise ValueError(f"frame is {frame}; this film has {len(steps)}")
        return steps[frame]
    if isinstance(source, api.PathRequest):
        return planes.path(models, source).images
    if isinstance(source, api.CompareRequest):
        return (yield from comparing.sheet(models, studies, source, sampled))
    if isinstance(source, api.SamplersSheetRequest):
        return (yield from samplers.sheet(models, source))
    if isinstance(source, api.TriptychRequest):
        return (yield from triptych.sheet(models, source))
    if isinstance(source, api.OnePictureRequest):
        return (yield from one_picture.sheet(models, source))
    if isinstance(source, api.CopiedRequest):
        return (yield from (copier or copied.Copier(models, studies, sampled)).sheet(source))
    if isinstance(source, api.ClassGridRequest):
        return (yield from tables.class_grid(models, source, sampled))
    if isinstance(source, api.PathSheetRequest):
        return sheets.path_sheet(models, source)
    if isinstance(source, api.ForwardRequest):
        return forward.sheet(source)
    if isinstance(source, api.InvertRequest):
        return (yield from inversion.sheet(models, source))
    if isinstance(source, api.SlerpRequest):
        return (yield from inversion.strip(models, source))
    if isinstance(source, api.FactorSheetRequest):
        return (yield from sheets.factor_sheet(models, studies, source))
    if (draw := DRAWERS.get(type(source))) is not None:
        return draw(models, source).images
    if isinstance(source, api.ComparisonRequest):
        raise ValueError("A comparison is of numbers; nothing is drawn for it.")
    if isinstance(source, api.WalkFilmRequest):
        raise ValueError("A walk is no single picture; it is exported as a film.")
    raise ValueError("A training run is not drawn again; start it with the same settings.")


def export_grid(
    models: ModelShelf, studies: StudyShelf, request: api.ExportGridRequest, copier: copied.Copier | None = None
) -> Iterator[api.ProgressEvent | api.SavedEvent]:
    """One PNG; closing the generator leaves no file. What cannot be written is refused before the work."""
    layout, path = layout_for(request.source, request.layout), Path(request.path)
    export.check_png(path)
    check_writable(path)
    _check_page(models, request.source, api.picture_count(request.source), layout, path)
    images = yield from render(models, studies, request.source, request.layer, request.frame, copier)
    extra: dict[str, Any] = (
        {"layer": request.layer, "frame": request.frame} if isinstance(request.source, api.DenoiseRequest) else {}
    )
    receipt = export.make_receipt(request.source, layout, **_hashes(models, request.source), **extra)
    export.write_png(path, export.grid(images, layout), receipt)
    yield api.SavedEvent(str(path), path.stat().st_size)


def layout_for(source: api.Source, layout: api.GridLayout) -> api.GridLayout:
    """The layout with its columns filled in where the source has a natural number of them."""
    if layout.columns and not api.has_headings(source):
        return layout
    return dataclasses.replace(layout, columns=api.natural_columns(source))


def export_film(models: ModelShelf, request: api.ExportFilmRequest) -> Iterator[api.ProgressEvent | api.SavedEvent]:
    """One film; closing the generator leaves no file. What cannot be written is refused before the work."""
    source, path = request.source, Path(request.path)
    export.check_film(path, request.fps)
    check_writable(path)
    layout = layout_for(source, request.layout) if api.has_headings(source) else request.layout
    _check_page(models, source, api.frame_count(source), layout, path)
    receipt = export.make_receipt(source, layout, **_hashes(models, source), layer=request.layer)
    moments: list[Tiles] = []
    if isinstance(source, api.InterpolateRequest):
        moments = [image[None] for image in latent.interpolate(models, source).images]
    elif isinstance(source, api.PathRequest):
        moments = [image[None] for image in planes.path(models, source).images]
    elif isinstance(source, api.TraverseRequest):
        images = planes.traverse(models, source).images  # row by row
        moments = [images[k :: len(source.values)] for k in range(len(source.values))]
    elif isinstance(source, api.WalkFilmRequest):
        for images in latent.walk_film(models, source):
            moments.append(images)
            yield api.ProgressEvent("Walking", len(moments), source.steps)
    elif isinstance(source, api.ForwardRequest):
        moments = [image[None] for image in forward.way(source)]
    elif isinstance(source, api.InvertRequest):
        moments.extend((yield from inversion.film(models, source)))
    elif isinstance(source, api.SlerpRequest):
        moments = [image[None] for image in (yield from inversion.strip(models, source))]
    elif isinstance(source, api.SamplersSheetRequest):
        moments = yield from samplers.film(models, source)
    elif isinstance(source, api.TriptychRequest):
        moments = yield from triptych.film(models, source)
    elif isinstance(source, api.OnePictureRequest):
        moments = yield from one_picture.film(models, source, request.known)
    else:
        for event in diffusion.denoise(models, source):
            yield api.ProgressEvent("Denoising", event.steps[0].index, source.steps)
            moments.append(event.steps[0].layers[request.layer])
    yield from _write(path, moments, layout, request.fps, receipt)


def _hashes(models: ModelShelf, source: api.Drawn | api.Filmed) -> dict[str, Any]:
    """The hash of the model that drew it, "" where none did; of several all of them."""
    if isinstance(source, api.ForwardRequest):
        return {"model_sha256": ""}
    hashes: dict[str, Any] = {"model_sha256": models.get(source.model).info.sha256}
    if isinstance(source, api.SEVERAL):
        hashes["models_sha256"] = [models.get(name).info.sha256 for name in source.models]
    return hashes


def _check_page(
    models: ModelShelf, source: api.Drawn | api.Filmed, count: int, layout: api.GridLayout, path: Path
) -> None:
    if isinstance(source, api.ForwardRequest):
        high, wide, _ = api.packed_shape(source.picture) or (0, 0, 0)
    else:
        names = source.models if isinstance(source, api.SEVERAL) else (source.model,)
        high = wide = max((models.get(name).info.size for name in names), default=0)
    if count >= 1 and high:  # otherwise the source itself says what is wrong with it
        export.check_grid(path, count, high, wide, layout)


def write_pictures(request: api.WritePicturesRequest, compute: Compute) -> Iterator[api.ProgressEvent | api.SavedEvent]:
    """Pictures the window already has: a grid, or a film if there are several moments; `compute` trained them."""
    extra: dict[str, Any] = {"iteration": request.iteration, "rounding": compute.rounding()}
    layout, path = request.layout, Path(request.path)
    films: api.Film | Sequence[Tiles] = request.films
    if request.classes:
        layout = dataclasses.replace(layout, columns=api.natural_columns(request))
        films, extra["classes"] = [by_class(images, request.classes) for images in request.films], request.classes
    if request.samples is not None:
        extra |= samples_told(request.samples)
    if request.beside is not None:
        extra["beside"] = api.request_entry(request.beside)
    receipt = export.make_receipt(request.source, layout, "", **extra)
    if len(films) == 1:
        export.write_png(path, export.grid(films[0], layout), receipt)
        yield api.SavedEvent(str(path), path.stat().st_size)
    else:
        yield from _write(path, films, layout, request.fps, receipt)


def _write(
    path: Path,
    moments: api.Film | Sequence[Tiles],
    layout: api.GridLayout,
    fps: float,
    receipt: dict[str, object],
) -> Iterator[api.ProgressEvent | api.SavedEvent]:
    """A film of (T, N, H, W, C), each frame enlarged only when it is written: a long film would fill the memory."""
    frames, count = export.film_frames(moments, layout), len(moments)
    for done in export.write_film(path, frames, fps, receipt, count):
        yield api.ProgressEvent(f"Writing {path.name}", done, count)
    yield api.SavedEvent(str(path), path.stat().st_size)
