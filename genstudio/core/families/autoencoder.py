"""Autoencoders (Hinton & Salakhutdinov 2006): the code that brings a picture back best, and nothing else asked."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

import torch
from torch import Tensor, nn

from genstudio.core import parallel
from genstudio.core.compute import Compute
from genstudio.core.families.latent import Build, LatentModel, LatentTrainer, squared_error
from genstudio.core.families.networks import conv_decoder, conv_encoder, dense_decoder, dense_encoder
from genstudio.core.training import TrainingData
from genstudio.settings import AESettings, MLPAESettings

ENOUGH = 1000  # pictures that tell how dark all are
MEMORY = 0.9  # of the running mean and spread of the codes, which move as the encoder learns


class Autoencoder(LatentModel):
    """Encoder and decoder; outside, a code counts in standard deviations from the mean code of the training data.

    Nothing makes an autoencoder's codes standard normal, so its sliders and its new pictures could not be compared
    with a VAE's. `code_mean` and `code_std`, both (D,), bring them to the same scale.
    """

    code_mean: Tensor
    code_std: Tensor

    def __init__(self, encoder: nn.Module, decoder: nn.Module, latent_dim: int) -> None:
        super().__init__()
        self.encoder, self.decoder, self.latent_dim = encoder, decoder, latent_dim
        self.register_buffer("code_mean", torch.zeros(latent_dim))
        self.register_buffer("code_std", torch.ones(latent_dim))

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Standardised codes (B, D), and -inf: they are points."""
        mu = (self.encoder(x).float() - self.code_mean) / self.code_std
        return mu, torch.full_like(mu, -torch.inf)

    def decode(self, z: Tensor) -> Tensor:
        """Pictures in [-1, 1] of standardised codes."""
        return self.decode_raw(z * self.code_std + self.code_mean)

    def decode_raw(self, code: Tensor) -> Tensor:
        """Pictures in [-1, 1] of codes as the encoder gives them."""
        return torch.sigmoid(self.decoder(code).float()).mul(2).sub(1)


def conv_autoencoder(s: AESettings, channels: int, size: int) -> Autoencoder:
    """The network of a convolutional autoencoder."""
    encoder = conv_encoder(channels, size, s.width, s.latent_dim)
    return Autoencoder(encoder, conv_decoder(s.latent_dim, channels, size, s.width, s.blocks), s.latent_dim)


def mlp_autoencoder(s: MLPAESettings, channels: int, size: int) -> Autoencoder:
    """The network of a fully connected autoencoder, each hidden layer half of the one before."""
    hidden = [max(1, s.hidden >> k) for k in range(s.layers)]
    encoder = dense_encoder(channels, size, hidden, s.latent_dim)
    return Autoencoder(encoder, dense_decoder(s.latent_dim, channels, size, hidden), s.latent_dim)


class AETrainer(LatentTrainer):
    """Minimises the mean squared error of the pixels."""

    metric_names = ("mse",)
    settings: AESettings | MLPAESettings
    net: Autoencoder
    build: ClassVar[Build] = staticmethod(conv_autoencoder)

    def __init__(self, settings: AESettings | MLPAESettings, data: TrainingData, compute: Compute) -> None:
        super().__init__(settings, data, compute)
        start_as_dark_as(data, self.net.decoder)

    def stages(self) -> Iterator[str]:
        """Encode, decode, update."""
        x, _ = self.data.batch(self.iteration, self.settings.batch_size, self.settings.seed)
        count, x = len(x), parallel.mine(x)
        with self.compute.autocast():
            code = self.net.encoder(x)
        yield "encode"
        with self.compute.autocast():
            y = self.net.decode_raw(code)
        mse = parallel.whole(squared_error(y, x), count).mean()
        yield "decode"
        self.update(mse)
        self._follow_codes(parallel.whole(code.detach().float(), count))
        self._metrics = mse.detach()[None]
        yield "update"

    def _follow_codes(self, code: Tensor) -> None:
        """Running mean and spread; the first batches count fully, so that they are right from the start."""
        weight = max(1 - MEMORY, 1 / (self.iteration + 1))
        self.net.code_mean.lerp_(code.mean(0), weight)
        variance = (code - self.net.code_mean).square().mean(0)
        old = self.net.code_std.square() if self.iteration else variance
        self.net.code_std.copy_(torch.lerp(old, variance, weight).sqrt().clamp(min=1e-6))


@torch.no_grad()
def start_as_dark_as(data: TrainingData, decoder: nn.Module) -> None:
    """Let the first pictures have the mean grey value of the data.

    From half grey nearly every pixel of a digit wants to be darker. Such steps add up until every sigmoid is
    saturated, where the squared error has no gradient that leads back.
    """
    grey = min(max(float(data.images[:ENOUGH].float().mean()) / 255, 0.01), 0.99)
    *_, bias = (values for name, values in decoder.named_parameters() if name.endswith("bias"))
    bias.fill_(math.log(grey / (1 - grey)))


class MLPAETrainer(AETrainer):
    """The same for fully connected networks."""

    build: ClassVar[Build] = staticmethod(mlp_autoencoder)
