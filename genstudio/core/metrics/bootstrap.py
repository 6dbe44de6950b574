"""Standard errors by drawing the pictures at hand again, with repeats (Efron & Tibshirani 1993, chapter 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

RESAMPLES = 100  # of which the error is known to 7 % (ibid., eq. 6.9)


def draws(count: int, rng: torch.Generator, resamples: int = RESAMPLES) -> Iterator[Tensor]:
    """How often each of `count` pictures is in a sample of as many, (count,) float64, again and again."""
    for _ in range(resamples):
        chosen = torch.randint(count, (count,), generator=rng)
        yield torch.bincount(chosen, minlength=count).double()


def error_of_mean(terms: Tensor) -> float:
    """Standard error of the mean of terms (N,): what infinitely many draws come to (ibid., eq. 5.12)."""
    return float(terms.double().std(correction=0)) / len(terms) ** 0.5


def error_of(
    statistic: Callable[[Tensor], float], count: int, rng: torch.Generator, resamples: int = RESAMPLES
) -> float:
    """Standard error of a statistic of `count` pictures, which is told how often each of them counts, (count,)."""
    values = [statistic(weights) for weights in draws(count, rng, resamples)]
    return float(torch.tensor(values, dtype=torch.float64).std())
