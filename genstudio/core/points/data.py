"""Points to learn from: as many as one likes, fresh in every iteration."""

from __future__ import annotations

import torch
from torch import Tensor

from genstudio.core.points.sets import PointSet
from genstudio.core.seeding import generator


class PointData:
    """A distribution, batch by batch as `TrainingData` gives pictures: (seed, iteration) decide each."""

    classes = 0

    def __init__(self, points: PointSet, device: torch.device) -> None:
        self.points, self.mixture, self._device = points, points.mixture, device

    def batch(self, iteration: int, batch_size: int, seed: int) -> tuple[Tensor, Tensor]:
        """Points (B, D), and labels (B,) that mean nothing."""
        points = self.mixture.sample(batch_size, generator(seed, 0, iteration))
        return points.to(self._device), torch.zeros(batch_size, dtype=torch.int64, device=self._device)
