"""Pictures in their places, as they are painted."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtGui import QColor

from genstudio.ui.theme import theme
from genstudio.ui.widgets.picture_cells import PictureCells


def middle(cells: PictureCells) -> int:
    """How bright the middle of the only picture is, 0 to 255."""
    spot = cells.cell_rect(0).center()
    return cells.grab().toImage().pixelColor(spot * cells.devicePixelRatioF()).lightness()


def test_pictures_that_stand_back_are_nearer_to_their_ground(qtbot: Any) -> None:
    cells = PictureCells()
    qtbot.addWidget(cells)
    cells.resize(200, 200)
    cells.set_pictures(np.full((1, 8, 8, 1), 255, np.uint8))
    ground = QColor(theme().colors.stage).lightness()
    clear = middle(cells)
    cells.set_faded(True)
    assert cells.is_faded() and abs(middle(cells) - ground) < abs(clear - ground) / 2
    cells.set_faded(False)
    assert middle(cells) == clear
