"""Models of different kinds at one place between the noises of two seeds: their pictures, and the sheet of all."""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from genstudio import api
from genstudio.api.model_card import SHORT_TITLES
from genstudio.api.numbers import about_ms
from genstudio.api.triptych import FEW, MOMENTS, MOST_EACH, MOST_PANELS, NO_CLASSES
from genstudio.core.images import to_uint8
from genstudio.core.latents import slerp
from genstudio.core.levels import SPACINGS
from genstudio.core.samplers import SAMPLERS, Step
from genstudio.core.seeding import ImageNoise, image_noise
from genstudio.core.thread_chooser import ThreadChooser
from genstudio.errors import counted
from genstudio.export.columns import headed, side_by_side
from genstudio.export.letters import EMPTY, Tile, Tiles
from genstudio.session import diffusion, latent
from genstudio.session.models import Loaded, ModelShelf
from genstudio.settings import DENOISING

AT_ONCE = 2  # pictures of a preview that are drawn together
FRESH = 2_000_000  # what a sampler draws on its way: of seed A, and of this purpose
Progress = Generator[api.ProgressEvent, None, list[Tile]]


def check(request: api.PanelRequest) -> None:
    """Refuse what no model can draw.

    Raises:
        ValueError: naming the field, the value and what is allowed.
    """
    if not 1 <= request.count <= MOST_EACH:
        raise ValueError(f"count is {request.count}; 1 to {MOST_EACH} pictures of each model stand side by side")
    if not (math.isfinite(request.position) and 0 <= request.position <= 1):
        raise ValueError(f"position is {request.position}; allowed: 0, which is seed A, to 1, which is seed B")
    if min(request.seed_a, request.seed_b) < 0:
        raise ValueError(f"the seeds are {request.seed_a} and {request.seed_b}; they must not be negative")
    panel = request.panel
    told = panel.label, panel.sampler, panel.steps, panel.guidance, 0.0, panel.spacing
    diffusion.check(api.SampleRequest(panel.model, request.seed_a, request.count, *told))


def noise_of(request: api.PanelRequest, shape: tuple[int, ...]) -> Tensor:
    """The noise (count, *shape) with which the pictures of a request begin; at both ends that of the seed itself."""
    a, b = (image_noise(seed, range(request.count), shape) for seed in (request.seed_a, request.seed_b))
    if request.position in (0, 1):
        return b if request.position else a
    between = slerp(a.flatten(1), b.flatten(1), torch.tensor([request.position]))
    return between[0].view_as(a)


def answer(models: ModelShelf, request: api.PanelRequest) -> api.PicturesEvent:
    """The pictures of a VAE or a GAN.

    Raises:
        ValueError, FileNotFoundError: in one sentence, for what cannot be drawn.
    """
    check(request)
    loaded = models.get(request.model)
    loaded.latent_network()
    start = time.perf_counter()
    z = noise_of(request, (loaded.info.latent_dim,))
    images = latent.pictures_of(loaded, z, _labels(loaded, request) if loaded.info.classes else None)
    return api.PicturesEvent(request, images, 1000 * (time.perf_counter() - start))


def denoise(
    models: ModelShelf, request: api.PanelRequest, chooser: ThreadChooser | None = None
) -> Iterator[api.PanelEvent | None]:
    """One event for each step of a diffusion model, from the noise to the clean pictures.

    A few steps are drawn a few pictures at a time, on one thread, with a None between them: somebody drags, and the
    pictures of the other models are not to wait for more.

    Raises:
        ValueError, FileNotFoundError: in one sentence, for what cannot be drawn.
    """
    check(request)
    loaded, panel = models.get(request.model), request.panel
    device = loaded.compute.device
    levels = SPACINGS[panel.spacing](loaded.schedule(), panel.steps)
    labels, x_T = _labels(loaded, request), noise_of(request, loaded.state_shape())
    is_preview = panel.steps <= FEW and device.type == "cpu"
    size = AT_ONCE if is_preview else request.count
    chooser = ThreadChooser(1) if is_preview else chooser

    def run(rows: range) -> Iterator[Step]:
        predict = loaded.predict(labels[rows.start : rows.stop].to(device), panel.guidance)
        rng = ImageNoise(request.seed_a, rows, device, FRESH)
        begin = x_T[rows.start : rows.stop].to(device)
        return diffusion.timed(SAMPLERS[panel.sampler].run(predict, levels, begin, rng), chooser)

    starts = range(0, request.count, size)
    runs = [run(range(k, min(k + size, request.count))) for k in starts]
    total_ms = 0.0
    for index in range(panel.steps + 1):
        states: list[Tensor] = []
        for steps in runs:
            if states:
                yield None
            start = time.perf_counter()
            states.append(next(steps).x_t)
            total_ms += 1000 * (time.perf_counter() - start)
        images = api.NO_PICTURES
        if index == panel.steps:
            start = time.perf_counter()
            images = to_uint8(loaded.seen(torch.cat(states))).cpu().numpy()
            total_ms += 1000 * (time.perf_counter() - start)
        yield api.PanelEvent(request, images, index, panel.steps, total_ms)


