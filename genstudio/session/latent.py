"""Pictures of codes: decode, map, interpolation and walk, for VAEs and GANs."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from genstudio import api
from genstudio.core.latents import PATHS, plane
from genstudio.core.seeding import image_noise
from genstudio.session.models import Loaded, ModelShelf

MOST_PICTURES = 4096
MOST_STEPS = 1000  # of a film
MOST_CELLS = 64  # a side


def pictures_of(loaded: Loaded, z: Tensor, labels: Tensor | None = None) -> api.Pictures:
    """(N, H, W, C) uint8 of codes (N, D), of classes (N,) where the model draws classes; in turn if not given."""
    images: api.Pictures = loaded.pictures(z, labels).cpu().numpy()
    return images


def _answer(loaded: Loaded, request: object, z: Tensor) -> api.PicturesEvent:
    start = time.perf_counter()
    images = pictures_of(loaded, z)
    return api.PicturesEvent(request, images, 1000 * (time.perf_counter() - start))


def decode(models: ModelShelf, request: api.DecodeRequest) -> api.PicturesEvent:
    """Pictures of the request's codes."""
    if not 1 <= len(request.z) <= MOST_PICTURES:
        raise ValueError(f"{len(request.z)} codes at once; 1 to {MOST_PICTURES} are allowed")
    z = torch.from_numpy(np.array(request.z, np.float32))
    if not torch.isfinite(z).all():
        raise ValueError("a code contains a number that is not finite")
    return _answer(models.get(request.model), request, z)


def check_plane(request: api.MapRequest | api.PlaneRequest, what: str) -> None:
    """Refuse more pictures than a plane may have.

    Raises:
        ValueError: naming what is allowed.
    """
    if not (1 <= request.cells <= MOST_CELLS and 0 < request.extent <= 100):
        raise ValueError(f"{what} has 1 to {MOST_CELLS} cells a side and an extent above 0, up to 100")


def decode_map(models: ModelShelf, request: api.MapRequest) -> api.PicturesEvent:
    """The decoded plane of a two-latent model."""
    loaded = models.get(request.model)
    if loaded.info.latent_dim != 2:
        raise ValueError(f"{loaded.info.name} has {loaded.info.latent_dim} latents; a map needs exactly two")
    check_plane(request, "a map")
    return _answer(loaded, request, plane(request.cells, request.extent))


def interpolate(models: ModelShelf, request: api.InterpolateRequest) -> api.PicturesEvent:
    """Pictures from a to b."""
    if not 2 <= request.steps <= MOST_STEPS:
        raise ValueError(f"steps is {request.steps}; an interpolation has 2 to {MOST_STEPS}")
    if len(request.a) != len(request.b):
        raise ValueError(f"the ends have {len(request.a)} and {len(request.b)} numbers; they must match")
    a, b = (torch.tensor(code, dtype=torch.float32) for code in (request.a, request.b))
    return _answer(models.get(request.model), request, PATHS[request.path](a, b, torch.linspace(0, 1, request.steps)))


def walk(models: ModelShelf, request: api.WalkRequest) -> Iterator[api.PicturesEvent]:
    """Endless: every code wanders along great circles from one random code to the next."""
    if not (1 <= request.count <= MOST_PICTURES and request.leg >= 1 and request.first >= 0):
        raise ValueError(f"a walk has 1 to {MOST_PICTURES} pictures, at least one step a leg, and begins at 0 or later")
    loaded = models.get(request.model)
    shape, count = (loaded.info.latent_dim,), request.count
    leg, begin = divmod(request.first, request.leg)
    start = image_noise(request.seed, range(leg * count, (leg + 1) * count), shape)
    while True:
        leg += 1
        end = image_noise(request.seed, range(leg * count, (leg + 1) * count), shape)
        for i in range(begin, request.leg):
            (z,) = PATHS["slerp"](start, end, torch.tensor([i / request.leg]))
            yield _answer(loaded, request, z)
        start, begin = end, 0


def walk_film(models: ModelShelf, request: api.WalkFilmRequest) -> Iterator[api.Pictures]:
    """The moments of a walk, each (N, H, W, C)."""
    if not 1 <= request.steps <= MOST_STEPS:
        raise ValueError(f"steps is {request.steps}; a film of a walk has 1 to {MOST_STEPS}")
    if not -1 <= request.picture < request.count:
        raise ValueError(f"picture is {request.picture}; this walk has {request.count}, from 0, and -1 is all")
    whole = api.WalkRequest(request.model, request.seed, request.count, request.leg, request.first)
    chosen = slice(None) if request.picture < 0 else slice(request.picture, request.picture + 1)
    for event in itertools.islice(walk(models, whole), request.steps):
        yield event.images[chosen]
