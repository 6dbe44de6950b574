"""One picture found again in models of several kinds: through an encoder, by descent, by DDIM backwards."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from typing import Any

import numpy as np
import torch

from genstudio import api
from genstudio.api.differences import difference, mean_square
from genstudio.api.model_card import SHORT_TITLES
from genstudio.api.numbers import short
from genstudio.api.one_picture import DESCENT, MOMENTS, STARTS, TIMES, PictureOrigin
from genstudio.core.families.gan import Generator as ClassGenerator
from genstudio.core.images import to_uint8
from genstudio.core.projection import project as descend
from genstudio.core.seeding import image_noise
from genstudio.core.threads import THREADS, use_threads
from genstudio.export.letters import EMPTY, Tile, Tiles, Words, in_channels
from genstudio.session import encoding, inversion
from genstudio.session.models import Loaded, ModelShelf
from genstudio.settings import ADVERSARIAL, DENOISING

MOST = 3  # models
Progress = Generator[api.ProgressEvent, None, api.Pictures]


def check(loaded: Loaded, request: api.ProjectRequest) -> None:
    """Refuse what has no code to find.

    Raises:
        ValueError: naming the field, the value and what is allowed.
    """
    if loaded.info.family not in ADVERSARIAL:
        raise ValueError(f"{loaded.info.name} is no GAN; a descent through codes needs a generator")
    for name, (low, high) in {"starts": STARTS, "steps": DESCENT, "seed": (0, 2**63)}.items():
        if not low <= getattr(request, name) <= high:
            raise ValueError(f"{name} is {getattr(request, name)}; allowed: {low} to {high}")


def project(models: ModelShelf, request: api.ProjectRequest) -> Iterator[api.ProjectEvent]:
    """One event for each update of all codes, with the nearest picture found so far.

    Raises:
        ValueError, FileNotFoundError: in one sentence, for what cannot be found.
    """
    loaded = models.get(request.model)
    check(loaded, request)
    network: Any = loaded.latent_network()
    target, device = inversion.state_of(loaded, request.picture), loaded.compute.device
    z = image_noise(request.seed, range(request.starts), (loaded.info.latent_dim,)).to(device)
    known = network.classes if isinstance(network, ClassGenerator) else 0
    labels = torch.arange(request.starts, device=device) % known if known else None
    told = () if labels is None else (labels,)
    best, picture, of, total_ms = float("inf"), np.zeros((0,), np.uint8), -1, 0.0
    places = descend(lambda codes: network.decode(codes, *told), target, z, request.steps)
    while True:
        use_threads(THREADS)  # between two updates this thread may do something else
        start = time.perf_counter()
        if (place := next(places, None)) is None:
            return
        nearest = int(place.errors.argmin())
        if (error := float(place.errors[nearest])) < best:
            best, of = error, -1 if labels is None else int(labels[nearest])
            picture = to_uint8(place.images[nearest][None])[0].cpu().numpy()
        total_ms += 1000 * (time.perf_counter() - start)
        yield api.ProjectEvent(request, (api.ProjectStep(place.index, picture, best, of, total_ms),))


# ---- files ----------------------------------------------------------------------------------------------


def sheet(models: ModelShelf, request: api.OnePictureRequest) -> Generator[api.ProgressEvent, None, list[Tile]]:
    """All tiles row by row: names, then the picture and what comes back of it, then the differences.

    Raises:
        ValueError: if a model cannot find it.
    """
    real, ways = yield from _ways(models, request)
    return _tiles(request, real, ways, 1.0)


def film(
    models: ModelShelf, request: api.OnePictureRequest, known: Sequence[api.Pictures] = ()
) -> Generator[api.ProgressEvent, None, list[Tiles]]:
    """The same at MOMENTS shares of the descent and of the ways, from their beginning to their end; `known` is all that
    each model went through, (T, H, W, C), where it need not be computed."""
    real, ways = yield from _ways(models, request, known)
    return [_tiles(request, real, ways, number / (MOMENTS - 1)) for number in range(MOMENTS)]


Way = tuple[api.ModelInfo, api.Pictures]  # a model, and all that it went through, (T, H, W, C)


def _ways(
    models: ModelShelf, request: api.OnePictureRequest, known: Sequence[api.Pictures] = ()
) -> Generator[api.ProgressEvent, None, tuple[api.Pictures, list[Way]]]:
    """The picture (H, W, C), and the way of each model.

    Raises:
        ValueError: if there are no models or too many, one cannot find it, or what is known is not of them.
    """
    if not 1 <= len(request.models) <= MOST:
        raise ValueError(f"{len(request.models)} models side by side; 1 to {MOST} are allowed")
    real, ways = api.picture_of(request.picture), []
    if real is None:
        raise ValueError("the picture of this sheet cannot be read")
    if known and (len(known) != len(request.models) or any(way.shape[1:] != real.shape for way in known)):
        raise ValueError(f"{len(known)} ways are known of {len(request.models)} models, or of pictures of another size")
    for k, name in enumerate(request.models):
        info = models.get(name).info
        way = known[k] if known else (yield from _way(models, request, name, info.family, real))
        ways.append((info, way))
    return real, ways


def _tiles(request: api.OnePictureRequest, real: api.Pictures, ways: list[Way], share: float) -> list[Tile]:
    """The tiles at a share of all ways. On its way a diffusion model has noise, which is no picture to compare."""
    heads: list[Tile] = [Words(_origin(request.origin))]
    given: list[Tile] = [real]
    differ: list[Tile] = [Words(("Difference,", f"{TIMES} times as strong.", "Orange: brighter,", "blue: darker."))]
    for info, way in ways:
        number = round(share * (len(way) - 1))
        is_picture, back = number == len(way) - 1 or info.family not in DENOISING, way[number]
        error = short(mean_square(back[None], real[None])) if is_picture else "…"
        heads.append(Words((SHORT_TITLES[info.family], info.name, "mean squared error", error)))
        given.append(back)
        differ.append(difference(back[None], real[None], "signed", TIMES)[0] if is_picture else EMPTY)
    return in_channels([*heads, *given, *differ], 3)


def _origin(origin: PictureOrigin | None) -> tuple[str, ...]:
    """Where the picture is from."""
    if origin is None:
        return ("Your own picture",)
    return "A held-out picture", api.called(origin.dataset), *([f"class {origin.label}"] if origin.label else [])


def _way(models: ModelShelf, request: api.OnePictureRequest, name: str, family: str, real: api.Pictures) -> Progress:
    """All that one model goes through, (T, H, W, C); the last is what it gives back."""
    if family in ADVERSARIAL:
        asked = api.ProjectRequest(name, request.picture, request.seed, request.starts, request.descent)
        found = []
        for place in project(models, asked):
            yield api.ProgressEvent("Descending", place.steps[-1].step, request.descent)
            found.append(place.steps[-1].picture)
        return np.stack(found)
    if family in DENOISING:
        both = api.InvertRequest(name, request.picture, request.label, request.steps, request.corrections)
        states = []
        for number, event in enumerate(inversion.invert(models, both)):
            yield api.ProgressEvent("Inverting", number, 2 * request.steps + 1)
            states.append(event.steps[-1].picture)
        return np.stack(states)
    return encoding.encode(models, api.EncodeRequest(name, real[None], invert=False)).reconstructions
