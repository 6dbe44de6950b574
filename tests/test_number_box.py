"""Boxes for whole numbers of which only multiples are allowed."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from genstudio.settings import DiffusionSettings, check_settings
from genstudio.ui.widgets.bubble import Bubble
from genstudio.ui.widgets.form import SettingsForm
from genstudio.ui.widgets.number_box import FloatBox, IntBox


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


@pytest.mark.parametrize(
    ("box", "typed", "kept", "says"),
    [
        (partial(IntBox, 1, 50, 16), "500", "50", "The most is 50."),
        (partial(IntBox, 1, 50, 16), "99999999999999", "50", "The most is 50."),
        (partial(IntBox, 2, 50, 16), "1", "2", "The least is 2."),
        (partial(IntBox, 8, 256, 16, multiple=8), "50", "48", "Only multiples of 8: 48."),
        (partial(IntBox, 8, 256, 16, multiple=8), "999", "256", "The most is 256."),
        (partial(IntBox, 0, 64, 2, unit="px"), "99", "64 px", "The most is 64 px."),
        (partial(FloatBox, 0, 9, 1, decimals=2), "99", "9.00", "The most is 9.00."),
        (partial(FloatBox, 1e-6, 1e-1, 2e-4, 2, log=True), "5", "0.1", "The most is 0.1."),
        (partial(FloatBox, 1, 60, 20, 1, "fps"), "0,5", "1 fps", "The least is 1 fps."),
        (partial(IntBox, 1, 50, 16), "20", "20", ""),
        (partial(IntBox, 1, 50, 16), "-", "16", ""),
        (partial(FloatBox, 0, 9, 1, decimals=2), "1e", "1.00", ""),
    ],
)
@pytest.mark.parametrize("leaves", [False, True])
def test_a_number_that_is_not_allowed_is_corrected_and_the_box_says_so(
    qtbot, box: partial, typed: str, kept: str, says: str, leaves: bool
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(300, 200)
    made, other = box(parent=window), QLineEdit(window)
    made.move(150, 160 if leaves else 20)
    other.move(0, 100)
    with qtbot.waitActive(window):
        window.show()
    made.setFocus()
    made.selectAll()
    QTest.keyClicks(made, typed)
    other.setFocus() if leaves else QTest.keyClick(made, Qt.Key.Key_Return)
    assert (made.text(), made.said()) == (kept, says)
    if says:
        bubble = window.findChild(Bubble)
        assert window.rect().contains(bubble.geometry()) and not bubble.geometry().intersects(made.geometry())
        made.setFocus()
        QTest.keyClick(made, Qt.Key.Key_Up)
        assert made.said() == "", "it goes when one goes on"


@pytest.mark.parametrize("at", [(0, 0), (0, 170), (200, 0), (200, 170)])
def test_what_a_box_says_is_whole_and_hides_no_number(qtbot, at: tuple[int, int]) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(300, 200)
    box = IntBox(1, 50, 16, parent=window)
    box.setGeometry(*at, 100, 28)
    window.show()
    box.selectAll()
    QTest.keyClicks(box, "500")
    QTest.keyClick(box, Qt.Key.Key_Return)
    bubble = window.findChild(Bubble)
    assert window.rect().contains(bubble.geometry()) and not bubble.geometry().intersects(box.geometry())


def test_export_is_for_the_window_also_while_a_number_is_typed(qtbot):
    box = IntBox(0, 9, 3)
    qtbot.addWidget(box)
    for modifiers in (
        Qt.KeyboardModifier.ControlModifier,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    ):
        key = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_E, modifiers, "")
        key.ignore()
        assert not box.event(key) and not key.isAccepted()
