"""All meters of generated pictures against real ones, each with its standard error, or why there is no number."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field

import torch
from torch import Tensor

from genstudio.api import Band
from genstudio.core.metrics import bootstrap
from genstudio.core.metrics.frechet import Moments, frechet_distance, moments
from genstudio.core.metrics.kernel import kernel_terms, own_means
from genstudio.core.metrics.manifold import NEIGHBOURS, membership, neighbour_radii
from genstudio.core.metrics.meters import counting_error
from genstudio.core.metrics.sliced import Places, along, directions
from genstudio.core.parts import in_parts
from genstudio.core.threads import THREADS

DIRECTIONS = 128  # of the sliced distance
SLICED_RESAMPLES = 20
RESAMPLES, FEW_RESAMPLES, WIDE = 50, 8, 512  # of features wider than that a distance takes many seconds

Work = Generator[None, None, "Readings"]


@dataclass
class Readings:
    """Numbers by the names of `api.METERS`, and sentences where a number would mean nothing."""

    bands: dict[str, Band] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


class Reference:
    """Real features (N, F), and what comparisons need of them alone: it is computed once. Lives on one thread."""

    def __init__(self, features: Tensor) -> None:
        self.features = features.double().cpu()
        self._radii: Tensor | None = None
        self._means: Tensor | None = None

    def __len__(self) -> int:
        return len(self.features)

    def radii(self) -> Generator[None, None, Tensor]:
        """Of the balls around them, (N,)."""
        if self._radii is None:
            self._radii = yield from neighbour_radii(self.features)
        return self._radii

    def kernel_means(self) -> Generator[None, None, Tensor]:
        """Of the kernel with all others, (N,)."""
        if self._means is None:
            self._means = yield from own_means(self.features)
        return self._means


def compared(reference: Reference, fake: Tensor, rng: torch.Generator) -> Work:
    """Distances and shares of real features (N, F) and others (M, F); yields between parts.

    The errors are by bootstrap of both sets. For the shares and the kernel distance their terms are drawn again, so
    the balls stay where they are; a share's error is never below that of counting.

    Raises:
        ValueError: for features that are no finite numbers.
    """
    real, fake = reference.features, fake.double().cpu()
    for x, what in ((real, "real"), (fake, "generated")):
        if bad := int((~torch.isfinite(x).all(1)).sum()):
            raise ValueError(f"{bad} of {len(x)} {what} pictures have features that are no finite numbers")
    found, n, width = Readings(), min(len(real), len(fake)), real.shape[1]
    if n > width:
        found.bands["frechet"] = yield from _frechet(real, fake, rng)
    else:
        found.missing["frechet"] = (
            f"{n} pictures do not tell how {width} features vary together; it takes more than {width}."
        )
    if n > NEIGHBOURS:
        found.bands |= yield from _shares(reference, fake, rng)
    else:
        few = f"{n} pictures have no {NEIGHBOURS} neighbours each; it takes more than {NEIGHBOURS}."
        found.missing |= dict.fromkeys(("precision", "recall", "density", "coverage"), few)
    if n > 1:
        terms = yield from kernel_terms(real, fake, (yield from reference.kernel_means()))
        error = sum(bootstrap.error_of_mean(part, rng) ** 2 for part in (terms.real, terms.fake)) ** 0.5
        found.bands["kernel"] = Band(terms.distance, error)
        found.bands["sliced"] = yield from _sliced(real, fake, rng)
    else:
        found.missing |= dict.fromkeys(("kernel", "sliced"), "One picture has no spread; it takes two.")
    return found


def classified(logits: Tensor, rng: torch.Generator) -> Readings:
    """Inception score and entropy of the classes that a classifier sees, of its logits (N, K)."""
    found, n, classes = Readings(), len(logits), logits.shape[1]
    if n < classes:
        few = f"{n} pictures cannot show {classes} classes; it takes at least {classes}."
        found.missing |= dict.fromkeys(("inception", "entropy"), few)
        return found
    log_p = logits.double().log_softmax(1).cpu()
    p = log_p.exp()
    own, seen = (p * log_p).sum(1), torch.nn.functional.one_hot(p.argmax(1), classes).double()

    def score(weights: Tensor) -> float:
        return float((weights @ own / n + _entropy(weights @ p / n)).exp())

    def entropy(weights: Tensor) -> float:
        return float(_entropy(weights @ seen / n))

    once = torch.ones(n, dtype=torch.float64)
    for name, statistic in (("inception", score), ("entropy", entropy)):
        found.bands[name] = Band(statistic(once), bootstrap.error_of(statistic, n, rng))
    return found


def mean_of(terms: Tensor, rng: torch.Generator) -> Band:
    """The mean of one number a picture (N,), with its error."""
    return Band(float(terms.double().mean()), bootstrap.error_of_mean(terms, rng))


def share_of(members: Tensor, rng: torch.Generator) -> Band:
    """The share of pictures (N,) bool, with its error."""
    share = float(members.double().mean())
    return Band(share, max(bootstrap.error_of_mean(members, rng), counting_error(share, len(members))))


def _frechet(real: Tensor, fake: Tensor, rng: torch.Generator) -> Generator[None, None, Band]:
    value = frechet_distance(moments(real), moments(fake))
    yield

    def again(x: Tensor, y: Tensor) -> float:
        return frechet_distance(_weighted(real, x), _weighted(fake, y))

    resamples = RESAMPLES if real.shape[1] <= WIDE else FEW_RESAMPLES
    return Band(value, (yield from _spread_of(again, len(real), len(fake), resamples, rng)))


def _weighted(x: Tensor, weights: Tensor) -> Moments:
    """Moments of features (N, F) that count so often (N,); the covariance divides by their number less 1."""
    count = weights.sum()
    mean = weights @ x / count
    centred = (x - mean).mul_(weights.sqrt()[:, None])
    return Moments(mean, centred.T @ centred / (count - 1))


def _shares(reference: Reference, fake: Tensor, rng: torch.Generator) -> Generator[None, None, dict[str, Band]]:
    radii = yield from reference.radii()
    who = yield from membership(reference.features, fake, of_real=radii)
    return {
        "precision": share_of(who.looks_real, rng),
        "recall": share_of(who.found, rng),
        "density": mean_of(who.crowd, rng),
        "coverage": share_of(who.covered, rng),
    }


def _sliced(real: Tensor, fake: Tensor, rng: torch.Generator) -> Generator[None, None, Band]:
    lines = directions(real.shape[1], DIRECTIONS, rng)
    x, y = Places.of(real, lines), Places.of(fake, lines)
    yield

    def again(of_real: Tensor, of_fake: Tensor) -> float:
        return along(x.drawn(of_real.long()), y.drawn(of_fake.long()))

    error = yield from _spread_of(again, len(real), len(fake), SLICED_RESAMPLES, rng)
    return Band(along(x.values, y.values), error)


def _spread_of(
    statistic: Callable[[Tensor, Tensor], float], n: int, m: int, resamples: int, rng: torch.Generator
) -> Generator[None, None, float]:
    """Standard error of a statistic of two sets, which is told how often each counts, (n,) and (m,) float64."""
    pairs = list(zip(*(bootstrap.draws(count, rng, resamples) for count in (n, m)), strict=True))
    found: list[float] = []
    for some in torch.arange(resamples).split(2 * THREADS):
        found += in_parts(lambda one: statistic(*pairs[int(one)]), some, part=1)
        yield
    return float(torch.tensor(found, dtype=torch.float64).std())


def _entropy(p: Tensor) -> Tensor:
    """In nats, of shares (K,) that sum to 1."""
    return -(p * p.clamp_min(1e-300).log()).sum()
