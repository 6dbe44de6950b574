"""Sliders under the hand: mouse, wheel and keys, and what each gesture says."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import study_of
from hands import LEFT, Said, double_click
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from genstudio.ui.latent.axes import Face, by_kl, raw_axes
from genstudio.ui.widgets.form import Choice, FloatBox, IntBox
from genstudio.ui.widgets.inspector import Inspector
from genstudio.ui.widgets.latent_slider import LatentSlider
from genstudio.ui.widgets.latent_sliders import LatentSliders
from genstudio.ui.widgets.slider import Slider


@pytest.fixture
def sliders(qtbot) -> LatentSliders:
    widget = LatentSliders()
    qtbot.addWidget(widget)
    widget.set_count(16)
    widget.resize(300, 500)
    widget.show()
    return widget


def at(row: LatentSlider, sigma: float) -> QPoint:
    return QPoint(round(row.x_of(sigma)), row.height() // 2)


def wheel(row: QWidget, notches: float, x: float, shift: bool = False) -> QWheelEvent:
    place = QPointF(x, row.height() / 2)
    keys = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        place, row.mapToGlobal(place), QPoint(), QPoint(0, round(120 * notches)), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(row, event)
    return event


def test_a_drag_says_grabbed_then_every_move_then_finished_once(sliders) -> None:
    row, said = sliders.rows()[2], Said(sliders)
    QTest.mousePress(row, LEFT, pos=at(row, 0))
    assert said.words == ["grabbed"] and sliders.is_held()
    QTest.mouseMove(row, at(row, 1.0))
    QTest.mouseMove(row, at(row, -2.0))
    QTest.mouseRelease(row, LEFT, pos=at(row, -2.0))
    assert said.words == ["grabbed", "changed", "changed", "finished"] and not sliders.is_held()
    assert said.values[-1][2] == pytest.approx(-2.0, abs=0.03)
    assert np.array_equal(said.values[-1], sliders.code())
    assert np.count_nonzero(sliders.code()) == 1


def test_a_press_beside_the_knob_brings_it_there_and_past_the_end_is_three_sigma(sliders) -> None:
    row = sliders.rows()[0]
    QTest.mousePress(row, LEFT, pos=at(row, 2.0))
    assert row.exact() == pytest.approx(2.0, abs=0.03)
    QTest.mouseMove(row, QPoint(row.width() + 50, 5))
    QTest.mouseRelease(row, LEFT, pos=QPoint(row.width() + 50, 5))
    assert row.exact() == 3.0


def test_a_double_click_and_delete_reset(sliders) -> None:
    row, said = sliders.rows()[1], Said(sliders)
    sliders.set_code([1.5] * 16)
    double_click(row, at(row, 1.5))
    assert row.exact() == 0.0 and said.words[-1] == "finished"
    row.set_exact(1.5)
    QTest.keyClick(row, Qt.Key.Key_Delete)
    assert row.exact() == 0.0


@pytest.mark.parametrize(
    ("key", "shift", "value"),
    [
        (Qt.Key.Key_Right, False, 0.6),
        (Qt.Key.Key_Left, False, 0.4),
        (Qt.Key.Key_Right, True, 0.51),
        (Qt.Key.Key_PageUp, False, 1.0),
        (Qt.Key.Key_PageDown, False, 0.0),
        (Qt.Key.Key_Home, False, -3.0),
        (Qt.Key.Key_End, False, 3.0),
        (Qt.Key.Key_Backspace, False, 0.0),
    ],
)
def test_keys_move_a_slider(sliders, key, shift, value) -> None:
    row = sliders.rows()[0]
    row.set_exact(0.5)
    said = Said(sliders)
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(row, key, modifier)
    assert row.exact() == pytest.approx(value)
    assert said.words == ["grabbed", "changed", "finished"]


def test_the_window_keeps_its_own_keys(sliders, qtbot) -> None:
    row = sliders.rows()[0]
    for key in (Qt.Key.Key_R, Qt.Key.Key_Space, Qt.Key.Key_Period, Qt.Key.Key_Comma):
        QTest.keyClick(row, key)
    QTest.keyClick(row, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert not sliders.code().any() and not sliders.findChild(QLineEdit).isVisible()


def test_up_and_down_go_to_the_neighbour(sliders) -> None:
    first, second = sliders.rows()[:2]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is second or second.hasFocus()
    QTest.keyClick(second, Qt.Key.Key_Up)
    assert first.hasFocus()
    QTest.keyClick(first, Qt.Key.Key_Up)
    assert first.hasFocus()


def test_the_wheel_turns_over_the_track_and_scrolls_elsewhere(sliders) -> None:
    row, said = sliders.rows()[4], Said(sliders)
    row.setFocus()
    assert wheel(row, 1, row.x_of(0)).isAccepted()
    wheel(row, 2, row.x_of(0))
    wheel(row, -1, row.x_of(0), shift=True)
    assert row.exact() == pytest.approx(0.29)
    assert said.words == ["grabbed", "changed", "changed", "changed"], "one gesture, however many notches"
    row.leaveEvent(None)
    assert said.words[-1] == "finished"
    wheel(row, 1, 2.0)  # over the name
    assert row.exact() == pytest.approx(0.29)


def test_without_the_focus_the_wheel_scrolls_the_inspector(qtbot) -> None:
    inspector, sliders = Inspector(), LatentSliders()
    sliders.set_count(2)
    fields = (Choice(("a", "b")), IntBox(0, 9, 4), FloatBox(0, 1, 0.5), Slider(0, 1, 0.1))
    section = inspector.add_section("Code")
    for widget in (sliders, *fields, QLabel("\n" * 99)):
        section.add_widget(widget)
    qtbot.addWidget(inspector)
    inspector.resize(320, 600)
    inspector.show()
    qtbot.waitUntil(lambda: inspector.verticalScrollBar().maximum() > 0, timeout=30_000)
    row, bar = sliders.rows()[1], inspector.verticalScrollBar()

    def turn_down(widget: QWidget, x: float) -> None:
        bar.setValue(0)
        place = QPointF(widget.mapTo(inspector, QPoint(round(x), widget.height() // 2)))
        QTest.wheelEvent(inspector.windowHandle(), place, QPoint(0, -120))

    for widget, x in ((row, row.x_of(0)), *((field, 40) for field in fields)):
        turn_down(widget, x)
        assert bar.value() > 0, widget
    assert (row.exact(), *(field.value() for field in fields)) == (0, "a", 4, 0.5, 0)
    row.setFocus()
    turn_down(row, row.x_of(0))
    assert row.exact() == pytest.approx(-0.1) and bar.value() == 0


def test_a_value_can_be_typed_beyond_the_track_and_escape_leaves_it(sliders) -> None:
    row, box, said = sliders.rows()[3], sliders.findChild(QLineEdit), Said(sliders)
    QTest.mouseClick(row, LEFT, pos=row.value_box().center().toPoint())
    assert box.isVisible() and box.text() == "0.00"
    QTest.keyClicks(box, "-4,25")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert row.exact() == -4.25 and row.value() == row.minimum() and not box.isVisible()
    assert said.words == ["grabbed", "changed", "finished"]
    QTest.keyClick(row, Qt.Key.Key_7)
    assert box.isVisible() and box.text() == "7"
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert row.exact() == -4.25 and not box.isVisible()


@pytest.mark.parametrize(
    ("typed", "kept", "says"),
    [("12", 9.99, "The most is 9.99."), ("-12", -9.99, "The least is -9.99."), ("3.5", 3.5, ""), ("x", 0.0, "")],
)
def test_a_typed_number_beyond_the_limit_is_corrected_and_the_row_says_so(sliders, qtbot, typed, kept, says) -> None:
    row, box = sliders.rows()[3], sliders.findChild(QLineEdit)
    row.edit_wanted.emit(3, "")
    box.setText(typed)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert row.exact() == kept and row.said() == says
    QTest.keyClick(row, Qt.Key.Key_Home)
    assert row.said() == "", "the next key takes it away"


def test_showing_a_code_says_nothing_and_keeps_the_exact_numbers(sliders) -> None:
    said, z = Said(sliders), np.random.default_rng(1).normal(size=16) * 2
    sliders.set_code(z)
    assert np.array_equal(sliders.code(), z) and said.words == []


def test_an_assistive_tool_can_set_a_slider(sliders) -> None:
    said = Said(sliders)
    sliders.rows()[0].setValue(1500)
    assert sliders.code()[0] == 1.5 and said.words == ["changed", "finished"]


def test_the_number_of_latents_can_change_and_many_have_pages(sliders) -> None:
    sliders.set_code([1.0] * 16)
    assert not sliders.pager.isVisible()
    sliders.set_count(256)
    assert len(sliders.rows()) == 16 and not sliders.code().any() and sliders.pager.isVisible()
    for _ in range(20):
        QTest.keyClick(sliders.rows()[0], Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert sliders.pager.label.text() == "241–256 of 256" and not sliders.pager.forward.isEnabled()
    row, said = sliders.rows()[-1], Said(sliders)
    assert row.accessibleName() == "z256"
    QTest.keyClick(row, Qt.Key.Key_End)
    assert said.values[-1][255] == 3.0 and np.count_nonzero(said.values[-1]) == 1
    sliders.pager.back.click()
    assert sliders.rows()[0].accessibleName() == "z225" and sliders.rows()[15].exact() == 0.0
    sliders.set_count(18)
    sliders.turn(1)
    assert len(sliders.rows()) == 2
    sliders.set_count(2)
    assert len(sliders.rows()) == 2 and not sliders.pager.isVisible()


def test_down_from_the_last_row_goes_on_to_the_next_page(sliders) -> None:
    sliders.set_count(20)
    last = sliders.rows()[-1]
    last.setFocus()
    QTest.keyClick(last, Qt.Key.Key_Down)
    assert sliders.rows()[0].accessibleName() == "z17" and sliders.rows()[0].hasFocus()
    QTest.keyClick(sliders.rows()[0], Qt.Key.Key_Up)
    assert sliders.rows()[15].accessibleName() == "z16" and sliders.rows()[15].hasFocus()


def test_every_slider_is_named_and_reached_by_keyboard(sliders) -> None:
    assert [row.accessibleName() for row in sliders.rows()] == [f"z{k}" for k in range(1, 17)]
    for row in sliders.rows():
        assert row.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert "Delete" in row.toolTip()


def test_a_number_never_has_a_minus_before_nothing() -> None:
    assert [Face("z1").words(v) for v in (-0.004, 0.0, -0.5, 3.0)] == ["0.00", "0.00", "−0.50", "+3.00"]


@pytest.mark.parametrize("latents", [16, 64])
def test_the_keyboard_stays_with_its_latent_when_they_are_sorted(sliders, qtbot, latents) -> None:
    study = study_of("mnist-vae-16", latents)
    sliders.set_axes(raw_axes(latents), range(latents), np.zeros(latents))
    sliders.activateWindow()
    sliders.rows()[4].setFocus()
    qtbot.waitUntil(sliders.rows()[4].hasFocus)
    for order in (by_kl(study, latents), range(latents)):
        sliders.set_axes(raw_axes(latents, study), order, np.zeros(latents))
        assert [row.face.name for row in sliders.rows() if row.hasFocus()] == ["z5"]
    assert sliders.rows()[4].hasFocus() and by_kl(study, latents)[4] != 4


def test_a_hand_lets_go_of_a_slider_that_becomes_another(sliders) -> None:
    row = sliders.rows()[2]
    QTest.mousePress(row, LEFT, pos=at(row, 1.0))
    sliders.set_axes(raw_axes(16), range(15, -1, -1), sliders.code())
    code = sliders.code()
    QTest.mouseMove(row, at(row, -2.0))
    assert np.array_equal(sliders.code(), code) and not sliders.is_held()
    QTest.mouseRelease(row, LEFT, pos=at(row, -2.0))


def test_words_of_why_it_cannot_be_moved_leave_its_lock_to_be_clicked(sliders) -> None:
    row = sliders.rows()[3]
    row.set_face(3, Face("z4", stop="z4 is locked."))
    QTest.mousePress(row, LEFT, pos=at(row, 2.0))
    assert row.said() == "z4 is locked." and row.exact() == 0 and not sliders.is_held()
    lock = row.lock_box().toAlignedRect().translated(row.mapTo(row.window(), QPoint(0, 0)))
    assert not row._bubble.geometry().intersects(lock)
    QTest.mouseRelease(row, LEFT, pos=at(row, 2.0))
