"""A picture of points: the real ones under the generated ones, for films and grids."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor

from genstudio.settings.adversarial import REACH

SIDE = 224  # px
PAPER, REAL, FAKE = (22, 24, 29), (0, 158, 115), (213, 94, 0)  # window, real, generated
DOT = 2  # px a side


def points_picture(real: Tensor, fake: Tensor) -> Tensor:
    """(SIDE, SIDE, 3) uint8 of points (N, 2) and (M, 2) in the plane; those outside are not seen."""
    picture = _paper().clone()
    for points, color in ((real, REAL), (fake, FAKE)):
        picture[_covered(points)] = torch.tensor(color, dtype=torch.uint8)
    return picture.view(SIDE, SIDE, 3)


@cache
def _paper() -> Tensor:
    """The picture of no points, (SIDE^2, 3)."""
    return torch.tensor(PAPER, dtype=torch.uint8).repeat(SIDE * SIDE, 1)


def _covered(points: Tensor) -> Tensor:
    """The pixels under the dots of points, counted row by row."""
    corners = ((points.cpu() * torch.tensor([1, -1]) + REACH) / (2 * REACH) * SIDE).long()  # (N, 2)
    x, y = (corners[:, None] + torch.cartesian_prod(torch.arange(DOT), torch.arange(DOT))).unbind(2)  # (N, DOT^2)
    return (y * SIDE + x)[(x >= 0) & (x < SIDE) & (y >= 0) & (y < SIDE)]
