"""All meters of generated pictures against real ones, each with its standard error, or why there is no number."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from genstudio.api import Band
from genstudio.api.copied import SHARE
from genstudio.api.quality import counting_error
from genstudio.core.metrics import bootstrap
from genstudio.core.metrics.copies import is_near, is_new
from genstudio.core.metrics.frechet import frechet_distance, moments
from genstudio.core.metrics.kernel import kernel_terms, own_means
from genstudio.core.metrics.manifold import FEWEST_FOR_SHARES, Balls, balls
from genstudio.core.metrics.meters import jackknife_error, tenths
from genstudio.core.metrics.overlap_bands import overlap_bands
from genstudio.core.metrics.path_length import trimmed
from genstudio.core.metrics.seen_classes import SeenClasses
from genstudio.core.metrics.sliced import Places, along, directions
from genstudio.core.parts import by_parts
from genstudio.core.threads import THREADS

DIRECTIONS = 128  # of the sliced distance
SLICED_RESAMPLES = 20
FOR_DISTANCES = 20  # pictures, the fewest: of fewer an error by resampling is a number without meaning
FOR_MEDIAN = 5  # terms, the fewest: drawn again, two or three of them are mostly one another
ALIKE = 0.01  # of the variance of real pictures
PER_FEATURE = 2  # pictures, the fewest, for each feature whose covariances are compared
PER_CLASS = 10  # pictures, the fewest: the entropy of n pictures of K classes is short by (K - 1) / 2n nats

OF_ITSELF = ("inception", "entropy")  # what a set is not compared with others for

Work = Generator[None, None, "Readings"]


@dataclass
class Readings:
    """Numbers by the names of `api.METERS`, of how many pictures each is, and sentences where a number would mean
    nothing.
    """

    bands: dict[str, Band] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, band: Band, count: int) -> None:
        """One more, of so many pictures."""
        self.bands[name], self.counts[name] = band, count

    def copy(self) -> Readings:
        """One that can be changed."""
        return Readings(dict(self.bands), dict(self.missing), dict(self.counts))

    def take(self, other: Readings) -> None:
        """All that another found."""
        self.bands |= other.bands
        self.missing |= other.missing
        self.counts |= other.counts

    def withdraw(self, names: Sequence[str], why: str) -> None:
        """These numbers mean nothing."""
        for name in names:
            if self.bands.pop(name, None) is not None:
                del self.counts[name]
                self.missing[name] = why

    def without_broken(self) -> None:
        """A number that is none is missing, and said to be."""
        for name, band in list(self.bands.items()):
            if not (math.isfinite(band.value) and math.isfinite(band.error)):
                del self.bands[name], self.counts[name]
                self.missing[name] = "What came out is no finite number."


def mean_of_draws(draws: Sequence[Readings]) -> Readings:
    """What several sets, drawn alike and compared with the same real pictures, say on average; of one the same.

    Half of the variance of one is taken for that of the set it is compared with, which is the same for all; nothing of
    what is OF_ITSELF. A number that one of them lacks is missing.
    """
    found = Readings(missing={name: why for one in draws for name, why in one.missing.items()})
    for name in draws[0].bands:
        bands = [one.bands[name] for one in draws if name in one.bands]
        if len(bands) == len(draws):
            found.add(name, _mean_of_bands(bands, 0.0 if name in OF_ITSELF else 0.5), draws[0].counts[name])
    return found


def _mean_of_bands(bands: Sequence[Band], common: float) -> Band:
    """Of draws that have so much of the variance of each in common."""
    n = len(bands)
    variance = math.fsum(band.error**2 for band in bands) / n
    return Band(math.fsum(band.value for band in bands) / n, (variance * (common + (1 - common) / n)) ** 0.5)


def hardly_differ(pictures: Tensor, real: Tensor) -> bool:
    """Whether pictures (N, ...) differ from one another by less than ALIKE of the variance of real ones (M, ...)."""
    mine, theirs = (float(part.flatten(1).float().var(0, correction=0).sum()) for part in (pictures, real))
    return mine < ALIKE * theirs


class Reference:
    """Real features (N, F), and what comparisons need of them alone: it is computed once. Lives on one thread.

    Args:
        rng: Draws the lines of the sliced distance, the same for all that are compared.
    """

    def __init__(self, features: Tensor, rng: torch.Generator) -> None:
        self.features = features.double().cpu()
        self.lines = directions(features.shape[1], DIRECTIONS, rng)
        self._balls: Balls | None = None
        self._means: Tensor | None = None

    def __len__(self) -> int:
        return len(self.features)

    def balls(self) -> Generator[None, None, Balls]:
        """Around them."""
        if self._balls is None:
            self._balls = yield from balls(self.features)
        return self._balls

    def kernel_means(self) -> Generator[None, None, Tensor]:
        """Of the kernel with all others, (N,)."""
        if self._means is None:
            self._means = yield from own_means(self.features)
        return self._means


def compared(reference: Reference, fake: Tensor, rng: torch.Generator) -> Work:
    """Distances and shares of real features (N, F) and others (M, F); yields between parts.

    The errors are by bootstrap of both sets, that of the Fréchet distance by jackknife, as `meters.measuring` has it:
    a picture that is drawn twice moves that distance; those of the shares as `overlap_bands` has it. For the kernel
    distance its terms are drawn again.

    Raises:
        ValueError: for features that are no finite numbers.
    """
    real, fake = reference.features, fake.double().cpu()
    for x, what in ((real, "real"), (fake, "generated")):
        if bad := int((~torch.isfinite(x).all(1)).sum()):
            raise ValueError(f"{bad} of {len(x)} {what} pictures have features that are no finite numbers")
    found, n, width = Readings(), min(len(real), len(fake)), real.shape[1]
    if n >= PER_FEATURE * width:
        found.add("frechet", (yield from _frechet(real, fake)), n)
    else:
        found.missing["frechet"] = (
            f"{n} pictures do not tell how {width} features vary together; it takes at least {PER_FEATURE * width:,}."
        )
    if n >= FEWEST_FOR_SHARES:
        known = yield from reference.balls()
        for name, band in (yield from overlap_bands(real, fake, rng, known)).items():
            found.add(name, band, n)
    else:
        few = f"{n} pictures are too few to say how far theirs reach; it takes at least {FEWEST_FOR_SHARES}."
        found.missing |= dict.fromkeys(("precision", "recall", "density", "coverage"), few)
    if n >= FOR_DISTANCES:
        terms = yield from kernel_terms(real, fake, (yield from reference.kernel_means()))
        error = sum(bootstrap.error_of_mean(part) ** 2 for part in (terms.real, terms.fake)) ** 0.5
        found.add("kernel", Band(terms.distance, error), n)
        found.add("sliced", (yield from _sliced(reference, fake, rng)), n)
    else:
        few = f"{n} pictures do not tell how sure a distance is; it takes at least {FOR_DISTANCES}."
        found.missing |= dict.fromkeys(("kernel", "sliced"), few)
    return found


def copied(found: Readings, distances: Tensor, judges: Tensor, rng: torch.Generator) -> None:
    """The share of pictures that are nearer to training pictures than new ones are, of their distances (N,).

    Args:
        judges: Distances (M,) of held-out pictures: so many of them must be new that a hundredth is one.
    """
    repeated, judges = len(judges), judges[is_new(judges)]
    repeated -= len(judges)
    if len(judges) * SHARE < 1 or not len(distances):
        also = f"{repeated:,} of {repeated + len(judges):,} held-out pictures are training pictures, too. "
        few = f"{len(judges)} new pictures do not tell how near one in a hundred comes; "
        found.missing["copies"] = f"{also if repeated else ''}{few}it takes at least {1 / SHARE:g}."
        return

    def share_of_near(own: Tensor, others: Tensor) -> float:
        return float(is_near(own, others).double().mean())

    pairs = zip(bootstrap.draws(len(distances), rng), bootstrap.draws(len(judges), rng), strict=True)
    again = [
        share_of_near(distances.repeat_interleave(own.long()), judges.repeat_interleave(others.long()))
        for own, others in pairs
    ]
    share = share_of_near(distances, judges)
    error = max(float(torch.tensor(again).std()), counting_error(share, len(distances)))
    found.add("copies", Band(share, error), len(distances))


def classified(logits: Tensor, rng: torch.Generator) -> Readings:
    """Inception score and entropy of the classes that a classifier sees, of its logits (N, K)."""
    found, n, classes = Readings(), len(logits), logits.shape[1]
    if n < PER_CLASS * classes:
        few = f"{n} pictures do not show how {classes} classes are shared; it takes at least {PER_CLASS * classes:,}."
        found.missing |= dict.fromkeys(("inception", "entropy"), few)
        return found
    of_pictures, once = SeenClasses.of(logits), torch.ones(n, dtype=torch.float64)
    for name, statistic in (("inception", of_pictures.score), ("entropy", of_pictures.entropy)):
        found.add(name, Band(statistic(once), bootstrap.error_of(statistic, n, rng)), n)
    return found


def mean_of(terms: Tensor) -> Band:
    """The mean of one number a picture (N,), with its error."""
    return Band(float(terms.double().mean()), bootstrap.error_of_mean(terms))


def trimmed_mean(terms: Tensor, rng: torch.Generator) -> Band:
    """The mean of all but the smallest and largest of terms (N,), with its error."""

    def mean(counts: Tensor) -> float:
        return float(trimmed(terms.repeat_interleave(counts.long())).mean())

    return Band(float(trimmed(terms).mean()), bootstrap.error_of(mean, len(terms), rng))


def median_of(terms: Tensor, rng: torch.Generator) -> Band:
    """The median of terms (N,), which a few that were disturbed do not move: of an even number the middle of the two in
    the middle. With its error, or 0 where fewer than FOR_MEDIAN do not tell it.
    """
    values = terms.double()

    def median(counts: Tensor) -> float:
        return float(values.repeat_interleave(counts.long()).quantile(0.5))

    error = bootstrap.error_of(median, len(values), rng) if len(values) >= FOR_MEDIAN else 0.0
    return Band(float(values.quantile(0.5)), error)


def _frechet(real: Tensor, fake: Tensor) -> Generator[None, None, Band]:
    value = frechet_distance(moments(real), moments(fake))
    yield
    without: list[float] = []

    def left(tenth: Tensor) -> float:
        keeps = (kept[int(tenth)] for kept in (of_real, of_fake))
        return frechet_distance(*(moments(x[keep]) for x, keep in zip((real, fake), keeps, strict=True)))

    of_real, of_fake = tenths(len(real)), tenths(len(fake))
    for some in torch.arange(len(of_real)).split(THREADS):
        without += by_parts(left, some, part=1)
        yield
    return Band(value, float(jackknife_error(torch.tensor(without, dtype=torch.float64))))


def _sliced(reference: Reference, fake: Tensor, rng: torch.Generator) -> Generator[None, None, Band]:
    """Its error is that along these lines: along others, which another seed draws, the distance is another one."""
    x, y = Places.of(reference.features, reference.lines), Places.of(fake, reference.lines)
    yield

    def again(of_real: Tensor, of_fake: Tensor) -> float:
        return along(x.drawn(of_real.long()), y.drawn(of_fake.long()))

    error = yield from _spread_of(again, len(reference), len(fake), SLICED_RESAMPLES, rng)
    return Band(along(x.values, y.values), error)


def _spread_of(
    statistic: Callable[[Tensor, Tensor], float], n: int, m: int, resamples: int, rng: torch.Generator
) -> Generator[None, None, float]:
    """Standard error of a statistic of two sets, which is told how often each counts, (n,) and (m,) float64."""
    pairs = list(zip(*(bootstrap.draws(count, rng, resamples) for count in (n, m)), strict=True))
    found: list[float] = []
    for some in torch.arange(resamples).split(2 * THREADS):
        found += by_parts(lambda one: statistic(*pairs[int(one)]), some, part=1)
        yield
    return float(torch.tensor(found, dtype=torch.float64).std())
