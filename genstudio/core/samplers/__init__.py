"""Samplers of diffusion models: generator functions, one paper a file, and the registry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from genstudio.core.samplers.ddim import ddim
from genstudio.core.samplers.ddpm import ddpm
from genstudio.core.samplers.step import Step, uniform_timesteps

__all__ = ["SAMPLERS", "Sampler", "Step", "ddim", "ddpm", "uniform_timesteps"]


@dataclass(frozen=True)
class Sampler:
    """A sampler as the pickers show it."""

    run: Callable[..., Iterator[Step]]
    title: str
    help: str
    uses_eta: bool


SAMPLERS: dict[str, Sampler] = {
    "ddim": Sampler(
        ddim,
        "DDIM",
        "Follows the predicted noise and adds none of its own; η adds some. Good in 10 to 50 steps. Song et al. 2021.",
        True,
    ),
    "ddpm": Sampler(
        ddpm,
        "DDPM ancestral",
        "Removes a little noise and adds a little new noise in every step. Best with many steps. Ho et al. 2020.",
        False,
    ),
}
