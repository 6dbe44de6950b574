"""How good a model is: what is measured, what it means, and what was found."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from genstudio.api.quality import Band, counting_error
from genstudio.api.receipts import called
from genstudio.api.sampling import SampleRequest
from genstudio.settings import DENOISING

Better = Literal["less", "more", ""]
Eye = Literal["classifier", "inception", "pixels"]
MOST_CLASSES = 12  # that are told of one by one
ROUNDING = 1e-9  # an error that is a smaller part of its number is one of arithmetic


@dataclass(frozen=True)
class Meter:
    """What a number is called, and what high and low mean."""

    title: str
    better: Better
    help: str
    unit: str = ""
    in_features: bool = True  # whether the number depends on the features that are compared


METERS: dict[str, Meter] = {
    "frechet": Meter(
        "Fréchet distance", "less",
        "How far mean and spread of the features are from those of real pictures: low where both fit, high for ugly "
        "pictures and for missing kinds alike. It depends on the number of pictures: compare it with real ones.",
    ),
    "kernel": Meter(
        "Kernel distance", "less",
        "The same question without a dependence on the number of pictures: about 0 for real ones, rising as "
        "generated pictures differ from them. It is the squared MMD itself; some papers print a thousand times that.",
    ),
    "sliced": Meter(
        "Sliced Wasserstein", "less",
        "How far generated features must be moved to lie as the real ones do (W2, along 128 lines): 0 if not at all.",
    ),
    "precision": Meter(
        "Precision", "more",
        "Share of the generated pictures that look real, as near to a real one as its fifth neighbour: low for ugly "
        "ones.", "%",
    ),
    "recall": Meter(
        "Recall", "more", "Share of the real pictures that could be made: low where kinds are missing.", "%"
    ),
    "density": Meter(
        "Density", "more",
        "How crowded generated pictures are around real ones: about 1 for real ones, less for ugly ones, more where "
        "only the usual is made.",
    ),
    "coverage": Meter(
        "Coverage", "more", "Share of the real pictures with a generated one beside them: low where kinds are missing.",
        "%",
    ),
    "inception": Meter(
        "Inception score", "more",
        "High where each picture is surely of one class and all classes appear; at most the number of classes. It does "
        "not see copies, nor ugly pictures of a sure class.",
    ),
    "entropy": Meter(
        "Entropy of classes", "more",
        "How evenly the classes appear: the logarithm of their number if all do alike, 0 if there is but one.", "nats",
    ),
    "path": Meter(
        "Path length", "less",
        "How far the features of a picture move for a step in latent space: low where a way through it is smooth. Both "
        "are squared, and the step is a share of the way from one code to another, so it has no unit of its own.",
    ),
    "reconstruction": Meter(
        "Reconstruction error", "less",
        "Mean squared error of held-out pictures that went through the code and back, of pixels from 0 to 1. Of a "
        "latent diffusion model it is that of the VAE whose codes it draws.",
        in_features=False,
    ),
    "copies": Meter(
        "Copies", "",
        "Share of the pictures that are nearer to a training picture than 99 % of unseen real ones are: about 1 % for "
        "new pictures, far more where the training data were learnt by heart.", "%", in_features=False,
    ),
    "time": Meter(
        "Time for a picture", "less",
        "How long one of many pictures takes on the machine that measured it, as busy as that was.", "ms",
        in_features=False,
    ),
    "memory": Meter(
        "Memory for a picture", "less", "What the network needs beside its weights while it draws.", "MB",
        in_features=False,
    ),
}  # fmt: skip
EYES: dict[Eye, str] = {
    "classifier": "MNIST classifier",
    "inception": "Inception v3",
    "pixels": "pixels",
}


def way_in_words(family: str, sample: SampleRequest) -> str:
    """How a diffusion model is asked for pictures: "ddim, 50 steps"; "" of a family that draws at once."""
    if family not in DENOISING:
        return ""
    extra = [f"guidance {sample.guidance:g}"] if sample.guidance != 1 else []
    extra += [f"eta {sample.eta:g}"] if sample.eta else []
    extra += [sample.spacing] if sample.spacing != "uniform" else []
    return ", ".join([sample.sampler, f"{sample.steps} steps", *extra])


def in_parts(band: Band, unit: str) -> tuple[str, str]:
    """A number and its error as they are written, without the unit; no error where none is known or what is known is
    that of arithmetic alone.
    """
    if not (math.isfinite(band.value) and math.isfinite(band.error)):
        return "–", ""
    value, error = (100 * part if unit == "%" else part for part in (band.value, band.error))
    if error <= ROUNDING * abs(value):
        text = f"{value:z.3g}" if abs(value) < 999.5 else f"{value:,.0f}"
        return text.replace("-", "−"), ""
    digits = max(0, 1 - math.floor(math.log10(error)))  # two of the error's
    return f"{value:z,.{digits}f}".replace("-", "−"), f"{error:,.{digits}f}"


def in_words(name: str, band: Band) -> str:
    """A number of a meter with its error and its unit; without an error where none is known."""
    return with_unit(band, METERS[name].unit)


def with_unit(band: Band, unit: str) -> str:
    """The same of any number."""
    value, error = in_parts(band, unit)
    after = f" {unit}".rstrip() if value != "–" else ""
    return f"{value} ± {error}{after}" if error else f"{value}{after}"


@dataclass(frozen=True)
class EvaluateRequest:
    """Measure a model: draw the request's pictures and compare them with as many real ones; a stream with progress.

    Args:
        dataset: Whose held-out pictures; those of what the model learned from if "".
        eye: The features to compare; the best there is for the pictures if "".
        notes: Write what was found onto the model's card.
    """

    sample: SampleRequest
    dataset: str = ""
    eye: Eye | Literal[""] = ""
    notes: bool = False

    @property
    def seed(self) -> int:
        """Of everything that is drawn: the sample's, the bootstrap's, and of which real pictures are taken."""
        return self.sample.seed


class ClassSeen(NamedTuple):
    """The share of the pictures that the eye takes for one class."""

    name: str
    measured: Band
    real: Band | None  # of as many real pictures; None if nobody noted it


@dataclass(frozen=True)
class Evaluation:
    """What was found. A number that would mean nothing is missing, with the reason in a sentence.

    Args:
        floor: What as many real training pictures reach against the same held-out ones; of few the mean of several
            draws. The features may know them better than new ones, so it is a little above what a perfect model would
            reach.
        shares: Of the classes that the eye sees, by their names.
        available: Real pictures that there are, so no more could have been compared; 0 if nobody noted it.
        real_shares: The same of the real pictures of `floor`; empty if nobody noted them.
    """

    eye: Eye
    dataset: str
    count: int
    seed: int
    way: str  # how a diffusion model was asked for them: "ddim, 50 steps"; "" of one that draws at once
    bands: dict[str, Band]
    floor: dict[str, Band] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)
    machine: str = ""  # where it was measured; "" if nobody noted it
    counts: dict[str, int] = field(default_factory=dict)  # of how many pictures each number is, where not `count`
    when: str = ""  # it was measured, as ISO 8601 has it; "" if nobody noted it
    available: int = 0
    real_shares: dict[str, float] = field(default_factory=dict)

    @property
    def real(self) -> int | Literal[""]:
        """Which real pictures it was compared with: the seed that took some; "" of all, whatever the seed."""
        return "" if 0 < self.available <= self.count else self.seed

    def is_of(self, count: int) -> bool:
        """Whether it is of so many pictures, or of all that there are where those are fewer."""
        return self.count == (min(count, self.available) if self.available else count)

    def asked(self) -> tuple[str, str, int, str]:
        """What two evaluations of a model have in common if the later one is to replace the earlier."""
        return self.eye, self.dataset, self.count, self.way

    def heading(self) -> str:
        """What was compared with what."""
        way = f" ({self.way})" if self.way else ""
        return (
            f"{self.count:,} pictures{way} beside held-out ones of {called(self.dataset)}, compared in the features "
            f"of: {EYES[self.eye]}"
        )

    def title(self, name: str) -> str:
        """What a number is called, with the features it was measured in where that matters."""
        if METERS[name].in_features:
            return f"{METERS[name].title} ({EYES[self.eye]})"
        return METERS[name].title

    def classes_seen(self, most: int = MOST_CLASSES) -> tuple[ClassSeen, ...]:
        """The classes that the eye sees, each share with its error by counting: all in their order, or of more than
        `most` those that are seen most often. None if it sees none.
        """
        names = list(self.shares)
        if len(names) > most:
            names = sorted(names, key=lambda name: -self.shares[name])[:most]
        return tuple(ClassSeen(name, self._counted(self.shares[name]), self._of_real(name)) for name in names)

    def _of_real(self, name: str) -> Band | None:
        return self._counted(self.real_shares[name]) if name in self.real_shares else None

    def _counted(self, share: float) -> Band:
        return Band(share, counting_error(share, self.count))


@dataclass(frozen=True)
class Sibling:
    """Another training of the same recipe, which began with another seed, and what was measured of it."""

    name: str
    seed: int
    evaluations: tuple[Evaluation, ...]


@dataclass(frozen=True)
class EvaluationEvent:
    """The end of an evaluation.

    Args:
        card: Where it was written, if it was to be.
        trouble: Why it could not, in a sentence.
    """

    request: EvaluateRequest
    evaluation: Evaluation
    card: str = ""
    trouble: str = ""
