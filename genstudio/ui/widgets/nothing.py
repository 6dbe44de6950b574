"""What stands where there is no picture, or where it is still to come."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtGui import QColor

from genstudio.api import Pictures
from genstudio.ui.theme import theme


def blank(picture: Pictures) -> Pictures:
    """A picture of the same size that cannot be told from the stage, (H, W, 3)."""
    color = QColor(theme().colors.stage)
    return np.full((*picture.shape[:2], 3), (color.red(), color.green(), color.blue()), np.uint8)


def stacked(pictures: Sequence[Pictures | None], like: Pictures) -> Pictures:
    """Pictures (H, W, C) such as one, and nothing where there is None, as (N, H, W, C)."""
    if not any(picture is None for picture in pictures):
        return np.stack([picture for picture in pictures if picture is not None])
    empty = blank(like)
    return np.stack([empty if picture is None else np.broadcast_to(picture, empty.shape) for picture in pictures])
