"""What a sampler yields, and the levels it visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from genstudio.core.schedules import Schedule


@dataclass(frozen=True)
class Step:
    """The state before update `index`: x_t at schedule index t (-1: clean) and what the network says of it.

    `coefficients` (a, b, c) make the next state: x_prev = a x_t + b eps_hat + c noise, apart from the
    clipping of x0_hat. The last step has t = -1, x0_hat = x_t and the previous step's eps_hat.
    """

    index: int
    t: int
    x_t: Tensor
    x0_hat: Tensor
    eps_hat: Tensor
    coefficients: tuple[float, float, float]


def uniform_timesteps(timesteps: int, steps: int) -> list[int]:
    """`steps` different indices from timesteps - 1 down to 0, evenly spaced.

    Raises:
        ValueError: unless 1 <= steps <= timesteps.
    """
    if not 1 <= steps <= timesteps:
        raise ValueError(f"steps is {steps}; this model allows 1 to {timesteps}")
    if steps == 1:
        return [timesteps - 1]
    spaced = torch.linspace(timesteps - 1, 0, steps, dtype=torch.float64).round().to(torch.int64)
    return [int(t) for t in spaced]


def predict_x0(x_t: Tensor, eps_hat: Tensor, t: int, schedule: Schedule) -> Tensor:
    """x0 from x_t and its noise (Ho et al. 2020, eq. 4 solved for x0), clipped to [-1, 1]."""
    alpha_bar = schedule.alpha_bar(t)
    return ((x_t - (1 - alpha_bar) ** 0.5 * eps_hat) / alpha_bar**0.5).clamp(-1, 1)


def pairs(timesteps: Sequence[int]) -> list[tuple[int, int]]:
    """(t, t_prev) of every update; the last t_prev is -1, the clean picture."""
    return list(zip(timesteps, [*timesteps[1:], -1], strict=True))
