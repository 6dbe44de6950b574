"""What the loss is at each part of the way from data to noise, lately."""

from __future__ import annotations

import torch
from torch import Tensor

from genstudio.core import parallel

BINS = 20  # of t, in which the loss is kept
MEMORY = 0.99  # of the running means: about 100 iterations


class LossByT:
    """Running means of the loss in equal bins of t.

    Args:
        timesteps: T.
        levels: How many different t there are, at least one in each bin; T by default.
    """

    def __init__(self, timesteps: int, device: torch.device, levels: int = 0) -> None:
        self.timesteps, self.bins = timesteps, min(BINS, levels or timesteps)
        self.sums = torch.zeros(2, self.bins, device=device)  # of the loss in each bin, and of its weights

    def note(self, t: Tensor, errors: Tensor) -> None:
        """The loss of each of the own examples (B, ...) at its index t (B,) from 0 to T - 1."""
        each = errors.detach().flatten(1).mean(1).float() if errors.ndim > 1 else errors.detach().float()
        own = torch.zeros_like(self.sums)
        own.index_add_(1, t * self.bins // self.timesteps, torch.stack([each, torch.ones_like(each)]))
        self.sums.mul_(MEMORY).add_(parallel.total(own))

    def middles(self) -> Tensor:
        """The middle index of each bin, (bins,) int64."""
        return (torch.arange(self.bins) + 0.5).mul(self.timesteps / self.bins).long()

    def means(self) -> Tensor:
        """(bins,) on the CPU, NaN where nothing has been learnt yet."""
        return (self.sums[0] / self.sums[1]).cpu()
