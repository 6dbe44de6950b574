"""The lecture's comparison in numbers: which meters measure which aspect, and when two numbers may be compared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from genstudio.api.caveats import SURE
from genstudio.api.evaluation import METERS, Meter, in_parts
from genstudio.api.quality import Band

AspectName = Literal["quality", "diversity", "stability", "latent", "speed", "cost"]


@dataclass(frozen=True)
class Aspect:
    """A row of the lecture's table.

    Args:
        stars: What the lecture says of it without having measured.
        measures: Names of MEASURES; the first that can be compared stands for the aspect on the radar.
    """

    title: str
    help: str
    stars: str
    measures: tuple[str, ...]


ASPECTS: dict[AspectName, Aspect] = {
    "quality": Aspect(
        "Quality", "How real the pictures look.", "GAN 4 of 5 stars, VAE 2, diffusion 5.", ("frechet", "precision")
    ),
    "diversity": Aspect(
        "Diversity", "How much of what there is appears.", "GAN 2 of 5 stars, VAE 4, diffusion 5.",
        ("coverage", "recall", "entropy"),
    ),
    "stability": Aspect(
        "Stability", "Whether another training of the same recipe turns out alike.",
        "GAN 2 of 5 stars, VAE 4, diffusion 5.", ("spread",),
    ),
    "latent": Aspect(
        "Latent structure", "Whether there is a code in which one can go from picture to picture.",
        "GAN none to speak of, VAE 5 of 5 stars, diffusion 3.", ("path", "reconstruction"),
    ),
    "speed": Aspect("Speed", "How soon a picture is there.", "GAN and VAE 5 of 5 stars, diffusion 1.", ("time",)),
    "cost": Aspect(
        "Cost", "What drawing and learning take.", "GAN and VAE moderate, diffusion high.",
        ("memory", "training", "parameters"),
    ),
}  # fmt: skip
MEASURES: dict[str, Meter] = METERS | {
    "spread": Meter(
        "Spread of trainings", "less",
        "How much the Fréchet distance differs among trainings of one recipe that began with different seeds, as a "
        "share of their mean: low where the outcome does not hang on luck.", "%",
    ),
    "training": Meter("Training time", "less", "How long the model learned, as its file says."),
    "parameters": Meter(
        "Parameters", "less",
        "How many numbers the network in its file has learned: of a VAE those of the encoder, too, which drawing does "
        "not need; of a GAN those of the generator alone, without the discriminator, which only teaches.",
    ),
}  # fmt: skip
BASIS: dict[str, tuple[str, ...]] = {  # what must agree of two evaluations, else their numbers are of two things
    **dict.fromkeys(("frechet", "precision", "recall", "coverage", "spread"), ("eye", "dataset", "count", "real")),
    "entropy": ("eye", "dataset", "count"),
    "path": ("eye", "dataset"),
    "reconstruction": ("dataset",),
    **dict.fromkeys(("time", "memory", "training"), ("machine",)),
}
LOOSE = {"time": 0.1, "training": 0.1}  # how far readings of a clock may be apart, as a share of the larger one
RATIOS = ("frechet", "path", "reconstruction", "time", "memory", "training", "parameters")  # where twice as much counts


def differ(name: str, a: Band, b: Band) -> bool:
    """Whether two numbers of a measure are further apart than SURE standard errors of their difference."""
    slack = max(SURE * math.hypot(a.error, b.error), LOOSE.get(name, 0.0) * max(abs(a.value), abs(b.value)))
    return abs(a.value - b.value) > slack


def best_of(name: str, bands: Sequence[Band | None]) -> frozenset[int]:
    """The places of those that nobody surely beats, and of those that read the same; none where all are so, or fewer
    than two are known.
    """
    better = MEASURES[name].better
    known = {place: band for place, band in enumerate(bands) if band is not None}
    if len(known) < 2 or not better:
        return frozenset()
    sign = -1 if better == "less" else 1

    def beats(one: Band, other: Band) -> bool:
        return sign * (one.value - other.value) > 0 and differ(name, one, other)

    ahead = {place for place, band in known.items() if not any(beats(other, band) for other in known.values())}
    read = {written(name, known[place]) for place in ahead}  # nobody believes what the digits that are shown do not say
    first = frozenset(place for place, band in known.items() if place in ahead or written(name, band) in read)
    return frozenset() if len(first) == len(known) else first


def duration(seconds: float) -> str:
    """A training time as it is read: 39.2 min."""
    number, _, unit = written("training", Band(seconds, 0.0))
    return f"{number} {unit}"


def written(name: str, band: Band) -> tuple[str, str, str]:
    """A number, its error and its unit as they are read; the error is "" where none is known."""
    if name == "training":
        seconds = band.value
        size, unit = next(
            (size, unit) for size, unit in ((3600, "h"), (60, "min"), (1, "s")) if seconds >= size or size == 1
        )
        return f"{seconds / size:.3g}", "", unit
    if name == "parameters":
        millions = band.value / 1e6
        return (f"{millions:.2f}", "", "M") if millions >= 0.1 else (f"{band.value:,.0f}", "", "")
    return (*in_parts(band, MEASURES[name].unit), MEASURES[name].unit)
