"""Noise schedules of diffusion models: how much of a picture is left at each noise level."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from genstudio.core.levels import CLEAN, Level
from genstudio.settings import DenoisingSettings, PointDiffusionSettings
from genstudio.settings.betas import BETAS, Betas, betas_of
from genstudio.settings.schedules import PEN, curve_of

MOST_BETA = 0.999


@dataclass(frozen=True)
class Schedule:
    """x_t = signal[t] x_0 + noise[t] eps with eps ~ N(0, I), t = 0 .. T-1.

    Index t is the paper's t + 1: index 0 is the first, hardly noisy level; -1 stands for the clean
    picture. Computed in float64.
    """

    signal: Tensor  # (T,) float64, falling
    noise: Tensor  # (T,) float64, rising

    @functools.cached_property
    def alphas_cumprod(self) -> Tensor:
        """(T,) float64: the share of variance that is left of pictures of unit variance."""
        return self.signal**2

    @functools.cached_property
    def betas(self) -> Tensor:
        """(T,) float64: the share of variance that each level takes away."""
        return 1 - self.alphas_cumprod / torch.cat([torch.ones(1, dtype=torch.float64), self.alphas_cumprod[:-1]])

    def __len__(self) -> int:
        return len(self.signal)

    def level(self, t: float) -> Level:
        """The level at index t, clean for -1; between two indices log sigma runs straight."""
        if t < 0:
            return CLEAN
        below = min(int(t), len(self) - 1)
        if below == t:
            return Level(t, float(self.signal[below]), float(self.noise[below]))
        share, sigmas = t - below, self._log_sigmas[below : below + 2]
        sigma = math.exp(float(torch.lerp(sigmas[0], sigmas[1], share)))
        total = float(torch.lerp(self._totals[below], self._totals[below + 1], share))
        signal = total / math.hypot(1, sigma)
        return Level(t, signal, sigma * signal)

    def t_of(self, sigma: float) -> float:
        """The index whose level has so much noise for each unit of signal; the nearest end beyond them."""
        wanted, known = math.log(sigma), self._log_sigmas
        above = int(torch.searchsorted(known, torch.tensor(wanted, dtype=torch.float64)))
        if above == 0 or above == len(known):
            return float(min(above, len(known) - 1))
        low, high = float(known[above - 1]), float(known[above])
        return above - 1 + (wanted - low) / (high - low)

    def of_batch(self, t: Tensor, like: Tensor) -> tuple[Tensor, Tensor]:
        """signal and noise of levels t (B,) int64, -1 for clean; float32, to be multiplied with `like` (B, ...)."""
        shape = (-1, *[1] * (like.ndim - 1))
        if (tables := self._tables.get(like.device)) is None:
            tables = self._tables[like.device] = tuple(part.to(like.device) for part in self._with_clean)
        signal, noise = (part[t].view(shape) for part in tables)
        return signal, noise

    @functools.cached_property
    def _tables(self) -> dict[torch.device, tuple[Tensor, ...]]:
        """The same two on every device where they were asked for."""
        return {}

    @functools.cached_property
    def _with_clean(self) -> tuple[Tensor, Tensor]:
        """(T + 1,) float32 each; the clean level is the last, so that its index is -1."""
        clean = torch.tensor([1.0]), torch.tensor([0.0])
        return torch.cat([self.signal.float(), clean[0]]), torch.cat([self.noise.float(), clean[1]])

    @functools.cached_property
    def _log_sigmas(self) -> Tensor:
        return self.noise.log() - self.signal.log()

    @functools.cached_property
    def _totals(self) -> Tensor:
        return torch.hypot(self.signal, self.noise)  # 1 where the variance is preserved


def of_betas(betas: Tensor) -> Schedule:
    """Variance is preserved: signal^2 + noise^2 = 1 (Ho et al. 2020); betas (T,) in (0, 1)."""
    alphas_cumprod = torch.cumprod(1 - betas.double(), 0)
    return Schedule(alphas_cumprod.sqrt(), (1 - alphas_cumprod).sqrt())


def of_alpha_bar(alpha_bar: Tensor) -> Schedule:
    """From (T + 1,) shares of variance, the clean picture's first; betas are capped at 0.999."""
    return of_betas((1 - alpha_bar[1:] / alpha_bar[:-1]).clamp(max=MOST_BETA))


