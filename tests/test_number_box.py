"""Boxes for whole numbers of which only multiples are allowed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from genstudio.settings import DiffusionSettings, check_settings
from genstudio.ui.widgets.form import SettingsForm
from genstudio.ui.widgets.number_box import IntBox


@pytest.mark.parametrize(("typed", "kept"), [("50", 48), ("52", 48), ("53", 56), ("3", 8), ("255", 256)])
def test_what_is_typed_goes_to_the_nearest_multiple(qtbot, typed: str, kept: int) -> None:
    form = SettingsForm(DiffusionSettings)
    qtbot.addWidget(form)
    box = form.controls["width"]
    box.selectAll()
    QTest.keyClicks(box, typed)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert (box.value(), box.text(), form.value().width) == (kept, str(kept), kept)
    check_settings(form.value())
    assert "multiples of 8" in box.toolTip()


def test_arrows_step_from_multiple_to_multiple_inside_the_range(qtbot) -> None:
    box = IntBox(5, 30, 8, step=5, multiple=8)
    qtbot.addWidget(box)
    box.stepBy(1)
    assert box.value() == 16
    box.stepBy(-3)
    assert box.value() == 8
    box.stepBy(9)
    assert box.value() == 24
