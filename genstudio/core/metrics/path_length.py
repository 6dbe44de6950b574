"""Perceptual path length: how far a picture moves for a small step in latent space (Karras et al. 2019)."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from genstudio.core.latents import slerp

STEP = 1e-4  # of the way from one code to the other
TRIM = 0.01  # of the lengths at either end count for nothing

Seen = Callable[[Tensor], Tensor]  # features (B, F) of codes (B, D)


def path_lengths(seen: Seen, a: Tensor, b: Tensor, at: Tensor, step: float = STEP) -> Tensor:
    """|f(slerp(a, b, t + step)) - f(slerp(a, b, t))|^2 / step^2, (B,) float64 (arXiv:1812.04948, section 4.1).

    Args:
        seen: The features of what a generator makes of codes, in float32 or better, never of rounded pictures.
        a, b: Codes (B, D).
        at: t of each pair, (B,), 0 to 1 - step.
    """
    here, there = (_between(a, b, t) for t in (at.double(), at.double() + step))
    return (seen(there).double() - seen(here).double()).square().sum(1) / step**2


def trimmed(lengths: Tensor) -> Tensor:
    """Those between the smallest and the largest hundredth, as the paper's code averages them."""
    low, high = lengths.quantile(torch.tensor([TRIM, 1 - TRIM], dtype=lengths.dtype))
    return lengths[(lengths >= low) & (lengths <= high)]


def _between(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """The point t (B,) float64 on the way of each pair of codes (B, D); a step is small beside a code."""
    pairs = zip(a.double(), b.double(), t, strict=True)
    return torch.cat([slerp(z0, z1, share.view(1)) for z0, z1, share in pairs]).to(a.dtype)
