"""The path from A to B with its strip, and the sheet of samples."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtTest import QTest
from vae_desk import LEFT, Gated, MakeDesk, desks

from genstudio import api
from genstudio.ui.tabs.vae_exports import SHEET
from genstudio.ui.tabs.vae_state import VaeState, random_code
from genstudio.ui.tabs.vae_view import full_columns


@pytest.fixture
def desk(qtbot) -> Iterator[MakeDesk]:
    """Opens a desk with the page."""
    with desks(qtbot) as make:
        yield make


def test_a_and_b_are_set_from_the_code_shown_and_the_strip_follows(desk) -> None:
    d = desk()
    tab = d.still()
    tab.to_centre()
    tab.set_a()
    tab.random()
    b = tab.parameters()["z"]
    tab.set_b()
    state = tab.parameters()
    assert state["a"] == [0.0] * 16 and state["b"] == b and state["at_b"] == "turn"
    wanted = api.InterpolateRequest("mnist-vae-16", (0.0,) * 16, tuple(b), 13, "slerp")
    assert tab.export_film_source() == wanted
    d.until(lambda: wanted in d.session.requests)
    tab.swap()
    assert tab.parameters()["a"] == b and tab.parameters()["position"] == 0.0


def test_who_sets_an_end_is_told_that_playing_now_turns_back(desk) -> None:
    d = desk()
    tab = d.still()
    tab.to_centre()
    place = tab.sliders.code()
    tab.set_b()
    assert tab.controls.at_b.value() == "turn"
    assert d.said == ["B is set. At B, playing now turns back instead of wandering on."]
    assert np.array_equal(tab.sliders.code(), place) and tab.strip.position() == 1.0, "the picture stays"
    tab.random()
    tab.set_a()
    assert d.said[1:] == ["A is set."], "it turns back already, and the words about B are gone"
    assert tab.undo() and tab.undo() and tab.undo() and tab.controls.at_b.value() == "wander"


def test_from_off_the_path_first_and_last_lead_to_its_ends(desk) -> None:
    d = desk()
    tab = d.still()
    tab.to_centre()
    assert tab.tempo.first.isEnabled() and tab.tempo.last.isEnabled()
    tab.tempo.first.click()
    assert tab.parameters()["position"] == 0.0 and not tab.tempo.first.isEnabled()
    tab.random()
    tab.tempo.last.click()
    assert tab.parameters()["position"] == 1.0 and not tab.tempo.last.isEnabled()


def test_a_click_on_the_strip_shows_that_picture_large(desk) -> None:
    d = desk()
    tab = d.still()
    state = VaeState.from_dict(tab.parameters(), 16)
    QTest.mouseClick(tab.strip, LEFT, pos=tab.strip.cell(6).center().toPoint())
    assert tab.sliders.code() == pytest.approx(state.on_path(0.5).z)
    d.until(lambda: d.shows(tab.sliders.code()))


def test_steps_go_from_picture_to_picture_and_stop_at_the_ends(desk) -> None:
    tab = desk().still()
    tab.set_parameters(dataclasses.replace(VaeState.first("mnist-vae-16", 16)).on_path(0.55).to_dict())
    seen = []
    for direction in (1, 1, -1, -1, -1):
        tab.step(direction)
        seen.append(round(tab.parameters()["position"] * 12, 6))
    assert seen == [7, 8, 7, 6, 5]
    for _ in range(20):
        tab.step(-1)
    assert tab.parameters()["position"] == 0.0


def test_the_scrubber_goes_along_the_path(desk) -> None:
    d = desk()
    tab = d.still()
    tab.tempo.scrubbed.emit(120)
    assert tab.parameters()["position"] == 0.5 and tab.strip.position() == 0.5
    tab.tempo.last.click()
    assert tab.parameters()["z"] == pytest.approx(tab.parameters()["b"])


def test_path_and_number_of_pictures_change_the_strip(desk) -> None:
    d = desk()
    tab = d.still()
    tab.controls.steps.setValue(5)
    d.until(lambda: tab.strip.count() == 5)
    tab.controls.path.set_value("lerp")
    tab.controls.path.chosen.emit("lerp")
    assert tab.export_film_source().path == "lerp" and tab.export_film_source().steps == 5


def test_a_code_of_the_sheet_is_the_code_of_that_sample(desk) -> None:
    d = desk()
    tab = d.still()
    tab.show_sheet()
    d.until(lambda: d.shown() is not None and len(d.shown()) == SHEET)
    source = tab.export_source()
    assert isinstance(source, api.SampleRequest) and f"<b>{SHEET}</b> random codes" in tab.caption.markup()
    tab.stage.cell_clicked.emit(7)
    assert tab.sliders.code() == pytest.approx(random_code(source.seed, 7, 16)) and len(d.shown()) == SHEET
    tab.stage.cell_double_clicked.emit(7)
    d.until(lambda: d.shows(random_code(source.seed, 7, 16)))
    assert tab.stage.selected() == -1


def test_random_on_a_sheet_is_another_sheet(desk) -> None:
    tab = desk().still()
    tab.show_sheet()
    first = tab.export_source()
    tab.random()
    assert tab.export_source() != first and isinstance(tab.export_source(), api.SampleRequest)


@pytest.mark.parametrize(("count", "width", "height", "columns"), [
    (60, 1070, 520, 12), (60, 480, 520, 6), (1, 800, 500, 1), (61, 800, 500, 0),
])  # fmt: skip
def test_a_sheet_has_no_empty_cell(count, width, height, columns) -> None:
    assert full_columns(count, width, height) == columns


def test_the_words_are_about_the_code_that_the_strip_shows_while_its_picture_is_late(desk) -> None:
    session = Gated()
    d = desk(session)
    tab = d.still()
    tab.tempo.first.click()
    d.until(lambda: d.shows(tab.sliders.code()))
    session.gate.clear()
    session.entered.clear()
    tab.step(1)
    assert session.entered.wait(10)
    assert "<b>8 %</b> of the way" in tab.caption.markup() and tab.strip.position() == pytest.approx(1 / 12)
    session.gate.set()