def linear(timesteps: int) -> Schedule:
    """Betas from 1e-4 to 0.02 for T = 1000 (Ho et al. 2020), scaled by 1000 / T for other T, capped at 0.999."""
    scale = 1000 / timesteps
    betas = torch.linspace(1e-4 * scale, 0.02 * scale, timesteps, dtype=torch.float64)
    return of_betas(betas.clamp(max=MOST_BETA))


def cosine(timesteps: int, s: float = 0.008) -> Schedule:
    """alpha_bar = cos^2((t/T + s) / (1 + s) pi/2), betas capped at 0.999 (Nichol & Dhariwal 2021, eq. 17)."""
    t = torch.arange(timesteps + 1, dtype=torch.float64) / timesteps
    return of_alpha_bar(torch.cos((t + s) / (1 + s) * math.pi / 2) ** 2)


def sigmoid(timesteps: int, start: float = -3.0, end: float = 3.0, tau: float = 1.0) -> Schedule:
    """alpha_bar falls along a sigmoid, slowly at both ends (Jabri et al. 2022, arXiv:2212.11972, appendix B)."""
    t = torch.arange(timesteps + 1, dtype=torch.float64) / timesteps
    curve = torch.sigmoid((start + t * (end - start)) / tau)
    return of_alpha_bar((curve[-1] - curve) / (curve[-1] - curve[0]))


def straight(timesteps: int) -> Schedule:
    """x_t goes in a straight line from picture to noise (Liu et al. 2022, arXiv:2209.03003; Lipman et al. 2022)."""
    t = torch.arange(1, timesteps + 1, dtype=torch.float64) / timesteps
    return Schedule(1 - t, t)


SCHEDULES: dict[str, Callable[[int], Schedule]] = {
    "linear": linear,
    "cosine": cosine,
    "sigmoid": sigmoid,
    "straight": straight,
}


def drawn(name: str, timesteps: int) -> Schedule:
    """sqrt(alpha_bar) along a curve drawn by hand, straight between its values, betas capped at 0.999.

    Raises:
        ValueError: if the name holds no such curve, see `settings.schedules`.
    """
    curve = curve_of(name)
    t = np.linspace(0, len(curve) - 1, timesteps + 1)
    return of_alpha_bar(torch.from_numpy(np.interp(t, np.arange(len(curve)), curve)) ** 2)


def of_ends(betas: Betas, timesteps: int) -> Schedule:
    """Betas between two ends, as diffusers' schedulers of that name have them."""
    start, end = betas.start, betas.end
    if betas.kind == "squaredcos_cap_v2":
        schedule = cosine(timesteps)
    elif betas.kind == "scaled_linear":
        schedule = of_betas(torch.linspace(start**0.5, end**0.5, timesteps, dtype=torch.float64) ** 2)
    elif betas.kind == "sigmoid":
        rise = torch.sigmoid(torch.linspace(-6, 6, timesteps, dtype=torch.float64))
        schedule = of_betas(rise * (end - start) + start)
    else:
        schedule = of_betas(torch.linspace(start, end, timesteps, dtype=torch.float64))
    return ending_in_noise(schedule) if betas.zero else schedule


def ending_in_noise(schedule: Schedule) -> Schedule:
    """The same, its signals moved down and stretched so that the first stays and the last is 0 (Lin et al. 2023,
    arXiv:2305.08891, algorithm 1)."""
    first, last = schedule.signal[0], schedule.signal[-1]
    signal = (schedule.signal - last) * first / (first - last)
    return Schedule(signal, (1 - signal**2).sqrt())


def schedule_named(name: str, timesteps: int) -> Schedule:
    """A schedule of the list, a drawn one, or one of betas.

    Raises:
        ValueError: for an unknown name, or one that carries no schedule.
    """
    if name.startswith(BETAS):
        return of_ends(betas_of(name), timesteps)
    if name.startswith(PEN):
        return drawn(name, timesteps)
    if name not in SCHEDULES:
        raise ValueError(f"schedule is {name!r}; allowed: {', '.join(SCHEDULES)}, or a drawn one")
    return SCHEDULES[name](timesteps)


def schedule_of(settings: DenoisingSettings | PointDiffusionSettings) -> Schedule:
    """The levels that a network of such settings learns."""
    return schedule_named(settings.schedule, settings.timesteps)
