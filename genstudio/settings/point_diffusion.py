"""Diffusion of points, on a line or in the plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from genstudio.settings.base import Setting
from genstudio.settings.shared import BatchSize, Decay, LearningRate, Seed, Timesteps, average

LINE_SETS = {  # name: title, and what it is for; beside POINT_SETS, which are in the plane
    "modes": (
        "Two modes on a line",
        "The lecture's mixture of N(−3, 0.5²) and N(3, 0.5²): every density on the way is known.",
    ),
}
PLANE_REACH, LINE_REACH = 2.75, 5.0  # what is shown of the plane and of the line, in every direction: noise needs room


@dataclass(frozen=True)
class PointDiffusionSettings:
    """Diffusion of points (Ho et al. 2020), or flow matching (Lipman et al. 2022), with a fully connected network."""

    schedule: Annotated[
        Literal["linear", "cosine", "sigmoid", "straight"],
        Setting(
            "How fast the noise grows from t = 0 to T; straight is the path of flow matching.",
            label="Schedule",
        ),
    ] = "cosine"
    objective: Annotated[
        Literal["noise", "x0", "v", "flow"],
        Setting(
            "What the network is asked for: the noise (Ho et al. 2020), the clean point, v, a mixture of both "
            "(Salimans & Ho 2022), or the velocity of a straight path (flow matching).",
            label="Predicts",
        ),
    ] = "v"
    timesteps: Timesteps = 100
    width: Annotated[int, Setting("Units of every hidden layer.", label="Width", low=8, high=512, step=16)] = 128
    depth: Annotated[int, Setting("Hidden layers.", label="Depth", low=1, high=6)] = 3
    lr: LearningRate = 2e-3
    decay: Decay = 0
    ema_decay: Annotated[float, average("network", "0.99 remembers about 100")] = 0.99
    batch_size: BatchSize = 256
    seed: Seed = 0
    sampler: Annotated[
        Literal["ddim", "ddpm", "ddpm-wide", "euler", "heun", "heun-straight", "dpm-2m", "euler-a", "consistency"],
        Setting(
            "How the particles find their way from noise to data; it changes nothing that is learnt.",
            label="Sampler",
            live=True,
        ),
    ] = "ddim"
    steps: Annotated[
        int,
        Setting("Steps of the particles on their way; at most T count.", label="Steps", low=1, high=200, live=True),
    ] = 24

    def check(self) -> None:
        """Refuse what does not go together.

        Raises:
            ValueError: saying what would.
        """
        if self.schedule == "straight" and self.objective == "noise":
            raise ValueError(
                "a straight path ends in nothing but noise, where knowing the noise tells no point; "
                "with the schedule straight predict flow, v or x0"
            )
