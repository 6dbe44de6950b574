"""What hands, files, failures and small windows do to the comparison of samplers."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from fakes import CATALOG, MODELS, with_catalog
from page_desk import Desk
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sampler_desk import MODEL, SHORT, Wanderer, ended, rest, samplers_desk, steps

from genstudio import api
from genstudio.core.samplers import SAMPLERS
from genstudio.settings import UNet2DSettings
from genstudio.ui.diffusion import compare_words as words
from genstudio.ui.diffusion.compare_state import PRESETS, CompareState, preset
from genstudio.ui.theme import theme
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.caption import Caption

CAT = UNet2DSettings()


@pytest.fixture
def fresh(qtbot: Any) -> Iterator[Desk]:
    """A page that nothing is remembered of."""
    yield from samplers_desk(qtbot)


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    yield from samplers_desk(qtbot, SHORT)


# ---- hand -----------------------------------------------------------------------------------------


def test_columns_are_added_edited_removed_and_put_first(desk, qtbot):
    page, editor = ended(desk, qtbot), desk.page.controls.columns
    page.choose(1)
    assert editor.steps.value() == 6 and editor.list[1].name.isChecked()
    editor.add.click()
    assert [way.steps for way in page.state.ways] == [12, 6, 4, 3] and page.chosen == 3
    editor.spacing.set_value("karras")
    editor.spacing.chosen.emit("karras")
    assert page.state.ways[3].spacing == "karras" and "Karras" in page.columns.headings[3].text()
    editor.lead.click()
    assert page.state.ways[0].spacing == "karras" and page.chosen == 0 and not editor.lead.isEnabled()
    for _ in range(2):
        QTest.keyClick(page, Qt.Key.Key_Delete)
    assert [way.steps for way in page.state.ways] == [6, 4]
    QTest.keyClick(page, Qt.Key.Key_Delete)
    assert len(page.state.ways) == 2 and not editor.list[0].remove.isEnabled()
    for _ in range(5):
        page.add_column()
    assert len(page.state.ways) == api.MOST_WAYS and not editor.add.isEnabled()


def choose(page: Any, label: int) -> None:
    """A class for all columns."""
    assert page.controls.label.set_value(label)
    page.controls.label.chosen.emit(label)
    assert page.state.label == label


def test_guidance_that_would_do_nothing_is_not_offered_and_says_why(desk, qtbot):
    page, row = ended(desk, qtbot), desk.page.controls.columns.rows["guidance"]
    usual = row.control.accessibleDescription()
    assert row.control.isEnabled() and row.control.toolTip() == usual
    choose(page, api.NO_CLASS)
    assert not row.control.isEnabled() and "needs a class" in row.label.toolTip()
    choose(page, 3)
    assert row.control.isEnabled() and row.control.toolTip() == row.label.toolTip() == usual


@pytest.mark.parametrize(("classes", "words"), [(("a", "b"), "never learnt to do without"), ((), "knows no classes")])
def test_guidance_of_a_model_from_elsewhere_is_not_offered(fresh, qtbot, classes: tuple[str, ...], words: str):
    cat = dataclasses.replace(MODELS[3], name="cat", path="cat", family="unet2d", settings=CAT, classes=classes)
    page = fresh.open(with_catalog(models=(cat,)))
    qtbot.waitUntil(lambda: page.state is not None)
    row = page.controls.columns.rows["guidance"]
    assert not row.control.isEnabled() and words in row.control.toolTip() == row.label.toolTip()
    assert page.controls.columns.steps.isEnabled()


def test_a_click_on_a_column_chooses_it(desk, qtbot):
    page = ended(desk, qtbot)
    page.columns.pictures[2].cell_clicked.emit(0)
    assert page.chosen == 2
    QTest.mouseClick(page.columns.costs[1], Qt.MouseButton.LeftButton)
    assert page.chosen == 1 and page.controls.columns.steps.value() == 6


def test_presets_come_in_one_click_and_eta_only_where_it_counts(desk, qtbot):
    page = ended(desk, qtbot)
    page.controls.presets["eta"].click()
    assert [way.eta for way in page.state.ways] == [0.0, 0.5, 1.0]
    assert page.controls.presets["eta"].isChecked() and page.controls.columns.eta.isEnabled()
    page.controls.presets["guidance"].click()
    assert [way.guidance for way in page.state.ways] == [0.0, 1.0, 2.0, 5.0]
    assert not page.controls.presets["eta"].isChecked()
    page.controls.columns.sampler.set_value("ddpm")
    page.controls.columns.sampler.chosen.emit("ddpm")
    assert not page.controls.columns.eta.isEnabled() and not page.controls.presets["guidance"].isChecked()


def test_all_columns_share_class_seed_and_number(desk, qtbot):
    page = ended(desk, qtbot)
    page.controls.count.setValue(16)
    page.controls.seed.setValue(3)
    page.controls.label.set_value(4)
    page.controls.label.chosen.emit(4)
    assert page.player.request == api.CompareSamplersRequest(SHORT.ways, 3, 16, 4)
    rest(page, qtbot)
    assert [len(stage.pictures()) for stage in page.columns.pictures[:3]] == [16] * 3


def test_undo_leads_back_and_what_is_remembered_comes_again(desk, qtbot):
    page = ended(desk, qtbot)
    page.show_preset("eta")
    page.show_difference("absolute")
    kept = page.parameters()
    assert page.undo() and page.state.difference == "signed"
    assert page.undo() and page.state == SHORT
    assert CompareState.from_dict(kept, page.infos, list(page.titles)).difference == "absolute"
    for values in ({}, {"ways": "x"}, {"ways": [{"model": "gone", "sampler": "ddim"}] * 2}, {"ways": [1, None]}):
        page.set_parameters(values)
        assert page.state == SHORT, "what is foreign is ignored"


def test_steps_stay_within_what_the_model_knows(desk, qtbot):
    page = ended(desk, qtbot)
    values = SHORT.to_dict()
    values["ways"][0]["steps"], values["ways"][1]["guidance"] = 10**6, float("nan")
    state = CompareState.from_dict(values, page.infos, list(page.titles))
    assert state.ways[0].steps == api.Way(MODEL).steps and state.ways[1].guidance == 1.0


# ---- nothing there, and failures --------------------------------------------------------------------


def test_without_a_model_it_says_what_to_do(fresh, qtbot):
    page = fresh.open(with_catalog(models=MODELS[:1]))
    assert "no diffusion model" in page.columns.notice._label.text() and not page.columns.notice.isHidden()
    assert page.export_source() is None and not page.tempo.play.isEnabled()
    assert not page.controls.new_seed.isEnabled() and page.parameters() == {}
    with qtbot.waitSignal(page.mode_wanted) as wanted:
        page.columns.notice.button_clicked.emit()
    assert wanted.args == ["denoising-train"]
    page.set_catalog(CATALOG)
    qtbot.waitUntil(lambda: page.player.position >= 1)
    assert page.columns.notice.isHidden()


def test_a_column_that_cannot_go_says_so_and_the_others_go_on(desk, qtbot):
    desk.page.set_parameters({})
    gone = dataclasses.replace(MODELS[3], name="gone")
    page = desk.open(with_catalog(models=(*MODELS, gone)))
    page.change(SHORT.with_way(1, api.Way("gone", "ddim", 6)))
    rest(page, qtbot)
    assert page.columns.pictures[1]._label.text() == "This column cannot go."
    assert "Column 2 cannot go" in page.caption.markup() and "There is no such model." in page.caption.markup()
    assert page.columns.pictures[0].pictures() is not None and page.columns.pictures[2].pictures() is not None
    assert page.export_source() is None and "cannot go" in page.tempo.export.toolTip()
    page.change(page.state.led_by(1))
    rest(page, qtbot)
    assert "Column 1 cannot go" in page.caption.markup()
    assert [costs.costs()[2].text for costs in page.columns.costs[:3]] == [""] * 3
    page.change(dataclasses.replace(page.state, ways=(page.state.ways[0], api.Way("gone", "ddpm", 3))))
    qtbot.waitUntil(lambda: not page.player.is_playing and "Column 1 cannot go" in page.caption.markup())


def test_columns_of_a_kept_run_are_of_its_later_file_without_a_step_of_undo(desk, qtbot):
    runs = [dataclasses.replace(MODELS[3], name=f"last run (mnist, {at})", sha256=str(at)) for at in (100, 200)]
    page = desk.open(with_catalog(models=(*MODELS, runs[0])))
    page.change(SHORT.with_way(1, api.Way(runs[0].name, "ddim", 6)))
    rest(page, qtbot)
    page.set_catalog(with_catalog(models=(*MODELS, runs[1])))
    assert [way.model for way in page.state.ways] == [MODEL, runs[1].name, MODEL]
    rest(page, qtbot)
    assert page.undo() and page.state == SHORT and not page.can_undo()


def test_a_comparison_that_fails_as_a_whole_has_a_way_on(desk, qtbot):
    page = ended(desk, qtbot)
    fails = [True]

    def compare(request: api.CompareSamplersRequest) -> Iterator[Any]:
        if fails.pop() if fails else False:
            raise RuntimeError("out of memory")
        yield from Wanderer._compare(desk.session, request)

    desk.session._compare = compare
    page.random()
    qtbot.waitUntil(lambda: not page.columns.notice.isHidden())
    assert page.columns.notice._button.text() == "Try again" and not page.player.is_playing
    page.columns.notice.button_clicked.emit()
    rest(page, qtbot)
    assert page.columns.notice.isHidden() and steps(page) == [12, 6, 4]


def test_another_page_on_top_stops_it_and_it_goes_on_afterwards(desk, qtbot):
    page = desk.open()
    qtbot.waitUntil(lambda: page.player.request is not None)
    page.deactivate()
    assert not page.player.is_playing
    page.activate()
    assert page.player.is_playing
    rest(page, qtbot)


def test_a_dropped_model_is_for_the_chosen_column(desk, qtbot):
    page = ended(desk, qtbot)
    page.choose(2)
    dropped = dataclasses.replace(MODELS[3], name="mine", path="/somewhere/mine.safetensors")
    page.handle("load", api.ModelEvent(dropped))
    assert [way.model for way in page.state.ways] == [MODEL, MODEL, "/somewhere/mine.safetensors"]
    assert "mine" in page.columns.headings[2].text()
    page.handle("load", api.ModelEvent(MODELS[0]))
    assert "takes no noise away" in desk.messages[-1] and page.state.ways[2].model.endswith("mine.safetensors")


# ---- files ----------------------------------------------------------------------------------------


def test_the_export_is_the_moment_shown_and_the_film_the_whole_way(desk, qtbot):
    page = ended(desk, qtbot)
    page.player.look(6)
    picture, film = page.export_source(), page.export_film_source()
    assert picture == api.SamplersSheetRequest(SHORT.request(), "x_t", 0.5, "share", "signed", (112.0, 64.0, 48.0))
    assert film.ms == (208.0, 112.0, 80.0) and api.moment_count(film) == 13
    assert api.picture_count(picture) == api.natural_columns(picture) * picture.rows()


@pytest.mark.parametrize("place", [0.5, 1.0])
def test_a_restored_sheet_brings_the_page_back_to_its_moment(desk, qtbot, place):
    page = ended(desk, qtbot)
    page.player.look_at(place)
    source = page.export_source()
    page.show_preset("eta")
    assert page.restores(source)
    page.restore(api.RestoredEvent("sheet.png", source, api.GridLayout(), True, ""))
    assert page.state == SHORT
    qtbot.waitUntil(lambda: page.player.is_playing is (place == 1.0) and page.player.place <= place)
    if place < 1:
        qtbot.waitUntil(lambda: page.player.place == place)


def test_a_sheet_not_yet_computed_plays_to_its_moment_and_stops(desk, qtbot):
    page = ended(desk, qtbot)
    asked_ = dataclasses.replace(SHORT.request(), seed=99)
    source = api.SamplersSheetRequest(asked_, "x0_hat", 0.5, "level", "", (1.0, 1.0, 1.0))
    page.restore(api.RestoredEvent("sheet.png", source, api.GridLayout(), True, ""))
    qtbot.waitUntil(lambda: page.player.place == 0.5 and not page.player.is_playing)
    assert (page.state.layer, page.state.difference, page.state.by, page.state.seed) == ("x0_hat", "", "level", 99)


# ---- little room ----------------------------------------------------------------------------------


def test_where_a_heading_has_no_room_each_of_its_parts_has_a_line(desk, qtbot):
    page = ended(desk, qtbot)
    ways = [api.Way(MODEL, "ddim", n, spacing=s) for n, s in ((12, "uniform"), (10, "karras"), (5, "trailing"))]
    page.change(dataclasses.replace(SHORT, ways=(*ways, api.Way("mine", "ddim", 4), api.Way(MODEL, "ddpm", 7))))
    shown = page.columns.headings
    page.columns.resize(1400, 600)
    assert "12 steps · uniform · mnist\u2060-\u2060ddpm" in shown[0].text(), "no line ends at its hyphen"
    page.columns.resize(640, 600)
    texts = [heading.text().split("<br>")[1:] for heading in shown]
    assert texts[0] == ["12 steps", "uniform", "mnist\u2060-\u2060ddpm"] and {len(parts) for parts in texts} == {3}
    assert all(heading.heightForWidth(heading.width()) == heading.height() for heading in shown), "none is wrapped"
    assert words.unbroken("a-name-that-has-no-room-at-all") == "a-name-that-has-no-room-at-all"


def test_five_columns_are_whole_in_a_small_window(desk, qtbot):
    page = ended(desk, qtbot)
    page.change(dataclasses.replace(SHORT, ways=(*SHORT.ways, api.Way(MODEL, "ddim", 5), api.Way(MODEL, "ddpm", 7))))
    rest(page, qtbot)
    page.resize(1024, 698)
    qtbot.waitUntil(lambda: page.columns.width() < 700)
    for k in range(5):
        heading = page.columns.headings[k]
        assert heading.height() >= heading.heightForWidth(heading.width()), "no line is cut"
        assert page.columns.pictures[k].zoom() >= 2
        assert page.columns.differences[k].width() == page.columns.pictures[k].width()
    right = page.columns.pictures[4].geometry().right()
    assert right <= page.columns.width() and page.width() == 1024


def test_large_text_grows_no_wider_than_the_window(desk, qtbot):
    page = ended(desk, qtbot)
    theme().set_scale(2.0)
    page.resize(1024, 640)
    page.show_inspector(True)
    qtbot.waitUntil(lambda: page.side.geometry().right() <= page.width())
    assert page.width() == 1024 and not page.columns.pictures[0].cell_rect(0).isEmpty()


def test_the_way_to_one_step_needs_a_model_that_jumps(desk, qtbot):
    page = ended(desk, qtbot)
    button = page.controls.presets["one"]
    assert not button.isEnabled() and "consistency" in button.toolTip()
    jumps = api.SamplerInfo("consistency", "Consistency", "Jumps.", False)
    student = dataclasses.replace(MODELS[3], name="student", family="consistency")
    page.set_catalog(with_catalog(models=(*MODELS, student), samplers=(*CATALOG.samplers, jumps)))
    button.click()
    assert [(way.model, way.steps) for way in page.state.ways[-2:]] == [("student", 4), ("student", 1)]
    assert button.isChecked() and "student" in page.columns.headings[4].text()


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_no_control_is_cut_in_a_small_window(desk, qtbot, scale):
    page = ended(desk, qtbot)
    theme().set_scale(scale)
    page.resize(1024, 698)
    page.show_inspector(True)
    viewport = page.inspector.viewport()
    qtbot.waitUntil(lambda: page.inspector.widget().width() <= viewport.width())
    for button in page.inspector.findChildren(TextButton):
        if button.isVisibleTo(page):
            words = button.fontMetrics().horizontalAdvance(button.text())
            assert words <= button.width(), button.text()


@pytest.mark.parametrize("name", PRESETS)
def test_the_words_of_every_preset_have_room_at_1024_px(qtbot: Any, name: str) -> None:
    student = dataclasses.replace(MODELS[0], name="mnist-consistency", family="consistency", path="mnist-consistency")
    infos = {"mnist-ddpm": next(m for m in MODELS if m.family == "ddpm"), "mnist-consistency": student}
    ways = preset(name, "mnist-ddpm", infos, list(SAMPLERS))
    assert len(ways) == len(PRESETS[name][2])
    caption, titles = Caption(), {key: sampler.title for key, sampler in SAMPLERS.items()}
    qtbot.addWidget(caption)
    caption.resize(672, 64)
    calls, errors = [way.steps for way in ways], [0.0, *(0.0312 + k / 1000 for k in range(len(ways) - 1))]
    for ms in ([0.0] * len(ways), [12_000.0] * len(ways)):
        caption.set_text(words.caption(ways, titles, 1.0, "level", "x_t", calls, ms, errors, 4))
        assert caption.heightForWidth(672) <= caption.height() and not caption.toolTip(), "all is read"
