"""What D makes of single pictures: its verdict, and which pixels it would have otherwise."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from genstudio.core.images import to_float


@dataclass(frozen=True)
class Sight:
    """D's verdict on N pictures, on the CPU."""

    outputs: Tensor  # (N,) logits or scores
    slopes: Tensor  # (N, H, W) dD(x)/dx, summed over the channels; x is in [-1, 1], so above 0 means "brighter"


class Eye:
    """D as it is now, for looking: a copy in float32, of which nothing gets back to the network that learns.

    The copy is in evaluation mode. Batch normalisation takes the averages that it has gathered while D learned, so a
    picture's verdict does not depend on the others; spectral normalisation takes the singular vectors it has. Layers
    that compare the pictures of a batch see those of one `look` as the batch, and the slope of a picture is then that
    of all their verdicts together.
    """

    def __init__(self, d: nn.Module, device: torch.device) -> None:
        self._d, self._device = copy.deepcopy(d).eval().requires_grad_(False), device

    def look(self, images: Tensor, labels: Tensor | None = None) -> Sight:
        """Verdict and slopes of pictures (N, H, W, C) uint8, and of classes (N,) where D knows them."""
        x = to_float(images.permute(0, 3, 1, 2).to(self._device)).requires_grad_(True)  # (N, C, H, W)
        with torch.enable_grad():
            outputs = self._d(x, labels)
            (slopes,) = torch.autograd.grad(outputs.sum(), x)
        return Sight(outputs.detach().float().cpu(), slopes.sum(1).float().cpu())
