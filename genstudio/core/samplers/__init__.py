"""Samplers of diffusion models: generator functions, each with its paper, and the registry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from genstudio.core.samplers.consistency import consistency
from genstudio.core.samplers.ddim import ddim
from genstudio.core.samplers.ddpm import ddpm
from genstudio.core.samplers.dpm import dpm_2m
from genstudio.core.samplers.euler import euler, euler_ancestral
from genstudio.core.samplers.heun import heun, heun_straight
from genstudio.core.samplers.step import Step

__all__ = [
    "SAMPLERS",
    "Sampler",
    "Step",
    "consistency",
    "ddim",
    "ddpm",
    "dpm_2m",
    "euler",
    "euler_ancestral",
    "heun",
    "heun_straight",
]


@dataclass(frozen=True)
class Sampler:
    """A sampler as the pickers show it.

    `run(predict, levels, x, rng, *, first, before, eta)` starts from x (B, C, H, W) at `levels[first]` and yields
    len(levels) - first steps, the last of them clean. `predict` answers (x_t, level); noise comes from `rng`, a
    stream for each picture; `before` is x0_hat of step first - 1, for who looks back; `eta` is for who `uses_eta`.
    """

    run: Callable[..., Iterator[Step]]
    title: str
    help: str
    uses_eta: bool = False


SAMPLERS: dict[str, Sampler] = {
    "ddim": Sampler(
        ddim,
        "DDIM",
        "Follows the predicted noise and adds none of its own; η adds some. Good in 10 to 50 steps. Song et al. 2021.",
        uses_eta=True,
    ),
    "ddpm": Sampler(
        ddpm,
        "DDPM ancestral",
        "Removes a little noise and adds a little new noise in every step. Best with many steps. Euler ancestral is "
        "the same, written differently. Ho et al. 2020.",
    ),
    "ddpm-wide": Sampler(
        partial(ddpm, widest=True),
        "DDPM, wide σ",
        "The same with the larger of the paper's two variances, β instead of β̃: with few steps noise is left over. "
        "Ho et al. 2020.",
    ),
    "euler": Sampler(
        euler,
        "Euler",
        "Straight on along the slope, the predicted noise: the same as DDIM with η = 0. Karras et al. 2022.",
    ),
    "heun": Sampler(
        heun,
        "Heun",
        "Tries an Euler step, looks at the slope there, and takes the mean of both: two calls a step, an error that "
        "falls with their square. Karras et al. 2022.",
    ),
    "heun-straight": Sampler(
        heun_straight,
        "Heun, straight",
        "The same along straight paths from noise to picture, as flow matching has them. Lipman et al. 2022.",
    ),
    "dpm-2m": Sampler(
        dpm_2m,
        "DPM-Solver++ 2M",
        "Leans on the estimate of the step before: second order for one call a step. Good in 10 to 20. Lu et al. 2022.",
    ),
    "euler-a": Sampler(
        euler_ancestral,
        "Euler ancestral",
        "An Euler step too far, and fresh noise back up: DDPM ancestral written differently, so both make the same "
        "pictures. Never settles. After k-diffusion.",
    ),
    "consistency": Sampler(
        consistency,
        "Consistency",
        "Jumps to the clean picture at once, adds fresh noise, jumps again: 1 to 4 steps of a network that was taught "
        "to, a blur of any other. Song et al. 2023.",
    ),
}
