"""Encoders and decoders of autoencoders: convolutional or fully connected, pictures in [-1, 1] to codes and back."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from torch import Tensor, nn

from genstudio.core.thin_conv import ThinConv2d, ThinConvTranspose2d

HIDDEN = 256  # units between the last picture and the code


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


def conv_encoder(channels: int, size: int, width: int, outputs: int) -> nn.Sequential:
    """(B, C, H, W) to (B, outputs): half the side, a quarter, one hidden layer."""
    return nn.Sequential(
        ThinConv2d(channels, width), nn.ReLU(),
        nn.Conv2d(width, 2 * width, 4, 2, 1), nn.ReLU(),
        nn.Flatten(), nn.Linear(2 * width * (size // 4) ** 2, HIDDEN), nn.ReLU(),
        nn.Linear(HIDDEN, outputs),
    )  # fmt: skip


def conv_decoder(latent_dim: int, channels: int, size: int, width: int, blocks: int) -> nn.Sequential:
    """(B, D) to logits (B, C, H, W): one hidden layer, a quarter of the side with residual blocks, half, the whole."""
    quarter = size // 4
    residual = [Residual(2 * width) for _ in range(blocks)]
    return nn.Sequential(
        nn.Linear(latent_dim, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 2 * width * quarter * quarter), nn.ReLU(),
        nn.Unflatten(1, (2 * width, quarter, quarter)),
        *([*residual, nn.ReLU()] if residual else ()),
        nn.ConvTranspose2d(2 * width, width, 4, 2, 1), nn.ReLU(),
        ThinConvTranspose2d(width, channels),
    )  # fmt: skip


def dense(sizes: Sequence[int]) -> list[nn.Module]:
    """Linear layers from size to size with ReLU between them."""
    layers: list[nn.Module] = []
    for before, after in itertools.pairwise(sizes):
        layers += [nn.Linear(before, after), nn.ReLU()]
    return layers[:-1]


def dense_encoder(channels: int, size: int, hidden: Sequence[int], outputs: int) -> nn.Sequential:
    """(B, C, H, W) to (B, outputs) through hidden layers."""
    return nn.Sequential(nn.Flatten(), *dense([channels * size * size, *hidden, outputs]))


def dense_decoder(latent_dim: int, channels: int, size: int, hidden: Sequence[int]) -> nn.Sequential:
    """(B, D) to logits (B, C, H, W) through the same hidden layers backwards."""
    sizes = [latent_dim, *reversed(hidden), channels * size * size]
    return nn.Sequential(*dense(sizes), nn.Unflatten(1, (channels, size, size)))
