"""The keys of the help sheet in the window, with real key events, in every mode of the two pages that explore."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import FakeSession, makers
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from window_desk import placed

from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.page import DiffusionTab
from genstudio.ui.main_window import MainWindow
from genstudio.ui.tabs.vae import VAETab

Key = Qt.Key


@pytest.fixture
def window(qtbot: Any) -> Iterator[MainWindow]:
    bridge = Bridge(makers(FakeSession()))
    made = MainWindow(bridge, placed(VAETab(bridge), DiffusionTab(bridge)))
    qtbot.addWidget(made)
    made.resize(1300, 850)
    made.show()
    with qtbot.waitSignal(made.first_picture, timeout=30_000):
        made.begin()
    yield made
    made.close()


@pytest.fixture
def vae(window, qtbot) -> VAETab:
    """Paused, the keyboard on the stage."""
    page = window.page("vae")
    qtbot.waitUntil(page.is_settled)
    press(page.stage, Key.Key_Space)
    assert not page.is_playing()
    return page


@pytest.fixture
def denoising(window, qtbot) -> DiffusionTab:
    """Paused at the end of six steps, the keyboard on the stage."""
    window.show_page(1)
    page = window.page("diffusion")
    qtbot.waitUntil(lambda: page.plot is not None)
    page.controls.steps.setValue(6)
    qtbot.waitUntil(lambda: page.player.is_at_end and not page.player.is_playing)
    return page


def press(widget: Any, *keys: Key) -> None:
    widget.setFocus()
    for key in keys:
        QTest.keyClick(widget, key)


def test_space_plays_and_pauses_from_every_place_that_has_no_use_for_it(vae):
    for place in (vae.stage, vae.strip, vae.sliders.rows()[0], vae.tempo.scrubber):
        press(place, Key.Key_Space)
        assert vae.is_playing(), place
        press(place, Key.Key_Space)
        assert not vae.is_playing(), place


def test_point_and_comma_step_along_the_way(vae):
    vae.tempo.first.click()
    for place in (vae.stage, vae.strip, vae.sliders.rows()[0], vae.tempo.scrubber):
        press(place, Key.Key_Period)
        assert vae.strip.position() == pytest.approx(1 / 12), place
        press(place, Key.Key_Comma)
        assert vae.strip.position() == 0.0, place


def test_r_draws_a_code_and_on_a_sheet_a_sheet(vae, qtbot):
    before = vae.sliders.code()
    press(vae.stage, Key.Key_R)
    assert not np.array_equal(vae.sliders.code(), before)
    vae.show_sheet()
    qtbot.waitUntil(lambda: len(vae.stage.pictures()) > 1)
    seed = vae.parameters()["seed"]
    press(vae.stage, Key.Key_R)
    assert vae.parameters()["seed"] == seed + 1


def test_arrows_move_the_selection_of_a_sheet_and_return_shows_it_large(vae, qtbot):
    press(vae.stage, Key.Key_Right)
    assert vae.stage.selected() == -1, "there is one picture"
    vae.show_sheet()
    qtbot.waitUntil(lambda: len(vae.stage.pictures()) > 1)
    press(vae.stage, Key.Key_Right, Key.Key_Right, Key.Key_Down)
    assert vae.stage.selected() == 1 + vae.stage.columns()
    code = vae.sliders.code()
    press(vae.stage, Key.Key_Return)
    qtbot.waitUntil(lambda: len(vae.stage.pictures()) == 1)
    assert np.array_equal(vae.sliders.code(), code)


def test_arrows_home_and_end_move_the_focused_slider_strip_and_scrubber(vae):
    row = vae.sliders.rows()[0]
    before = row.exact()
    press(row, Key.Key_Right)
    assert row.exact() > before
    press(row, Key.Key_Home)
    assert row.exact() == -3.0
    press(vae.strip, Key.Key_End)
    assert vae.strip.position() == 1.0
    press(vae.strip, Key.Key_Left)
    assert vae.strip.position() == pytest.approx(11 / 12)
    press(vae.tempo.scrubber, Key.Key_Home)
    assert vae.strip.position() == 0.0
    press(vae.tempo.scrubber, Key.Key_End, Key.Key_Left)
    assert 0.9 < vae.strip.position() < 1.0


def test_arrows_move_the_ring_of_the_map(vae, qtbot):
    vae.picker.set_value("mnist-vae-2")
    vae.picker.chosen.emit("mnist-vae-2")
    qtbot.waitUntil(vae.is_settled)
    vae.to_centre()
    press(vae.map, Key.Key_Right, Key.Key_Up)
    assert vae.sliders.code() == pytest.approx([0.1, 0.1])


def test_undo_and_redo_by_key(vae, window):
    before = vae.sliders.code()
    press(vae.stage, Key.Key_R)
    after = vae.sliders.code()
    window.shortcuts["Ctrl+Z"].activated.emit()
    assert np.array_equal(vae.sliders.code(), before)
    window.shortcuts["Ctrl+Shift+Z"].activated.emit()
    assert np.array_equal(vae.sliders.code(), after)


def test_denoising_steps_plays_and_draws_other_noise(denoising, qtbot):
    page = denoising
    press(page.stage, Key.Key_Comma, Key.Key_Comma)
    assert page.steps.shown().index == 4
    press(page.stage, Key.Key_Period)
    assert page.steps.shown().index == 5
    press(page.tempo.scrubber, Key.Key_Home)
    assert page.steps.shown().index == 0
    press(page.tempo.scrubber, Key.Key_Right)
    assert page.steps.shown().index == 1
    press(page.tempo.scrubber, Key.Key_End)
    assert page.steps.shown().index == 6
    press(page.stage, Key.Key_Space)
    assert page.player.is_playing
    press(page.stage, Key.Key_Space)
    assert not page.player.is_playing
    seed = page.controls.seed.value()
    press(page.stage, Key.Key_R)
    assert page.controls.seed.value() != seed


def test_arrows_move_the_selection_among_the_pictures(denoising):
    stage = denoising.stage
    columns = stage.columns()
    press(stage, Key.Key_Right, Key.Key_Right, Key.Key_Down)
    assert stage.selected() == 1 + columns
    press(stage, Key.Key_Left, Key.Key_Up)
    assert stage.selected() == 0
    stage.cell_clicked.emit(0)
    assert stage.selected() == -1, "another click lets go"
    press(stage, Key.Key_Right)
    assert stage.selected() == 0


def test_arrows_go_along_the_path_and_from_picture_to_picture(denoising):
    page, stage = denoising, denoising.stage
    press(stage, Key.Key_P)
    assert page.view.is_path and stage.columns() == 7 and stage.selected() == 6
    press(stage, Key.Key_Left, Key.Key_Left)
    assert page.steps.shown().index == 4 and stage.selected() == 4
    press(stage, Key.Key_Down)
    assert stage.selected() == 4 + 7, "the same step of the next picture"
    press(stage, Key.Key_Comma)
    assert page.steps.shown().index == 3 and stage.selected() == 3 + 7
    press(stage, Key.Key_P)
    assert not page.view.is_path and stage.selected() == -1


def test_a_step_that_is_not_there_yet_takes_no_frame(denoising, qtbot):
    page = denoising
    page.show_view("path")
    page.controls.steps.setValue(40)
    qtbot.waitUntil(lambda: len(page.steps) > 2)
    page.toggle_play()
    here = page.stage.selected()
    page.stage.cell_clicked.emit(page.stage.columns() - 1)
    assert page.stage.selected() == here


def test_the_keys_of_layers(denoising):
    for key, layer in ((Key.Key_2, "x0_hat"), (Key.Key_3, "eps_hat"), (Key.Key_1, "x_t"), (Key.Key_L, "x0_hat")):
        press(denoising.stage, key)
        assert denoising.view.layer == layer


@pytest.mark.parametrize("going", ["setHidden", "setDisabled"])
def test_a_control_that_goes_away_leaves_the_keyboard_to_the_pictures(denoising, qtbot, going):
    box = denoising.controls.guidance
    box.setFocus()
    getattr(box, going)(True)
    qtbot.waitUntil(denoising.stage.hasFocus)
    was = denoising.player.is_playing
    press(denoising.stage, Key.Key_Space)
    assert denoising.player.is_playing != was


def test_from_one_control_to_the_next_the_keyboard_goes_as_always(denoising, qtbot):
    denoising.controls.guidance.setFocus()
    denoising.controls.seed.setFocus()
    after = QTimer(denoising)  # its turn comes after that of what the window does then
    after.setSingleShot(True)
    with qtbot.waitSignal(after.timeout):
        after.start(0)
    assert denoising.controls.seed.hasFocus()
