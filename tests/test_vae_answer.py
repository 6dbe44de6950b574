"""What Explore tells of the picture that a slider has made: its measures, and that nothing changed."""

from __future__ import annotations

import fakes
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from study_desk import shows, studied, studied_desks

from genstudio.api.measures import measure
from genstudio.ui.latent.axes import Face
from genstudio.ui.tabs.vae_words import missed_sentence


@pytest.fixture
def desk(qtbot):
    with studied_desks(qtbot) as make:
        yield make


def drag(tab, row, value: float) -> None:
    row._begin()
    row.move_to(value)
    row.finish()


def on_the_picture(tab) -> np.ndarray:
    axes = tab.study().measured
    return (measure(tab.stage.pictures(), axes.names)[0] - axes.mean) / axes.std


def test_a_measured_slider_reads_the_picture_and_its_knob_stays_where_it_was_asked_to_be(desk) -> None:
    d = desk()
    tab = studied(d)
    tab.controls.sets.button("measured").click()
    rows = tab.sliders.rows()
    assert [row.number() for row in rows] == [
        r.face.measured(s) for r, s in zip(rows, on_the_picture(tab), strict=True)
    ]
    drag(tab, rows[1], 2.0)
    d.until(lambda: shows(tab, tab.sliders.code()) and "Asked for" in tab.caption.markup())
    seen = on_the_picture(tab)
    assert rows[1].exact() == 2.0 and rows[1].number() == rows[1].face.measured(seen[1])
    assert f"<b>{rows[1].face.measured(2.0)}</b> of stroke width, the decoder made" in tab.caption.markup()
    tab.random()
    d.until(lambda: shows(tab, tab.sliders.code()))
    assert "Asked for" not in tab.caption.markup()
    seen = on_the_picture(tab)
    assert [row.number() for row in rows] == [r.face.measured(s) for r, s in zip(rows, seen, strict=True)]
    tab.controls.sets.button("raw").click()
    assert tab.sliders.rows()[0].number().startswith(("+", "−", "0")), "a latent is its number"


def test_on_a_sheet_the_chosen_picture_is_measured(desk) -> None:
    d = desk()
    tab = studied(d)
    tab.controls.sets.button("measured").click()
    tab.show_sheet()
    d.until(lambda: len(tab.stage.pictures()) == 60)
    tab.stage.cell_clicked.emit(7)
    axes, slant = tab.study().measured, tab.sliders.rows()[0]
    told = measure(tab.stage.pictures()[7:8], axes.names)[0, 0]
    assert slant.number() == slant.face.measured((told - axes.mean[0]) / axes.std[0])


def test_what_came_as_it_was_asked_for_needs_no_words() -> None:
    face = Face("slant", mean=2.0, std=10.0, unit="°", is_measure=True)
    assert missed_sentence(face, 1.0, 2.0).startswith("Asked for <b>12°</b> of slant")
    assert missed_sentence(face, 1.0, 1.2) == missed_sentence(face, 1.0, float("nan")) == ""


def test_a_slider_that_changes_nothing_says_so_and_leads_to_the_study(desk, monkeypatch) -> None:
    real = fakes.decode
    monkeypatch.setattr(fakes, "decode", lambda z: real((*z[:2], *[0.0] * 14)))
    d = desk()
    tab = d.page
    row = tab.sliders.rows()[5]
    drag(tab, row, row.exact() + 0.2)
    drag(tab, tab.sliders.rows()[0], 1.5)
    d.until(lambda: tab._shown_z == tuple(tab.sliders.code()) and tab._asked is None)
    assert "next to nothing" not in tab.caption.markup(), "too short a way, and a latent that does something"
    drag(tab, row, -2.0)
    d.until(lambda: "to −2.00 changed next to nothing" in tab.caption.markup())
    assert "<latent>z6</latent>" in tab.caption.markup() and "seems to ignore it" in tab.caption.markup()
    tab.caption.word_clicked.emit("study")
    d.until(lambda: tab.study() is not None)
    dead = next(row for row in tab.sliders.rows() if row.face.dead and row.face.name not in ("z1", "z2"))
    drag(tab, dead, 3.0 if dead.exact() < 0 else -3.0)
    d.until(lambda: "this latent has collapsed" in tab.caption.markup())
    QTest.keyClick(tab.sliders.rows()[0], Qt.Key.Key_Right)
    d.until(lambda: "next to nothing" not in tab.caption.markup())
