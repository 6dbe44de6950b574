"""Quality meters of a run while it goes on: slices of measuring in a small share of its time."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass

import torch
from torch import Tensor

from genstudio import api
from genstudio.core.adversarial.game import GameTrainer, classes_in_turn
from genstudio.core.compute import Compute
from genstudio.core.datasets import DATASETS
from genstudio.core.images import to_float, to_uint8
from genstudio.core.metrics.manifold import FEWEST_FOR_SHARES
from genstudio.core.metrics.meters import measuring
from genstudio.core.seeding import generator, image_noise
from genstudio.core.share import Share
from genstudio.core.training import Trainer, TrainingData
from genstudio.session.classifier import READS, load_classifier

MOST_SHARE = 0.02  # of the training time: a measurement of 500 pictures takes a quarter of a minute
MOST = 5000  # pictures
PART = {"cpu": 8, "cuda": 256, "mps": 32}  # pictures in a slice
REFERENCES = 4  # kept
DRAW = 1  # of the real pictures

Slices = int | None  # pictures that a slice has seen, if any
Measuring = Generator[Slices, None, api.Measured]


class Recogniser:
    """What the classifier sees in pictures, on the device and in the precision of the training."""

    def __init__(self, compute: Compute) -> None:
        self._compute = compute
        self._classifier = load_classifier().to(compute.device)

    @torch.inference_mode()
    def see(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Features (B, 128) and logits (B, 10), on the CPU, of pictures (B, 1, 28, 28) uint8."""
        with self._compute.autocast():
            features = self._classifier.features(to_float(images))
        return features.cpu(), self._classifier.head(features).cpu()


@dataclass(frozen=True)
class Reference:
    """Real pictures to measure against, and what other real ones reach."""

    features: Tensor  # (N, 128)
    floor: api.Meters


class Gauges:
    """The classifier and the real pictures' features, for all runs of a session; lives on its thread.

    The real pictures are training pictures, drawn at random, always the same of a dataset: `count` to measure
    against, and `count` others for the floor. So nothing is read from the disk while a run goes on. A generator
    that repeats its training pictures is not found out by this.
    """

    def __init__(self, compute: Compute) -> None:
        self.compute = compute
        self._recogniser: Recogniser | None = None
        self._references: dict[tuple[str, int], Reference] = {}

    def why_not(self, dataset: str, trainer: Trainer, count: int) -> str:
        """Why a run on a dataset cannot be measured by so many pictures, in a sentence; nothing if it can.

        Raises:
            ValueError: for a count that is never allowed.
        """
        if not FEWEST_FOR_SHARES <= count <= MOST:
            raise ValueError(f"count is {count}; allowed: 0 (no meters) or {FEWEST_FOR_SHARES} to {MOST}")
        data = trainer.data
        if not isinstance(trainer, GameTrainer) or not isinstance(data, TrainingData):
            return "Quality is measured while a GAN learns pictures, and this run is none."
        if dataset not in READS or (data.channels, data.size) != (1, 28):
            titles = " and ".join(DATASETS[name].title for name in READS)
            return f"The bundled classifier reads digits only, so quality is measured on {titles}."
        if 2 * count > len(data.images):
            return f"To measure {count} takes {2 * count} real pictures; there are {len(data.images)}. Choose fewer."
        return ""

    def meter(self, dataset: str, trainer: Trainer, count: int) -> Meter:
        """A meter of a run that can be measured."""
        data = trainer.data
        assert isinstance(trainer, GameTrainer) and isinstance(data, TrainingData)
        self._recogniser = self._recogniser or Recogniser(self.compute)

        def pictures() -> int:
            return count if (dataset, count) in self._references else 3 * count  # real ones, twice, and generated ones

        return Meter(count, lambda: self._measure(dataset, trainer, data, count), self.compute, pictures)

    def _measure(self, dataset: str, trainer: GameTrainer, data: TrainingData, count: int) -> Measuring:
        assert self._recogniser is not None  # since there is a meter
        key = dataset, count
        if key not in self._references:
            reference = yield from reference_of(data, self._recogniser, count)
            self._references[key] = reference
            while len(self._references) > REFERENCES:
                self._references.pop(next(iter(self._references)))
        return (yield from measure(trainer, self._recogniser, self._references[key], count))


