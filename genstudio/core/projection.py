"""The code whose picture is nearest to a given one, by descent (Creswell & Bharath 2018, arXiv:1611.05644)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

BETAS, EPS = (0.9, 0.999), 1e-8
BEYOND = 1.4  # two standard deviations of the length of random codes, whose mean is about sqrt(D)


@dataclass(frozen=True)
class Place:
    """Where some descents are after `index` updates: codes (S, D), their pictures (S, C, H, W), and errors (S,).

    An error is the mean squared difference of grey levels from 0 to 1.
    """

    index: int
    z: Tensor
    images: Tensor
    errors: Tensor


def project(
    decode: Callable[[Tensor], Tensor], target: Tensor, z: Tensor, steps: int, lr: float = 0.1
) -> Iterator[Place]:
    """Descents from codes z (S, D) with Adam (Kingma & Ba 2015), each for itself: steps + 1 places.

    No code goes farther out than nearly all random ones: nothing was learnt there.

    Args:
        decode: Codes to pictures in [-1, 1]; its weights need no gradients.
        target: The picture, (1, C, H, W) in [-1, 1].
    """
    most = z.shape[1] ** 0.5 + BEYOND
    mean, square = torch.zeros_like(z), torch.zeros_like(z)
    for index in range(steps + 1):
        with torch.enable_grad():
            z = z.detach().requires_grad_()
            images = decode(z)
            errors = ((images - target) / 2).square().flatten(1).mean(1)
            (gradient,) = torch.autograd.grad(errors.sum(), z)
        yield Place(index, z.detach(), images.detach(), errors.detach())
        with torch.no_grad():
            mean.lerp_(gradient, 1 - BETAS[0])
            square.lerp_(gradient.square(), 1 - BETAS[1])
            unbiased = [part / (1 - beta ** (index + 1)) for part, beta in zip((mean, square), BETAS, strict=True)]
            z = z - lr * unbiased[0] / (unbiased[1].sqrt() + EPS)
            z = z * (most / z.norm(dim=1, keepdim=True).clamp_min(most))
