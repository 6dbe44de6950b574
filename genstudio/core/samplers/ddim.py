"""Denoising diffusion implicit models (Song et al. 2021; arXiv:2010.02502)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from genstudio.core.samplers.step import Step, pairs, predict_x0
from genstudio.core.schedules import Schedule
from genstudio.core.seeding import ImageNoise


def ddim(
    eps_model: Callable[[Tensor, int], Tensor],
    schedule: Schedule,
    x_T: Tensor,
    timesteps: Sequence[int],
    rng: ImageNoise,
    *,
    eta: float = 0.0,
) -> Iterator[Step]:
    """Eq. 12 of the paper; eta 0 is deterministic, 1 has the variance of DDPM (eq. 16).

    The direction uses the noise that agrees with the clipped x0_hat, so clipping stays consistent.

    Args:
        eps_model: Predicted noise (B, C, H, W) of (x_t, t).
        x_T: Standard normal (B, C, H, W).
        timesteps: Falling indices into the schedule.
        rng: Noise per picture; drawn from only if eta > 0.
    Yields:
        len(timesteps) + 1 steps; the last is clean.
    """
    x = x_T
    eps_hat = torch.zeros_like(x)
    for index, (t, t_prev) in enumerate(pairs(timesteps)):
        alpha_bar, alpha_bar_prev = schedule.alpha_bar(t), schedule.alpha_bar(t_prev)
        variance = (1 - alpha_bar_prev) / (1 - alpha_bar) * (1 - alpha_bar / alpha_bar_prev)
        sigma = eta * variance**0.5
        direction = max(1 - alpha_bar_prev - sigma**2, 0.0) ** 0.5
        signal = (alpha_bar_prev / alpha_bar) ** 0.5
        coefficients = (signal, direction - signal * (1 - alpha_bar) ** 0.5, sigma)
        eps_hat = eps_model(x, t)
        x0_hat = predict_x0(x, eps_hat, t, schedule)
        yield Step(index, t, x, x0_hat, eps_hat, coefficients)
        agreed = (x - alpha_bar**0.5 * x0_hat) / (1 - alpha_bar) ** 0.5
        x = alpha_bar_prev**0.5 * x0_hat + direction * agreed
        if sigma > 0:
            x = x + sigma * rng.draw(tuple(x.shape[1:]))
    yield Step(len(timesteps), -1, x, x, eps_hat, (1.0, 0.0, 0.0))
