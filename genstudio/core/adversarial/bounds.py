"""What keeps the slope of D in bounds: gradient penalties and weight clipping."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from genstudio.core import parallel

Critic = Callable[[Tensor], Tensor]  # pictures (B, ...) to outputs (B,)


def slopes(critic: Critic, x: Tensor) -> Tensor:
    """||dD(x)/dx|| of every picture, (B,), itself differentiable by D's weights.

    The outputs of a batch are summed: each depends on its own picture alone, unless D compares the pictures of a batch.
    Where several processes share a batch, each such layer sums what all ask of it, so this is the slope of all outputs.
    """
    x = x.detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    return gradient.flatten(1).norm(dim=1)


def gradient_penalty(critic: Critic, real: Tensor, fake: Tensor, mix: Tensor) -> Tensor:
    """E[(||dD(x)/dx|| - 1)^2] at x = mix * real + (1 - mix) * fake (Gulrajani et al. 2017, arXiv:1704.00028, eq. 3).

    Args:
        mix: (B,) in [0, 1], how much of each real picture.
    """
    share = mix.view(-1, *[1] * (real.ndim - 1))
    return parallel.mean((slopes(critic, share * real + (1 - share) * fake) - 1).square())


def r1_penalty(critic: Critic, real: Tensor) -> Tensor:
    """E[||dD(x)/dx||^2] / 2 at real pictures (Mescheder et al. 2018, arXiv:1801.04406, eq. 9)."""
    return 0.5 * parallel.mean(slopes(critic, real).square())


@torch.no_grad()
def clip_weights(network: nn.Module, bound: float) -> None:
    """Every weight into [-bound, bound] (Arjovsky et al. 2017, algorithm 1)."""
    for parameter in network.parameters():
        parameter.clamp_(-bound, bound)
