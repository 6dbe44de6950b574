"""Noise schedules of diffusion models: how much of a picture is left at each noise level."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Schedule:
    """q(x_t | x_0) = N(sqrt(alphas_cumprod[t]) x_0, (1 - alphas_cumprod[t]) I), t = 0 .. T-1.

    Index t is the paper's t + 1: index 0 is the first, hardly noisy level; -1 stands for the clean
    picture. Computed in float64.
    """

    betas: Tensor  # (T,) float64

    @functools.cached_property
    def alphas_cumprod(self) -> Tensor:
        """(T,) float64, falling from nearly 1 to nearly 0."""
        return torch.cumprod(1 - self.betas, 0)

    def alpha_bar(self, t: int) -> float:
        """The share of variance left at index t; 1 for the clean picture, t = -1."""
        return 1.0 if t < 0 else float(self.alphas_cumprod[t])

    def __len__(self) -> int:
        return len(self.betas)

    def q_sample(self, x0: Tensor, t: Tensor, eps: Tensor) -> Tensor:
        """x_t in closed form (Ho et al. 2020, eq. 4): x0 and eps (B, C, H, W), t (B,) int64."""
        alpha_bar = self.alphas_cumprod.to(x0.device, torch.float32)[t].view(-1, 1, 1, 1)
        return alpha_bar.sqrt() * x0 + (1 - alpha_bar).sqrt() * eps


def linear(timesteps: int) -> Schedule:
    """Betas from 1e-4 to 0.02 for T = 1000 (Ho et al. 2020), scaled by 1000 / T for other T, capped at 0.999."""
    scale = 1000 / timesteps
    betas = torch.linspace(1e-4 * scale, 0.02 * scale, timesteps, dtype=torch.float64)
    return Schedule(betas.clamp(max=0.999))


def cosine(timesteps: int, s: float = 0.008) -> Schedule:
    """alpha_bar = cos^2((t/T + s) / (1 + s) pi/2), betas capped at 0.999 (Nichol & Dhariwal 2021, eq. 17)."""
    t = torch.arange(timesteps + 1, dtype=torch.float64) / timesteps
    alpha_bar = torch.cos((t + s) / (1 + s) * math.pi / 2) ** 2
    return Schedule((1 - alpha_bar[1:] / alpha_bar[:-1]).clamp(max=0.999))


SCHEDULES: dict[str, Callable[[int], Schedule]] = {"linear": linear, "cosine": cosine}
