"""Diffusion models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from genstudio.settings.base import Setting
from genstudio.settings.shared import BatchSize, Decay, LearningRate, Seed, average


@dataclass(frozen=True)
class DiffusionSettings:
    """Class-conditional DDPM that predicts the noise (Ho et al. 2020; arXiv:2006.11239)."""

    width: Annotated[
        int, Setting("Channels of the first level of the U-Net.", label="Width", low=8, high=256, multiple=8, step=8)
    ] = 32
    schedule: Annotated[
        Literal["linear", "cosine"], Setting("How fast the noise grows from t = 0 to T.", label="Schedule")
    ] = "cosine"
    timesteps: Annotated[int, Setting("Noise levels T.", label="T", low=10, high=1000, step=10)] = 1000
    class_dropout: Annotated[
        float,
        Setting(
            "Share of pictures trained without their class, which is what makes guidance possible.",
            label="Class dropout",
            low=0,
            high=1,
            step=0.05,
        ),
    ] = 0.1
    lr: LearningRate = 1e-3
    ema_decay: Annotated[float, average("network", "0.999 remembers about 1,000")] = 0.999
    decay: Decay = 0
    batch_size: BatchSize = 64
    seed: Seed = 0
