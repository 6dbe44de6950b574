"""The small fully connected VAE of introductions; only the benchmark trains it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

HIDDEN = 256


class MLPVAE(nn.Module):
    """Pictures (B, C, H, W) through one hidden layer to a code and back; the face of families.vae.VAE."""

    def __init__(self, channels: int, size: int, latent_dim: int = 32) -> None:
        super().__init__()
        pixels = channels * size * size
        self.latent_dim = latent_dim
        self.encoder = nn.Sequential(
            nn.Flatten(), nn.Linear(pixels, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 2 * latent_dim)
        )
        self.decoder = nn.Sequential(
            nn.Linear(latent_dim, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, pixels), nn.Unflatten(1, (channels, size, size))
        )

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """mu and log_var, each (B, D) float32."""
        mu, log_var = self.encoder(x).float().chunk(2, 1)
        return mu, log_var

    def decode_logits(self, z: Tensor) -> Tensor:
        """Pixel logits (B, C, H, W) float32."""
        return self.decoder(z).float()

    def decode(self, z: Tensor) -> Tensor:
        """Mean pictures in [-1, 1]."""
        return torch.sigmoid(self.decode_logits(z)).mul(2).sub(1)
