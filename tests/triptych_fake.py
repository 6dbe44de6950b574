"""What the fake session answers to requests of the triptych: pictures that tell model, seeds, place and steps apart."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

import numpy as np

from genstudio import api
from genstudio.api.differences import mean_square

MS = 16.0  # of a step of the diffusion model
Decode = Callable[[tuple[float, ...]], np.ndarray]


def pictures(request: api.PanelRequest, decode: Decode) -> np.ndarray:
    """(N, H, W, C): digits between those of both seeds, moved by what is asked."""
    a, b = (np.stack([api.noise(s, k, (2,)) for k in range(request.count)]) for s in (request.seed_a, request.seed_b))
    made = np.stack([decode(tuple(map(float, z))) for z in a + request.position * (b - a)])
    return np.roll(made, zlib.crc32(repr(request.panel).encode()) % 7, axis=2)


def denoise(request: api.PanelRequest, decode: Decode) -> Iterator[api.PanelEvent]:
    """The pictures after the last step."""
    steps = request.panel.steps
    for step in range(steps + 1):
        images = pictures(request, decode) if step == steps else api.NO_PICTURES
        yield api.PanelEvent(request, images, step, steps, MS * step)


def project(request: api.ProjectRequest) -> Iterator[api.ProjectEvent]:
    """From grey to the picture, as far as a tenth of it."""
    real = api.picture_of(request.picture)
    if real is None:
        raise ValueError("the picture to be found cannot be read")
    for step in range(request.steps + 1):
        share = 0.9 * step / request.steps
        found = (share * real + (1 - share) * 60).astype(np.uint8)
        error = mean_square(found[None], real[None])
        yield api.ProjectEvent(request, (api.ProjectStep(step, found, error, -1, 7.0 * step),))
