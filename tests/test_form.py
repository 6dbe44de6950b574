"""Boxes, sliders, forms and the inspector: values go in and out as they are shown."""

from __future__ import annotations

import dataclasses

import pytest
from hands import double_click
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from genstudio.settings import GANSettings, VAESettings
from genstudio.ui.numbers import milliseconds
from genstudio.ui.theme import fix, theme
from genstudio.ui.widgets.form import Choice, FloatBox, IntBox, SettingsForm
from genstudio.ui.widgets.inspector import Inspector
from genstudio.ui.widgets.slider import Slider


def test_a_learning_rate_doubles_and_reads_short(qtbot) -> None:
    box = FloatBox(1e-6, 1e-1, 2e-4, 2, log=True)
    qtbot.addWidget(box)
    assert box.text() == "2e-4"
    box.stepBy(1)
    assert box.value() == pytest.approx(4e-4) and box.text() == "4e-4"
    box.selectAll()
    QTest.keyClicks(box, "1,5e-3")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == pytest.approx(1.5e-3)


def test_keys_that_mean_nothing_to_a_number_are_left_to_the_window(qtbot) -> None:
    box = IntBox(0, 100, 7)
    qtbot.addWidget(box)
    for text, key in ((" ", Qt.Key.Key_Space), ("r", Qt.Key.Key_R), ("?", Qt.Key.Key_Question)):
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
        QApplication.sendEvent(box, event)
        assert not event.isAccepted(), text
    assert box.value() == 7


@pytest.mark.parametrize("scale", [0.8, 1.0, 2.0])
def test_boxes_and_pickers_are_of_one_height(qtbot, scale: float) -> None:
    boxes = [IntBox(0, 9, 1), FloatBox(0, 1, 0.5), fix(Choice(("a", "b")), 80)]
    for box in boxes:
        qtbot.addWidget(box)
        box.show()
    theme().set_scale(scale)
    assert {box.height() for box in boxes} == {theme().px(28)} and boxes[2].width() == theme().px(80)


def test_a_choice_tells_only_what_the_user_chose(qtbot) -> None:
    choice = Choice(("a", "b"))
    qtbot.addWidget(choice)
    told: list[object] = []
    choice.chosen.connect(told.append)
    assert choice.set_value("b") and not choice.set_value("c")
    assert told == [] and choice.value() == "b"
    QTest.keyClick(choice, Qt.Key.Key_Up)
    assert told == ["a"]


def test_a_slider_obeys_keys_and_goes_back_to_rest(qtbot) -> None:
    slider = Slider(-3, 3, 0.01)
    qtbot.addWidget(slider)
    slider.rest = slider.origin = 0.0
    slider.set_value(1.0)
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert slider.value() == pytest.approx(1.01)
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert slider.value() == 3
    double_click(slider)
    assert slider.value() == 0.0
    slider.resize(214, 22)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(207, 11))
    assert slider.value() == pytest.approx(3.0)


def test_a_form_is_the_dataclass_and_lights_what_was_changed(qtbot) -> None:
    form = SettingsForm(GANSettings)
    qtbot.addWidget(form)
    form.show()
    assert form.value() == GANSettings() and set(form.controls) == {f.name for f in dataclasses.fields(GANSettings)}
    with qtbot.waitSignal(form.changed) as change:
        form.controls["width"].setValue(32)
    assert change.args == [GANSettings(width=32)]
    assert form.rows["width"].reset.isVisible() and not form.rows["seed"].reset.isVisible()
    with qtbot.waitSignal(form.changed) as change:
        QTest.mouseClick(form.rows["width"].reset, Qt.MouseButton.LeftButton)
    assert change.args == [GANSettings()] and not form.rows["width"].reset.isVisible()


def test_every_field_says_what_it_does_in_which_range_and_when_it_counts(qtbot) -> None:
    form = SettingsForm(GANSettings)
    qtbot.addWidget(form)
    for control in form.controls.values():
        help_ = control.toolTip()
        assert len(help_.split()) > 12 and "takes effect when a run starts" in help_
        assert isinstance(control, Choice) or "Range: " in help_
        assert control.accessibleDescription() == help_


@pytest.mark.parametrize(
    ("ms", "text"),
    [(2e-3, "0.01 ms"), (0.043, "0.04 ms"), (0.43, "0.4 ms"), (9.94, "9.9 ms"), (43.2, "43 ms"), (212, "212 ms"),
     (999.6, "1.0 s"), (12_340, "12.3 s")],
)  # fmt: skip
def test_a_speed_reads_in_plain_digits(ms: float, text: str) -> None:
    assert milliseconds(ms) == text


def test_a_form_keeps_numbers_it_does_not_show(qtbot) -> None:
    form = SettingsForm(VAESettings, ("beta",))
    qtbot.addWidget(form)
    form.set_value(VAESettings(latent_dim=5))
    form.controls["beta"].setValue(2.5)
    assert form.value() == VAESettings(latent_dim=5, beta=2.5)


def test_a_folded_section_stays_folded(qtbot) -> None:
    inspector = Inspector("inspector-x")
    qtbot.addWidget(inspector)
    inspector.add_section("Path").heading.setChecked(False)
    again = Inspector("inspector-x")
    qtbot.addWidget(again)
    assert not again.add_section("Path").heading.isChecked()
    assert again.add_section("Show").heading.isChecked()


@pytest.mark.parametrize("scale", [1.0, 1.25])
def test_a_control_as_wide_as_fits_leaves_its_name_all_letters(scale, qtbot):
    inspector = Inspector("inspector-x")
    qtbot.addWidget(inspector)
    section = inspector.add_section("Look")
    row = section.add_row("Add a model", Choice(("DPM-Solver++ 2M",)), width=0)
    theme().set_scale(scale)
    inspector.resize(round(280 * scale), 300)
    inspector.show()
    qtbot.waitUntil(lambda: row.label.width() >= row.label.sizeHint().width())
    row.label.setText("Add one model")
    qtbot.waitUntil(lambda: row.label.width() >= row.label.sizeHint().width())
    assert row.control.width() >= row.control.minimumSizeHint().width(), "the picker has the rest"
    row.label.setText("Add a model of which nobody knows how long its name is")
    qtbot.waitUntil(lambda: row.control.width() <= row.control.minimumSizeHint().width())
    assert inspector.widget().width() <= inspector.viewport().width(), "the page grows no wider"
