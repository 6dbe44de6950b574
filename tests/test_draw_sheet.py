"""The pad on which a class draws its own dataset: keep, count, undo, delete, another set."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import CATALOG, FakeSession
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from window_desk import opened, settled

from genstudio import api
from genstudio.errors import sentence, whole
from genstudio.settings.own_drawings import SIDE
from genstudio.ui.main_window import MainWindow
from genstudio.ui.own.draw_sheet import NOTHING, DrawSheet
from genstudio.ui.own.draw_view import FIRST_NAME, HOW, NO_CLASS, SETTING, said_of

MENUS = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # of offscreen windows


class Disk(FakeSession):
    """Its drawings wait for `gate`; none is written while it `is_full`, and none is read while it `is_away`."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.is_full, self.is_away = threading.Event(), False, False
        self.gate.set()

    def handle(self, request: Any) -> Any:
        if isinstance(request, api.DrawingsRequest):
            assert self.gate.wait(30), "a test has forgotten to open the gate"
            if self.is_away:
                raise PermissionError(13, "Permission denied", request.folder)
            if self.is_full and request.changes:
                there = super().handle(api.DrawingsRequest(request.folder))
                trouble = whole(sentence(OSError(28, "No space left on device")))
                return api.DrawingsEvent(request, there.drawings, request.changes, trouble)
        return super().handle(request)


@pytest.fixture
def session() -> Disk:
    """What answers on every lane."""
    return Disk()


@pytest.fixture
def window(qtbot: Any, session: Disk) -> Iterator[MainWindow]:
    """A window with the pad open."""
    with opened(qtbot, session) as made:
        made.draw_own()
        yield made
        session.gate.set()


@pytest.fixture
def sheet(window: MainWindow) -> DrawSheet:
    """The pad."""
    return window.own.drawing


def folder(name: str = "my drawings") -> str:
    return str(Path(CATALOG.data_dir) / "drawn" / name)


def kept(session: Disk, name: str = "my drawings") -> list[tuple[str, int]]:
    """Class and number of what the session has."""
    return [key for key, one in sorted(session.drawings.get(folder(name), {}).items()) if one.picture is not None]


def add(sheet: DrawSheet, name: str) -> None:
    sheet.labels.field.setText(name)
    QTest.keyClick(sheet.labels.field, Qt.Key.Key_Return)


