"""The one place where pictures in [-1, 1] become uint8 and back."""

from __future__ import annotations

import torch
from torch import Tensor


def to_uint8(x: Tensor) -> Tensor:
    """(B, C, H, W) floats in [-1, 1] as (B, H, W, C) uint8; values outside are clipped."""
    levels = x.detach().float().mul(127.5).add_(128)  # 127.5, and 0.5 because uint8 cuts off
    return levels.clamp_(0.5, 255.5).to(torch.uint8).permute(0, 2, 3, 1)


def to_float(images: Tensor) -> Tensor:
    """(B, C, H, W) uint8 as floats in [-1, 1]."""
    return images.float().mul(1 / 127.5).sub(1)
