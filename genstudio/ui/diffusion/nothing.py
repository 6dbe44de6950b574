"""What stands where a picture is still to come."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from genstudio.api import Pictures
from genstudio.ui.theme import theme


def blank(picture: Pictures) -> Pictures:
    """A picture of the same size that cannot be told from the stage, (H, W, 3)."""
    color = QColor(theme().colors.stage)
    return np.full((*picture.shape[:2], 3), (color.red(), color.green(), color.blue()), np.uint8)
