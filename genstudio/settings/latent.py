"""Autoencoders of all kinds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from genstudio.settings.base import Setting
from genstudio.settings.shared import BatchSize, Decay, LearningRate, Seed


@dataclass(frozen=True)
class VAESettings:
    """Convolutional variational autoencoder (Kingma & Welling 2014; arXiv:1312.6114)."""

    latent_dim: Annotated[
        int, Setting("Numbers in the code z; each becomes a slider.", label="Latents", low=1, high=256)
    ] = 16
    width: Annotated[
        int,
        Setting(
            "Channels of the first layer; later layers have twice as many.", label="Width", low=4, high=256, step=8
        ),
    ] = 32
    blocks: Annotated[
        int,
        Setting(
            "Residual blocks of the decoder at a quarter of the side: new pictures smear less, training is slower.",
            label="Blocks",
            low=0,
            high=8,
            before=0,
        ),
    ] = 0
    beta: Annotated[
        float,
        Setting(
            "Weight of the KL term: above 1 tidier and blurrier, below 1 sharper.",
            label="β",
            low=0,
            high=100,
            step=0.5,
            live=True,
        ),
    ] = 1.0
    lr: LearningRate = 1e-3
    decay: Decay = 0
    batch_size: BatchSize = 128
    seed: Seed = 0
