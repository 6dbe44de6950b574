"""What the fake session answers to requests of the inversion page: blends with noise, and errors that are known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from genstudio import api


def error_of(request: api.InvertRequest, level: int) -> float:
    """Of the way back: the fewer steps and corrections, the larger, and it grows on the way."""
    return (request.steps - level) / request.steps**2 / 10 ** (1 + request.corrections)


def invert(request: api.InvertRequest) -> Iterator[api.InvertEvent]:
    """Up and back, a state at a time."""
    shape = api.packed_shape(request.picture)
    picture = api.unpack(request.picture, shape) if shape else None
    if picture is None:
        raise ValueError("the picture to be inverted cannot be read")
    noise = np.clip(api.noise(3, 0, picture.shape) * 60 + 128, 0, 255)
    for number in range(2 * request.steps + 2):
        is_back = number > request.steps
        level = 2 * request.steps + 1 - number if is_back else number
        share = level / request.steps * 0.98
        state = ((1 - share) * picture + share * noise).astype(np.uint8)
        if is_back:
            state = np.minimum(state, 250)
        error = error_of(request, level) if is_back else float("nan")
        step = api.InvertStep(level, is_back, state, share, number, error, 0.7)
        yield api.InvertEvent(request, (step,))


def slerp(request: api.SlerpRequest) -> Iterator[api.SlerpEvent | api.ProgressEvent]:
    """From noise to pictures that become brighter from A to B."""
    if request.picture_a:
        yield api.ProgressEvent("Inverting picture A", 0, request.steps)
    grey = np.linspace(20, 220, request.count).astype(np.uint8)
    pictures = np.broadcast_to(grey[:, None, None, None], (request.count, 28, 28, 1)).copy()
    for step in range(request.steps + 1):
        yield api.SlerpEvent(request, step, pictures if step == request.steps else pictures // 2)
