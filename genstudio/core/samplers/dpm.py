"""DPM-Solver++ (Lu et al. 2022; arXiv:2211.01095)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from torch import Tensor

from genstudio.core.levels import Level, jumps
from genstudio.core.prediction import Predict
from genstudio.core.samplers.step import Step, Terms, last
from genstudio.core.seeding import ImageNoise


def dpm_2m(
    predict: Predict, levels: Sequence[Level], x: Tensor, rng: ImageNoise, *,
    first: int = 0, before: Tensor | None = None, eta: float = 0.0,
) -> Iterator[Step]:  # fmt: skip
    """The multistep method of second order, algorithm 2: second order for one network call a step.

    x_next = (noise_next / noise) x - signal_next (e^-h - 1) D with h = log(sigma / sigma_next) and
    D = (1 + 1 / (2 r)) x0_hat - 1 / (2 r) x0_before, r = h_before / h. First order in the first step and in the
    last, which ends at no noise.

    Args:
        before: x0_hat of step first - 1; without it the first step is of first order.
    """
    eps_hat = None
    for index, here, after in jumps(levels, first):
        shrink = after.sigma / here.sigma  # e^-h
        lean = 0.0
        if before is not None and after.noise > 0:
            lean = math.log(here.sigma / after.sigma) / math.log(levels[index - 1].sigma / here.sigma) / 2  # 1 / (2 r)
        to_x0 = after.signal * (1 - shrink)
        terms: Terms = (("x", after.noise / here.noise), ("x0", to_x0 * (1 + lean)))
        x0_hat, eps_hat = predict(x, here)
        yield Step(
            index, here, x, x0_hat, eps_hat, index - first + 1,
            (*terms, ("x0_before", -to_x0 * lean)) if lean else terms,
        )  # fmt: skip
        estimate = x0_hat if before is None else (1 + lean) * x0_hat - lean * before
        x = after.noise / here.noise * x + to_x0 * estimate
        before = x0_hat
    yield last(levels, x, eps_hat, len(levels) - 1 - first)
