"""Heun's method: an Euler step, and another with the mean of the slopes at both ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from torch import Tensor

from genstudio.core.levels import MOST_SIGMA, Level, jumps
from genstudio.core.prediction import Predict, noise_in
from genstudio.core.samplers.step import Step, Terms, last
from genstudio.core.seeding import ImageNoise


def heun(
    predict: Predict, levels: Sequence[Level], x: Tensor, rng: ImageNoise, *,
    first: int = 0, before: Tensor | None = None, eta: float = 0.0,
) -> Iterator[Step]:  # fmt: skip
    """y_next = y + (sigma_next - sigma) (eps_hat + eps_hat') / 2 for y = x / signal (Karras et al. 2022, algorithm 1).

    eps_hat' is predicted where the Euler step leads to. That step stands as it is where it leads to the clean
    picture, and where it begins at so much noise that the slope at its end says nothing of it.
    """
    eps_hat, calls = None, 0
    for index, here, after in jumps(levels, first):
        x0_hat, eps_hat = predict(x, here)
        calls += 1
        if after.noise == 0 or here.sigma > MOST_SIGMA:
            yield Step(index, here, x, x0_hat, eps_hat, calls, (("x0", after.signal), ("eps", after.noise)))
            x = after.signal * x0_hat + after.noise * noise_in(x, x0_hat, here)
            continue
        half = after.signal * (after.sigma - here.sigma) / 2
        terms: Terms = (("x", after.signal / here.signal), ("eps", half), ("eps2", half))
        yield Step(index, here, x, x0_hat, eps_hat, calls, terms)
        slope = noise_in(x, x0_hat, here)
        guess = after.signal * x0_hat + after.noise * slope
        slope2 = noise_in(guess, predict(guess, after).x0, after)
        calls += 1
        x = after.signal * (x / here.signal) + half * (slope + slope2)
    yield last(levels, x, eps_hat, calls)


def heun_straight(
    predict: Predict, levels: Sequence[Level], x: Tensor, rng: ImageNoise, *,
    first: int = 0, before: Tensor | None = None, eta: float = 0.0,
) -> Iterator[Step]:  # fmt: skip
    """The same along straight paths (flow matching, Lipman et al. 2022, arXiv:2210.02747).

    u = x / (signal + noise) obeys du/dc = v = eps - x0 with c = noise / (signal + noise).
    """
    eps_hat, calls = None, 0
    for index, here, after in jumps(levels, first):
        x0_hat, eps_hat = predict(x, here)
        calls += 1
        if after.noise == 0:
            yield Step(index, here, x, x0_hat, eps_hat, calls, (("x0", after.signal), ("eps", after.noise)))
            x = after.signal * x0_hat
            continue
        total, total_after = here.signal + here.noise, after.signal + after.noise
        half = total_after * (after.noise / total_after - here.noise / total) / 2
        yield Step(
            index, here, x, x0_hat, eps_hat, calls,
            (("x", total_after / total), ("v", half), ("v2", half)),
        )  # fmt: skip
        slope = noise_in(x, x0_hat, here)
        guess = after.signal * x0_hat + after.noise * slope
        x0_after = predict(guess, after).x0
        calls += 1
        velocities = slope - x0_hat + noise_in(guess, x0_after, after) - x0_after
        x = total_after / total * x + half * velocities
    yield last(levels, x, eps_hat, calls)
