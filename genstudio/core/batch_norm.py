"""Batch normalisation that sees the whole batch, also where several processes share it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from genstudio.core import parallel


class BatchNorm2d(nn.BatchNorm2d):
    """As torch's (Ioffe & Szegedy 2015, arXiv:1502.03167), over the rows of all processes that train together.

    Torch's own SyncBatchNorm does that on GPUs only, and cannot be differentiated twice, which the R1 penalty asks for.
    Of one process alone this is torch's layer, bit for bit; of several it is the formula in plain operations.
    """

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) to the same shape."""
        if not self.training or parallel.size() == 1:
            return super().forward(x)
        wide = x.float()
        mean, variance, count = parallel.moments(wide, over=(0, 2, 3))  # (C,), (C,), ()
        self._remember(mean.detach(), variance.detach() * count / (count - 1))
        scale = self.weight * torch.rsqrt(variance + self.eps)
        shift = self.bias - mean * scale
        return (wide * scale[:, None, None] + shift[:, None, None]).to(x.dtype)

    @torch.no_grad()
    def _remember(self, mean: Tensor, variance: Tensor) -> None:
        """The running ones, by which a picture is normalised alone."""
        assert self.momentum is not None and self.num_batches_tracked is not None
        assert self.running_mean is not None and self.running_var is not None
        self.num_batches_tracked += 1
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(variance, self.momentum)
