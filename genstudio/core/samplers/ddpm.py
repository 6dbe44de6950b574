"""Ancestral sampling (Ho et al. 2020; arXiv:2006.11239), on any subsequence of the noise levels."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from genstudio.core.samplers.step import Step, pairs, predict_x0
from genstudio.core.schedules import Schedule
from genstudio.core.seeding import ImageNoise


def ddpm(
    eps_model: Callable[[Tensor, int], Tensor],
    schedule: Schedule,
    x_T: Tensor,
    timesteps: Sequence[int],
    rng: ImageNoise,
    *,
    eta: float = 0.0,
) -> Iterator[Step]:
    """Draws x_prev from q(x_prev | x_t, x0_hat), eq. 6 and 7 with the smaller posterior variance.

    Args:
        eps_model: Predicted noise (B, C, H, W) of (x_t, t).
        x_T: Standard normal (B, C, H, W).
        timesteps: Falling indices into the schedule; all T of them is algorithm 2.
        rng: Noise per picture.
        eta: Not used here; every sampler has the same arguments.
    Yields:
        len(timesteps) + 1 steps; the last is clean.
    """
    x = x_T
    eps_hat = torch.zeros_like(x)
    for index, (t, t_prev) in enumerate(pairs(timesteps)):
        alpha_bar, alpha_bar_prev = schedule.alpha_bar(t), schedule.alpha_bar(t_prev)
        alpha = alpha_bar / alpha_bar_prev  # of the whole jump from t_prev to t
        beta = 1 - alpha
        from_x0 = alpha_bar_prev**0.5 * beta / (1 - alpha_bar)
        from_x_t = alpha**0.5 * (1 - alpha_bar_prev) / (1 - alpha_bar)
        sigma = (beta * (1 - alpha_bar_prev) / (1 - alpha_bar)) ** 0.5
        coefficients = (alpha**-0.5, -beta / (alpha * (1 - alpha_bar)) ** 0.5, sigma)
        eps_hat = eps_model(x, t)
        x0_hat = predict_x0(x, eps_hat, t, schedule)
        yield Step(index, t, x, x0_hat, eps_hat, coefficients)
        x = from_x0 * x0_hat + from_x_t * x
        if sigma > 0:
            x = x + sigma * rng.draw(tuple(x.shape[1:]))
    yield Step(len(timesteps), -1, x, x, eps_hat, (1.0, 0.0, 0.0))
