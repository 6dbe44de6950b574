"""Random codes, the walk and the way from A to B under locks and truncation."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from study_desk import studied, studied_desks

from genstudio import api
from genstudio.ui.latent.axes import pulled
from genstudio.ui.tabs.vae_state import random_code


@pytest.fixture
def desk(qtbot):
    with studied_desks(qtbot) as make:
        yield make


def test_a_locked_slider_is_left_alone_by_random_reset_and_walk(desk) -> None:
    d = desk()
    tab = d.page
    row = tab.sliders.rows()[2]
    row.move_to(1.25)
    row.finish()
    QTest.keyClick(row, Qt.Key.Key_L)
    assert (row.is_locked() and tab.parameters()["locked"] == ("z3",)) or tab.parameters()["locked"] == ["z3"]
    tab.random()
    assert tab.sliders.code()[2] == pytest.approx(1.25) and tab.sliders.code()[0] != 0
    tab.to_centre()
    assert tab.sliders.code() == pytest.approx([0, 0, 1.25, *[0] * 13])
    for _ in range(9):
        tab.advance(0.7)
        assert tab.sliders.code()[2] == pytest.approx(1.25)
    tab.show_sheet()
    sheet = tab.export_source()
    assert isinstance(sheet, api.DecodeRequest) and all(z[2] == pytest.approx(1.25) for z in sheet.z)
    row.move_to(-1.0)
    assert tab.sliders.code()[2] == pytest.approx(1.25) and "z3 is locked" in row.said(), "nor does the hand"
    QTest.mouseClick(row, Qt.MouseButton.LeftButton, pos=row.lock_box().center().toPoint())
    row.move_to(-1.0)
    assert not row.is_locked() and tab.sliders.code()[2] == -1.0


def test_after_a_restart_a_lock_holds_its_value_or_is_gone(desk) -> None:
    first = desk().page
    row = first.sliders.rows()[2]
    row.move_to(1.25)
    row.finish()
    values = {**first.parameters(), "locked": ["z3", "slant", "PC 1"]}
    again = desk(**values).page
    assert list(again.parameters()["locked"]) == ["z3"], "what a slider of a study held is not known without one"
    again.random()
    again.advance(0.7)
    assert again.sliders.code()[2] == pytest.approx(1.25) and again.sliders.rows()[2].is_locked()


def test_the_way_from_a_to_b_keeps_a_locked_slider_where_it_stands(desk) -> None:
    d = desk()
    tab = d.page
    row = tab.sliders.rows()[2]
    ends = tab.parameters()["a"], tab.parameters()["b"]

    def held(value: float) -> bool:
        asked_for = [r for r in d.session.requests if isinstance(r, api.DecodeRequest) and len(r.z) == 13]
        return bool(asked_for) and all(z[2] == pytest.approx(value) for z in asked_for[-1].z)

    row.move_to(1.25)
    row.finish()
    QTest.keyClick(row, Qt.Key.Key_L)
    d.until(lambda: held(1.25))
    QTest.keyClick(row, Qt.Key.Key_L)
    row.move_to(-1.0)
    row.finish()
    QTest.keyClick(row, Qt.Key.Key_L)
    d.until(lambda: held(-1.0))
    tab.tempo.last.click()
    assert tab.sliders.code()[2] == pytest.approx(-1.0) and "at <a href='b'>B</a>" in tab.caption.markup()
    film, strip = tab.export_film_source(), dict(tab.export_sources())["Strip from A to B"]
    assert all(key[2] == pytest.approx(-1.0) for key in film.keys) and strip.layout.columns == 13
    QTest.keyClick(row, Qt.Key.Key_L)
    d.until(lambda: isinstance(d.session.requests[-1], api.InterpolateRequest))
    assert (tab.parameters()["a"], tab.parameters()["b"]) == ends, "the ends were only held, not changed"


def test_truncation_pulls_random_codes_and_the_way_and_comes_back(desk) -> None:
    d = desk()
    tab = studied(d)
    tab.draw_ends()
    before, mean = tab.parameters(), tab.study().mean.astype(float)
    controls = tab.controls
    controls.psi.setFocus()
    for psi in (0.9, 0.5):
        controls.psi.set_value(psi)
        controls.psi_moved.emit(psi)
    controls.psi_finished.emit()
    after = tab.parameters()
    for end in "ab":
        assert after[end] == pytest.approx(pulled(before[end], mean, 0.5))
    assert after["psi"] == 0.5 and "0.50" in controls._psi_row.label.text()
    d.until(lambda: any(getattr(r, "a", None) == tuple(after["a"]) for r in d.session.requests))
    drawn = after["drawn"]
    tab.random()
    assert tab.parameters()["z"] == pytest.approx(pulled(random_code(after["seed"], drawn, 16), mean, 0.5))
    tab.show_sheet()
    sheet = tab.export_source()
    assert isinstance(sheet, api.DecodeRequest)
    assert "at <b>0.50</b> of their distance" in tab.caption.markup()
    assert sheet.z[3] == pytest.approx(pulled(random_code(tab.parameters()["seed"], 3, 16), mean, 0.5))
    tab.stage.cell_double_clicked.emit(3)
    assert tab.parameters()["z"] == pytest.approx(list(sheet.z[3]))
    controls.psi_moved.emit(1.0)
    tab.show_sheet()
    assert isinstance(tab.export_source(), api.SampleRequest)


def test_truncation_to_nothing_and_back_loses_nothing(desk) -> None:
    tab = desk().page
    tab.random()
    z = tab.parameters()["z"]
    for psi in (0.6, 0.0, 0.4, 1.0):
        tab.controls.psi_moved.emit(psi)
        tab.controls.psi_finished.emit()
    assert tab.parameters()["z"] == z


@pytest.mark.parametrize("kind", ["measured", "principal"])
def test_no_slider_of_another_set_moves_a_locked_latent(desk, kind) -> None:
    d = desk()
    tab = studied(d)
    tab.controls.order.button("index").click()
    row = tab.sliders.rows()[3]
    row.move_to(0.28)
    row.finish()
    QTest.keyClick(row, Qt.Key.Key_L)
    tab.controls.sets.button(kind).click()
    for slider in tab.sliders.rows():
        before = tab.sliders.code()
        slider.move_to(-2.5)
        slider.move_to(2.5)
        slider.finish()
        assert tab.sliders.code()[3] == 0.28, slider.face.name
        assert bool(slider.face.stop) == bool((tab.sliders.code() == before).all())
    for _ in range(5):
        tab.advance(0.9)
        assert tab.sliders.code()[3] == 0.28
    tab.controls.sets.button("raw").click()
    assert tab.sliders.rows()[3].is_locked() and tab.sliders.rows()[3].exact() == 0.28


def test_a_slider_that_locks_leave_nothing_says_so_and_moves_nothing(desk) -> None:
    d = desk()
    tab = studied(d)
    tab.sliders.lock_wanted.emit("slant")
    tab.controls.sets.button("measured").click()
    slant, width = tab.sliders.rows()[:2]
    before = tab.sliders.code()
    at = slant.exact()
    QTest.keyClick(slant, Qt.Key.Key_Right)
    assert (tab.sliders.code() == before).all() and slant.exact() == at and "slant is locked" in slant.said()
    QTest.keyClick(slant, Qt.Key.Key_5)
    assert tab.sliders._editor.isHidden()
    QTest.keyClick(width, Qt.Key.Key_Right)
    wish = width.exact()
    tab.sliders.lock_wanted.emit("z2")
    assert width.exact() == wish, "a lock moves no knob"
    tab.sliders.lock_wanted.emit("z2")
    assert not (tab.sliders.code() == before).all() and not width.said()
    for k in range(16):
        tab.sliders.lock_wanted.emit(f"z{k + 1}")
    before = tab.sliders.code()
    width.move_to(2.0)
    assert (tab.sliders.code() == before).all() and "locks leave nothing" in width.said()


def test_a_code_asked_for_as_it_is_opens_the_locks_that_it_breaks(desk) -> None:
    d = desk()
    tab = d.page
    tab.to_centre()
    tab.controls.saved.save.click()
    tab.sliders.rows()[0].move_to(1.0)
    for row in tab.sliders.rows()[:2]:
        QTest.keyClick(row, Qt.Key.Key_L)
    tab.keeper.wanted.emit(tab.keeper.saved.codes[0])
    assert tab.sliders.code() == pytest.approx([0.0] * 16)
    assert not tab.sliders.rows()[0].is_locked() and tab.sliders.rows()[1].is_locked()
    assert d.messages[-1] == "z1 is no longer locked: this code stands elsewhere there."


def test_truncation_does_not_bring_back_what_is_locked_meanwhile(desk) -> None:
    tab = desk().page
    tab.random()
    tab.controls.psi_moved.emit(0.5)
    tab.controls.psi_finished.emit()
    here = tab.sliders.code()[2]
    QTest.keyClick(tab.sliders.rows()[2], Qt.Key.Key_L)
    for psi in (0.8, 1.0):
        tab.controls.psi_moved.emit(psi)
        assert tab.sliders.code()[2] == pytest.approx(here)
