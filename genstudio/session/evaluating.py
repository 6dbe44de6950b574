"""Evaluation of a model: pictures are drawn and compared with held-out real ones, by every meter that can."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Generator, Iterator
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from genstudio import api, store
from genstudio.core.compute import ALL_DIGITS, machine
from genstudio.core.datasets import Dataset
from genstudio.core.families.latent import LatentModel, squared_error
from genstudio.core.families.latent_ddpm import LatentDiffusion
from genstudio.core.metrics.copies import Copies, copies, is_faded, is_new, parts
from genstudio.core.metrics.path_length import STEP, path_lengths
from genstudio.core.metrics.readings import (
    Readings,
    Reference,
    classified,
    compared,
    copied,
    hardly_differ,
    mean_of,
    mean_of_draws,
    median_of,
    trimmed_mean,
)
from genstudio.core.parts import by_parts
from genstudio.core.peak import peak_bytes
from genstudio.core.seeding import generator, image_noise
from genstudio.core.threads import THREADS, use_threads
from genstudio.errors import counted, sentence
from genstudio.session import diffusion
from genstudio.session.encoding import pictures_to
from genstudio.session.exporting import CHUNK, sampled
from genstudio.session.eyes import Eye, eye_for
from genstudio.session.models import Loaded, ModelShelf
from genstudio.session.moment import this_minute
from genstudio.session.progress import told
from genstudio.session.saving import dataset_name
from genstudio.session.stamps import Stamp
from genstudio.session.study import Sides, StudyShelf
from genstudio.settings import DenoisingSettings
from genstudio.steps import clocked, finish

FEWEST_HELD_OUT = 2  # pictures
PAIRS, PAIRS_AT_ONCE = 1000, 100  # of codes, for the path length
DRAWS, MOST_DRAWN = 4, 10_000  # of real pictures for the floor, and pictures of all: one draw of few may be odd
COMPARED = 1000  # pictures that are looked for among the training pictures
REBUILT = 2000  # pictures that go through the code and back: the error of their mean is under a hundredth of it
BOOTSTRAP, REAL, PATH, LINES, FLOOR = 1, 2, 3, 4, 5  # what random numbers are for
MANY_STEPS = "It makes a picture from noise in many steps; there is no code in which one could go a small step."
NO_PATH = {  # why a family that takes noise away has no path length, where that is not the reason
    "consistency": "It makes a picture from noise of the same size, in one step or a few; there is no code in which "
    "one could go a small step.",
    "latent-ddpm": "It makes the code of a picture from noise in many steps; small steps of that code would measure "
    "the VAE alone that decodes it.",
}
ONE_PICTURE = "Its pictures hardly differ from one another, so this would be a number of one picture."
NO_ENCODER = "It has no encoder that a picture could go through."

T = TypeVar("T")
Work = Generator[api.ProgressEvent, None, T]


@dataclasses.dataclass(frozen=True)
class Real:
    """Real pictures (N, H, W, C) to compare with, and what as many others reach, the mean of some draws."""

    asked: tuple[str, Stamp, str, int, int]  # dataset, its stamp, eye, count, seed
    pictures: api.Pictures
    reference: Reference
    floor: Readings
    shares: dict[str, float]  # of the classes that are seen in these others


class Evaluator:
    """Measures models; it keeps the real pictures of the last one, for the next is asked the same. Lives on one
    thread.
    """

    def __init__(self, models: ModelShelf, studies: StudyShelf) -> None:
        self.models, self.studies = models, studies
        self._real: Real | None = None

    def evaluate(self, request: api.EvaluateRequest) -> Iterator[api.ProgressEvent | api.EvaluationEvent]:
        """Every meter of a model, with progress; closing the stream ends it."""
        loaded = self.models.get(request.sample.model)  # a file that is replaced meanwhile is another one
        found = yield from self.evaluated(loaded, request)
        card = trouble = ""
        if request.notes:
            try:
                card = str(store.add_evaluation(loaded.info, found))
            except OSError as error:  # what was found is not lost for it
                trouble = f"The card could not be written: {sentence(error)}"
        yield api.EvaluationEvent(request, found, card, trouble)

    def evaluated(self, loaded: Loaded, request: api.EvaluateRequest) -> Work[api.Evaluation]:
        """The same as a result. As many pictures are drawn as asked for, or as real ones are held out.

        Raises:
            ValueError: if there is nothing to compare with, or the features are no numbers.
        """
        diffusion.check(request.sample)
        name = self.studies.dataset_of(request.sample.model, request.dataset)
        eye = eye_for(request.eye, loaded.info, name)
        sides = yield from self.studies.sides(loaded, name)
        there = min(len(sides.held_out), len(sides.training))
        if there < FEWEST_HELD_OUT:
            few = f"The dataset {api.called(name)} has {counted(there, 'held-out picture')}"
            raise ValueError(f"{few}; a comparison needs at least {FEWEST_HELD_OUT}")
        count, size = min(request.sample.count, there), CHUNK[loaded.compute.device.type]
        took: list[float] = []
        fakes = yield from _clocked(sampled(loaded, dataclasses.replace(request.sample, count=count)), took, loaded)
        real = yield from self._against(sides, eye, count, request.seed)
        rng, floor = generator(request.seed, BOOTSTRAP), real.floor.copy()
        found, shares = yield from _compared(eye, real.reference, fakes, "generated pictures", rng)
        found.add("time", median_of(_each_ms(took, count, size), rng), count)
        found.add("memory", api.Band(_memory(loaded, request.sample) / 1e6, 0.0), size)
        yield from _copied(found, floor, fakes, sides, request.seed)
        yield from _of_the_code(loaded, eye, real.pictures, found, request.seed)
        way = api.way_in_words(loaded.info.family, request.sample)
        if hardly_differ(torch.from_numpy(fakes.copy()), torch.from_numpy(real.pictures.copy())):
            found.withdraw(("precision", "density", "path"), ONE_PICTURE)
        found.without_broken()
        return api.Evaluation(
            eye.name, dataset_name(name), count, request.seed, way, found.bands, floor.bands, found.missing, shares,
            machine(loaded.compute), found.counts, this_minute(), there, real.shares,
        )  # fmt: skip

    def _against(self, sides: Sides, eye: Eye, count: int, seed: int) -> Work[Real]:
        """What pictures are compared with."""
        asked = (sides.name, sides.stamp, eye.name, count, seed)
        if self._real is None or self._real.asked != asked:
            pictures, rng = _some(sides.held_out, count, seed), generator(seed, FLOOR)
            seen, _ = yield from eye.look(pictures, "real pictures")
            reference, draws = Reference(seen, generator(seed, LINES)), []
            for part in range(max(1, min(DRAWS, MOST_DRAWN // count, len(sides.training) // count))):
                others = _some(sides.training, count, seed, part)
                draws.append((yield from _compared(eye, reference, others, "training pictures", rng)))
            floor = mean_of_draws([found for found, _ in draws])
            self._real = Real(asked, pictures, reference, floor, shares=draws[0][1])  # of as many as are measured
        return self._real


def _some(dataset: Dataset, count: int, seed: int, part: int = 0) -> api.Pictures:
    """Pictures (N, H, W, C) of a dataset, drawn by a seed: folders come class by class. No two parts have the same."""
    rows = torch.randperm(len(dataset), generator=generator(seed, REAL))[part * count : (part + 1) * count].numpy()
    pictures: api.Pictures = dataset.images[np.sort(rows)]
    return pictures


def _clocked(work: Work[T], took: list[float], loaded: Loaded) -> Work[T]:
    """`work`, and the seconds of each of its steps; what others do between two steps does not count.

    A diffusion model gets all threads, whatever was done here before; others draw faster on one.
    """
    is_diffusion = isinstance(loaded.info.settings, DenoisingSettings)
    return (yield from clocked(work, lambda: use_threads(THREADS) if is_diffusion else None, took.append))


def _each_ms(took: list[float], count: int, size: int) -> Tensor:
    """How long a picture of each chunk took, (N,), of the seconds of all steps; all chunks go the same steps."""
    chunks = torch.arange(count).split(size)
    seconds = torch.tensor(took, dtype=torch.float64).view(len(chunks), -1).sum(1)
    return 1000 * seconds / torch.tensor([len(chunk) for chunk in chunks])


def _compared(
    eye: Eye, real: Reference, others: api.Pictures, what: str, rng: torch.Generator
) -> Work[tuple[Readings, dict[str, float]]]:
    """What the features of others say beside those of real ones, and the shares of the classes seen in them."""
    features, logits = yield from eye.look(others, what)
    found: Readings = yield from told(compared(real, features, rng), f"Comparing {what}")
    if logits is None:
        return found, {}
    found.take(classified(logits, rng))
    shares = torch.bincount(logits.argmax(1), minlength=logits.shape[1]) / len(logits)
    return found, dict(zip(eye.classes, shares.tolist(), strict=True)) if eye.classes else {}


def _copied(found: Readings, floor: Readings, fakes: api.Pictures, sides: Sides, seed: int) -> Work[None]:
    """The share of generated pictures that are nearer to a training picture than new ones are, and of real ones."""
    new = _some(sides.held_out, 2 * COMPARED, seed)
    judge, judged = (torch.from_numpy(part.copy()) for part in (new[::2], new[1::2]))
    shown = torch.cat([torch.from_numpy(fakes[:COMPARED].copy()), judged])
    training = torch.from_numpy(sides.training.images.copy())
    all_: Copies = yield from told(copies(shown, training, judge), "Looking for copies", parts(len(training)))
    rng, n = generator(seed, BOOTSTRAP), min(len(fakes), COMPARED)
    faded = is_faded(shown[:n], training[all_.nearest[:n]])
    of_fakes, of_real = all_.distances[:n].masked_fill(faded, math.inf), all_.distances[n:]
    for readings, distances in ((found, of_fakes), (floor, of_real[is_new(of_real)])):
        copied(readings, distances, all_.held_out, rng)


def _of_the_code(loaded: Loaded, eye: Eye, real: api.Pictures, found: Readings, seed: int) -> Work[None]:
    """Path length and reconstruction error, of models that have codes."""
    if isinstance(loaded.info.settings, DenoisingSettings):
        found.missing["path"] = NO_PATH.get(loaded.info.family, MANY_STEPS)
    else:
        yield from _path(loaded, eye, found, seed)
    if isinstance(loaded.network, LatentModel | LatentDiffusion):
        yield from _reconstruction(loaded, real, found)
    else:
        found.missing["reconstruction"] = NO_ENCODER


def _path(loaded: Loaded, eye: Eye, found: Readings, seed: int) -> Work[None]:
    rng = generator(seed, PATH)
    dim, classes = loaded.info.latent_dim, len(loaded.info.classes)
    a, b = (image_noise(seed, range(side, 2 * PAIRS, 2), (dim,)) for side in (0, 1))
    at, labels = torch.rand(PAIRS, generator=rng) * (1 - STEP), torch.arange(PAIRS) % max(classes, 1)
    lengths: list[Tensor] = []
    for rows in torch.arange(PAIRS).split(PAIRS_AT_ONCE):
        yield api.ProgressEvent("Going small steps", int(rows[0]), PAIRS)
        lengths += by_parts(
            lambda part: _lengths(loaded, eye, a[part], b[part], at[part], labels[part] if classes else None), rows
        )
    all_lengths = torch.cat(lengths)
    if broken := int((~torch.isfinite(all_lengths)).sum()):
        raise ValueError(f"{broken} of {PAIRS} codes give pictures that are no finite numbers")
    found.add("path", trimmed_mean(all_lengths, rng), PAIRS)


def _reconstruction(loaded: Loaded, real: api.Pictures, found: Readings) -> Work[None]:
    some, errors = real[:: math.ceil(len(real) / REBUILT)], []
    for start in range(0, len(some), 500):
        yield api.ProgressEvent("Reconstructing", start, len(some))
        x = pictures_to(some[start : start + 500], loaded)
        errors += by_parts(lambda part: squared_error(_rebuilt(loaded, part), part).cpu(), x)
    found.add("reconstruction", mean_of(torch.cat(errors)), len(some))


def _rebuilt(loaded: Loaded, x: Tensor) -> Tensor:
    """What comes back of pictures (B, C, H, W) that go through the code; of a latent diffusion model its VAE's."""
    if isinstance(loaded.network, LatentModel):
        return loaded.network.through(x).pictures
    return loaded.seen(loaded.state_of(x))


@torch.inference_mode()
def _lengths(loaded: Loaded, eye: Eye, a: Tensor, b: Tensor, at: Tensor, labels: Tensor | None) -> Tensor:
    """Path lengths of pairs of codes (B, D); a class is kept on the way.

    A GPU computes convolutions in all digits of float32: those that TF32 drops are longer than a step.
    """
    network, device = loaded.latent_network(), loaded.compute.device
    asked = () if labels is None else (labels.to(device),)
    with ALL_DIGITS:
        return path_lengths(lambda z: eye.exact(network.decode(z.to(device), *asked).float().cpu()), a, b, at)


def _memory(loaded: Loaded, sample: api.SampleRequest) -> float:
    """Bytes beside the weights for one of the pictures that are drawn at once, in one step."""
    size = CHUNK[loaded.compute.device.type]
    few = dataclasses.replace(sample, count=size, steps=1)
    return peak_bytes(lambda: finish(sampled(loaded, few))) / size
