"""The model families: how to build the network that makes pictures, and how to train it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from genstudio.core.families.autoencoder import AETrainer, MLPAETrainer, conv_autoencoder, mlp_autoencoder
from genstudio.core.families.consistency import ConsistencyTrainer
from genstudio.core.families.ddpm import DDPMTrainer
from genstudio.core.families.gan import ConditionalGANTrainer, GANTrainer, Generator
from genstudio.core.families.latent_ddpm import LatentDDPMTrainer, LatentDiffusion
from genstudio.core.families.mlp_gan import MLPGANTrainer, MLPGenerator
from genstudio.core.families.pca import PCA, PCATrainer
from genstudio.core.families.point_ddpm import PointDDPMTrainer, PointDenoiser
from genstudio.core.families.point_gan import PointGANTrainer, PointGenerator
from genstudio.core.families.vae import MLPVAETrainer, VAETrainer, conv_vae, mlp_vae
from genstudio.core.training import Trainer
from genstudio.core.unet import UNet
from genstudio.core.unet2d import UNet2D
from genstudio.settings import ConsistencySettings, DiffusionSettings, FlowSettings, UNet2DSettings
from genstudio.settings.unet2d import layout_from


@dataclass(frozen=True)
class Family:
    """One kind of model. `build(settings, channels, size, classes)` makes the network of a model file."""

    build: Callable[[Any, int, int, int], nn.Module]
    trainer: type[Trainer]


def _latent(build: Callable[[Any, int, int], nn.Module], trainer: type[Trainer]) -> Family:
    return Family(lambda settings, channels, size, classes: build(settings, channels, size), trainer)


def _unet(
    settings: DiffusionSettings | FlowSettings | ConsistencySettings, channels: int, size: int, classes: int
) -> UNet:
    return UNet(channels, settings.width, classes)


def _unet2d(settings: UNet2DSettings, channels: int, size: int, classes: int) -> UNet2D:
    return UNet2D(layout_from(settings.layout), channels, classes)


FAMILIES: dict[str, Family] = {
    "vae": _latent(conv_vae, VAETrainer),
    "mlp-vae": _latent(mlp_vae, MLPVAETrainer),
    "ae": _latent(conv_autoencoder, AETrainer),
    "mlp-ae": _latent(mlp_autoencoder, MLPAETrainer),
    "pca": _latent(PCA, PCATrainer),
    "gan": _latent(Generator, GANTrainer),
    "cgan": Family(Generator, ConditionalGANTrainer),
    "mlp-gan": _latent(MLPGenerator, MLPGANTrainer),
    "point-gan": Family(lambda s, channels, size, classes: PointGenerator(s), PointGANTrainer),
    "point-ddpm": Family(lambda s, channels, size, classes: PointDenoiser(s, channels), PointDDPMTrainer),
    "ddpm": Family(_unet, DDPMTrainer),
    "flow": Family(_unet, DDPMTrainer),
    "latent-ddpm": Family(LatentDiffusion, LatentDDPMTrainer),
    "consistency": Family(_unet, ConsistencyTrainer),
    "unet2d": Family(_unet2d, DDPMTrainer),  # which is not trained: see settings.PLAYED
}


def parameter_shapes(family: str, settings: Any, channels: int, size: int, classes: int) -> dict[str, tuple[int, ...]]:
    """Names and shapes of a model's tensors, found without allocating them."""
    with torch.device("meta"):
        network = FAMILIES[family].build(settings, channels, size, classes)
    return {name: tuple(tensor.shape) for name, tensor in network.state_dict().items()}
