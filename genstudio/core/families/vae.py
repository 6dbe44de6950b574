"""Variational autoencoders (Kingma & Welling 2014; arXiv:1312.6114), convolutional and fully connected."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genstudio.core import parallel
from genstudio.core.compute import Compute
from genstudio.core.families.latent import Build, LatentModel, LatentTrainer, Through
from genstudio.core.families.networks import conv_decoder, conv_encoder, dense_decoder, dense_encoder
from genstudio.core.training import TrainingData
from genstudio.settings import MLPVAESettings, VAESettings

SPREAD_WEIGHT = 0.02  # of the newest batch in the running standard deviation
LOWEST_LOG_SIGMA = -6.0  # a spread below half a grey level tells nothing of the picture


class VAE(LatentModel):
    """An encoder to mu and log_var, a decoder to logits; a pixel in [0, 1] has one of two likelihoods.

    Bernoulli of the logit, or a Gaussian around its sigmoid with one standard deviation for all pixels: the one that
    suits the pictures best, which is the root of their mean squared error (optimal sigma-VAE, Rybkin et al. 2021,
    arXiv:2006.13202, section 3.2).
    """

    log_sigma: Tensor | None

    def __init__(self, encoder: nn.Module, decoder: nn.Module, latent_dim: int, likelihood: str = "bernoulli") -> None:
        super().__init__()
        self.encoder, self.decoder, self.latent_dim = encoder, decoder, latent_dim
        self.register_buffer("log_sigma", torch.zeros(()) if likelihood == "gaussian" else None)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """mu and log_var, each (B, D) float32, of pictures (B, C, H, W) in [-1, 1]."""
        mu, log_var = self.encoder(x).float().chunk(2, 1)
        return mu, log_var

    def decode_logits(self, z: Tensor) -> Tensor:
        """Pixel logits (B, C, H, W) float32 of codes (B, D)."""
        logits: Tensor = self.decoder(z).float()
        return logits

    def decode(self, z: Tensor) -> Tensor:
        """Mean pictures in [-1, 1]."""
        return mean_pictures(self.decode_logits(z))

    def log_likelihood(self, logits: Tensor, x: Tensor, log_sigma: Tensor | None = None) -> Tensor:
        """log p(x | z) in nats, (B,), of pictures (B, C, H, W) in [-1, 1] whose grey values are (x + 1) / 2.

        Args:
            log_sigma: Of a Gaussian; the network's own by default.
        """
        grey = (x + 1) / 2
        if self.log_sigma is None:
            return -F.binary_cross_entropy_with_logits(logits, grey, reduction="none").flatten(1).sum(1)
        log_sigma = self.log_sigma if log_sigma is None else log_sigma
        error = (grey - torch.sigmoid(logits)) * torch.exp(-log_sigma)
        return -(0.5 * error.square() + log_sigma + 0.5 * math.log(2 * math.pi)).flatten(1).sum(1)

    def best_log_sigma(self, logits: Tensor, x: Tensor) -> Tensor:
        """log of the standard deviation under which these pictures are likeliest, a number."""
        error = (x + 1) / 2 - torch.sigmoid(logits)
        return (0.5 * parallel.mean(error.square()).log()).clamp(min=LOWEST_LOG_SIGMA)

    def through(self, x: Tensor) -> Through:
        """Codes, reconstructions and -log p(x | mu) in nats, in one go."""
        mu, log_var = self.encode(x)
        logits = self.decode_logits(mu)
        return Through(mu, log_var, mean_pictures(logits), -self.log_likelihood(logits, x))


def mean_pictures(logits: Tensor) -> Tensor:
    """Pictures in [-1, 1] whose grey values are the sigmoids of pixel logits."""
    return torch.sigmoid(logits).mul(2).sub(1)


def conv_vae(s: VAESettings, channels: int, size: int) -> VAE:
    """The network of a convolutional VAE."""
    encoder = conv_encoder(channels, size, s.width, 2 * s.latent_dim)
    return VAE(encoder, conv_decoder(s.latent_dim, channels, size, s.width, s.blocks), s.latent_dim, s.likelihood)


def mlp_vae(s: MLPVAESettings, channels: int, size: int) -> VAE:
    """The network of a fully connected VAE."""
    hidden = [s.hidden] * s.layers
    encoder = dense_encoder(channels, size, hidden, 2 * s.latent_dim)
    return VAE(encoder, dense_decoder(s.latent_dim, channels, size, hidden), s.latent_dim, s.likelihood)


def kl_per_latent(mu: Tensor, log_var: Tensor) -> Tensor:
    """KL(N(mu, sigma^2) || N(0, I)) in nats of each latent, (B, D) (Kingma & Welling 2014, appendix B)."""
    return -0.5 * (1 + log_var - mu.square() - log_var.exp())


def with_free_bits(kl: Tensor, free_bits: float) -> Tensor:
    """What the loss counts of (B, D) nats, a number: each latent's mean over the batch, but never below `free_bits`.

    Kingma et al. 2016 (arXiv:1606.04934), eq. 15: a latent is not pushed to tell less than so many nats.
    """
    return kl.mean(0).clamp(min=free_bits).sum()


class VAETrainer(LatentTrainer):
    """Minimises the negative ELBO, recon_loss + beta * kl_loss, in nats per picture.

    beta grows over `warmup` iterations (Bowman et al. 2016, arXiv:1511.06349, section 3.1). With binary pixels every
    pixel is drawn anew as 0 or 1 with its grey value as the chance (Salakhutdinov & Murray 2008).
    """

    metric_names = ("recon_loss", "kl_loss")
    settings: VAESettings | MLPVAESettings
    net: VAE
    build: ClassVar[Build] = staticmethod(conv_vae)

    def __init__(self, settings: VAESettings | MLPVAESettings, data: TrainingData, compute: Compute) -> None:
        super().__init__(settings, data, compute)
        self.kl_per_latent = torch.zeros(settings.latent_dim)  # nats, of the last batch
        self._has_learned = False  # there has been an iteration since it was made

    def stages(self) -> Iterator[str]:
        """Encode, decode, update."""
        x, _ = self.data.batch(self.iteration, self.settings.batch_size, self.settings.seed)
        if self.settings.pixels == "binary":
            x = binarised(x, self.rng(2))
        count, x = len(x), parallel.mine(x)
        with self.compute.autocast():
            mu, log_var = self.net.encode(x)
        yield "encode"
        z = mu + torch.exp(0.5 * log_var) * self.normal(1, count, *mu.shape[1:])
        with self.compute.autocast():
            logits = self.net.decode_logits(z)
        log_sigma = None if self.net.log_sigma is None else self.net.best_log_sigma(logits, x)
        likelihood = parallel.whole(self.net.log_likelihood(logits, x, log_sigma), count)
        recon, kl = -likelihood.mean(), parallel.whole(kl_per_latent(mu, log_var), count)
        yield "decode"
        self.update(recon + self.beta() * with_free_bits(kl, self.settings.free_bits))
        if self.net.log_sigma is not None and log_sigma is not None:
            self.net.log_sigma.lerp_(log_sigma.detach(), max(SPREAD_WEIGHT, 1 / (self.iteration + 1)))
        self.kl_per_latent, self._has_learned = kl.detach().mean(0), True
        self._metrics = torch.stack([recon.detach(), self.kl_per_latent.sum()])
        yield "update"

    def numbers(self) -> dict[str, Tensor]:
        """ "kl_per_latent" (D,) in nats, of the last batch; zeros before the first."""
        if self.iteration and not self._has_learned:  # it goes on: what the last batch tells to the network of now
            self.kl_per_latent = self._kl_of_batch(self.iteration - 1)
        return {"kl_per_latent": self.kl_per_latent}

    @torch.no_grad()
    def _kl_of_batch(self, iteration: int) -> Tensor:
        x, _ = self.data.batch(iteration, self.settings.batch_size, self.settings.seed)
        with self.compute.autocast():
            mu, log_var = self.net.encode(x)
        return kl_per_latent(mu, log_var).mean(0)

    def beta(self) -> float:
        """The weight of the KL term in this iteration."""
        warmup = self.settings.warmup
        return self.settings.beta * (min(1.0, (self.iteration + 1) / warmup) if warmup else 1.0)


class MLPVAETrainer(VAETrainer):
    """The same for fully connected networks."""

    build: ClassVar[Build] = staticmethod(mlp_vae)


def binarised(x: Tensor, rng: torch.Generator) -> Tensor:
    """Pictures in [-1, 1] as -1 or 1, each pixel white with its grey value (x + 1) / 2 as the chance."""
    chance = torch.rand(x.shape, generator=rng).to(x.device)
    return torch.where(chance < (x + 1) / 2, 1.0, -1.0)
