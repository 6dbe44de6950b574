"""The reverse process: step by step for the window, in batches for grids and measurements."""

from __future__ import annotations

import time
from collections.abc import Iterator

import torch
from torch import Tensor

from genstudio import api
from genstudio.core import samplers
from genstudio.core.images import to_uint8
from genstudio.core.levels import SPACINGS
from genstudio.core.seeding import ImageNoise
from genstudio.core.thread_chooser import ThreadChooser
from genstudio.core.threads import THREADS, use_threads
from genstudio.session.models import Loaded, ModelShelf
from genstudio.settings import DENOISING

MOST_AT_ONCE = 256
NOISE_SPAN = 3.0  # predicted noise is drawn with grey = 0, white = 3 sigma


def labels_of(info: api.ModelInfo, label: int, indices: range) -> Tensor:
    """Class numbers of pictures `indices`, (N,) int64; the "no class" number is len(classes).

    Raises:
        ValueError: for a class the model does not know, or none where it needs one.
    """
    n = len(info.classes)
    if label == api.NO_CLASS and info.family not in DENOISING:
        raise ValueError(f"{info.name} draws no picture without a class; it knows 0 to {n - 1}")
    if n == 0 or label == api.NO_CLASS:
        return torch.full((len(indices),), n)
    if label == api.ALL_CLASSES:
        return torch.tensor(list(indices)) % n
    if not 0 <= label < n:
        raise ValueError(f"class {label} is unknown to {info.name}; it knows 0 to {n - 1}")
    return torch.full((len(indices),), label)


def check(request: api.DenoiseRequest | api.SampleRequest) -> None:
    """Refuse what no diffusion model can do.

    Raises:
        ValueError: naming the field, the value and what is allowed.
    """
    if request.sampler not in samplers.SAMPLERS:
        raise ValueError(f"sampler is {request.sampler!r}; allowed: {', '.join(samplers.SAMPLERS)}")
    if request.spacing not in SPACINGS:
        raise ValueError(f"spacing is {request.spacing!r}; allowed: {', '.join(SPACINGS)}")
    if not 0 <= request.guidance <= 20:
        raise ValueError(f"guidance is {request.guidance}; allowed: 0 to 20")
    if not 0 <= request.eta <= 1:
        raise ValueError(f"eta is {request.eta}; allowed: 0 to 1")
    if request.seed < 0:
        raise ValueError(f"seed is {request.seed}; it must not be negative")


def reverse(
    loaded: Loaded,
    request: api.DenoiseRequest | api.SampleRequest,
    indices: range,
    chooser: ThreadChooser | None = None,
) -> Iterator[samplers.Step]:
    """The sampler of a request on pictures `indices`; `chooser` says how many threads a step gets."""
    check(request)
    info, device = loaded.info, loaded.compute.device
    schedule = loaded.schedule()
    predict = loaded.predict(labels_of(info, request.label, indices).to(device), request.guidance)
    rng = ImageNoise(request.seed, indices, device)
    x_T = rng.draw((info.channels, info.size, info.size))
    levels = SPACINGS[request.spacing](schedule, request.steps)
    steps = samplers.SAMPLERS[request.sampler].run(predict, levels, x_T, rng, eta=request.eta)
    while True:
        use_threads(chooser.count if chooser else THREADS)  # between two steps this thread may do something else
        start = time.perf_counter()
        if (step := next(steps, None)) is None:
            return
        if chooser is not None:
            chooser.after(time.perf_counter() - start)
        yield step


def layers_of(step: samplers.Step) -> dict[api.Layer, api.Pictures]:
    """The three layers as pictures; x_t and x0_hat clipped to [-1, 1], noise to +-3 sigma."""
    shown = {"x_t": step.x_t, "x0_hat": step.x0_hat, "eps_hat": step.eps_hat / NOISE_SPAN}
    return {layer: to_uint8(shown[layer]).cpu().numpy() for layer in api.LAYERS}


def denoise(
    models: ModelShelf, request: api.DenoiseRequest, chooser: ThreadChooser | None = None
) -> Iterator[api.DenoiseEvent]:
    """One event per step: the pure noise first, the clean pictures last."""
    if not 1 <= request.count <= MOST_AT_ONCE:
        raise ValueError(f"count is {request.count}; 1 to {MOST_AT_ONCE} pictures can be denoised side by side")
    loaded = models.get(request.model)
    steps = reverse(loaded, request, range(request.count), chooser)
    while True:
        start = time.perf_counter()
        step = next(steps, None)
        if step is None:
            return
        layers = layers_of(step)
        elapsed_ms = 1000 * (time.perf_counter() - start)
        level = step.level
        shown = api.Step(step.index, level.t + 1, layers, step.calls, elapsed_ms, level.signal, level.noise, step.terms)
        yield api.DenoiseEvent(request, (shown,))
