"""Convolutional variational autoencoder (Kingma & Welling 2014; arXiv:1312.6114)."""

from __future__ import annotations

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genstudio.core.compute import Compute
from genstudio.core.images import to_uint8
from genstudio.core.seeding import image_noise
from genstudio.core.thin_conv import ThinConv2d, ThinConvTranspose2d
from genstudio.core.training import (
    State,
    Trainer,
    TrainingData,
    adam,
    load_optimizer_state,
    optimizer_state,
    prefixed,
    seeded,
    step,
    under,
)
from genstudio.settings import VAESettings


class Residual(nn.Module):
    """x + f(x) with two 3x3 convolutions, (B, C, H, W) to the same shape (He et al. 2016, arXiv:1603.05027)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.ReLU(), nn.Conv2d(channels, channels, 3, 1, 1), nn.ReLU(), nn.Conv2d(channels, channels, 3, 1, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        """The sum of both ways."""
        return x + self.layers(x)


class VAE(nn.Module):
    """Encoder to mu and log_var, decoder to Bernoulli logits of the pixels in [0, 1]."""

    def __init__(self, settings: VAESettings, channels: int, size: int) -> None:
        super().__init__()
        w, d, quarter = settings.width, settings.latent_dim, size // 4
        flat = 2 * w * quarter * quarter
        self.latent_dim = d
        self.encoder = nn.Sequential(
            ThinConv2d(channels, w), nn.ReLU(),
            nn.Conv2d(w, 2 * w, 4, 2, 1), nn.ReLU(),
            nn.Flatten(), nn.Linear(flat, 256), nn.ReLU(),
            nn.Linear(256, 2 * d),
        )  # fmt: skip
        blocks = [Residual(2 * w) for _ in range(settings.blocks)]
        refine = [*blocks, nn.ReLU()] if blocks else []
        self.decoder = nn.Sequential(
            nn.Linear(d, 256), nn.ReLU(), nn.Linear(256, flat), nn.ReLU(),
            nn.Unflatten(1, (2 * w, quarter, quarter)),
            *refine,
            nn.ConvTranspose2d(2 * w, w, 4, 2, 1), nn.ReLU(),
            ThinConvTranspose2d(w, channels),
        )  # fmt: skip

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """mu and log_var, each (B, D) float32, of pictures (B, C, H, W) in [-1, 1]."""
        mu, log_var = self.encoder(x).float().chunk(2, 1)
        return mu, log_var

    def decode_logits(self, z: Tensor) -> Tensor:
        """Pixel logits (B, C, H, W) float32 of codes (B, D)."""
        return self.decoder(z).float()

    def decode(self, z: Tensor) -> Tensor:
        """Mean pictures in [-1, 1]."""
        return torch.sigmoid(self.decode_logits(z)).mul(2).sub(1)


def kl_loss(mu: Tensor, log_var: Tensor) -> Tensor:
    """KL(N(mu, sigma^2) || N(0, I)) in nats, (B,) (Kingma & Welling 2014, appendix B)."""
    return -0.5 * (1 + log_var - mu.square() - log_var.exp()).sum(1)


def recon_loss(logits: Tensor, x: Tensor) -> Tensor:
    """-log p(x | z) in nats, (B,): Bernoulli likelihood of the grey values (x + 1) / 2."""
    return F.binary_cross_entropy_with_logits(logits, (x + 1) / 2, reduction="none").flatten(1).sum(1)


class VAETrainer(Trainer):
    """Minimises the negative ELBO, recon_loss + beta * kl_loss."""

    metric_names = ("recon_loss", "kl_loss")
    settings: VAESettings

    def __init__(self, settings: VAESettings, data: TrainingData, compute: Compute) -> None:
        super().__init__(settings, data, compute)
        self.net: VAE = seeded(settings.seed, lambda: VAE(settings, data.channels, data.size)).to(compute.device)
        self.optimizer = adam(self.net, settings.lr)

    def stages(self) -> Iterator[str]:
        """Encode, decode, update."""
        x, _ = self.data.batch(self.iteration, self.settings.batch_size, self.settings.seed)
        with self.compute.autocast():
            mu, log_var = self.net.encode(x)
        yield "encode"
        eps = self.normal(1, *mu.shape)
        z = mu + torch.exp(0.5 * log_var) * eps
        with self.compute.autocast():
            logits = self.net.decode_logits(z)
        recon, kl = recon_loss(logits, x).mean(), kl_loss(mu, log_var).mean()
        yield "decode"
        self.optimizer.zero_grad()
        (recon + self.settings.beta * kl).backward()
        step(self.optimizer, self.learning_rate(self.settings.lr))
        self._metrics = torch.stack([recon.detach(), kl.detach()])
        yield "update"

    @torch.inference_mode()
    def preview(self, count: int) -> Tensor:
        """Decoded draws from the prior, always the same codes."""
        z = image_noise(self.settings.seed, range(count), (self.settings.latent_dim,)).to(self.compute.device)
        return to_uint8(self.net.decode(z)).cpu()

    def model(self) -> VAE:
        """The network itself; a VAE keeps no average."""
        return self.net

    def state(self) -> State:
        """Weights and Adam's moments."""
        return {**prefixed("net", self.net.state_dict()), **prefixed("opt", optimizer_state(self.optimizer))}

    def load_state(self, state: State) -> None:
        """Go on from `state`."""
        self.net.load_state_dict(under("net", state))
        load_optimizer_state(self.optimizer, under("opt", state))
