"""The one place where pictures in [-1, 1] become uint8 and back."""

from __future__ import annotations

import torch
from torch import Tensor


def to_uint8(x: Tensor) -> Tensor:
    """(B, C, H, W) floats in [-1, 1] as (B, H, W, C) uint8; values outside are clipped."""
    return x.detach().float().clamp(-1, 1).add(1).mul(127.5).round().to(torch.uint8).permute(0, 2, 3, 1)


def to_float(images: Tensor) -> Tensor:
    """(B, C, H, W) uint8 as floats in [-1, 1]."""
    return images.float().mul(1 / 127.5).sub(1)
