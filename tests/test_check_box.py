"""Whether a box is ticked is seen, in both themes and at each scale."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from genstudio.ui.colors import contrast
from genstudio.ui.theme import SCALES, theme
from genstudio.ui.widgets.check_box import CheckBox
from genstudio.ui.widgets.picture_grid import from_qimage

SEEN = 6  # pixels of a tick at the smallest scale


def boxed(qtbot: Any) -> tuple[QWidget, CheckBox]:
    """A panel on the screen with one in it."""
    panel, made = QWidget(), CheckBox("Loop back to key 1")
    panel.setProperty("role", "panel")
    panel.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    qtbot.addWidget(panel)
    QVBoxLayout(panel).addWidget(made)
    panel.resize(400, 200)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel, made


def inside(box: CheckBox) -> np.ndarray:
    """The pixels of the box without its edge, (H, W, 3)."""
    picture, rect = from_qimage(box.grab().toImage()), box.box()
    edge = rect.width() // 5
    return picture[rect.top() + edge : rect.bottom() + 1 - edge, rect.left() + edge : rect.right() + 1 - edge]


def unlike(pixels: np.ndarray) -> int:
    """How many pixels stand out by 3:1 from the colour that most of them have."""
    colors = [f"#{pixel.tobytes().hex()}" for pixel in pixels.reshape(-1, 3)]
    ground = max(set(colors), key=colors.count)
    return sum(contrast(color, ground) >= 3 for color in colors)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("mode", ["dark", "light"])
def test_a_tick_is_seen(qtbot: Any, mode: str, scale: float) -> None:
    theme().set_mode(mode)
    theme().set_scale(scale)
    panel, box = boxed(qtbot)
    assert unlike(inside(box)) == 0, "nothing is in an empty one"
    box.setChecked(True)
    assert unlike(inside(box)) >= SEEN
    box.setEnabled(False)
    assert unlike(inside(box)) >= SEEN and panel.isVisible(), "of one that cannot be changed, too"


def test_the_tick_goes_with_a_click(qtbot: Any) -> None:
    panel, box = boxed(qtbot)
    for is_ticked in (True, False):
        QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.box().center())
        assert box.isChecked() == is_ticked
        assert (unlike(inside(box)) >= SEEN) == is_ticked and panel.isVisible()
