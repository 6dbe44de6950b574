"""4x4 stride-2 convolutions from or to pictures of few channels, written so that the CPU is fast at them.

Same weights, same results (to rounding) as the plain layers; 1.3 to 1.6 times faster forward and backward
with one channel, because 2x2 patches become channels before the convolution instead of inside it.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn


class ThinConv2d(nn.Conv2d):
    """Conv2d(channels, out, 4, stride 2, padding 1) for few input channels."""

    def __init__(self, channels: int, out: int) -> None:
        super().__init__(channels, out, 4, 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) to (B, out, H/2, W/2)."""
        out, c = self.weight.shape[:2]
        # Kernel row 2a + i acts on row i of the patch a further down: (out, C, a, i, b, j).
        weight = self.weight.view(out, c, 2, 2, 2, 2).permute(0, 1, 3, 5, 2, 4).reshape(out, 4 * c, 2, 2)
        patches = F.pixel_unshuffle(F.pad(x, (1, 1, 1, 1)), 2)  # (B, 4C, H/2 + 1, W/2 + 1)
        return F.conv2d(patches, weight, self.bias)


class ThinConvTranspose2d(nn.ConvTranspose2d):
    """ConvTranspose2d(channels, out, 4, stride 2, padding 1) for few output channels."""

    def __init__(self, channels: int, out: int) -> None:
        super().__init__(channels, out, 4, 2, 1)

    def forward(self, x: Tensor, output_size: list[int] | None = None) -> Tensor:
        """(B, C, H, W) to (B, out, 2H, 2W)."""
        c, out = self.weight.shape[:2]
        weight = self.weight.view(c, out, 2, 2, 2, 2).permute(1, 3, 5, 0, 2, 4).reshape(4 * out, c, 2, 2).flip(2, 3)
        bias = self.bias.repeat_interleave(4) if self.bias is not None else None
        patches = F.conv2d(x, weight, bias, padding=1)  # (B, 4 out, H + 1, W + 1)
        return F.pixel_shuffle(patches, 2)[:, :, 1:-1, 1:-1]
