"""Planes, traversals and paths through the codes of one model."""

from __future__ import annotations

import time

import numpy as np
import torch
from torch import Tensor

from genstudio import api
from genstudio.core.compute import ALL_DIGITS
from genstudio.core.geometry import magnification, smoothness
from genstudio.core.images import to_float, to_uint8
from genstudio.core.latents import PATHS, plane_through, traversal
from genstudio.session.encoding import encoder_of
from genstudio.session.latent import MOST_PICTURES, MOST_STEPS, check_plane, pictures_of
from genstudio.session.models import Loaded, ModelShelf

KEYS = (2, 64)


def code(loaded: Loaded, values: tuple[float, ...], what: str = "the code") -> Tensor:
    """A code (D,) of this model.

    Raises:
        ValueError: if it has another size or is not finite.
    """
    z = torch.tensor(values, dtype=torch.float32)
    if len(z) != loaded.info.latent_dim:
        raise ValueError(f"{what} has {len(z)} numbers; {loaded.info.name} takes codes of {loaded.info.latent_dim}")
    if not torch.isfinite(z).all():
        raise ValueError(f"{what} contains a number that is not finite")
    return z


def decode_plane(models: ModelShelf, request: api.PlaneRequest) -> api.PicturesEvent:
    """The pictures of a plane, row by row from the top."""
    start = time.perf_counter()
    loaded = models.get(request.model)
    images = pictures_of(loaded, _plane(loaded, request))
    return api.PicturesEvent(request, images, 1000 * (time.perf_counter() - start))


def _plane(loaded: Loaded, request: api.PlaneRequest) -> Tensor:
    check_plane(request, "a plane")
    u, v = (code(loaded, way, "a direction") for way in (request.u, request.v))
    return plane_through(code(loaded, request.z), u, v, request.cells, request.extent)


@torch.inference_mode()
def magnify(models: ModelShelf, request: api.MagnificationRequest) -> api.MagnificationEvent:
    """How much the decoder stretches areas of a plane."""
    loaded, wanted = models.get(request.plane.model), request.plane
    network, device = loaded.latent_network(), loaded.compute.device
    z = _plane(loaded, wanted).to(device)
    ways = torch.stack([code(loaded, wanted.u), code(loaded, wanted.v)]).to(device)
    with ALL_DIGITS:
        values = magnification(lambda codes: (network.decode(codes) + 1) / 2, z, ways)
    return api.MagnificationEvent(request, values.float().cpu().numpy().reshape(wanted.cells, wanted.cells))


def traverse(models: ModelShelf, request: api.TraverseRequest) -> api.PicturesEvent:
    """Rows of pictures, one dimension each."""
    start = time.perf_counter()
    loaded = models.get(request.model)
    z = code(loaded, request.z)
    if not all(0 <= dim < len(z) for dim in request.dims):
        raise ValueError(f"{loaded.info.name} has the dimensions 0 to {len(z) - 1}")
    if not 1 <= len(request.dims) * len(request.values) <= MOST_PICTURES or not np.isfinite(request.values).all():
        raise ValueError(f"a traversal has 1 to {MOST_PICTURES} pictures and finite values")
    images = pictures_of(loaded, traversal(z, request.dims, torch.tensor(request.values)).flatten(0, 1))
    return api.PicturesEvent(request, images, 1000 * (time.perf_counter() - start))


def path(models: ModelShelf, request: api.PathRequest) -> api.PathEvent:
    """The pictures along a path and how evenly they change."""
    start = time.perf_counter()
    loaded = models.get(request.model)
    if not KEYS[0] <= len(request.keys) <= KEYS[1]:
        raise ValueError(f"{len(request.keys)} key pictures; a path goes through {KEYS[0]} to {KEYS[1]}")
    if not 2 <= request.steps <= MOST_STEPS:
        raise ValueError(f"steps is {request.steps}; a path has 2 to {MOST_STEPS}")
    if request.path not in (*PATHS, "pixels"):
        raise ValueError(f"path is {request.path!r}; allowed: {', '.join(PATHS)}, pixels")
    keys = torch.stack([code(loaded, key, "a key picture") for key in request.keys])
    if request.path == "pixels":
        images, codes = _blend(loaded, keys, request)
    else:
        codes = along(keys, request.steps, request.path, loop=request.loop)
        images = pictures_of(loaded, codes)
    grey = torch.from_numpy(images).float() / 255
    distances = smoothness(grey).steps / grey[0].numel()
    return api.PathEvent(
        request, images, codes.numpy(), distances.float().numpy(), 1000 * (time.perf_counter() - start)
    )


def along(keys: Tensor, steps: int, kind: str, *, loop: bool = False) -> Tensor:
    """Codes (steps, D) through keys (K, D) at even distances in key numbers, both ends included."""
    stops = torch.cat([keys, keys[:1]]) if loop else keys
    places = torch.linspace(0, len(stops) - 1, steps)
    first = places.long().clamp(max=len(stops) - 2)
    way = PATHS["lerp"] if kind == "pixels" else PATHS[kind]
    return torch.stack(
        [way(stops[k], stops[k + 1], (w - k)[None])[0] for k, w in zip(first.tolist(), places, strict=True)]
    )


@torch.inference_mode()
def _blend(loaded: Loaded, keys: Tensor, request: api.PathRequest) -> tuple[api.Pictures, Tensor]:
    """The straight blend of the keys' pictures; codes are where an encoder finds the blends, else zeros."""
    corners = to_float(torch.from_numpy(pictures_of(loaded, keys)).permute(0, 3, 1, 2))
    blend = along(corners.flatten(1), request.steps, "pixels", loop=request.loop).view(-1, *corners.shape[1:])
    images: api.Pictures = to_uint8(blend).numpy()
    codes = encoder_of(loaded).encode(blend.to(loaded.compute.device))[0].cpu()
    return images, codes
