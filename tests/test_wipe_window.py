"""The wipe in the window: it follows the page on top, remembers what lay where, keeps pictures and reads files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import FakeSession
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from window_desk import SmallPage, opened

from genstudio import api, export
from genstudio.ui.main_window import MainWindow
from genstudio.ui.widgets.canvas import Canvas
from genstudio.ui.widgets.picture_grid import from_qimage

FOUR = tuple(np.full((2, 8, 8, 1), level, np.uint8) for level in (10, 80, 150, 220))


@pytest.fixture
def window(qtbot: Any) -> Iterator[MainWindow]:
    """A window whose first page offers four sides; the others have a stage of pictures."""
    with opened(qtbot, FakeSession()) as made:
        made.page("vae").wipe_sides = lambda: [(f"Side {k}", images) for k, images in enumerate(FOUR)]
        yield made


def wipe(window: MainWindow) -> Any:
    """Open it."""
    window.shortcuts["Ctrl+D"].activated.emit()
    assert window.wipes.sheet.isVisible()
    return window.wipes.sheet


def laid(sheet: Any) -> list[str]:
    """What stands above both sides."""
    return [picker.currentText() for picker in sheet.names.pickers]


def file_of(path: Path, size: int = 16) -> Path:
    source = api.DecodeRequest("mnist-vae-2", ((0.0, 0.0),))
    picture = np.full((size, size, 3), 99, np.uint8)
    export.write_png(path, picture, export.make_receipt(source, api.GridLayout(), "0" * 64))
    return path


# ---- open and closed --------------------------------------------------------------------------------------


def test_the_key_and_the_button_open_it_on_the_first_two_sides_and_close_it(window: MainWindow) -> None:
    sheet = wipe(window)
    assert laid(sheet) == ["Side 0", "Side 1"] and sheet.stage.hasFocus()
    assert np.array_equal(sheet.stage.pictures(), FOUR[0])
    window.shortcuts["Ctrl+D"].activated.emit()
    assert not sheet.isVisible()
    window.top.wipe.click()
    assert sheet.isVisible()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_it_opens_with_the_marked_picture_alone_and_all_stand_as_on_the_page(window: MainWindow) -> None:
    page, six = window.current_page(), np.arange(6, dtype=np.uint8).repeat(64).reshape(6, 8, 8, 1)
    page.wipe_sides = lambda: [("Side 0", six), ("Side 1", six + 100)]
    page.stage.set_pictures(six, columns=2)
    page.stage.set_selected(4)
    sheet = wipe(window)
    assert np.array_equal(sheet.stage.pictures(), six[4:5]) and sheet.look.place.text() == "5 of 6"
    QTest.keyClick(sheet.stage, Qt.Key.Key_A)
    assert sheet.stage.columns() == 2 and len(sheet.stage.pictures()) == 6
    page.stage.set_selected(1)
    sheet.looked.emit()
    assert len(sheet.stage.pictures()) == 6, "what is looked at stays while the page goes on"
    sheet.dismiss()
    page.stage.set_selected(-1)
    assert len(wipe(window).stage.pictures()) == 6


def test_the_pages_keys_are_not_the_sheets(window: MainWindow) -> None:
    sheet, page = wipe(window), window.current_page()
    page.notes.clear()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Period, Qt.Key.Key_R):
        QTest.keyClick(sheet.stage, key)
    assert page.notes == []


def test_what_lay_where_is_there_again_for_its_page_alone(window: MainWindow, qtbot: Any) -> None:
    sheet = wipe(window)
    sheet.names.picked.emit(0, "page:Side 3")
    sheet.names.picked.emit(1, "page:Side 2")
    sheet.dismiss()
    window.show_page(1)
    qtbot.waitUntil(lambda: window.current_page().stage.pictures() is not None)
    assert laid(wipe(window)) == ["Picture 1", "Picture 2"]
    sheet.dismiss()
    window.show_page(0)
    assert laid(wipe(window)) == ["Side 3", "Side 2"]


# ---- it follows the page -----------------------------------------------------------------------------------


def test_it_follows_what_the_page_shows(window: MainWindow, qtbot: Any) -> None:
    sheet, page = wipe(window), window.current_page()
    page.wipe_sides = lambda: [("Side 0", FOUR[2]), ("Side 1", FOUR[3])]
    qtbot.waitUntil(lambda: np.array_equal(sheet.stage.pictures(), FOUR[2]))
    page.wipe_sides = lambda: [("Side 0", FOUR[2]), ("Side 1", FOUR[3][:0])]
    qtbot.waitUntil(lambda: "“Side 1” has no picture yet" in sheet.stage._label.text())
    assert sheet.keys_laid() == ("page:Side 0", "page:Side 1"), "it is waited for"


def test_a_side_stays_itself_where_others_come_before_it(window: MainWindow, qtbot: Any) -> None:
    """One more model in Compare moves the places of the others."""
    sheet, page = wipe(window), window.current_page()
    page.wipe_sides = lambda: [("New", FOUR[3]), ("Side 1", FOUR[1]), ("Side 0", FOUR[0])]
    qtbot.waitUntil(lambda: sheet.side(0) is not None and len(sheet._sides) == 3)
    assert laid(sheet) == ["Side 0", "Side 1"] and np.array_equal(sheet.stage.pictures(), FOUR[0])


def test_what_was_kept_stays_on_its_side_when_another_page_comes(window: MainWindow, qtbot: Any) -> None:
    sheet = wipe(window)
    sheet.look.keep.click()
    sheet.names.picked.emit(0, "kept:1")
    name = laid(sheet)[0]
    sheet.dismiss()
    window.show_page(1)
    qtbot.waitUntil(lambda: window.current_page().stage.pictures() is not None)
    assert laid(wipe(window)) == [name, "Picture 1"] and name.startswith("Kept: ")


def test_a_side_that_is_gone_makes_room_for_another(window: MainWindow, qtbot: Any) -> None:
    sheet, page = wipe(window), window.current_page()
    sheet.names.picked.emit(1, "page:Side 3")
    page.wipe_sides = lambda: [("Side 0", FOUR[0]), ("Side 1", FOUR[1])]
    qtbot.waitUntil(lambda: laid(sheet) == ["Side 0", "Side 1"])


def test_what_is_copied_is_the_wipe_wherever_in_it_the_keyboard_is(window: MainWindow) -> None:
    sheet = wipe(window)
    sheet.stage.set_share(1.0)
    for focused in (sheet.stage, sheet.look.keep):
        QGuiApplication.clipboard().clear()
        focused.setFocus()
        window.shortcuts["Ctrl+C"].activated.emit()
        copied = from_qimage(QGuiApplication.clipboard().image())
        assert window.bar.text() == "Copied to the clipboard." and (copied[5:50, 5:50] == 10).all()


def test_the_keyboard_stays_on_it_when_another_page_comes(window: MainWindow) -> None:
    sheet = wipe(window)
    window.shortcuts["Ctrl+2"].activated.emit()
    focused = QApplication.focusWidget()
    assert sheet.isVisible() and focused is not None and (focused is sheet or sheet.isAncestorOf(focused))


# ---- what is kept, and files -------------------------------------------------------------------------------


def test_a_kept_side_is_on_offer_on_another_page_and_stays_as_it_was(window: MainWindow, qtbot: Any) -> None:
    sheet = wipe(window)
    sheet.leaf(1)
    sheet.look.keep.click()
    assert "“Side 0, picture 1”" in window.bar.text()
    sheet.dismiss()
    window.show_page(1)
    qtbot.waitUntil(lambda: window.current_page().stage.pictures() is not None)
    sheet = wipe(window)
    sheet.names.picked.emit(1, "kept:1")
    assert laid(sheet) == ["Picture 1", "Kept: Side 0, picture 1"]
    assert np.array_equal(sheet.side(1).pictures, FOUR[0][:1])


def test_only_so_many_are_kept_and_none_that_is_seen_goes(window: MainWindow) -> None:
    sheet = wipe(window)
    sheet.look.keep.click()
    sheet.names.picked.emit(1, "kept:1")
    for _ in range(10):
        sheet.look.keep.click()
    assert [side.key for side in window.wipes._kept] == ["kept:1", *(f"kept:{k}" for k in range(5, 12))]


def test_a_file_lies_where_it_was_dropped(window: MainWindow, qtbot: Any, tmp_path: Path) -> None:
    sheet = wipe(window)
    sheet.file_dropped.emit(str(file_of(tmp_path / "mine.png")), 1)
    assert laid(sheet)[1] != "mine.png" and window.bar.text() == "Reading mine.png", "on a lane"
    qtbot.waitUntil(lambda: laid(sheet) == ["Side 0", "mine.png"])
    assert not window.bar.is_busy()
    assert "“mine.png” is one picture and lies over picture 1 of the 2 of “Side 0”." in sheet.said.text()
    assert "“Side 0” is of 8×8 px; it was enlarged to the 16×16 px of “mine.png”, pixel by pixel." in sheet.said.text()
    assert sheet.stage.pictures().shape == (1, 16, 16, 3)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    sheet.file_dropped.emit(str(tmp_path / "broken.png"), 0)
    qtbot.waitUntil(lambda: "broken.png" in window.bar.text())
    assert laid(sheet) == ["Side 0", "mine.png"]


def test_a_large_file_is_made_smaller_and_that_is_told(window: MainWindow, qtbot: Any, tmp_path: Path) -> None:
    sheet = wipe(window)
    sheet.file_dropped.emit(str(file_of(tmp_path / "large.png", 1100)), 0)
    qtbot.waitUntil(lambda: laid(sheet)[0] == "large.png, made smaller from 1100×1100 px")
    assert sheet.side(0).pictures.shape == (1, 1024, 1024, 3)


# ---- a picture under the mouse ---------------------------------------------------------------------------


MENUS = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # of offscreen windows


def menu_at(window: MainWindow, page: SmallPage, index: int) -> Any:
    stage = page.stage
    return window.wipes.offer_menu(stage, stage.mapToGlobal(stage.cell_rect(index).center()))


@MENUS
def test_wipe_with_begins_with_the_picture_under_the_mouse(window: MainWindow, qtbot: Any) -> None:
    window.show_page(1)
    page = window.current_page()
    qtbot.waitUntil(lambda: page.stage.pictures() is not None)
    menu = menu_at(window, page, 2)
    menu.actions()[0].trigger()
    menu.close()
    sheet = window.wipes.sheet
    assert sheet.isVisible() and laid(sheet) == ["Picture 3", "Picture 2"]


@MENUS
def test_of_a_side_of_several_it_begins_with_the_one_under_the_mouse_alone(window: MainWindow) -> None:
    page = window.current_page()
    page.stage.set_pictures(FOUR[1])
    menu = menu_at(window, page, 1)
    menu.actions()[0].trigger()
    menu.close()
    sheet = window.wipes.sheet
    assert laid(sheet)[0] == "Side 1" and sheet.look.place.text() == "2 of 2"


@MENUS
def test_a_picture_that_the_page_does_not_name_is_kept_for_it(window: MainWindow) -> None:
    page = window.current_page()
    page.stage.set_pictures(np.full((1, 8, 8, 1), 33, np.uint8))
    menu = menu_at(window, page, 0)
    menu.actions()[0].trigger()
    menu.close()
    assert laid(window.wipes.sheet) == ["Pictures", "Side 1"]
    menu = menu_at(window, page, 0)
    menu.actions()[1].trigger()
    menu.close()
    assert "“Pictures”" in window.bar.text() and len(window.wipes._kept) == 2


def test_there_is_no_menu_beside_the_pictures_or_where_the_right_button_erases(window: MainWindow, qtbot: Any) -> None:
    page = window.current_page()
    qtbot.waitUntil(lambda: page.stage.pictures() is not None)
    assert window.wipes.offer_menu(page.stage, page.stage.mapToGlobal(QPoint(0, 0))) is None
    assert window.wipes.offer_menu(page.tempo, QPoint(0, 0)) is None and window.wipes.offer_menu(None, QPoint()) is None
    canvas = Canvas(page)
    canvas.set_pictures(FOUR[0])
    assert window.wipes.offer_menu(canvas, canvas.mapToGlobal(canvas.cell_rect(0).center())) is None


@MENUS
def test_the_right_button_on_a_picture_opens_the_menu(window: MainWindow, qtbot: Any) -> None:
    stage = window.current_page().stage
    qtbot.waitUntil(lambda: stage.pictures() is not None)
    at = stage.cell_rect(0).center()
    QApplication.sendEvent(stage, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, stage.mapToGlobal(at)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu) and menu.actions()[0].text() == "Wipe with …"
    menu.close()


def test_where_the_names_of_the_tabs_need_its_room_the_button_gives_way_to_them(window: MainWindow) -> None:
    bar = window.top
    assert bar.wipe.isVisible()
    bar.resize(bar._wide() // 2 + 4 * bar.help.width(), bar.height())
    assert not bar.wipe.isVisible() and bar.card.isVisible()
    bar.resize(1000, bar.height())
    assert bar.wipe.isVisible()
