"""Real pictures to show beside generated ones: exactly as they are in the data."""

from __future__ import annotations

import torch
from torch import Tensor

from genstudio.core.seeding import generator
from genstudio.core.training import TrainingData

DRAW = 11  # of which pictures


def examples(data: TrainingData, count: int, seed: int, *, by_class: bool) -> Tensor:
    """Pictures (M, H, W, C) uint8 on the CPU, drawn at random; of a small set all, so M may be less than `count`.

    Args:
        by_class: Picture k is of class k mod the number of classes, as the samples of a network that is told the
            class are; M is then `count`, and where a class has too few its pictures come again.
    """
    order = torch.randperm(len(data.images), generator=generator(seed, DRAW))
    if by_class and data.classes and count:
        order = _in_turn(order, data.labels.cpu()[order], count, data.classes)
    return data.images[order[:count].to(data.images.device)].permute(0, 2, 3, 1).contiguous().cpu()


def _in_turn(order: Tensor, labels: Tensor, count: int, classes: int) -> Tensor:
    """Indices (count,) of pictures, the classes in turn; a class without a picture has any."""
    of_class = [order[labels == label] for label in range(classes)]
    piles = [pile if len(pile) else order for pile in of_class]
    return torch.stack([piles[k % classes][k // classes % len(piles[k % classes])] for k in range(count)])
