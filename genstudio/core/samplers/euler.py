"""Euler's method on the way from noise to picture, and its ancestral kin (Karras et al. 2022; arXiv:2206.00364)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from torch import Tensor

from genstudio.core.levels import Level, jumps
from genstudio.core.prediction import Predict, noise_in
from genstudio.core.samplers.step import Step, last
from genstudio.core.seeding import ImageNoise


def euler(
    predict: Predict, levels: Sequence[Level], x: Tensor, rng: ImageNoise, *,
    first: int = 0, before: Tensor | None = None, eta: float = 0.0,
) -> Iterator[Step]:  # fmt: skip
    """y = x / signal obeys dy/dsigma = eps (eq. 3): y_next = y + (sigma_next - sigma) eps_hat.

    With y = x0_hat + sigma eps_hat that is x_next = signal_next x0_hat + noise_next eps_hat: DDIM without fresh
    noise, and also the straight step of flow matching.
    """
    eps_hat = None
    for index, here, after in jumps(levels, first):
        x0_hat, eps_hat = predict(x, here)
        yield Step(
            index, here, x, x0_hat, eps_hat, index - first + 1,
            (("x0", after.signal), ("eps", after.noise)),
        )  # fmt: skip
        x = after.signal * x0_hat + after.noise * noise_in(x, x0_hat, here)
    yield last(levels, x, eps_hat, len(levels) - 1 - first)


def euler_ancestral(
    predict: Predict, levels: Sequence[Level], x: Tensor, rng: ImageNoise, *,
    first: int = 0, before: Tensor | None = None, eta: float = 0.0,
) -> Iterator[Step]:  # fmt: skip
    """An Euler step to sigma_down, then fresh noise up to sigma_next (k-diffusion's sample_euler_ancestral).

    sigma_up^2 = sigma_next^2 (1 - sigma_next^2 / sigma^2), sigma_down = sigma_next^2 / sigma: as much as DDPM.
    """
    eps_hat = None
    for index, here, after in jumps(levels, first):
        share = after.sigma / here.sigma
        down, up = after.noise * share, after.noise * (1 - share**2) ** 0.5  # in units of x, not of y
        x0_hat, eps_hat = predict(x, here)
        yield Step(
            index, here, x, x0_hat, eps_hat, index - first + 1,
            (("x0", after.signal), ("eps", down), ("z", up)),
        )  # fmt: skip
        x = after.signal * x0_hat + down * noise_in(x, x0_hat, here)
        if up > 0:
            x = x + up * rng.draw(tuple(x.shape[1:]))
    yield last(levels, x, eps_hat, len(levels) - 1 - first)
