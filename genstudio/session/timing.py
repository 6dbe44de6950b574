"""What a picture of several models takes, measured in turns."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator

from genstudio import api, store
from genstudio.core.compute import machine
from genstudio.core.images import to_uint8
from genstudio.core.seeding import image_noise
from genstudio.core.thread_chooser import ThreadChooser
from genstudio.core.threads import use_threads
from genstudio.errors import sentence
from genstudio.session import diffusion, latent
from genstudio.session.exporting import CHUNK
from genstudio.session.models import Loaded, ModelShelf
from genstudio.session.moment import this_minute
from genstudio.settings import DenoisingSettings

LEAST_S = 0.1  # of a model in a round: the clock of a single small batch jitters
MOST_BATCHES = 16

Seconds = Iterator[float]  # of each step, without what others do between two of them


def times(models: ModelShelf, request: api.TimesRequest) -> Iterator[api.ProgressEvent | api.TimesEvent]:
    """A round that does not count, then the rounds, each of which begins with the next model; closing it ends it.

    Raises:
        ValueError, FileNotFoundError: in one sentence, for what cannot be drawn.
    """
    if len(set(request.models)) < 2:
        raise ValueError("Times are compared of two or more different models.")
    if request.rounds < 1:
        raise ValueError(f"rounds is {request.rounds}; it must be at least 1")
    shelf = [models.get(model) for model in request.models]
    steps = [sample.steps if _denoises(one) else 1 for one, sample in zip(shelf, request.samples, strict=True)]
    batches, done, total = [1] * len(shelf), 0, (request.rounds + 1) * sum(steps)
    ms: list[list[float]] = [[] for _ in shelf]
    for number in range(request.rounds + 1):
        for place in range(len(shelf)):
            k = (number + place) % len(shelf)
            loaded, sample = shelf[k], request.samples[k]
            told = f"Round {number} of {request.rounds}: {loaded.info.name}" if number else "Warming up"
            took_s = 0.0
            for step, took in enumerate(_turn(loaded, sample, batches[k])):
                yield api.ProgressEvent(told, done + min(step, steps[k]), total)
                took_s += took
            done += steps[k]
            if number:
                ms[k].append(1000 * took_s / batches[k] / CHUNK[loaded.compute.device.type])
            else:
                batches[k] = min(max(math.ceil(LEAST_S / max(took_s, 1e-9)), 1), MOST_BATCHES)
    yield _noted(request, shelf, ms)


def _noted(request: api.TimesRequest, shelf: list[Loaded], ms: list[list[float]]) -> api.TimesEvent:
    timed = tuple(
        api.Timed(one.info.sha256, api.way_in_words(one.info.family, sample), tuple(taken))
        for one, sample, taken in zip(shelf, request.samples, ms, strict=True)
    )
    compute = shelf[0].compute
    sitting = api.Sitting(timed, CHUNK[compute.device.type], machine(compute), this_minute())
    try:
        store.add_sitting(sitting)
    except OSError as error:  # what was found is not lost for it
        return api.TimesEvent(request, sitting, f"The times could not be noted: {sentence(error)}")
    return api.TimesEvent(request, sitting)


def _denoises(loaded: Loaded) -> bool:
    return isinstance(loaded.info.settings, DenoisingSettings)


def _turn(loaded: Loaded, sample: api.SampleRequest, batches: int) -> Seconds:
    """Some batches on one thread, from their noise, which is drawn before the clock starts, to their pictures."""
    indices = range(CHUNK[loaded.compute.device.type])
    for _ in range(batches):
        yield from (_denoised if _denoises(loaded) else _decoded)(loaded, sample, indices)


def _decoded(loaded: Loaded, sample: api.SampleRequest, indices: range) -> Seconds:
    z = image_noise(sample.seed, indices, (loaded.info.latent_dim,))
    labels = diffusion.labels_of(loaded.info, sample.label, indices) if loaded.info.classes else None
    use_threads(1)
    start = time.perf_counter()
    latent.pictures_of(loaded, z, labels)
    yield time.perf_counter() - start


def _denoised(loaded: Loaded, sample: api.SampleRequest, indices: range) -> Seconds:
    end, steps = diffusion.reverse(loaded, sample, indices, ThreadChooser(1))
    while True:
        start = time.perf_counter()
        if (found := next(steps, None)) is None:
            return
        if found[0].index == end:
            to_uint8(loaded.seen(found[0].x_t)).cpu()
        yield time.perf_counter() - start