def _labels(loaded: Loaded, request: api.PanelRequest) -> Tensor:
    return diffusion.labels_of(loaded.info, request.panel.label, range(request.count))


# ---- files ------------------------------------------------------------------------------------------------


def sheet(models: ModelShelf, request: api.TriptychRequest) -> Progress:
    """All tiles row by row; smaller pictures stand in the middle of their tiles.

    Raises:
        ValueError: if a model cannot draw them.
    """
    costs = _costs(models, request)
    return (yield from _moment(models, request, request.position, 0, sum(costs)))


def film(models: ModelShelf, request: api.TriptychRequest) -> Generator[api.ProgressEvent, None, list[Tiles]]:
    """The same at MOMENTS places from seed A to seed B."""
    costs, moments = _costs(models, request), list[Tiles]()
    for number in range(MOMENTS):
        done, count = number * sum(costs), MOMENTS * sum(costs)
        moments.append((yield from _moment(models, request, number / (MOMENTS - 1), done, count)))
    return moments


def _costs(models: ModelShelf, request: api.TriptychRequest) -> list[int]:
    """How many calls of its network each model needs for one place; what is no sheet is refused.

    Raises:
        ValueError, FileNotFoundError: saying what was given and what is allowed.
    """
    if not 1 <= len(request.panels) <= MOST_PANELS:
        raise ValueError(f"{len(request.panels)} models side by side; 1 to {MOST_PANELS} are allowed")
    if len(request.ms) != len(request.panels):
        raise ValueError(f"{len(request.ms)} times of {len(request.panels)} models")
    infos = [models.get(model).info for model in request.models]
    return [panel.steps if info.family in DENOISING else 1 for panel, info in zip(request.panels, infos, strict=True)]


def _moment(models: ModelShelf, request: api.TriptychRequest, position: float, done: int, count: int) -> Progress:
    """The tiles of one place, after `done` of `count` calls."""
    made, infos = [], [models.get(model).info for model in request.models]
    for asked, info in zip(request.asked(position), infos, strict=True):
        if info.family in DENOISING:
            for event in filter(None, denoise(models, asked)):
                yield api.ProgressEvent("Drawing", done + event.step, count)
            done += event.count
            made.append(event.images)
        else:
            made.append(answer(models, asked).images)
            done += 1
            yield api.ProgressEvent("Drawing", done, count)
    return _tiles(request, made, infos)


def _tiles(request: api.TriptychRequest, made: list[api.Pictures], infos: Sequence[api.ModelInfo]) -> list[Tile]:
    """The models beside each other, of each its heading and its pictures."""
    side = max(images.shape[1] for images in made)
    wide, high = request.wide(), request.high()
    blocks: list[list[Tile]] = []
    for panel, images, info, ms in zip(request.panels, made, infos, request.ms, strict=True):
        spare = [EMPTY] * (wide * high - len(images))
        head = _heading(panel, info, ms, is_untold=not info.classes and any(other.classes for other in infos))
        blocks.append([*headed(head, wide), *(_framed(image, side) for image in images), *spare])
    return side_by_side(blocks, wide)


def _framed(image: api.Pictures, side: int) -> api.Pictures:
    """A picture (H, W, C) in the middle of a black square (side, side, C)."""
    spare = side - image.shape[0]
    edges = (spare // 2, spare - spare // 2)
    return np.pad(image, (edges, edges, (0, 0))) if spare else image


def _heading(panel: api.Panel, info: api.ModelInfo, ms: float, *, is_untold: bool) -> tuple[str, ...]:
    """Kind, name, how often its network is asked, and what a picture took: about, as it is said in the window.

    Args:
        is_untold: Whether others are told a class, and it is not.
    """
    calls = counted(panel.steps, "step") if info.family in DENOISING else "1 pass"
    took = f"about {about_ms(ms)} a picture" if ms > 0 else ""
    return SHORT_TITLES[info.family], info.name, f"{calls}, {NO_CLASSES}" if is_untold else calls, took
