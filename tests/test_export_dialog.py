"""The export popover: what it asks for, what it refuses, and what it calls the file."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.export import BACKGROUND, grid
from genstudio.ui.theme import theme
from genstudio.ui.widgets import export_memory
from genstudio.ui.widgets.export_dialog import ExportDialog
from genstudio.ui.widgets.export_target import columns_of, filled, name_of

FACTORS = api.FactorSheetRequest("shapes-vae", "shapes", 100, (0.0,) * 4, (0, 1, 2, 3), (0, 1), (-1.0, 0.0, 1.0))

INVERSION = api.InvertRequest("mnist-ddpm", "28x28x1:", steps=4)


@pytest.fixture
def window(qtbot) -> QWidget:
    """What the panel lies over."""
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(800, 700)
    made.show()
    return made


@pytest.fixture
def dialog(window: QWidget, tmp_path) -> ExportDialog:
    """The panel, which offers a folder that is there, wherever the home of who runs this is."""
    export_memory.remember_folder(tmp_path / "before.png")
    return ExportDialog(window)


def test_the_panel_asks_for_as_many_pictures_as_it_says(qtbot, dialog: ExportDialog, tmp_path) -> None:
    dialog.open_for(api.SampleRequest("mnist-ddpm", seed=7, count=16), film=False)
    assert (dialog.pictures.value(), dialog.columns.value()) == (16, 4)
    dialog.pictures.setValue(10)
    dialog.columns.setValue(5)
    dialog.gap.setValue(1)
    dialog.scale.setValue(3)
    dialog.path.setText(str(tmp_path / "grid.png"))
    assert dialog.size_px() == (3 * (5 * 28 + 4), 3 * (2 * 28 + 1))
    with qtbot.waitSignal(dialog.requested) as asked:
        QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    request = asked.args[0]
    assert request.source.count == 10 and request.source.seed == 7
    assert request.layout == api.GridLayout(5, 1, 3) and request.path == str(tmp_path / "grid.png")
    assert dialog.isVisible() and not dialog.save.isEnabled(), "it waits for what becomes of it"
    dialog.finish(is_there=True)
    assert not dialog.isVisible()


def test_a_path_that_is_chosen_while_the_keyboard_is_in_its_field_is_taken(
    qtbot, dialog: ExportDialog, tmp_path, monkeypatch
) -> None:
    """Where the folder that is offered is gone, the keyboard begins in the field."""
    monkeypatch.setattr(export_memory, "folder", lambda: tmp_path / "gone")
    dialog.open_for(api.SampleRequest("mnist-ddpm", count=16), film=False)
    assert dialog.path.hasFocus() and not dialog.save.isEnabled() and "no folder" in dialog.problem.text()
    dialog.path.setText(str(tmp_path / "grid.png"))
    assert dialog.save.isEnabled() and dialog.problem.text() == ""
    assert dialog.path.displayText() == str(tmp_path / "grid.png"), "where one types nothing is shortened"
    dialog.save.setFocus()
    assert "…" in dialog.path.displayText() and dialog.path.text() == str(tmp_path / "grid.png")


def test_what_could_not_be_written_leaves_all_that_was_typed_and_says_why(
    qtbot, dialog: ExportDialog, tmp_path
) -> None:
    dialog.open_for(api.SampleRequest("mnist-ddpm", count=16), film=False)
    dialog.path.setText(str(tmp_path / "grid.png"))
    dialog.gap.setValue(7)
    assert not dialog.refuse("Nobody asked.")
    for being_written in (False, True):  # a full disk is met later than a folder without permission
        dialog.save.click()
        if being_written:
            dialog.finish(is_there=False)
            assert not dialog.isVisible()
        assert dialog.refuse("The disk is full.")
        assert dialog.isVisible() and dialog.problem.text() == "The disk is full."
        assert dialog.save.isEnabled() and dialog.save.text() == "Try again", "somebody may have made room"
        assert (dialog.path.text(), dialog.gap.value()) == (str(tmp_path / "grid.png"), 7)
        dialog.scale.setValue(dialog.scale.value() - 1)
        assert dialog.problem.text() == "" and dialog.save.text() == "Save"
    dialog.save.click()
    assert dialog.save.text() == "Saving…"
    with qtbot.waitSignal(dialog.cancelled):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible() and not dialog.refuse("Too late.")


def test_other_columns_lose_no_picture_and_the_last_row_is_filled_up(qtbot, dialog: ExportDialog, tmp_path) -> None:
    target = api.ExportGridRequest(api.DenoiseRequest("mnist-ddpm", count=10), api.GridLayout(), "")
    dialog.open_for(target, film=False)
    dialog.columns.setValue(4)
    dialog.gap.setValue(2)
    dialog.scale.setValue(1)
    dialog.path.setText(str(tmp_path / "grid.png"))
    assert "10 pictures in 3 rows" in dialog.facts.text()
    with qtbot.waitSignal(dialog.requested) as asked:
        dialog.save.click()
    request = asked.args[0]
    page = grid(np.full((request.source.count, 28, 28, 1), 200, np.uint8), request.layout)
    assert page.shape == (*dialog.size_px()[::-1], 1) == (88, 118, 1)
    assert (page[60:, :58] == 200).sum() == 2 * 28 * 28 and (page[60:, 58:] == BACKGROUND).all()


def test_the_columns_chosen_for_a_kind_of_export_are_there_the_next_time(
    window: QWidget, dialog: ExportDialog, tmp_path
) -> None:
    target = api.SampleRequest("mnist-ddpm", count=16)
    for chosen, panel in ((5, dialog), (4, ExportDialog(window))):
        panel.open_for(target, film=False)
        panel.columns.setValue(chosen)
        panel.path.setText(str(tmp_path / "grid.png"))
        panel.save.click()
        again = ExportDialog(window)
        again.open_for(target, film=False)
        assert again.columns.value() == chosen
        again.open_for(api.DenoiseRequest("mnist-ddpm", count=9), film=False)
        assert again.columns.value() == 3, "another kind"
    again.open_for(api.SampleRequest("mnist-ddpm", count=64), film=False)
    assert again.columns.value() == 8, "what suits it is no choice"


def test_a_sheet_with_headings_has_the_columns_that_they_stand_over(dialog: ExportDialog) -> None:
    dialog.open_for(FACTORS, film=False)
    assert not dialog.columns.isVisible() and dialog.gap.isVisible()
    assert dialog.columns.value() == api.natural_columns(FACTORS) == 9
    dialog.open_for(INVERSION, film=False)
    assert not dialog.columns.isVisible() and dialog.columns.value() == 1 + len(INVERSION.columns())
    dialog.open_for(INVERSION, film=True)
    assert dialog.columns.isVisible(), "of three pictures"
    dialog.open_for(api.SampleRequest("mnist-ddpm", count=16), film=False)
    assert dialog.columns.isVisible()


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (api.TriptychRequest((api.Panel("a"), api.Panel("b"), api.Panel("c")), count=6), "18 pictures in 2 rows"),
        (api.TriptychRequest((api.Panel("a"), api.Panel("b"), api.Panel("c")), count=12), "36 pictures in 3 rows"),
        (api.TriptychRequest((api.Panel("a"), api.Panel("b"), api.Panel("c")), count=1), "3 pictures"),
        (api.OnePictureRequest(("a", "b", "c"), ""), "7 pictures in 2 rows"),
        (api.CopiedRequest("a", count=48), "96 pictures in 8 rows"),
        (api.CompareRequest(("a", "b")), "54 pictures in 8 rows"),
        (api.PathSheetRequest("a", ((0.0,), (1.0,)), 9), "27 pictures in 3 rows"),
        (api.ForwardRequest("28x28x1:", told=True, steps=10), "10 pictures"),
        (FACTORS, "6 pictures in 2 rows"),
        (INVERSION, "15 pictures in 3 rows"),
    ],
)
def test_a_sheet_says_how_many_pictures_are_on_it_without_headings_and_gaps(
    dialog: ExportDialog, source: object, told: str
) -> None:
    dialog.open_for(source, film=False)
    assert f" · {told} · " in dialog.facts.text()


def test_a_sheet_with_headings_is_wide_enough_to_be_read(window: QWidget, dialog: ExportDialog, tmp_path) -> None:
    narrow = api.OnePictureRequest(("a", "b", "c"), "")
    wide = api.TriptychRequest((api.Panel("a"), api.Panel("b"), api.Panel("c")), count=9)
    for film in (False, True):
        dialog.open_for(narrow, film)
        assert 1000 <= dialog.size_px()[0] < 1200 and dialog.scale.value() == 9
        dialog.open_for(wide, film)
        assert dialog.scale.value() == 4 and dialog.size_px()[0] > 1200
    dialog.open_for(narrow, film=False)
    dialog.scale.setValue(3)
    dialog.path.setText(str(tmp_path / "one.png"))
    dialog.save.click()
    dialog.open_for(wide, film=False)
    assert dialog.scale.value() == 4
    dialog.open_for(narrow, film=False)
    assert dialog.scale.value() == 3, "what was chosen for this kind is there again"


def test_fewer_pictures_than_columns_make_no_empty_columns(dialog: ExportDialog) -> None:
    dialog.open_for(api.SampleRequest("mnist-ddpm", count=16), film=False)
    dialog.pictures.setValue(3)
    images = np.zeros((3, 28, 28, 1), np.uint8)
    assert grid(images, dialog.layout_chosen()).shape == (*dialog.size_px()[::-1], 1)


def test_a_problem_makes_the_panel_grow_upwards(dialog: ExportDialog, tmp_path) -> None:
    dialog.open_for(api.SampleRequest("mnist-ddpm", count=16), film=False)
    dialog.path.setText(str(tmp_path / "x.png"))
    dialog.move(20, 200)
    bottom = dialog.geometry().bottom()
    dialog.path.setText(str(tmp_path / "no" / "x.png"))
    assert dialog.problem.isVisible() and dialog.geometry().bottom() == bottom


def test_the_panel_says_what_is_wrong_before_anything_is_written(dialog: ExportDialog, tmp_path) -> None:
    dialog.open_for(api.InterpolateRequest("mnist-vae-2", (0.0, 0.0), (1.0, 1.0)), film=True)
    cases = (("", "name"), (tmp_path / "no" / "x.webp", "no folder"), (tmp_path / "x.txt", "end in"))
    for path, word in cases:
        dialog.path.setText(str(path))
        assert word in dialog.problem.text() and not dialog.save.isEnabled()
    (tmp_path / "there.webp").write_bytes(b"")
    dialog.path.setText(str(tmp_path / "there.webp"))
    assert dialog.save.isEnabled() and dialog.save.text() == "Replace"


@pytest.mark.parametrize(
    "way",
    [
        api.InterpolateRequest("mnist-vae-2", (0.0, 0.0), (1.0, 1.0)),
        api.PathRequest("mnist-vae-2", ((0.0, 0.0), (1.0, 1.0))),
    ],
)
def test_a_film_of_a_way_shows_one_picture_at_a_time(dialog: ExportDialog, way: api.Source) -> None:
    dialog.open_for(way, film=True)
    assert dialog.size_px() == (28 * dialog.scale.value(),) * 2
    assert f"{dialog.frames.value()} frames" in dialog.facts.text()


def test_a_film_from_a_to_b_lasts_four_seconds_until_another_number_of_frames_is_chosen(
    qtbot, dialog: ExportDialog, tmp_path
) -> None:
    way = api.InterpolateRequest("mnist-vae-2", (0.0, 0.0), (1.0, 1.0), steps=13)
    dialog.open_for(way, film=True)
    assert "80 frames · 4.0 s" in dialog.facts.text()
    dialog.frames.setValue(50)
    dialog.path.setText(str(tmp_path / "way.webp"))
    with qtbot.waitSignal(dialog.requested) as asked:
        dialog.save.click()
    assert asked.args[0].source == dataclasses.replace(way, steps=50)
    dialog.dismiss()
    dialog.open_for(api.PathRequest("mnist-vae-2", ((0.0, 0.0), (1.0, 1.0)), steps=24), film=True)
    assert dialog.frames.value() == 24, "its page has chosen"
    dialog.open_for(api.DenoiseRequest("mnist-ddpm", steps=50), film=True)
    assert not dialog.frames.isVisible() and "51 frames" in dialog.facts.text()


@pytest.mark.parametrize(("film", "steps", "told"), [(False, 1000, "all 1,050 steps"), (True, 150, "all 200 steps")])
def test_a_sheet_of_many_steps_says_that_they_are_computed_again(dialog: ExportDialog, film, steps, told) -> None:
    ways = (api.Way("mnist-ddpm", "ddpm", steps), api.Way("mnist-ddpm", "ddim", 50))
    dialog.open_for(api.SamplersSheetRequest(api.CompareSamplersRequest(ways)), film=film)
    assert f"make it again · {told} are computed again" in dialog.facts.text()
    dialog.dismiss()
    dialog.open_for(api.SamplersSheetRequest(api.CompareSamplersRequest(ways[1:])), film=film)
    assert dialog.facts.text().endswith("make it again"), "few steps take no time to speak of"


def test_a_film_lasts_about_four_seconds_where_it_has_frames_for_them(dialog: ExportDialog, qtbot, tmp_path) -> None:
    for steps, rate, lasts in ((20, 5, "4.2 s"), (50, 13, "3.9 s"), (5, 4, "1.5 s"), (500, 20, "25.1 s")):
        dialog.open_for(api.DenoiseRequest("mnist-ddpm", steps=steps), film=True)
        assert dialog.fps.value() == rate and lasts in dialog.facts.text()
    dialog.fps.setValue(10)
    dialog.path.setText(str(tmp_path / "film.webp"))
    with qtbot.waitSignal(dialog.requested):
        dialog.save.click()
    dialog.dismiss()
    dialog.open_for(api.DenoiseRequest("mnist-ddpm", steps=20), film=True)
    assert dialog.fps.value() == 10, "what was chosen stays"


def test_a_strip_is_saved_with_as_many_pictures_as_wanted(qtbot, dialog: ExportDialog, tmp_path) -> None:
    way = api.InterpolateRequest("mnist-vae-2", (0.0, 0.0), (1.0, 1.0), steps=13)
    dialog.open_for(way, film=False)
    assert (dialog.pictures.value(), dialog.columns.value()) == (13, 13) and not dialog.frames.isVisible()
    dialog.pictures.setValue(7)
    dialog.path.setText(str(tmp_path / "strip.png"))
    with qtbot.waitSignal(dialog.requested) as asked:
        dialog.save.click()
    assert asked.args[0].source == dataclasses.replace(way, steps=7)


def test_the_proposed_name_is_the_first_that_is_free_for_its_kind(dialog: ExportDialog, tmp_path) -> None:
    QSettings().setValue("export/folder", str(tmp_path))
    source = api.DenoiseRequest("mnist-ddpm", seed=7)
    for taken in ("mnist-ddpm-denoise-seed7.webp", "mnist-ddpm-denoise-seed7-2.webp"):
        (tmp_path / taken).write_bytes(b"")
    dialog.open_for(source, film=True)
    names = []
    for kind in ("APNG", "WebP", "GIF"):
        dialog.format.setCurrentText(kind)
        dialog.format.chosen.emit(kind)
        names.append(Path(dialog.path.text()).name)
    assert names == [f"mnist-ddpm-denoise-seed7{end}" for end in (".png", "-3.webp", ".gif")]
    dialog.path.setText(str(tmp_path / "mine-2.gif"))
    dialog.format.setCurrentText("APNG")
    dialog.format.chosen.emit("APNG")
    assert dialog.path.text() == str(tmp_path / "mine-2.png"), "what was typed is kept"


def test_what_a_page_names_is_kept_and_the_rest_filled_in() -> None:
    source = api.DenoiseRequest("mnist-ddpm", seed=3, count=4)
    layout = api.GridLayout(2, 1, 5)
    named = api.ExportGridRequest(source, api.GridLayout(), "", layer="x_t", frame=12)
    made = filled(named, False, layout, "a.png", 20.0, 6)
    assert (made.layer, made.frame, made.layout, made.path, made.source.count) == ("x_t", 12, layout, "a.png", 6)
    film = filled(source, True, layout, "a.webp", 12.0)
    assert isinstance(film, api.ExportFilmRequest) and film.fps == 12.0 and film.source == source
    assert name_of(source) == "mnist-ddpm-denoise-seed3"
    several = api.OnePictureRequest(("mnist-vae-16", "/my/mnist-cgan.safetensors", "mnist-ddpm"), "", seed=4)
    assert name_of(several) == "onepicture-mnist-vae-16-mnist-cgan-mnist-ddpm-seed4", "all that is in it"
    assert name_of(api.DecodeRequest("/some/where/my model!.safetensors", ((0.0,),))) == "my-model-decode"


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (9, 3), (13, 4), (60, 10), (64, 8)])
def test_a_grid_is_near_square_and_full_if_it_can_be(count: int, columns: int) -> None:
    assert columns_of(api.SampleRequest("m", count=count), film=False) == columns


def test_the_tab_key_reaches_every_field_of_the_panel_and_each_has_a_name(dialog: ExportDialog) -> None:
    dialog.open_for(api.DenoiseRequest("mnist-ddpm", count=9), film=True)
    seen: list[QWidget] = []
    while (at := dialog.focusWidget()) not in seen:
        seen.append(at)
        at.focusNextPrevChild(True)
    fields = {dialog.format, dialog.fps, dialog.columns, dialog.gap, dialog.scale, dialog.path, dialog.browse}
    assert fields | {dialog.save, dialog.cancel} <= set(seen)
    inside = [widget for widget in seen if dialog.isAncestorOf(widget)]
    assert all(widget.accessibleName() and widget.toolTip() for widget in inside)


def test_a_path_too_long_for_its_field_is_cut_in_the_middle_and_written_whole(
    qtbot, dialog: ExportDialog, tmp_path
) -> None:
    folder = tmp_path / ("a folder with a long name " * 4).strip()
    folder.mkdir()
    dialog.open_for(api.SampleRequest("mnist-ddpm", count=16), film=False)
    dialog.path.setText(str(folder / "grid.png"))
    shown = dialog.path.displayText()
    assert dialog.path.fontMetrics().horizontalAdvance(shown) <= dialog.path.width() - theme().px(16), "none is hidden"
    assert "…" in shown and shown.endswith("grid.png") and shown.startswith(str(tmp_path)[:3])
    with qtbot.waitSignal(dialog.requested) as asked:
        dialog.save.click()
    assert asked.args[0].path == str(folder / "grid.png")
    dialog.refuse("The disk is full.")
    dialog.path.setFocus()
    assert dialog.path.displayText() == str(folder / "grid.png") and dialog.problem.text() == "The disk is full."
