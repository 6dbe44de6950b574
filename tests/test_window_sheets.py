"""What lies over the pages: keys go to it and not behind it, and it goes when the page changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeSession
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from window_desk import opened

from genstudio import api
from genstudio.ui.keys import COVERED
from genstudio.ui.main_window import MainWindow
from genstudio.ui.widgets.picture_grid import to_qimage


@pytest.fixture
def window(qtbot) -> Iterator[MainWindow]:
    with opened(qtbot, FakeSession()) as made:
        yield made


def press(window: MainWindow, key: str) -> None:
    window.shortcuts[key].activated.emit()


@pytest.mark.parametrize("key", ["Ctrl+2", "Ctrl+3"])
def test_another_page_takes_them_away_and_has_the_keyboard(window: MainWindow, tmp_path: Path, key: str) -> None:
    window.look_into(str(tmp_path))
    window.toggle_help()
    press(window, key)
    page = window.current_page()
    assert page is not window.page("vae") and not window.own.inside.isVisible() and not window.help_sheet.isVisible()
    assert QApplication.focusWidget() is page.stage
    page.notes.clear()
    QTest.keyClick(page.stage, Qt.Key.Key_Space)
    assert page.notes == ["play"]


def test_the_ink_on_the_pad_is_there_when_one_comes_back(window: MainWindow) -> None:
    window.draw_own()
    pad = window.own.drawing
    box = pad.canvas.cell_rect(0)
    QTest.mousePress(pad.canvas, Qt.MouseButton.LeftButton, pos=box.center())
    QTest.mouseRelease(pad.canvas, Qt.MouseButton.LeftButton, pos=box.center())
    press(window, "Ctrl+2")
    assert not pad.isVisible()
    window.draw_own()
    assert pad.isVisible() and pad.has_drawing()


def test_undo_and_redo_change_nothing_behind_them(window: MainWindow) -> None:
    page = window.page("vae")
    for value in (3, 9):
        page.seed.setValue(value)
    page.undo()
    window.toggle_help()
    for key in ("Ctrl+Z", "Ctrl+Shift+Z"):
        window.bar.clear()
        press(window, key)
        assert page.seed.value() == 3 and window.bar.text() == COVERED, "there is something, but not on the sheet"
    page.seed.setFocus()  # a click beside the sheet
    press(window, "Ctrl+Z")
    assert page.seed.value() == 0


def test_nothing_is_pasted_or_saved_behind_them(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    page = window.page("vae")
    saved: list[bool] = []
    monkeypatch.setattr(page, "save", lambda: bool(saved.append(True)) or True)
    QGuiApplication.clipboard().setImage(to_qimage(np.zeros((8, 8, 1), np.uint8)))
    window.draw_own()
    page.notes.clear()
    for key in ("Ctrl+V", "Ctrl+S"):
        window.bar.clear()
        press(window, key)
        assert window.bar.text() == COVERED
    assert not saved and page.notes == []
    window.own.drawing.dismiss()
    press(window, "Ctrl+V")
    press(window, "Ctrl+S")
    assert saved and ("picture", (8, 8, 3)) in page.notes


def test_the_pad_undoes_for_itself(window: MainWindow) -> None:
    window.draw_own()
    press(window, "Ctrl+Z")
    assert window.bar.text() == "There is nothing to undo."


@pytest.mark.parametrize("key", ["Ctrl+E", "Ctrl+Shift+E"])
def test_nothing_behind_them_is_exported(window: MainWindow, key: str) -> None:
    page = window.page("vae")
    page.export_target = api.SampleRequest("mnist-ddpm", 7, 16)
    window.toggle_help()
    press(window, key)
    assert window.bar.text() == COVERED and not window.export_dialog.isVisible()
    window.help_sheet.dismiss()
    window.bar.clear()
    press(window, key)
    assert window.export_dialog.isVisible() or "There is no film" in window.bar.text()


def test_the_controls_behind_them_stay(window: MainWindow) -> None:
    page = window.page("vae")
    was_there = page.side.isVisible()
    window.toggle_help()
    press(window, "Ctrl+I")
    assert page.side.isVisible() == was_there and window.bar.text() == COVERED
    page.seed.setFocus()  # a click beside the sheet
    press(window, "Ctrl+I")
    assert page.side.isVisible() != was_there


def test_escape_closes_the_one_on_top(window: MainWindow, tmp_path: Path) -> None:
    window.look_into(str(tmp_path))
    window.toggle_help()
    window.escape()
    assert window.own.inside.isVisible() and not window.help_sheet.isVisible()
    window.escape()
    assert not window.own.inside.isVisible()


def test_a_page_that_refuses_a_dataset_is_not_silent(window: MainWindow) -> None:
    window.own.wanted.emit("/data/leaves#size=28", "diffusion")
    assert ("dataset", "/data/leaves#size=28") in window.page("diffusion").notes
    assert window.bar.text().startswith("Denoising has no use for leaves here")


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (640, 480)])
def test_messages_can_be_read_below_them(window: MainWindow, tmp_path: Path, size: tuple[int, int]) -> None:
    window.resize(*size)
    window.look_into(str(tmp_path))
    window.toggle_help()
    window.draw_own()
    for sheet in (window.help_sheet, window.own.drawing):
        assert sheet.geometry().bottom() < window.bar.geometry().top(), sheet.accessibleName()


def test_tab_goes_round_in_a_sheet_and_never_behind_it(window: MainWindow) -> None:
    window.draw_own()
    pad = window.own.drawing
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
        pad.canvas.setFocus()
        reached = []
        while not reached or reached[-1] is not pad.canvas:
            QTest.keyClick(QApplication.focusWidget(), key)
            reached.append(QApplication.focusWidget())
            assert pad.isAncestorOf(reached[-1]) and len(reached) < 40
        assert {pad.set_name, pad.labels.field, pad.shown, pad.keep, pad.brush} <= set(reached)
