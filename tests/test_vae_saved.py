"""Codes that were kept on Explore."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from study_desk import shows, studied_desks

from genstudio.ui.tabs.vae_saved import KEY, MOST, SavedCode, SavedCodes


@pytest.fixture
def desk(qtbot):
    with studied_desks(qtbot) as make:
        yield make


def test_a_code_is_kept_named_shown_deleted_and_brought_back(desk) -> None:
    d = desk()
    tab, panel = d.page, d.page.controls.saved
    d.until(lambda: shows(tab, tab.sliders.code()))
    z = tuple(tab.parameters()["z"])
    panel.save.click()
    assert [c.z for c in SavedCodes().codes] == [z] and SavedCodes().codes[0].png.startswith(b"\x89PNG")
    panel.list.item(0).setText("  seven, leaning ")
    assert [c.name for c in SavedCodes().codes] == ["seven, leaning"]
    panel.list.item(0).setText("")
    assert panel.list.item(0).text() == "seven, leaning"
    tab.random()
    panel.list.itemClicked.emit(panel.list.item(0))
    assert tuple(tab.parameters()["z"]) == z
    assert tab.undo() and tuple(tab.parameters()["z"]) != z
    panel.list.setCurrentRow(0)
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert panel.list.count() == 0 and not SavedCodes().codes and d.messages[-1] == "seven, leaning is deleted."
    d.offers[-1]()
    assert panel.list.item(0).text() == "seven, leaning" and len(SavedCodes().codes) == 1


def test_a_kept_code_of_another_size_gets_one_sentence_and_the_way_to_its_model(desk) -> None:
    d = desk()
    tab = d.page
    tab.keeper.keep("mnist-vae-2", (0.5, 1.0), None)
    before, said = tab.parameters(), len(d.messages)
    tab.controls.saved.chosen.emit(0)
    assert len(d.messages) == said + 1 and "2 numbers for mnist-vae-2; mnist-vae-16 has 16" in d.messages[-1]
    assert tab.parameters() == before
    d.offers[-1]()
    d.until(lambda: tab.is_settled() and shows(tab, (0.5, 1.0)))
    assert tab.picker.value() == "mnist-vae-2"
    assert tab.undo() and tab.parameters()["z"] == before["z"]
    d.until(tab.is_settled)


@pytest.mark.parametrize(("model", "why"), [("gone", "gone is not here"), ("mnist-vae-2", "that is here has 2")])
def test_a_kept_code_that_fits_no_model_here_says_why_there_is_no_way(desk, model, why) -> None:
    d = desk()
    d.page.keeper.keep(model, (0.5, 1.0, 2.0), None)
    d.page.controls.saved.chosen.emit(0)
    assert why in d.messages[-1] and not d.offers


@pytest.mark.parametrize("text", ["", "{", "7", '[{"name": 1}]', '[{"name": "a", "model": "m", "z": [NaN]}]',
                                  '[{"name": "a", "model": "m", "z": [1], "png": "%%"}]'])  # fmt: skip
def test_a_damaged_list_is_read_as_far_as_it_goes(qtbot, text) -> None:
    from PySide6.QtCore import QSettings

    QSettings().setValue(KEY, text)
    saved = SavedCodes()
    assert saved.codes == []
    saved.insert(0, SavedCode("one", "m", (1.0, 2.5), b"x"))
    assert SavedCodes().codes == saved.codes and saved.fresh_name() == "Code 1" and len(saved.codes) < MOST
