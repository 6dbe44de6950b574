"""What hand, keys and files do with the triptych: undo, one picture alone, failures, sheets, little room."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from fakes import MODELS, with_catalog
from page_desk import Desk, asked, settle
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from triptych_desk import ALL, CGAN, opened, panels, rest, seen, shows, to, triptych_desk

from genstudio import api
from genstudio.ui.theme import theme
from genstudio.ui.triptych.state import DIFFUSION, GAN, PLACES, VAE, TriptychState
from genstudio.ui.widgets.button import TextButton


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    """A page that was left at seed A."""
    yield from triptych_desk(qtbot)


# ---- undo, what is remembered ---------------------------------------------------------------------


def test_a_drag_is_taken_back_as_a_whole_and_so_are_seeds(desk, qtbot):
    page = opened(desk, qtbot)
    scrubber = page.tempo.scrubber
    QTest.mousePress(scrubber, Qt.MouseButton.LeftButton, pos=scrubber.rect().center())
    for place in (40, 50, 60):
        to(page, place)
    QTest.mouseRelease(scrubber, Qt.MouseButton.LeftButton)
    page.random()
    assert (page.state.seed_a, page.state.seed_b) != (7, 8) and page.state.position == 0.3
    assert page.undo() and (page.state.seed_a, page.state.seed_b, page.state.position) == (7, 8, 0.3)
    assert page.undo() and page.state.position == 0.0 and page.tempo.position() == 0
    assert not page.can_undo()
    assert page.redo() and page.state.position == 0.3
    rest(page, qtbot)
    assert shows(page, DIFFUSION, 60)


def test_what_plays_is_no_step_of_undo(desk, qtbot):
    page = opened(desk, qtbot)
    page.toggle_play()
    qtbot.waitUntil(lambda: page.state.position > 0)
    page.toggle_play()
    assert not page.can_undo()


def test_a_and_b_change_places_and_the_pictures_stay(desk, qtbot):
    page = opened(desk, qtbot)
    to(page, 50)
    page.controls.swap.click()
    assert (page.state.seed_a, page.state.seed_b, page.state.position) == (8, 7, 0.75)
    assert page.undo() and page.state.position == 0.25


def test_the_state_is_remembered_and_begins_where_it_was_left(qtbot):
    left = TriptychState(("mnist-vae-16", "mnist-dcgan", "mnist-ddpm"), 3, 4, 0.375, 12, "5", "dpm-2m", 30, 3, 2.0)
    for desk in triptych_desk(qtbot, left.to_dict()):
        assert desk.page.parameters() == left.to_dict()
        page = opened(desk, qtbot)
        assert page.state == left and not page.tempo.is_playing()
        controls = page.controls
        assert (controls.seed_a.value(), controls.seed_b.value(), controls.counts.value()) == (3, 4, "12")
        assert (controls.label.value(), controls.steps.value(), controls.preview.value()) == ("5", 30, 3)
        assert page.tempo.position() == 75
        assert panels(desk, "diffusion")[-1].panel == api.Panel("mnist-ddpm", 5, "dpm-2m", 30, 2.0)


# ---- one picture ----------------------------------------------------------------------------------


def test_a_click_frames_the_same_picture_in_all_and_two_show_it_alone(desk, qtbot):
    page = opened(desk, qtbot)
    stages = [column.stage for column in page.columns.columns]
    stages[GAN].cell_clicked.emit(2)
    assert [stage.selected() for stage in stages] == [2, 2, 2]
    page.columns.model_chosen.emit(VAE, "mnist-vae-16")
    rest(page, qtbot)
    assert stages[VAE].selected() == 2, "also of a model that came later"
    stages[GAN].cell_clicked.emit(2)
    assert [stage.selected() for stage in stages] == [-1, -1, -1]
    whole = [seen(page, k) for k in range(3)]
    stages[VAE].cell_double_clicked.emit(3)
    assert all((seen(page, k) == whole[k][3:4]).all() for k in range(3))
    assert page.leave_detail() and len(seen(page, VAE)) == 6 and not page.leave_detail()


def test_arrows_move_the_frame_in_all(desk, qtbot):
    page = opened(desk, qtbot)
    stages = [column.stage for column in page.columns.columns]
    for stage, key, index in ((0, Qt.Key.Key_Right, 0), (0, Qt.Key.Key_Right, 1), (2, Qt.Key.Key_Down, 3)):
        QTest.keyClick(stages[stage], key)
        assert [s.selected() for s in stages] == [index] * 3
    QTest.keyClick(stages[1], Qt.Key.Key_Return)
    assert len(seen(page, GAN)) == 1


# ---- what is missing ------------------------------------------------------------------------------


def test_a_kind_without_a_model_says_so_and_leads_to_where_one_learns(desk, qtbot):
    page = opened(desk, qtbot, with_catalog(models=MODELS[:2]))
    wanted: list[str] = []
    page.mode_wanted.connect(wanted.append)
    told = [column.stage._label.text() for column in page.columns.columns]
    assert told[GAN:] == ["There is no GAN here.", "There is no diffusion model here."] and shows(page, VAE)
    for column in page.columns.columns[GAN:]:
        column.stage.button_clicked.emit()
    assert wanted == ["gan", "denoising-train"]
    assert len(page.export_source().panels) == 1
    assert [name for name, _ in page.wipe_sides()] == ["VAE · mnist-vae-2"]
    page.set_catalog(ALL)
    rest(page, qtbot)
    assert shows(page, DIFFUSION) and shows(page, GAN)


def test_without_any_model_nothing_moves_and_nothing_is_exported(desk, qtbot):
    page = desk.open(with_catalog(models=()))
    assert page.export_source() is None and not page.tempo.play.isEnabled() and not page.controls.swap.isEnabled()
    page.toggle_play()
    page.random()
    page.step(1)
    assert not page.tempo.is_playing() and page.caption.markup() == ""


def test_models_that_go_leave_their_column_and_one_that_comes_takes_it(desk, qtbot):
    page = opened(desk, qtbot)
    page.set_catalog(with_catalog(models=MODELS[3:]))
    assert page.state.models == ("", "", "mnist-ddpm") and seen(page, VAE) is None
    page.set_catalog(with_catalog(models=()))
    assert page.parameters()["models"] == ["", "", "mnist-ddpm"]
    page.set_catalog(ALL)
    rest(page, qtbot)
    assert page.state.models == ("mnist-vae-2", CGAN.name, "mnist-ddpm") and shows(page, GAN)


def test_a_column_that_fails_says_why_and_has_a_way_on(desk, qtbot):
    broken = dataclasses.replace(CGAN, name="broken")
    page = opened(desk, qtbot, with_catalog(models=(*MODELS[:2], broken, MODELS[3])))
    column = page.columns.columns[GAN]
    assert "cut short" in column.stage._label.text() and column.stage._button.text() == "Try again"
    assert shows(page, VAE) and shows(page, DIFFUSION), "the others go on"
    assert page.export_source().models == ("mnist-vae-2", "mnist-ddpm"), "and are exported"
    before = len(panels(desk, "vae"))
    column.stage.button_clicked.emit()
    qtbot.waitUntil(lambda: len(panels(desk, "vae")) > before)
    rest(page, qtbot)
    assert "cut short" in column.stage._label.text()
    page.set_catalog(with_catalog(models=(*MODELS[:2], CGAN, MODELS[3])))
    rest(page, qtbot)
    assert shows(page, GAN)


def test_a_failure_goes_with_its_model(desk, qtbot):
    broken = dataclasses.replace(CGAN, name="broken")
    page = opened(desk, qtbot, with_catalog(models=(*MODELS[:2], broken, MODELS[3])))
    column = page.columns.columns[GAN]
    assert "cut short" in column.stage._label.text()
    page.set_catalog(with_catalog(models=(*MODELS[:2], MODELS[3])))
    assert column.stage._label.text() == "There is no GAN here." and column.stage._button.text() == "Train a GAN"


@pytest.mark.parametrize(("k", "kind"), [(VAE, 0), (DIFFUSION, 3)])
def test_a_model_that_cannot_draw_is_not_asked_at_every_place(desk, qtbot, k, kind):
    broken = dataclasses.replace(MODELS[kind], name="broken")
    page = opened(desk, qtbot, with_catalog(models=(*ALL.models, broken)))
    page.columns.model_chosen.emit(k, "broken")
    qtbot.waitUntil(lambda: bool(page.asker.errors[k]))
    settle(desk, qtbot, "play")
    before = failed(desk)
    for place in (20, 40, 60):
        to(page, place)
        qtbot.waitUntil(lambda: shows(page, GAN))
    rest(page, qtbot)
    settle(desk, qtbot, "play")
    assert failed(desk) == before and "cut short" in page.columns.columns[k].stage._label.text()
    page.columns.columns[k].stage.button_clicked.emit()
    qtbot.waitUntil(lambda: failed(desk) > before)


def failed(desk: Desk) -> int:
    """How often the model that cannot draw was asked to."""
    return sum(request.model == "broken" for request in asked(desk, api.PanelRequest))


def test_a_late_failure_of_the_model_before_is_of_no_use(desk, qtbot):
    broken = dataclasses.replace(MODELS[0], name="broken")
    page = opened(desk, qtbot, with_catalog(models=(*ALL.models, broken)))
    desk.session.slow.clear()
    page.columns.model_chosen.emit(VAE, "broken")
    qtbot.waitUntil(desk.session.has_begun.is_set)
    page.columns.model_chosen.emit(VAE, "mnist-vae-16")
    desk.session.slow.set()
    qtbot.waitUntil(lambda: shows(page, VAE))
    rest(page, qtbot)
    assert not page.asker.errors[VAE] and shows(page, VAE)


def test_a_diffusion_model_that_fails_does_not_hold_up_what_comes_after(desk, qtbot):
    broken = dataclasses.replace(MODELS[3], name="broken")
    page = opened(desk, qtbot, with_catalog(models=(*ALL.models, broken)))
    page.columns.model_chosen.emit(DIFFUSION, "broken")
    qtbot.waitUntil(lambda: bool(page.asker.errors[DIFFUSION]))
    assert page.is_settled() and seen(page, DIFFUSION) is None
    page.columns.model_chosen.emit(DIFFUSION, "mnist-ddpm")
    rest(page, qtbot)
    assert shows(page, DIFFUSION)


# ---- files ----------------------------------------------------------------------------------------


def test_a_dropped_model_is_for_the_column_of_its_kind(desk, qtbot):
    page = opened(desk, qtbot)
    dropped = dataclasses.replace(MODELS[0], name="mine", path="/somewhere/mine.safetensors")
    assert page.takes(dropped) and not page.takes(dataclasses.replace(dropped, family="pca"))
    page.handle("load", api.ModelEvent(dropped))
    assert page.state.models[VAE] == "/somewhere/mine.safetensors"
    assert page.columns.columns[VAE].picker.currentText() == "mine"
    assert page.undo() and page.state.models[VAE] == "mnist-vae-2"
    page.handle("load", api.ModelEvent(dataclasses.replace(dropped, family="pca")))
    assert "there are only columns for" in desk.messages[-1]


def test_the_export_is_what_is_seen_with_what_the_window_says_it_took(desk, qtbot):
    page = opened(desk, qtbot)
    to(page, 50)
    rest(page, qtbot)
    source = page.export_source()
    assert source == api.TriptychRequest(
        (api.Panel("mnist-vae-2"), api.Panel("mnist-cgan"), api.Panel("mnist-ddpm", sampler="dpm-2m")),
        7,
        8,
        0.25,
        6,
        (0.067, 0.067, 130.0),
    )
    assert page.export_film_source() == source and page.tempo.export.isEnabled()
    assert api.picture_count(source) == api.natural_columns(source) * source.rows() == 11 * 3


def test_a_dropped_sheet_brings_back_models_place_and_class(desk, qtbot):
    page = opened(desk, qtbot)
    before = page.state
    panels_ = (
        api.Panel("mnist-vae-16"), api.Panel("mnist-dcgan"), api.Panel("mnist-ddpm", 4, "dpm-2m", 20, 2.0),
    )  # fmt: skip
    source = api.TriptychRequest(panels_, 31, 41, 0.59, 12, (0.1, 0.1, 80.0))
    assert page.restores(source)
    page.restore(api.RestoredEvent("sheet.png", source, api.GridLayout(), True, ""))
    rest(page, qtbot)
    state = page.state
    assert state.models == ("mnist-vae-16", "mnist-dcgan", "mnist-ddpm") and state.label == "4"
    assert (state.seed_a, state.seed_b, state.position, state.count) == (31, 41, 0.59, 12)
    assert page.export_source().panels == panels_ and page.tempo.position() == 118
    assert page.undo() and page.state == before


def test_a_sheet_of_a_model_elsewhere_waits_for_it(desk, qtbot):
    page = opened(desk, qtbot)
    mine = dataclasses.replace(MODELS[0], name="mine", path="/somewhere/mine.safetensors")
    source = api.TriptychRequest((api.Panel(mine.path), api.Panel("mnist-cgan")), 1, 2, 0.5, 1, (0.1, 0.1))
    page.restore(api.RestoredEvent("sheet.png", source, api.GridLayout(), True, ""))
    assert page.state.models[VAE] == "mnist-vae-2"
    page.handle("load", api.ModelEvent(mine))
    rest(page, qtbot)
    assert page.state.models == (mine.path, "mnist-cgan", "mnist-ddpm") and page.state.seed_b == 2


def test_the_card_is_of_the_column_that_has_the_keyboard(desk, qtbot):
    page = opened(desk, qtbot)
    assert page.model_shown() == "mnist-vae-2"
    page.columns.columns[DIFFUSION].stage.setFocus()
    qtbot.waitUntil(lambda: page.model_shown() == "mnist-ddpm")


# ---- little room ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("scale", "folded"), [(1.0, False), (1.25, False), (1.5, True)])
def test_enlarging_the_words_on_a_beamer_shrinks_no_picture(desk, qtbot, scale, folded):
    page = opened(desk, qtbot)
    page.resize(1024, 698 - round(24 * (scale - 1)))  # the window's own bars grow, too
    theme().set_scale(scale)
    page.show_inspector(not folded)
    columns = page.columns.columns
    qtbot.waitUntil(lambda: all(c.stage.zoom() >= 3 for c in columns))
    for number in columns[DIFFUSION].numbers:
        assert number.isHidden() or number.words.sizeHint().width() <= number.width(), "in one line, uncut"


@pytest.mark.parametrize(("width", "scale"), [(1440, 1.0), (1024, 1.0), (1024, 1.5)])
def test_columns_are_equally_wide_and_nothing_is_cut(desk, qtbot, width, scale):
    page = opened(desk, qtbot)
    theme().set_scale(scale)
    page.resize(width, 698)
    page.show_inspector(True)
    qtbot.waitUntil(lambda: page.width() == width and page.side.geometry().right() <= page.width())
    columns = page.columns.columns
    qtbot.waitUntil(lambda: len({c.width() for c in columns}) == 1)
    assert len({c.stage.zoom() for c in columns}) == 1
    assert len({c.stage.height() for c in columns}) == 1, "pictures stand in line"
    for column in columns:
        assert column.stage.zoom() >= 1
        for number in (n for n in column.numbers if not n.isHidden()):
            assert number.words.heightForWidth(number.words.width()) <= number.words.height()
            assert number.value.sizeHint().width() <= number.width()
    for button in page.inspector.findChildren(TextButton):
        if button.isVisibleTo(page):
            assert button.fontMetrics().horizontalAdvance(button.text()) <= button.width(), button.text()


def test_the_control_is_reached_by_keys(desk, qtbot):
    page = opened(desk, qtbot)
    scrubber = page.tempo.scrubber
    for key, place in ((Qt.Key.Key_End, PLACES), (Qt.Key.Key_Left, PLACES - 1), (Qt.Key.Key_Home, 0)):
        QTest.keyClick(scrubber, key)
        assert round(page.state.position * PLACES) == place
    assert page.undo() and round(page.state.position * PLACES) == PLACES - 1