def reference_of(data: TrainingData, recogniser: Recogniser, count: int) -> Generator[Slices, None, Reference]:
    """Real pictures to measure against; yields between parts of a few milliseconds."""
    n, device = len(data.images), data.images.device
    order = torch.randperm(n, generator=generator(0, DRAW))[: 2 * count].to(device)
    parts = order.split(PART[device.type])
    features, logits = yield from _seen(recogniser, lambda part: data.images[parts[part]], len(parts))
    floor = yield from measuring(features[:count], features[count:], logits[count:])
    return Reference(features[:count].clone(), floor)


def measure(trainer: GameTrainer, recogniser: Recogniser, reference: Reference, count: int) -> Measuring:
    """What the averaged generator is worth now, by `count` pictures of codes that are always the same, the classes
    in turn; yields between parts of a few milliseconds.

    The trainer may go on meanwhile: a copy of its generator is measured. The codes begin with those of the samples
    on the screen, so what changes along a run is the generator, not the draw. Nothing of the trainer changes, nor
    do any random numbers but its own.
    """
    network, iteration = copy.deepcopy(trainer.model()), trainer.iteration
    seed, shape, device = trainer.settings.seed, (trainer.settings.latent_dim,), trainer.compute.device
    labels = classes_in_turn(count, trainer.data.classes, device)
    yield None
    parts = torch.arange(count).split(PART[device.type])

    @torch.inference_mode()
    def draw(part: int) -> Tensor:
        indices = parts[part].tolist()
        z = image_noise(seed, indices, shape).to(device)
        return to_uint8(network(z, None if labels is None else labels[indices])).permute(0, 3, 1, 2)

    features, logits = yield from _seen(recogniser, draw, len(parts))
    meters = yield from measuring(reference.features, features, logits)
    return api.Measured(iteration, count, meters, reference.floor)


def _seen(
    recogniser: Recogniser, draw: Callable[[int], Tensor], parts: int
) -> Generator[Slices, None, tuple[Tensor, Tensor]]:
    """Features and logits of pictures that are drawn part by part."""
    features, logits = [], []
    for part in range(parts):
        pictures = draw(part)
        yield None
        found = recogniser.see(pictures)
        features.append(found[0])
        logits.append(found[1])
        yield len(pictures)
    return torch.cat(features), torch.cat(logits)


class Meter:
    """Measures one run again and again, in the share of its time that is allowed.

    Args:
        begin: One measurement, in slices.
        pictures: How many a measurement that begins now will look at; `count` where none are given.
    """

    def __init__(
        self, count: int, begin: Callable[[], Measuring], compute: Compute, pictures: Callable[[], int] | None = None
    ) -> None:
        self.count, self.seen = count, (0, 0)  # pictures of the measurement that is under way, and how many there are
        self._pictures = pictures or (lambda: count)
        self._begin, self._device = begin, compute.device
        self._share = Share(MOST_SHARE)
        self._work: Measuring | None = None

    def after(self, seconds: float) -> api.Measured | None:
        """Carry on with the measuring, after an iteration that took so long; what it has found, if it is complete."""
        self._share.trained(seconds)
        while self._share.allows:
            start = time.perf_counter()
            self._wait()
            begun = time.perf_counter()
            self._share.trained(begun - start)  # a GPU was still busy with the training
            found = self._slice()
            self._share.spent(time.perf_counter() - begun)
            if found is not None:
                return found
        return None

    def _slice(self) -> api.Measured | None:
        if self._work is None:
            self._work, self.seen = self._begin(), (0, self._pictures())
        try:
            seen, of = self.seen
            self.seen = seen + (next(self._work) or 0), of
        except StopIteration as end:
            self._work = None
            found: api.Measured = end.value
            return found
        self._wait()
        return None

    def _wait(self) -> None:
        if self._device.type == "cuda":
            torch.cuda.synchronize(self._device)
        elif self._device.type == "mps":
            torch.mps.synchronize()
