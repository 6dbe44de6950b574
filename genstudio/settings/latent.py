"""Autoencoders of all kinds: variational, plain and linear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from genstudio.settings.base import Setting
from genstudio.settings.shared import BatchSize, Decay, LearningRate, Seed

Latents = Annotated[int, Setting("Numbers in the code z; each becomes a slider.", label="Latents", low=1, high=256)]
Width = Annotated[
    int,
    Setting("Channels of the first layer; later layers have twice as many.", label="Width", low=4, high=256, step=8),
]
Blocks = Annotated[
    int,
    Setting(
        "Residual blocks of the decoder at a quarter of the side: new pictures smear less, training is slower.",
        label="Blocks",
        low=0,
        high=8,
        before=0,
    ),
]
Beta = Annotated[
    float,
    Setting(
        "Weight of the KL term: above 1 tidier and blurrier, below 1 sharper.",
        label="β",
        low=0,
        high=100,
        step=0.5,
        live=True,
    ),
]
Warmup = Annotated[
    int,
    Setting(
        "β grows to its value over so many iterations; the decoder learns to use the code before the KL term "
        "empties it. 0 begins with all of it.",
        label="KL warm-up",
        low=0,
        high=1_000_000,
        step=500,
        live=True,
        before=0,
    ),
]
FreeBits = Annotated[
    float,
    Setting(
        "Nats that every latent may tell for nothing: below, the KL term does not push, so fewer latents die.",
        label="Free bits",
        low=0,
        high=10,
        step=0.05,
        unit="nats",
        live=True,
        before=0,
    ),
]
Likelihood = Annotated[
    Literal["bernoulli", "gaussian"],
    Setting(
        "What a pixel is: a coin whose chance is its grey value, or a number with a spread that is learnt.",
        label="Likelihood",
        before="bernoulli",
    ),
]
Pixels = Annotated[
    Literal["grey", "binary"],
    Setting(
        "Grey values as they are, or every pixel drawn anew as black or white with its grey value as the chance: "
        "so the likelihoods of the literature are measured.",
        label="Pixels",
        before="grey",
    ),
]
Hidden = Annotated[int, Setting("Units of each hidden layer.", label="Hidden units", low=8, high=4096, step=64)]
Layers = Annotated[int, Setting("Hidden layers of the encoder, and of the decoder.", label="Layers", low=1, high=4)]


@dataclass(frozen=True)
class VAESettings:
    """Convolutional variational autoencoder (Kingma & Welling 2014; arXiv:1312.6114)."""

    latent_dim: Latents = 16
    width: Width = 32
    blocks: Blocks = 0
    beta: Beta = 1.0
    warmup: Warmup = 0
    free_bits: FreeBits = 0.0
    likelihood: Likelihood = "bernoulli"
    pixels: Pixels = "grey"
    lr: LearningRate = 1e-3
    decay: Decay = 0
    batch_size: BatchSize = 128
    seed: Seed = 0


@dataclass(frozen=True)
class MLPVAESettings:
    """Fully connected variational autoencoder, 784-256-32 as it comes (Kingma & Welling 2014; arXiv:1312.6114)."""

    latent_dim: Latents = 32
    hidden: Hidden = 256
    layers: Layers = 1
    beta: Beta = 1.0
    warmup: Warmup = 0
    free_bits: FreeBits = 0.0
    likelihood: Likelihood = "bernoulli"
    pixels: Pixels = "grey"
    lr: LearningRate = 1e-3
    decay: Decay = 0
    batch_size: BatchSize = 128
    seed: Seed = 0


@dataclass(frozen=True)
class AESettings:
    """Convolutional autoencoder: the VAE's networks without its noise and its KL term."""

    latent_dim: Latents = 16
    width: Width = 32
    blocks: Blocks = 0
    lr: LearningRate = 1e-3
    decay: Decay = 0
    batch_size: BatchSize = 128
    seed: Seed = 0


@dataclass(frozen=True)
class MLPAESettings:
    """Fully connected autoencoder, 784-512-256-128 and back as it comes (Hinton & Salakhutdinov 2006)."""

    latent_dim: Latents = 128
    hidden: Annotated[
        int,
        Setting("Units of the first hidden layer; each further one has half.", label="Hidden units", low=8, high=4096),
    ] = 512
    layers: Layers = 2
    lr: LearningRate = 1e-3
    decay: Decay = 0
    batch_size: BatchSize = 128
    seed: Seed = 0


@dataclass(frozen=True)
class PCASettings:
    """Principal components: the best linear autoencoder of its size, found in one step (Pearson 1901)."""

    latent_dim: Latents = 16
    seed: Seed = 0
