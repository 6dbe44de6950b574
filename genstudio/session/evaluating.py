"""Evaluation of a model: pictures are drawn and compared with held-out real ones, by every meter that can."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from genstudio import api, store
from genstudio.core.datasets import Dataset
from genstudio.core.families.latent import LatentModel, squared_error
from genstudio.core.metrics.copies import copies
from genstudio.core.metrics.path_length import STEP, path_lengths, trimmed
from genstudio.core.metrics.readings import Readings, Reference, classified, compared, mean_of, share_of
from genstudio.core.parts import in_parts
from genstudio.core.peak import peak_bytes
from genstudio.core.seeding import generator, image_noise
from genstudio.errors import counted, sentence
from genstudio.session.encoding import encoder_of, pictures_to
from genstudio.session.exporting import CHUNK, sampled
from genstudio.session.eyes import Eye, eye_for
from genstudio.session.models import Loaded, ModelShelf
from genstudio.session.study import StudyShelf
from genstudio.settings import DenoisingSettings
from genstudio.steps import finish

FEWEST = 2  # pictures
PAIRS = 1000  # of codes, for the path length
COMPARED = 1000  # pictures that are looked for among the training pictures
BOOTSTRAP, REAL, PATH = 1, 2, 3  # what random numbers are for

T = TypeVar("T")
Work = Generator[api.ProgressEvent, None, T]


def evaluate(
    models: ModelShelf, studies: StudyShelf, request: api.EvaluateRequest
) -> Iterator[api.ProgressEvent | api.EvaluationEvent]:
    """Every meter of a model, with progress; closing the stream ends it."""
    found = yield from evaluated(models, studies, request)
    card = trouble = ""
    if request.notes:
        try:
            card = str(store.add_evaluation(models.get(request.sample.model).info, found))
        except OSError as error:  # what was found is not lost for it
            trouble = f"The card could not be written: {sentence(error)}"
    yield api.EvaluationEvent(request, found, card, trouble)


def evaluated(models: ModelShelf, studies: StudyShelf, request: api.EvaluateRequest) -> Work[api.Evaluation]:
    """The same as a result.

    Raises:
        ValueError: if there is nothing to compare with, or the features are no numbers.
    """
    loaded = models.get(request.sample.model)
    name = studies.dataset_of(request.sample.model, request.dataset)
    held_out = yield from studies.part(loaded, name, held_out=True)
    training = yield from studies.part(loaded, name, held_out=False)
    eye = eye_for(request.eye, loaded.info, name)
    count = min(request.sample.count, len(held_out), len(training))
    if count < FEWEST:
        there = counted(min(len(held_out), len(training)), "held-out picture")
        raise ValueError(f"{name} has {there}; a comparison needs at least {FEWEST}")
    start = time.perf_counter()
    fakes = yield from sampled(loaded, request.sample)
    seconds = time.perf_counter() - start
    rng = generator(request.seed, BOOTSTRAP)
    real = _some(held_out, count, request.seed)
    seen, _ = yield from eye.look(real, "real pictures")
    reference = Reference(seen)
    floor, _ = yield from _compared(eye, reference, _some(training, count, request.seed), "training pictures", rng)
    found, shares = yield from _compared(eye, reference, fakes, "generated pictures", rng)
    found.bands["time"] = api.Band(1000 * seconds / len(fakes), 0.0)
    found.bands["memory"] = api.Band(_memory(loaded, request.sample) / 1e6, 0.0)
    found.bands["copies"], floor.bands["copies"] = yield from _copied(fakes, training, held_out, request.seed)
    yield from _of_the_code(loaded, eye, real, found, request.seed)
    way = _way(request.sample) if isinstance(loaded.info.settings, DenoisingSettings) else ""
    return api.Evaluation(
        eye.name, name, len(fakes), request.seed, way, found.bands, floor.bands, found.missing, shares
    )


def _way(sample: api.SampleRequest) -> str:
    """How a diffusion model is asked, in words."""
    extra = [f"guidance {sample.guidance:g}"] if sample.guidance != 1 else []
    extra += [f"eta {sample.eta:g}"] if sample.eta else []
    extra += [sample.spacing] if sample.spacing != "uniform" else []
    return ", ".join([sample.sampler, f"{sample.steps} steps", *extra])


def _some(dataset: Dataset, count: int, seed: int) -> api.Pictures:
    """Pictures (N, H, W, C) of a dataset, drawn by a seed: folders come class by class."""
    rows = torch.randperm(len(dataset), generator=generator(seed, REAL))[:count].numpy()
    pictures: api.Pictures = dataset.images[np.sort(rows)]
    return pictures


def _compared(
    eye: Eye, real: Reference, others: api.Pictures, what: str, rng: torch.Generator
) -> Work[tuple[Readings, dict[str, float]]]:
    """What the features of others say beside those of real ones, and the shares of the classes seen in them."""
    features, logits = yield from eye.look(others, what)
    found: Readings = yield from _told(compared(real, features, rng), f"Comparing {what}")
    if logits is None:
        return found, {}
    seen = classified(logits, rng)
    shares = torch.bincount(logits.argmax(1), minlength=logits.shape[1]) / len(logits)
    named = dict(zip(eye.classes, shares.tolist(), strict=True)) if eye.classes else {}
    return Readings({**found.bands, **seen.bands}, {**found.missing, **seen.missing}), named


def _copied(fakes: api.Pictures, training: Dataset, held_out: Dataset, seed: int) -> Work[tuple[api.Band, api.Band]]:
    """The share of generated pictures that are nearer to a training picture than new ones are, and of real ones."""
    new = _some(held_out, 2 * COMPARED, seed)
    judge, judged = (torch.from_numpy(part.copy()) for part in (new[::2], new[1::2]))
    shown = torch.cat([torch.from_numpy(fakes[:COMPARED].copy()), judged])
    found = yield from _told(copies(shown, torch.from_numpy(training.images.copy()), judge), "Looking for copies")
    rng, n = generator(seed, BOOTSTRAP), min(len(fakes), COMPARED)
    return share_of(found.near[:n], rng), share_of(found.near[n:], rng)


def _of_the_code(loaded: Loaded, eye: Eye, real: api.Pictures, found: Readings, seed: int) -> Work[None]:
    """Path length and reconstruction error, of models that have codes."""
    rng = generator(seed, PATH)
    if isinstance(loaded.info.settings, DenoisingSettings):
        many = "It makes a picture from noise in many steps; there is no code in which one could go a small step."
        found.missing |= {"path": many, "reconstruction": "It has no encoder that a picture could go through."}
        return
    assert eye.exact is not None
    dim, classes = loaded.info.latent_dim, len(loaded.info.classes)
    a, b = (image_noise(seed, range(side, 2 * PAIRS, 2), (dim,)) for side in (0, 1))
    at, labels = torch.rand(PAIRS, generator=rng) * (1 - STEP), torch.arange(PAIRS) % max(classes, 1)
    lengths = []
    for part in torch.arange(PAIRS).split(100):
        yield api.ProgressEvent("Going small steps", int(part[0]), PAIRS)
        lengths.append(_lengths(loaded, eye, a[part], b[part], at[part], labels[part] if classes else None))
    found.bands["path"] = mean_of(trimmed(torch.cat(lengths)), rng)
    if not isinstance(loaded.network, LatentModel):
        found.missing["reconstruction"] = "It has no encoder that a picture could go through."
        return
    network, errors = encoder_of(loaded), []
    for start in range(0, len(real), 500):
        yield api.ProgressEvent("Reconstructing", start, len(real))
        x = pictures_to(real[start : start + 500], loaded)
        errors += in_parts(lambda part: squared_error(network.through(part).pictures, part).cpu(), x)
    found.bands["reconstruction"] = mean_of(torch.cat(errors), rng)


@torch.inference_mode()
def _lengths(loaded: Loaded, eye: Eye, a: Tensor, b: Tensor, at: Tensor, labels: Tensor | None) -> Tensor:
    """Path lengths of pairs of codes (B, D); a class is kept on the way."""
    network, device = loaded.latent_network(), loaded.compute.device
    told = () if labels is None else (labels.to(device),)

    def seen(z: Tensor) -> Tensor:
        assert eye.exact is not None
        return eye.exact(network.decode(z.to(device), *told).float().cpu())

    return path_lengths(seen, a, b, at)


def _memory(loaded: Loaded, sample: api.SampleRequest) -> float:
    """Bytes beside the weights for one of the pictures that are drawn at once, in one step."""
    size = CHUNK[loaded.compute.device.type]
    few = api.SampleRequest(**{**vars(sample), "count": size, "steps": 1})
    return peak_bytes(lambda: finish(sampled(loaded, few))) / size


def _told(work: Generator[None, None, T], what: str) -> Work[T]:
    """`work`, with how many parts are done as progress: how many there will be is not known."""
    done = 0
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: T = end.value
            return result
        done += 1
        yield api.ProgressEvent(what, done, 0)