def draw(sheet: DrawSheet) -> None:
    """A line across the pad."""
    box = sheet.canvas.cell_rect(0)
    start, end = box.topLeft() + (box.center() - box.topLeft()) / 2, box.center()
    QTest.mousePress(sheet.canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(sheet.canvas, end)
    QTest.mouseRelease(sheet.canvas, Qt.MouseButton.LeftButton, pos=end)


def keep(sheet: DrawSheet, count: int = 1) -> None:
    """So many drawings more in the class that is chosen."""
    for _ in range(count):
        draw(sheet)
        sheet.keep_drawing()


def frame(sheet: DrawSheet, place: int) -> None:
    """Click a drawing of the class."""
    QTest.mouseClick(sheet.shown, Qt.MouseButton.LeftButton, pos=sheet.shown.cell_rect(place).center())


def leave_a_cat(qtbot: Any, sheet: DrawSheet) -> None:
    """It is on the disk, and the pad is closed."""
    add(sheet, "cat")
    keep(sheet)
    qtbot.waitUntil(lambda: sheet.says.text() == f"1 drawing in {folder()}.")
    sheet.dismiss()


def find_no_room(qtbot: Any, sheet: DrawSheet, session: Disk) -> None:
    """A cat is drawn, and the disk is full."""
    add(sheet, "cat")
    qtbot.waitUntil(lambda: sheet.drawn.is_known)
    session.is_full = True
    keep(sheet)
    qtbot.waitUntil(lambda: sheet.says.text().startswith("The disk is full"))


def test_a_drawing_is_kept_in_the_class_that_is_chosen(qtbot: Any, sheet: DrawSheet, session: Disk) -> None:
    assert sheet.isVisible() and sheet.labels.field.hasFocus(), "the first class wants a name"
    add(sheet, "cat")
    assert sheet.labels.value() == "cat" and sheet.canvas.hasFocus()
    for label, count in (("cat", 1), ("cat", 2), ("dog", 1)):
        if label not in sheet.labels.names():
            add(sheet, label)
        draw(sheet)
        assert sheet.has_drawing()
        QTest.keyClick(sheet.canvas, Qt.Key.Key_Return)
        assert not sheet.has_drawing() and sheet.drawn.counts()[label] == count
    assert [button.text() for button in sheet.labels._buttons.values()] == ["cat · 2", "dog · 1"]
    qtbot.waitUntil(lambda: kept(session) == [("cat", 0), ("cat", 1), ("dog", 0)])
    assert len(sheet.shown.pictures()) == 1, "those of the class that is chosen"


def test_many_drawings_one_after_the_other_are_all_written(qtbot: Any, sheet: DrawSheet, session: Disk) -> None:
    add(sheet, "cat")
    keep(sheet, 12)  # faster than they are answered
    qtbot.waitUntil(lambda: len(kept(session)) == 12 and sheet.drawn.is_saved())
    assert sheet.drawn.counts() == {"cat": 12}


def test_nothing_is_kept_without_a_class_or_without_ink(sheet: DrawSheet) -> None:
    keep(sheet)
    assert sheet.says.text() == NO_CLASS and sheet.has_drawing()
    add(sheet, "cat")
    sheet.keep_drawing()
    sheet.keep_drawing()
    assert sheet.says.text() == NOTHING and sheet.drawn.counts() == {"cat": 1}


def test_undo_goes_back_stroke_by_stroke_and_gives_a_kept_drawing_back(
    qtbot: Any, sheet: DrawSheet, session: Disk
) -> None:
    add(sheet, "cat")
    draw(sheet)
    picture = sheet.canvas.picture()
    sheet.keep_drawing()
    qtbot.waitUntil(lambda: kept(session) == [("cat", 0)])
    QTest.keyClick(sheet.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (sheet.canvas.picture() == picture).all() and sheet.drawn.counts() == {}
    qtbot.waitUntil(lambda: kept(session) == [])
    sheet.undo_button.click()
    assert not sheet.has_drawing() and not sheet.undo_button.isEnabled()


def test_a_drawing_is_taken_out_of_the_set_and_comes_back(qtbot: Any, sheet: DrawSheet, session: Disk) -> None:
    qtbot.waitUntil(lambda: sheet.drawn.is_known)  # before, the first would have no number yet
    add(sheet, "cat")
    keep(sheet, 2)
    assert not sheet.delete.isEnabled()
    frame(sheet, 0)
    QTest.keyClick(sheet.shown, Qt.Key.Key_Delete)
    assert sheet.drawn.counts() == {"cat": 1}
    qtbot.waitUntil(lambda: kept(session) == [("cat", 1)])
    assert sheet.undo()
    qtbot.waitUntil(lambda: kept(session) == [("cat", 0), ("cat", 1)])
    keep(sheet)
    qtbot.waitUntil(lambda: kept(session)[-1] == ("cat", 2))


@pytest.mark.parametrize("name", ["", "train", "a/b"])
def test_a_class_that_cannot_be_called_so_is_said(sheet: DrawSheet, name: str) -> None:
    add(sheet, name)
    assert sheet.labels.says.isVisible() and sheet.labels.says.text().startswith("A class ")
    assert sheet.labels.names() == ()
    QTest.keyClicks(sheet.labels.field, "x")
    assert not sheet.labels.says.isVisible()


def test_another_name_is_another_set_and_the_first_is_there_again(qtbot: Any, sheet: DrawSheet, session: Disk) -> None:
    add(sheet, "cat")
    keep(sheet)
    sheet.set_name.setText("others")
    QTest.keyClick(sheet.set_name, Qt.Key.Key_Return)
    assert sheet.labels.names() == () and sheet.drawn.folder == folder("others")
    add(sheet, "dog")
    keep(sheet)
    qtbot.waitUntil(lambda: kept(session) == [("cat", 0)] and kept(session, "others") == [("dog", 0)])
    sheet.set_name.setText("my drawings")
    QTest.keyClick(sheet.set_name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sheet.drawn.counts() == {"cat": 1})


def test_an_empty_set_says_which_others_there_are_and_the_last_one_is_open_next_time(
    qtbot: Any, sheet: DrawSheet, session: Disk
) -> None:
    assert sheet.says.text() == HOW
    add(sheet, "cat")
    draw(sheet)
    sheet.keep_drawing()
    qtbot.waitUntil(lambda: kept(session) == [("cat", 0)])
    sheet.set_name.setText("class 3b")
    QTest.keyClick(sheet.set_name, Qt.Key.Key_Return)
    told = "“class 3b” is a new set. Type “my drawings” to go on with the drawings there."
    qtbot.waitUntil(lambda: sheet.says.text() == told)
    sheet.drawn.others = ("a", "b", "c", "d")
    assert "Type “a”, “b”, “c” or another to go on" in said_of(sheet.drawn)
    assert DrawSheet(sheet.parentWidget()).set_name.text() == "class 3b"
    QSettings().setValue(SETTING, "../x")
    assert DrawSheet(sheet.parentWidget()).set_name.text() == FIRST_NAME


def test_a_class_gets_another_name_with_its_drawings_and_undo_brings_the_old_one_back(
    qtbot: Any, sheet: DrawSheet, session: Disk
) -> None:
    assert not sheet.rename.isEnabled()
    for name in ("dgo", "cat"):
        add(sheet, name)
        draw(sheet)
        sheet.keep_drawing()
    sheet.labels._buttons["dgo"].click()
    sheet.rename.click()
    field = sheet.labels.field
    assert field.hasFocus() and field.selectedText() == "dgo" and sheet.labels.add.text() == "Rename"
    field.setText("a/b")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert sheet.labels.says.isVisible() and sheet.labels.names() == ("dgo", "cat")
    field.setText("dog")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert sheet.labels.names() == ("dog", "cat") and sheet.labels.value() == "dog" and sheet.canvas.hasFocus()
    assert sheet.drawn.counts() == {"dog": 1, "cat": 1} and sheet.labels.add.text() == "Add" and field.text() == ""
    qtbot.waitUntil(lambda: kept(session) == [("cat", 0), ("dog", 0)])
    draw(sheet)
    assert sheet.undo() and not sheet.has_drawing() and sheet.drawn.counts() == {"dog": 1, "cat": 1}
    assert sheet.undo() and sheet.labels.names() == ("dgo", "cat") and sheet.labels.value() == "dgo"
    assert sheet.drawn.counts() == {"dgo": 1, "cat": 1} and not sheet.has_drawing(), "the pad stays as it is"
    qtbot.waitUntil(lambda: kept(session) == [("cat", 0), ("dgo", 0)])


def test_a_class_may_join_another_and_a_name_that_stays_changes_nothing(
    qtbot: Any, sheet: DrawSheet, session: Disk
) -> None:
    for name in ("cat", "Cat 2", "dog"):
        add(sheet, name)
        draw(sheet)
        sheet.keep_drawing()
    sheet.labels._buttons["Cat 2"].click()
    sheet.rename.click()
    QTest.keyClick(sheet.labels.field, Qt.Key.Key_Return)
    assert sheet.labels.value() == "Cat 2" and sheet.labels.add.text() == "Add" and len(sheet.drawn.counts()) == 3
    sheet.rename.click()
    sheet.labels._buttons["dog"].click()
    assert sheet.labels.add.text() == "Add" and sheet.labels.field.text() == "", "another class was chosen instead"
    sheet.labels._buttons["Cat 2"].click()
    sheet.rename.click()
    sheet.labels.field.setText("CAT")
    QTest.keyClick(sheet.labels.field, Qt.Key.Key_Return)
    assert sheet.labels.names() == ("cat", "dog") and sheet.drawn.counts() == {"cat": 2, "dog": 1}
    qtbot.waitUntil(lambda: kept(session) == [("cat", 0), ("cat", 1), ("dog", 0)])
    assert sheet.undo() and sheet.drawn.counts() == {"cat": 1, "Cat 2": 1, "dog": 1}
    assert set(sheet.labels.names()) == {"cat", "Cat 2", "dog"} and sheet.labels.value() == "Cat 2"
    qtbot.waitUntil(lambda: kept(session) == [("Cat 2", 0), ("cat", 0), ("dog", 0)])


def test_what_was_drawn_is_looked_into(qtbot: Any, window: MainWindow, sheet: DrawSheet) -> None:
    assert not sheet.look.isEnabled()
    add(sheet, "cat")
    keep(sheet)
    sheet.look.click()
    assert not sheet.isVisible() and window.own.inside.isVisible()
    assert window.own.inside.name() == folder()
    qtbot.waitUntil(window.own.inside.train["gan"].isEnabled)


def test_the_window_asks_what_there_is_when_the_pad_is_closed_after_something_was_drawn(
    qtbot: Any, window: MainWindow, sheet: DrawSheet, session: Disk
) -> None:
    def is_catalog(slot: str, event: Any) -> bool:
        return slot == "app.catalog"

    with qtbot.waitSignal(window.bridge.event, timeout=30_000, check_params_cb=is_catalog):
        leave_a_cat(qtbot, sheet)
    with qtbot.assertNotEmitted(window.own.drawn):
        window.draw_own()
        qtbot.waitUntil(sheet.isVisible)
        sheet.dismiss()
    window.draw_own()
    keep(sheet)
    with qtbot.waitSignal(window.own.drawn, timeout=30_000):
        sheet.dismiss()  # what is written may come later


def test_a_disk_that_cannot_be_written_is_said_and_nothing_is_lost(qtbot: Any, sheet: DrawSheet, session: Disk) -> None:
    find_no_room(qtbot, sheet, session)
    draw(sheet)
    assert sheet.says.text().startswith("The disk is full"), "a stroke changes nothing of that"
    assert "1 change is not on the disk" in sheet.says.text() and sheet.says.property("role") == "error"
    session.is_full = False
    sheet.keep_drawing()
    qtbot.waitUntil(lambda: kept(session) == [("cat", 0), ("cat", 1)])
    qtbot.waitUntil(lambda: sheet.says.text() == f"2 drawings in {folder()}.")
    assert sheet.says.property("role") == "second"


def test_keys_of_the_page_behind_mean_nothing_on_the_pad(window: MainWindow, sheet: DrawSheet) -> None:
    page = window.current_page()
    sheet.canvas.setFocus()
    before = list(page.notes)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_R, Qt.Key.Key_Period):
        QTest.keyClick(sheet.canvas, key)
    assert page.notes == before and sheet.isVisible()


@pytest.fixture
def held(session: Disk) -> Disk:
    """The disk has a drawing of a cat already, and says so only when its gate is opened."""
    session.drawings[folder()] = {("cat", 0): api.Drawing("cat", 0, np.full((SIDE, SIDE, 1), 9, np.uint8))}
    session.gate.clear()
    return session


def test_what_was_drawn_last_week_is_not_drawn_over(qtbot: Any, held: Disk, sheet: DrawSheet) -> None:
    add(sheet, "cat")
    keep(sheet, 2)
    assert sheet.drawn.counts() == {"cat": 2}, "all that is known yet"
    held.gate.set()
    qtbot.waitUntil(lambda: kept(held) == [("cat", 0), ("cat", 1), ("cat", 2)])
    assert (held.drawings[folder()]["cat", 0].picture == 9).all(), "it is as it was"
    assert sheet.undo() and sheet.has_drawing()
    qtbot.waitUntil(lambda: kept(held) == [("cat", 0), ("cat", 1)])


def test_what_is_not_written_when_the_window_closes_is_written_then(
    qtbot: Any, window: MainWindow, sheet: DrawSheet, session: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(sheet, "cat")
    qtbot.waitUntil(lambda: sheet.drawn.is_known)
    session.gate.clear()
    keep(sheet, 3)
    stop = window.bridge._stop

    def stop_and_let_go(engine: Any, *args: Any) -> bool:
        is_over = stop(engine, *args)
        if engine is window.bridge._lanes["io"]:  # it has been told to end
            session.gate.set()
        return is_over

    monkeypatch.setattr(window.bridge, "_stop", stop_and_let_go)
    window.close()
    qtbot.waitUntil(lambda: kept(session) == [("cat", 0), ("cat", 1), ("cat", 2)])


def test_a_failure_that_nobody_would_see_on_the_pad_is_told_by_the_window(
    qtbot: Any, window: MainWindow, sheet: DrawSheet, session: Disk
) -> None:
    add(sheet, "cat")
    qtbot.waitUntil(lambda: sheet.drawn.is_known)
    session.is_full = True
    session.gate.clear()
    keep(sheet)
    sheet.dismiss()
    session.gate.set()
    settled(qtbot, window, "Not all changes of the set “my drawings” are on the disk. The disk is full")
    assert window.bar.is_error()
    session.is_full = False
    window.draw_own()
    qtbot.waitUntil(lambda: kept(session) == [("cat", 0)])


def test_another_set_leaves_what_is_on_the_pad(sheet: DrawSheet) -> None:
    add(sheet, "cat")
    keep(sheet)
    draw(sheet)
    picture = sheet.canvas.picture()
    sheet.set_name.setText("others")
    QTest.keyClick(sheet.set_name, Qt.Key.Key_Return)
    assert sheet.name() == "others" and (sheet.canvas.picture() == picture).all()
    assert sheet.undo() and not sheet.has_drawing(), "the stroke can be taken back"
    assert not sheet.undo(), "and nothing of the other set"


def test_a_drawing_is_chosen_and_deleted_by_keys(qtbot: Any, sheet: DrawSheet, session: Disk) -> None:
    add(sheet, "cat")
    keep(sheet, 2)
    sheet.shown.setFocus()
    for _ in range(2):
        QTest.keyClick(sheet.shown, Qt.Key.Key_Right)
    assert sheet.shown.selected() == 1 and sheet.delete.isEnabled()
    QTest.keyClick(sheet.shown, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: kept(session) == [("cat", 0)])


def test_no_other_drawing_is_framed_after_undo(sheet: DrawSheet) -> None:
    for label in ("cat", "dog"):
        add(sheet, label)
        keep(sheet, 2)
    sheet.labels._buttons["cat"].click()
    frame(sheet, 0)
    assert sheet.shown.selected() == 0
    assert sheet.undo() and sheet.labels.value() == "dog"
    assert sheet.shown.selected() == -1 and not sheet.delete.isEnabled()
    QTest.keyClick(sheet.shown, Qt.Key.Key_Delete)
    assert sheet.drawn.counts() == {"cat": 2, "dog": 1}


def test_the_pad_shows_its_folder_as_it_is_when_it_is_opened_again(
    qtbot: Any, window: MainWindow, sheet: DrawSheet, session: Disk
) -> None:
    leave_a_cat(qtbot, sheet)
    session.drawings.clear()  # somebody has deleted it
    window.draw_own()
    qtbot.waitUntil(lambda: sheet.drawn.counts() == {})


def test_a_class_that_was_typed_wrong_is_taken_away_as_long_as_it_is_empty(sheet: DrawSheet) -> None:
    for name in ("cat", "dgo", "dog"):
        add(sheet, name)
    keep(sheet)
    assert not sheet.delete.isEnabled(), "a class with drawings stays"
    sheet.labels._buttons["dgo"].click()
    sheet.delete.click()
    assert sheet.labels.names() == ("cat", "dog") and sheet.labels.value() == "cat"
    assert [button.text() for button in sheet.labels._buttons.values()] == ["cat · 0", "dog · 1"]


def test_what_is_said_of_a_wrong_name_goes_when_another_class_is_chosen(sheet: DrawSheet) -> None:
    add(sheet, "cat")
    add(sheet, "<b>")
    assert sheet.labels.says.isVisible() and sheet.labels.says.textFormat() == Qt.TextFormat.PlainText
    sheet.labels._buttons["cat"].click()
    assert not sheet.labels.says.isVisible()


def test_a_folder_that_cannot_be_read_when_the_pad_is_opened_again_is_said(
    qtbot: Any, window: MainWindow, sheet: DrawSheet, session: Disk
) -> None:
    leave_a_cat(qtbot, sheet)
    session.is_away = True
    window.draw_own()
    qtbot.waitUntil(lambda: sheet.says.property("role") == "error")
    assert "1 drawing in" not in sheet.says.text()
    session.is_away = False
    sheet.dismiss()
    window.draw_own()
    qtbot.waitUntil(lambda: sheet.says.text() == f"1 drawing in {folder()}.")
    assert sheet.says.property("role") == "second"


def test_a_failure_of_one_set_says_nothing_of_another(
    qtbot: Any, window: MainWindow, sheet: DrawSheet, session: Disk
) -> None:
    find_no_room(qtbot, sheet, session)
    session.is_away = True
    session.gate.clear()
    sheet.set_name.setText("others")
    QTest.keyClick(sheet.set_name, Qt.Key.Key_Return)
    sheet.dismiss()
    session.gate.set()
    qtbot.waitUntil(window.bar.is_error)
    assert "Not all changes" not in window.bar.text()


def two_cats(qtbot: Any, sheet: DrawSheet, session: Disk) -> None:
    """They are on the disk, and the second is framed."""
    add(sheet, "cat")
    keep(sheet, 2)
    qtbot.waitUntil(lambda: kept(session) == [("cat", 0), ("cat", 1)] and sheet.drawn.is_saved())
    frame(sheet, 1)
    assert sheet.delete.isEnabled()


def test_no_other_drawing_is_framed_when_somebody_has_deleted_one(
    qtbot: Any, window: MainWindow, sheet: DrawSheet, session: Disk
) -> None:
    two_cats(qtbot, sheet, session)
    sheet.dismiss()
    del session.drawings[folder()]["cat", 0]
    window.draw_own()
    qtbot.waitUntil(lambda: sheet.drawn.counts() == {"cat": 1})
    assert sheet.shown.selected() == -1 and not sheet.delete.isEnabled()


def test_what_is_framed_stays_so_when_the_disk_says_the_same(
    qtbot: Any, window: MainWindow, sheet: DrawSheet, session: Disk
) -> None:
    two_cats(qtbot, sheet, session)
    sheet.dismiss()
    with qtbot.waitSignal(
        window.bridge.event, check_params_cb=lambda _, event: isinstance(event, api.DrawingsEvent), timeout=20_000
    ):
        window.draw_own()
    assert sheet.shown.selected() == 1 and sheet.delete.isEnabled()


def test_delete_at_the_brush_takes_nothing_of_the_set(qtbot: Any, sheet: DrawSheet, session: Disk) -> None:
    two_cats(qtbot, sheet, session)
    for control in (sheet.brush, sheet.keep):
        control.setFocus()
        for key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            QTest.keyClick(control, key)
    assert sheet.drawn.counts() == {"cat": 2}


def test_a_class_that_was_taken_away_comes_back(sheet: DrawSheet) -> None:
    add(sheet, "cat")
    keep(sheet)
    frame(sheet, 0)
    sheet.delete.click()
    sheet.delete.click()
    assert sheet.labels.names() == ()
    draw(sheet)
    assert sheet.undo() and not sheet.has_drawing()
    assert sheet.undo() and sheet.labels.value() == "cat" and sheet.drawn.counts() == {}
    assert sheet.undo() and sheet.drawn.counts() == {"cat": 1}


@MENUS
def test_a_drawing_goes_to_another_class_and_undo_brings_it_back(qtbot: Any, sheet: DrawSheet, session: Disk) -> None:
    add(sheet, "stairs")
    add(sheet, "cross")
    keep(sheet, 3)
    qtbot.waitUntil(lambda: kept(session) == [("cross", 0), ("cross", 1), ("cross", 2)])
    assert not sheet.move_button.isEnabled()
    frame(sheet, 1)
    sheet.move_button.click()
    assert [action.text() for action in sheet.menu.actions()] == ["Move to stairs"]
    sheet.menu.actions()[0].trigger()
    sheet.menu.close()
    qtbot.waitUntil(lambda: kept(session) == [("cross", 0), ("cross", 2), ("stairs", 0)])
    assert sheet.labels.value() == "cross" and not sheet.move_button.isEnabled(), "no other drawing is framed"
    sheet.undo()
    qtbot.waitUntil(lambda: kept(session) == [("cross", 0), ("cross", 1), ("cross", 2)])
    assert sheet.drawn.counts() == {"cross": 3} and not sheet.has_drawing()


@MENUS
def test_a_right_click_on_a_drawing_offers_the_other_classes(sheet: DrawSheet) -> None:
    add(sheet, "cross")
    keep(sheet)
    sheet.shown.customContextMenuRequested.emit(sheet.shown.cell_rect(0).center())
    assert sheet.menu.isVisible() and not sheet.menu.actions()[0].isEnabled(), "there is no other class yet"
    sheet.menu.close()
    assert sheet.shown.selected() == 0


def test_the_field_of_a_new_class_stays_where_it_is(sheet: DrawSheet) -> None:
    before = sheet.labels.field.mapTo(sheet, sheet.labels.field.rect().topLeft())
    add(sheet, "cross")
    sheet.layout().activate()
    QApplication.processEvents()
    assert sheet.labels.field.mapTo(sheet, sheet.labels.field.rect().topLeft()) == before


def test_what_is_typed_at_the_pad_names_a_class_and_a_digit_chooses_one(sheet: DrawSheet) -> None:
    add(sheet, "cross")
    assert sheet.canvas.hasFocus()
    QTest.keyClicks(sheet.canvas, "s")
    assert sheet.labels.field.text() == "s" and sheet.labels.field.hasFocus()
    QTest.keyClicks(sheet.labels.field, "tairs")
    QTest.keyClick(sheet.labels.field, Qt.Key.Key_Return)
    assert sheet.labels.value() == "stairs" and sheet.canvas.hasFocus()
    QTest.keyClicks(sheet.canvas, "1")
    assert sheet.labels.value() == "cross" and sheet.labels.field.text() == ""
    QTest.keyClicks(sheet.canvas, "7")
    assert sheet.labels.field.text() == "7", "there is no seventh class"
    QTest.keyClick(sheet.labels.field, Qt.Key.Key_Return)
    QTest.keyClicks(sheet.canvas, "1")
    assert sheet.labels.value() == "7" and sheet.labels.field.text() == "1", "classes are called by digits now"
