"""Generative adversarial networks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from genstudio.settings.base import Setting
from genstudio.settings.shared import BatchSize, Decay, Seed, average, learning_rate


@dataclass(frozen=True)
class GANSettings:
    """DCGAN with the non-saturating loss (Radford et al. 2016; arXiv:1511.06434)."""

    latent_dim: Annotated[int, Setting("Numbers in the noise z.", label="Latents", low=2, high=512)] = 100
    width: Annotated[
        int,
        Setting(
            "Channels of the generator at 14x14; it starts with twice as many.",
            label="Width G",
            low=8,
            high=256,
            step=8,
        ),
    ] = 64
    d_width: Annotated[
        int,
        Setting(
            "Channels of the discriminator at 14x14; it ends with twice as many. A wider D is a stricter judge.",
            label="Width D",
            low=4,
            high=256,
            step=8,
        ),
    ] = 32
    levels: Annotated[
        int,
        Setting(
            "How often the networks halve the picture: 2 down to 7x7, as in the lecture, 3 down to 4x4, "
            "where D sees whether a stroke is whole.",
            label="Levels",
            low=2,
            high=3,
            before=2,
        ),
    ] = 3
    lr_g: Annotated[
        float, learning_rate("Adam's step size for the generator: how far an iteration moves its weights.", "Rate G")
    ] = 2e-4
    lr_d: Annotated[
        float,
        learning_rate("Adam's step size for the discriminator; far above the generator's, D wins too early.", "Rate D"),
    ] = 2e-4
    real_label: Annotated[
        float,
        Setting(
            "Target of D on real pictures; 0.9 keeps D from being too sure (one-sided smoothing).",
            label="Real label",
            low=0.5,
            high=1,
            step=0.05,
            live=True,
        ),
    ] = 0.9
    ema_decay: Annotated[float, average("generator", "0.998 remembers about 500")] = 0.998
    decay: Decay = 0
    batch_size: BatchSize = 128
    seed: Seed = 0
