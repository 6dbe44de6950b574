"""Layers that let D compare the pictures of a batch, so that a collapsed generator is found out."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from genstudio.core import parallel

KERNELS, KERNEL_DIM = 16, 5
LEAST_VARIANCE = 1e-8


class MinibatchDiscrimination(nn.Module):
    """Features (B, F) to (B, F + KERNELS): how near each picture's neighbours in the batch are, along learned kernels.

    o_b(i) = sum over j of exp(-||M_i,b - M_j,b||_1) with M = f T (Salimans et al. 2016, arXiv:1606.03498,
    section 3.2); here the mean over the others, so that it does not depend on the size of the batch.
    """

    def __init__(self, features: int) -> None:
        super().__init__()
        self.kernels = nn.Linear(features, KERNELS * KERNEL_DIM, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Features with the nearness appended; a picture alone has none."""
        m = self.kernels(x).float().view(len(x), KERNELS, KERNEL_DIM)
        everyone = parallel.whole(m)  # of the whole batch
        nearness = torch.exp(-(m[:, None] - everyone[None]).abs().sum(3))  # (B, B, KERNELS)
        others = (nearness.sum(1) - 1) / max(len(everyone) - 1, 1)  # without itself, to which it is at distance 0
        return torch.cat([x, others.to(x.dtype)], 1)


class MinibatchStd(nn.Module):
    """Features (B, F) to (B, F + 1): how much they differ over the batch, the same number for all.

    The standard deviation over the batch, averaged over the features (Karras et al. 2018, arXiv:1710.10196, section 3).
    """

    def forward(self, x: Tensor) -> Tensor:
        """Features with the spread appended."""
        variance = parallel.variance(x.float())
        spread = (variance + LEAST_VARIANCE).sqrt().mean()
        return torch.cat([x, spread.to(x.dtype).expand(len(x), 1)], 1)


def diversity_layer(kind: str, features: int) -> tuple[list[nn.Module], int]:
    """The layers of a choice of the settings, and how many features come out."""
    if kind == "discrimination":
        return [MinibatchDiscrimination(features)], features + KERNELS
    return ([MinibatchStd()], features + 1) if kind == "std" else ([], features)
