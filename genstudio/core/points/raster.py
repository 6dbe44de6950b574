"""A picture of points: the real ones under the generated ones, for films and grids."""

from __future__ import annotations

import torch
from torch import Tensor

from genstudio.settings.adversarial import REACH

SIDE = 224  # px
PAPER, REAL, FAKE = (22, 24, 29), (0, 158, 115), (213, 94, 0)  # window, real, generated
DOT = 2  # px a side


def points_picture(real: Tensor, fake: Tensor) -> Tensor:
    """(SIDE, SIDE, 3) uint8 of points (N, 2) and (M, 2) in the plane; those outside are not seen."""
    picture = torch.tensor(PAPER, dtype=torch.uint8).expand(SIDE, SIDE, 3).clone()
    for points, color in ((real, REAL), (fake, FAKE)):
        columns, rows = (((x + REACH) / (2 * REACH) * SIDE).long() for x in (points.cpu() * torch.tensor([1, -1])).T)
        for down in range(DOT):
            for right in range(DOT):
                x, y = columns + right, rows + down
                seen = (x >= 0) & (x < SIDE) & (y >= 0) & (y < SIDE)
                picture[y[seen], x[seen]] = torch.tensor(color, dtype=torch.uint8)
    return picture
