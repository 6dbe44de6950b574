"""A small U-Net on 2x2 patches, with time and class embedding."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn


def time_embedding(t: Tensor, dim: int) -> Tensor:
    """Sines and cosines of t (B,) at geometric frequencies: (B, dim) (Vaswani et al. 2017, section 3.5)."""
    frequencies = torch.exp(torch.arange(dim // 2, device=t.device) * (-math.log(10_000) / (dim // 2)))
    angles = t[:, None].float() * frequencies
    return torch.cat([angles.sin(), angles.cos()], 1)


class ResBlock(nn.Module):
    """Two convolutions with a skip; the embedding scales and shifts the second normalisation (Dhariwal & Nichol 2021,
    arXiv:2105.05233, section 3)."""

    def __init__(self, channels_in: int, channels: int, embedding: int) -> None:
        super().__init__()
        self.norm1, self.conv1 = nn.GroupNorm(8, channels_in), nn.Conv2d(channels_in, channels, 3, padding=1)
        self.norm2, self.conv2 = nn.GroupNorm(8, channels), nn.Conv2d(channels, channels, 3, padding=1)
        self.film = nn.Linear(embedding, 2 * channels)
        self.skip = nn.Conv2d(channels_in, channels, 1) if channels_in != channels else nn.Identity()
        nn.init.zeros_(self.conv2.weight)  # starts as the identity

    def forward(self, x: Tensor, embedding: Tensor) -> Tensor:
        """(B, channels, H, W) of x (B, channels_in, H, W) and embedding (B, E)."""
        scale, shift = self.film(F.silu(embedding))[:, :, None, None].chunk(2, 1)  # (B, C, 1, 1) each
        h = self.conv1(F.silu(self.norm1(x)))
        h = self.norm2(h) * (1 + scale) + shift
        return self.skip(x) + self.conv2(F.silu(h))


class Attention(nn.Module):
    """Self-attention over all positions (Vaswani et al. 2017, arXiv:1706.03762), added to its input."""

    def __init__(self, channels: int, heads: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.GroupNorm(8, channels)
        self.qkv, self.out = nn.Conv2d(channels, 3 * channels, 1), nn.Conv2d(channels, channels, 1)
        nn.init.zeros_(self.out.weight)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) of x (B, C, H, W)."""
        b, c, h, w = x.shape
        qkv = self.qkv(self.norm(x)).reshape(b, 3, self.heads, c // self.heads, h * w).transpose(3, 4)
        attended = F.scaled_dot_product_attention(*qkv.unbind(1))  # (B, heads, H*W, C/heads)
        return x + self.out(attended.transpose(2, 3).reshape(b, c, h, w))


class UNet(nn.Module):
    """What is noise in a picture, or what is picture in it, as it was taught: a U-Net (Ronneberger et al. 2015,
    arXiv:1505.04597) with time, attention and residual blocks as in Ho et al. 2020 (arXiv:2006.11239, appendix B).

    Pictures are folded into 2x2 patches, so the two levels work on a half and a quarter of the side:
    2.5 times cheaper than a U-Net on pixels of the same size.

    Args:
        channels: C of the pictures.
        width: Channels of the finer level, a multiple of 8; the coarser one has twice as many.
        classes: How many there are; that number itself is "no class", for guidance without a classifier (Ho & Salimans
            2022, arXiv:2207.12598).
    """

    def __init__(self, channels: int, width: int, classes: int) -> None:
        super().__init__()
        embedding = 4 * width
        self.width = width
        self.time = nn.Sequential(nn.Linear(width, embedding), nn.SiLU(), nn.Linear(embedding, embedding))
        self.label = nn.Embedding(classes + 1, embedding)
        self.stem = nn.Conv2d(4 * channels, width, 3, padding=1)
        self.down1 = ResBlock(width, width, embedding)
        self.shrink = nn.Conv2d(width, 2 * width, 3, stride=2, padding=1)
        self.down2 = ResBlock(2 * width, 2 * width, embedding)
        self.attention1 = Attention(2 * width)
        self.middle = ResBlock(2 * width, 2 * width, embedding)
        self.attention2 = Attention(2 * width)
        self.up2 = ResBlock(4 * width, 2 * width, embedding)
        self.grow = nn.Conv2d(2 * width, width, 3, padding=1)
        self.up1 = ResBlock(2 * width, width, embedding)
        self.norm, self.head = nn.GroupNorm(8, width), nn.Conv2d(width, 4 * channels, 3, padding=1)
        nn.init.zeros_(self.head.weight)

    def forward(self, x_t: Tensor, t: Tensor, y: Tensor) -> Tensor:
        """The prediction, (B, C, H, W) float32: of the noise, the clean picture, v or the flow.

        Args:
            x_t: Noisy pictures, (B, C, H, W); H and W are multiples of 4.
            t: Index of the noise level of each, (B,), from 0 to T - 1.
            y: Class of each, (B,) int64, from 0 to classes.
        """
        embedding = self.time(time_embedding(t, self.width)) + self.label(y)  # (B, E)
        h = self.stem(F.pixel_unshuffle(x_t, 2))  # (B, W, H/2, W/2)
        fine = self.down1(h, embedding)
        coarse = self.attention1(self.down2(self.shrink(fine), embedding))  # (B, 2W, H/4, W/4)
        h = self.attention2(self.middle(coarse, embedding))
        h = self.up2(torch.cat([h, coarse], 1), embedding)
        h = self.grow(F.interpolate(h, scale_factor=2.0))
        h = self.up1(torch.cat([h, fine], 1), embedding)
        return F.pixel_shuffle(self.head(F.silu(self.norm(h))), 2).float()
