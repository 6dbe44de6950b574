"""The reverse process: step by step for the window, in batches for grids and measurements."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Iterator
from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor

from genstudio import api
from genstudio.api.guidance import calls_each
from genstudio.core import reverse as core
from genstudio.core import samplers
from genstudio.core.images import to_uint8
from genstudio.core.levels import check_spacing
from genstudio.core.prediction import Predict
from genstudio.core.reverse import Point, Way, legs
from genstudio.core.seeding import ImageNoise
from genstudio.core.thread_chooser import ThreadChooser
from genstudio.core.threads import THREADS, on_one_thread, use_threads
from genstudio.session.models import Loaded, ModelShelf
from genstudio.session.starting import Beginning
from genstudio.session.tracks import States
from genstudio.session.trunks import Trunks

T = TypeVar("T")
MOST_AT_ONCE = 256
SIGMAS = 3.0  # noise and change are drawn with grey = 0, white = 3 sigma


def labels_of(info: api.ModelInfo, label: int, indices: range) -> Tensor:
    """Class numbers of pictures `indices`, (N,) int64; the "no class" number is len(classes).

    Raises:
        ValueError: for a class the model does not know, or none where it needs one.
    """
    n = len(info.classes)
    if label == api.NO_CLASS and not info.knows_no_class:
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
    check_spacing(request.spacing)
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
    point: Point | None = None,
) -> tuple[int, Iterator[tuple[samplers.Step, Point]]]:
    """The process of a request on pictures `indices`: the number of its last step, and the steps with their points.

    Args:
        chooser: Says how many threads a step gets.
        point: Where to go on; else at the beginning, the noise or a picture with noise.
    """
    check(request)
    info, device = loaded.info, loaded.compute.device
    way = Way(request.sampler, request.steps, request.spacing, request.eta, request.label, request.guidance)
    changes, start = (request.changes, request.start) if isinstance(request, api.DenoiseRequest) else ((), None)
    begin = Beginning(loaded, start, request.steps) if start is not None else None
    parts = legs(loaded.schedule(), way, changes, begin.top if begin is not None else None)
    for leg in parts:
        check(dataclasses.replace(request, **{f.name: getattr(leg.way, f.name) for f in dataclasses.fields(Way)}))
    if point is None:
        eps = ImageNoise(request.seed, indices, device).draw(loaded.state_shape())
        point = Point(0, eps if begin is None else begin.state(parts[0].grid[0], eps))

    def predict_of(way: Way) -> Predict:
        return loaded.predict(labels_of(info, way.label, indices).to(device), way.guidance)

    hole = begin.hole if begin is not None else None
    steps = core.reverse(
        parts, predict_of, request.seed, indices, point, hole, lambda way: calls_each(info, way.label, way.guidance)
    )
    return parts[-1].end, timed(steps, chooser)


def steps_of(
    loaded: Loaded, request: api.DenoiseRequest | api.SampleRequest, indices: range
) -> Iterator[samplers.Step]:
    """The steps of a process that nobody changes."""
    return (step for step, _ in reverse(loaded, request, indices)[1])


def timed(steps: Iterator[T], chooser: ThreadChooser | None = None) -> Iterator[T]:
    """The same, on as many threads as the chooser says; without one on as many as are usual."""
    while True:
        use_threads(chooser.count if chooser else THREADS)  # between two steps this thread may do something else
        start = time.perf_counter()
        if (step := next(steps, None)) is None:
            return
        if chooser is not None:
            chooser.after(time.perf_counter() - start)
        yield step


def layers_of(loaded: Loaded, step: samplers.Step, before: Tensor | None = None) -> dict[api.Layer, api.Pictures]:
    """The layers as pictures; x_t and x0_hat clipped to [-1, 1], noise to +-3 sigma.

    The change is that from `before`, the state of the step before, to +-3 times its own spread in each picture; grey
    without one. Of a code the state and the estimate are decoded; its noise and its change are seen number by number.
    """
    noise, change = step.eps_hat / SIGMAS, torch.zeros_like(step.x_t)
    if before is not None:
        change = step.x_t - before
        length = torch.linalg.vector_norm(change, dim=tuple(range(1, change.ndim)), keepdim=True)
        change *= (change[0].numel() ** 0.5 / SIGMAS) / length.clamp_min(1e-8)
    if noise.ndim == 2:
        noise, change = (tiles(part, loaded.info.channels, loaded.info.size) for part in (noise, change))
    pictures = {"x_t": loaded.seen(step.x_t), "x0_hat": loaded.seen(step.x0_hat), "eps_hat": noise, "change": change}
    with on_one_thread():
        levels = to_uint8(torch.cat([pictures[layer] for layer in api.LAYERS])).cpu().numpy()  # at once: fewer passes
    return dict(zip(api.LAYERS, levels.reshape(len(api.LAYERS), -1, *levels.shape[1:]), strict=True))


def codes_of(step: samplers.Step) -> dict[api.Layer, api.Floats]:
    """The codes (N, D) that decode to the pictures of x_t and x0_hat; nothing where those are pictures themselves."""
    if step.x_t.ndim != 2:
        return {}
    return {"x_t": step.x_t.float().cpu().numpy(), "x0_hat": step.x0_hat.float().cpu().numpy()}


def tiles(codes: Tensor, channels: int, size: int) -> Tensor:
    """Codes (B, D) as grey rectangles in pictures (B, C, size, size), row by row, in about as many rows as columns."""
    columns = math.ceil(codes.shape[1] ** 0.5)
    rows = -(-codes.shape[1] // columns)
    padded = F.pad(codes, (0, rows * columns - codes.shape[1])).view(-1, 1, rows, columns)
    return F.interpolate(padded, (size, size)).expand(-1, channels, -1, -1)


def _beginning(process: api.DenoiseRequest, first: int, trunks: Trunks) -> tuple[Point | None, Tensor | None]:
    """From where to go, so that step `first` can be shown; and the state before it, where that is kept as it was shown.

    Where it is not, a step more is gone: the change of a step is from the one before, with what was done to that.
    """
    kept = trunks.nearest(process, first)
    if first == 0 or kept is None or kept.index < first:
        return kept, None
    earlier = trunks.nearest(process, first - 1)
    is_touched = any(change.iteration == first - 1 for change in process.changes)
    if earlier is None or earlier.index < first - 1 or is_touched:
        return earlier, None
    return kept, earlier.x


def denoise(
    models: ModelShelf, request: api.DenoiseRequest, chooser: ThreadChooser | None = None
) -> Iterator[api.DenoiseEvent]:
    """One event per step: the pure noise first, the clean pictures last."""
    whole = branch(models, api.BranchRequest(request, 0), chooser)
    return (event for event in whole if isinstance(event, api.DenoiseEvent))


def branch(
    models: ModelShelf,
    request: api.BranchRequest,
    chooser: ThreadChooser | None = None,
    trunks: Trunks | None = None,
    states: States | None = None,
) -> Iterator[api.DenoiseEvent | api.ProgressEvent]:
    """One event per step from the first that is wanted; before it tells of the progress there, where no trunk has
    kept it. Without trunks it begins at the noise, and no point is kept; `states` keeps what is shown."""
    process, first = request.process, request.first
    if not 1 <= process.count <= MOST_AT_ONCE:
        raise ValueError(f"count is {process.count}; 1 to {MOST_AT_ONCE} pictures can be denoised side by side")
    loaded = models.get(process.model)
    known = dataclasses.replace(process, model=loaded.info.sha256)  # another file of that name is another trunk
    kept, before = (None, None) if trunks is None else _beginning(known, first, trunks)
    count, steps = reverse(loaded, process, range(process.count), chooser, kept)
    while True:
        start = time.perf_counter()
        if (found := next(steps, None)) is None:
            return
        step, point = found
        if trunks is not None and step.terms:  # the last shows the noise of the one before: it is gone to from there
            trunks.keep(known, point)
        if step.index < first:
            yield api.ProgressEvent(f"Going to step {first} again", step.index, first)
            before = step.x_t
            continue
        if states is not None:
            states.keep(process, step.index, step.x_t, step.x0_hat)
        layers, before = layers_of(loaded, step, before), step.x_t
        elapsed_ms = 1000 * (time.perf_counter() - start)
        level = step.level
        shown = api.Step(
            *(step.index, level.t + 1, layers, step.calls, elapsed_ms),
            *(level.signal, level.noise, step.terms, codes_of(step), step.above),
        )
        yield api.DenoiseEvent(process, (shown,), count)
