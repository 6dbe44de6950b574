"""All meters of generated pictures against real ones, each with its standard error, or why there is no number."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field

import torch
from torch import Tensor

from genstudio.api import Band
from genstudio.core.metrics import bootstrap
from genstudio.core.metrics.frechet import Moments, frechet_distance
from genstudio.core.metrics.kernel import kernel_terms
from genstudio.core.metrics.manifold import NEIGHBOURS, membership
from genstudio.core.metrics.meters import counting_error
from genstudio.core.metrics.sliced import directions, of_projections

DIRECTIONS = 128  # of the sliced distance
SLICED_RESAMPLES = 20
RESAMPLES, FEW_RESAMPLES, WIDE = 50, 8, 512  # of features wider than that a distance takes many seconds

Work = Generator[None, None, "Readings"]


@dataclass
class Readings:
    """Numbers by the names of `api.METERS`, and sentences where a number would mean nothing."""

    bands: dict[str, Band] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


def compared(real: Tensor, fake: Tensor, rng: torch.Generator) -> Work:
    """Distances and shares of features (N, F) and (M, F); yields between parts.

    The errors are by bootstrap of both sets. For the shares and the kernel distance their terms are drawn again, so
    the balls stay where they are; a share's error is never below that of counting.

    Raises:
        ValueError: for features that are no finite numbers.
    """
    for x, what in ((real, "real"), (fake, "generated")):
        if bad := int((~torch.isfinite(x).all(1)).sum()):
            raise ValueError(f"{bad} of {len(x)} {what} pictures have features that are no finite numbers")
    found, n, width = Readings(), min(len(real), len(fake)), real.shape[1]
    real, fake = real.double().cpu(), fake.double().cpu()
    if n > width:
        found.bands["frechet"] = yield from _frechet(real, fake, rng)
    else:
        found.missing["frechet"] = (
            f"{n} pictures do not tell how {width} features vary together; it takes more than {width}."
        )
    if n > NEIGHBOURS:
        found.bands |= yield from _shares(real, fake, rng)
    else:
        few = f"{n} pictures have no {NEIGHBOURS} neighbours each; it takes more than {NEIGHBOURS}."
        found.missing |= dict.fromkeys(("precision", "recall", "density", "coverage"), few)
    if n > 1:
        terms = yield from kernel_terms(real, fake)
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
    once = [torch.ones(len(x), dtype=torch.float64) for x in (real, fake)]
    value = frechet_distance(_weighted(real, once[0]), _weighted(fake, once[1]))
    yield
    again = []
    resamples = RESAMPLES if real.shape[1] <= WIDE else FEW_RESAMPLES
    draws = (bootstrap.draws(len(x), rng, resamples) for x in (real, fake))
    for weights in zip(*draws, strict=True):
        again.append(frechet_distance(_weighted(real, weights[0]), _weighted(fake, weights[1])))
        yield
    return Band(value, float(torch.tensor(again, dtype=torch.float64).std()))


def _weighted(x: Tensor, weights: Tensor) -> Moments:
    """Moments of features (N, F) that count so often (N,); the covariance divides by their number less 1."""
    count = weights.sum()
    mean = weights @ x / count
    centred = (x - mean) * weights.sqrt()[:, None]
    return Moments(mean, centred.T @ centred / (count - 1))


def _shares(real: Tensor, fake: Tensor, rng: torch.Generator) -> Generator[None, None, dict[str, Band]]:
    who = yield from membership(real, fake)
    return {
        "precision": share_of(who.looks_real, rng),
        "recall": share_of(who.found, rng),
        "density": mean_of(who.crowd, rng),
        "coverage": share_of(who.covered, rng),
    }


def _sliced(real: Tensor, fake: Tensor, rng: torch.Generator) -> Generator[None, None, Band]:
    along = directions(real.shape[1], DIRECTIONS, rng)
    x, y = real @ along, fake @ along
    value = of_projections(x, y)
    yield
    again = []
    for _ in range(SLICED_RESAMPLES):
        drawn = (part[torch.randint(len(part), (len(part),), generator=rng)] for part in (x, y))
        again.append(of_projections(*drawn))
        yield
    return Band(value, float(torch.tensor(again, dtype=torch.float64).std()))


def _entropy(p: Tensor) -> Tensor:
    """In nats, of shares (K,) that sum to 1."""
    return -(p * p.clamp_min(1e-300).log()).sum()
