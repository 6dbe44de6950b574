"""Pictures up to their noise by DDIM backwards, down again, and what lies between two noises."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor

from genstudio import api
from genstudio.api.differences import difference
from genstudio.api.inversion import FRAMES, MOST_CORRECTIONS, STEPS, TIMES, level_of
from genstudio.core import samplers
from genstudio.core.images import to_uint8
from genstudio.core.latents import slerp
from genstudio.core.levels import Level, karras
from genstudio.core.prediction import Predict
from genstudio.core.samplers.inversion import invert as inverted
from genstudio.core.seeding import ImageNoise
from genstudio.export.letters import Tile, Words
from genstudio.session.diffusion import labels_of, timed
from genstudio.session.encoding import pictures_to
from genstudio.session.models import Loaded, ModelShelf

STUDENT = "consistency"  # the family that jumps, so that there is no way to go back
Asked = api.InvertRequest | api.SlerpRequest
Progress = Generator[api.ProgressEvent, None, api.Pictures]


def check(loaded: Loaded, request: Asked) -> None:
    """Refuse what cannot be inverted.

    Raises:
        ValueError: naming the field, the value and what is allowed.
    """
    loaded.schedule()
    if loaded.info.family == STUDENT:
        raise ValueError(f"{loaded.info.name} jumps from noise to picture, so there is no way back up; take another")
    limits: dict[str, tuple[int, int]] = {"steps": STEPS, "corrections": (0, MOST_CORRECTIONS)}
    if isinstance(request, api.SlerpRequest):
        limits |= {"count": FRAMES, "seed_a": (0, 2**63), "seed_b": (0, 2**63)}
    for name, (low, high) in limits.items():
        value = getattr(request, name)
        if not low <= value <= high:
            raise ValueError(f"{name} is {value}; allowed: {low} to {high}")


def state_of(loaded: Loaded, packed: str) -> Tensor:
    """The clean state (1, ...) of a packed picture.

    Raises:
        ValueError: if it cannot be read, or is of another size than the model's.
    """
    info, picture = loaded.info, api.picture_of(packed)
    if picture is None:
        raise ValueError("the picture to be inverted cannot be read")
    height, width, channels = picture.shape
    if (height, width, channels) != (info.size, info.size, info.channels):
        wanted = f"{info.size}×{info.size} px, {_tint(info.channels)}"
        raise ValueError(f"the picture is of {width}×{height} px, {_tint(channels)}; {info.name} takes {wanted}")
    return loaded.state_of(pictures_to(picture[None], loaded))


def _tint(channels: int) -> str:
    return "grey" if channels == 1 else "in colour"


def way_of(loaded: Loaded, request: Asked, count: int = 1) -> tuple[list[Level], Predict]:
    """The levels of the way down, and what is predicted on both ways: of `count` pictures, and nothing is clipped.

    Raises:
        ValueError: for more steps than the model has levels, or an unknown class.
    """
    labels = labels_of(loaded.info, request.label, range(count)).to(loaded.compute.device)
    return karras(loaded.schedule(), request.steps), loaded.predict(labels, 1.0, clips=False)


def invert(models: ModelShelf, request: api.InvertRequest) -> Iterator[api.InvertEvent]:
    """One event for each state: up from the picture to its noise, and down again from that.

    Raises:
        ValueError, FileNotFoundError: in one sentence, for what cannot be inverted.
    """
    loaded = models.get(request.model)
    check(loaded, request)
    levels, predict = way_of(loaded, request)
    up: list[Tensor] = []  # as they look, in [-1, 1]
    upwards = inverted(predict, levels, state_of(loaded, request.picture), request.corrections)
    for step, ms in clocked(timed(upwards)):
        up.append(loaded.seen(step.x_t).clamp(-1, 1))
        yield _event(request, step.index, step, up[-1], 0, None, ms)
    calls = step.calls
    down = samplers.ddim(predict, levels, step.x_t, ImageNoise(0, range(1), loaded.compute.device))
    for step, back_ms in clocked(timed(down)):
        level = request.steps - step.index
        yield _event(request, level, step, loaded.seen(step.x_t).clamp(-1, 1), calls, up[level], ms + back_ms)


def clocked(steps: Iterator[samplers.Step]) -> Iterator[tuple[samplers.Step, float]]:
    """Each step, and how many milliseconds all so far took."""
    total_ms = 0.0
    while True:
        start = time.perf_counter()
        if (step := next(steps, None)) is None:
            return
        total_ms += 1000 * (time.perf_counter() - start)
        yield step, total_ms


def _event(
    request: api.InvertRequest,
    level: int,
    step: samplers.Step,
    seen: Tensor,
    calls: int,
    there: Tensor | None,
    ms: float,
) -> api.InvertEvent:
    """One state; `there` is the one of the way up, if this is of the way back."""
    share = step.level.noise / (step.level.signal + step.level.noise)
    told: dict[str, Any] = {} if there is None else {"error": float(((seen - there) / 2).square().mean())}
    picture = to_uint8(seen)[0].cpu().numpy()
    shown = api.InvertStep(
        level,
        there is not None,
        picture,
        share,
        calls + step.calls,
        spread=float(step.x_t.std()),
        compute_ms=ms,
        **told,
    )
    return api.InvertEvent(request, (shown,))


# ---- between two noises -----------------------------------------------------------------------------------


def between(models: ModelShelf, request: api.SlerpRequest) -> Iterator[api.SlerpEvent | api.ProgressEvent]:
    """What all pictures look like after each step; before, how far the inversion of the ends is.

    Raises:
        ValueError, FileNotFoundError: in one sentence, for what cannot be drawn.
    """
    loaded = models.get(request.model)
    check(loaded, request)
    a = yield from _noise(loaded, request, request.picture_a, request.seed_a, "A")
    b = yield from _noise(loaded, request, request.picture_b, request.seed_b, "B")
    weights = torch.linspace(0, 1, request.count, device=a.device)
    x_T = slerp(a.flatten(), b.flatten(), weights).view(request.count, *a.shape[1:])
    x_T[0], x_T[-1] = a[0], b[0]  # to the last bit
    levels, predict = way_of(loaded, request, request.count)
    rng = ImageNoise(0, range(request.count), x_T.device)
    for step in timed(samplers.ddim(predict, levels, x_T, rng)):
        yield api.SlerpEvent(request, step.index, to_uint8(loaded.seen(step.x_t)).cpu().numpy())


def _noise(
    loaded: Loaded, request: api.SlerpRequest, packed: str, seed: int, name: str
) -> Generator[api.ProgressEvent, None, Tensor]:
    """The noise of one end, (1, ...)."""
    if not packed:
        return ImageNoise(seed, range(1), loaded.compute.device).draw(loaded.state_shape())
    levels, predict = way_of(loaded, request)
    for step in timed(inverted(predict, levels, state_of(loaded, packed), request.corrections)):
        yield api.ProgressEvent(f"Inverting picture {name}", step.index, request.steps)
    return step.x_t


# ---- files ------------------------------------------------------------------------------------------------


def sheet(models: ModelShelf, request: api.InvertRequest) -> Generator[api.ProgressEvent, None, list[Tile]]:
    """Rows of the way up, the way back and TIMES their difference, each after its name."""
    up, back = yield from _both(models, request)
    columns = list(request.columns())
    differ = ("Difference,", f"{TIMES} times")
    rows = [(("Up",), up), (("Back",), back), (differ, _differ(up, back))]
    return [tile for name, pictures in rows for tile in (Words(name), *pictures[columns])]


def film(models: ModelShelf, request: api.InvertRequest) -> Generator[api.ProgressEvent, None, list[api.Pictures]]:
    """Moments (3, H, W, C) of the way up and then back: the state of either, and TIMES their difference."""
    up, back = yield from _both(models, request)
    differ, empty = _differ(up, back), np.zeros_like(up[0])
    moments = []
    for moment in request.frames():
        level = level_of(moment, request.steps)
        is_back = moment >= request.steps
        beside = (back[level], differ[level]) if is_back else (empty, empty)
        moments.append(np.stack([up[level], *beside]))
    return moments


def _both(
    models: ModelShelf, request: api.InvertRequest
) -> Generator[api.ProgressEvent, None, tuple[api.Pictures, api.Pictures]]:
    """Both ways, each from the picture to the noise, (steps + 1, H, W, C)."""
    ways: tuple[dict[int, api.Pictures], dict[int, api.Pictures]] = ({}, {})
    for event in invert(models, request):
        for step in event.steps:
            ways[step.is_back][step.level] = step.picture
        yield api.ProgressEvent("Inverting", len(ways[0]) + len(ways[1]), 2 * request.steps + 2)
    up, back = (np.stack([way[level] for level in range(request.steps + 1)]) for way in ways)
    return up, back


def _differ(up: api.Pictures, back: api.Pictures) -> api.Pictures:
    return difference(back, up, "absolute", TIMES)


def strip(models: ModelShelf, request: api.SlerpRequest) -> Progress:
    """The pictures from A to B, (count, H, W, C)."""
    for event in between(models, request):
        if isinstance(event, api.SlerpEvent):
            images = event.images
            yield api.ProgressEvent("Drawing from A to B", event.step, request.steps)
        else:
            yield event
    return images
