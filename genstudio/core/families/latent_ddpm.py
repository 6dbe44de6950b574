"""Latent diffusion: noise is taken away from the codes of a VAE (Rombach et al. 2022; arXiv:2112.10752)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from genstudio.core.families.ddpm import DDPMTrainer
from genstudio.core.families.vae import VAE, conv_vae
from genstudio.core.images import to_float
from genstudio.core.parts import by_parts
from genstudio.core.training import TrainingData
from genstudio.core.unet import time_embedding
from genstudio.settings import LatentDiffusionSettings, VAESettings

FEATURES = 64  # numbers that tell the level


class CodeBlock(nn.Module):
    """A layer with a skip; the embedding scales and shifts its normalisation."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm, self.film = nn.LayerNorm(width, elementwise_affine=False), nn.Linear(width, 2 * width)
        self.inner, self.outer = nn.Linear(width, width), nn.Linear(width, width)
        nn.init.zeros_(self.outer.weight)  # starts as the identity
        nn.init.zeros_(self.outer.bias)

    def forward(self, h: Tensor, embedding: Tensor) -> Tensor:
        """h and embedding (B, W)."""
        scale, shift = self.film(F.silu(embedding)).chunk(2, 1)
        return h + self.outer(F.silu(self.inner(F.silu(self.norm(h) * (1 + scale) + shift))))


class CodeDenoiser(nn.Module):
    """Noisy codes x_t (B, D) at index t (B,) for class y (B,) to what the settings ask for, (B, D)."""

    def __init__(self, latent_dim: int, width: int, depth: int, classes: int) -> None:
        super().__init__()
        self.time = nn.Sequential(nn.Linear(FEATURES, width), nn.SiLU(), nn.Linear(width, width))
        self.label = nn.Embedding(classes + 1, width)
        self.stem, self.head = nn.Linear(latent_dim, width), nn.Linear(width, latent_dim)
        self.blocks = nn.ModuleList(CodeBlock(width) for _ in range(depth))
        nn.init.zeros_(self.head.weight)

    def forward(self, x_t: Tensor, t: Tensor, y: Tensor) -> Tensor:
        """The answer, float32."""
        embedding = self.time(time_embedding(t, FEATURES)) + self.label(y)
        h = self.stem(x_t)
        for block in self.blocks:
            h = block(h, embedding)
        return self.head(h).float()


class LatentDiffusion(nn.Module):
    """A denoiser of codes of unit variance, and the VAE whose codes they are."""

    mean: Tensor  # (D,) of the codes of the training pictures
    std: Tensor  # (D,)

    def __init__(self, s: LatentDiffusionSettings, channels: int, size: int, classes: int) -> None:
        super().__init__()
        self.denoiser = CodeDenoiser(s.latent_dim, s.width, s.depth, classes)
        self.autoencoder: VAE = conv_vae(vae_settings(s), channels, size)
        self.register_buffer("mean", torch.zeros(s.latent_dim))
        self.register_buffer("std", torch.ones(s.latent_dim))

    def forward(self, x_t: Tensor, t: Tensor, y: Tensor) -> Tensor:
        """What the denoiser answers."""
        answer: Tensor = self.denoiser(x_t, t, y)
        return answer

    def decode(self, x: Tensor) -> Tensor:
        """Pictures (B, C, H, W) in [-1, 1] of codes (B, D) of unit variance."""
        return self.autoencoder.decode(x * self.std + self.mean)

    def encode(self, pictures: Tensor) -> Tensor:
        """The mean codes of pictures, (B, D) of unit variance."""
        return (self.autoencoder.encode(pictures)[0] - self.mean) / self.std


def vae_settings(s: LatentDiffusionSettings) -> VAESettings:
    """Those of the VAE that decide about its shapes."""
    return VAESettings(latent_dim=s.latent_dim, width=s.vae_width, blocks=s.blocks)


class Codes(TrainingData):
    """The same pictures as the mean codes that a VAE gives them."""

    def __init__(self, data: TrainingData, autoencoder: VAE) -> None:
        self.__dict__.update(data.__dict__)
        self.autoencoder = autoencoder

        def encode(part: Tensor) -> Tensor:
            return autoencoder.encode(to_float(self.images[part]))[0]

        codes = torch.cat(by_parts(encode, torch.arange(len(self.images), device=self.images.device)))
        self.mean, self.std = codes.mean(0), codes.std(0).clamp(min=1e-6)
        self.codes = (codes - self.mean) / self.std

    def examples(self, rows: Tensor) -> Tensor:
        """Codes (B, D) of unit variance."""
        return self.codes[rows]


class LatentDDPMTrainer(DDPMTrainer):
    """Learns the noise in codes; the VAE stays as it is."""

    limit = None  # codes have no ends
    data: Codes
    settings: LatentDiffusionSettings

    def network(self) -> LatentDiffusion:
        """Both, the VAE with its weights and no more to learn."""
        data = self.data
        made = LatentDiffusion(self.settings, data.channels, data.size, data.classes)
        made.autoencoder.encoder.load_state_dict(data.autoencoder.encoder.state_dict())
        made.autoencoder.decoder.load_state_dict(data.autoencoder.decoder.state_dict())  # by whichever likelihood
        made.autoencoder.eval().requires_grad_(False)
        made.mean.copy_(data.mean)
        made.std.copy_(data.std)
        return made

    def learner(self) -> nn.Module:
        """The denoiser."""
        denoiser: nn.Module = self.net.denoiser
        return denoiser

    def shape(self) -> tuple[int, ...]:
        """Of a code."""
        return (self.settings.latent_dim,)

    def pictures(self, x: Tensor) -> Tensor:
        """The decoded codes."""
        with torch.inference_mode():
            decoded: Tensor = self.average.decode(x)
        return decoded
