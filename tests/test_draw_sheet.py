"""The pad on which a class draws its own dataset: keep, count, undo, delete, another set."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import CATALOG, FakeSession
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from window_desk import opened

from genstudio import api
from genstudio.ui.main_window import MainWindow
from genstudio.ui.own.draw_sheet import NO_CLASS, NOTHING, DrawSheet


@pytest.fixture
def session() -> FakeSession:
    """What answers on every lane."""
    return FakeSession()


@pytest.fixture
def window(qtbot: Any, session: FakeSession) -> Iterator[MainWindow]:
    """A window with the pad open."""
    with opened(qtbot, session) as made:
        made.draw_own()
        yield made


@pytest.fixture
def sheet(window: MainWindow) -> DrawSheet:
    """The pad."""
    return window.own.drawing


def folder(name: str = "my drawings") -> str:
    return str(Path(CATALOG.data_dir) / "drawn" / name)


def kept(session: FakeSession, name: str = "my drawings") -> list[tuple[str, int]]:
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


def test_a_drawing_is_kept_in_the_class_that_is_chosen(qtbot: Any, sheet: DrawSheet, session: FakeSession) -> None:
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


def test_many_drawings_one_after_the_other_are_all_written(qtbot: Any, sheet: DrawSheet, session: FakeSession) -> None:
    add(sheet, "cat")
    for _ in range(12):  # faster than they are answered
        draw(sheet)
        sheet.keep_drawing()
    qtbot.waitUntil(lambda: len(kept(session)) == 12 and sheet.drawn.is_saved())
    assert sheet.drawn.counts() == {"cat": 12}


def test_nothing_is_kept_without_a_class_or_without_ink(sheet: DrawSheet) -> None:
    draw(sheet)
    sheet.keep_drawing()
    assert sheet.says.text() == NO_CLASS and sheet.has_drawing()
    add(sheet, "cat")
    sheet.keep_drawing()
    sheet.keep_drawing()
    assert sheet.says.text() == NOTHING and sheet.drawn.counts() == {"cat": 1}


def test_undo_goes_back_stroke_by_stroke_and_gives_a_kept_drawing_back(
    qtbot: Any, sheet: DrawSheet, session: FakeSession
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


def test_a_drawing_is_taken_out_of_the_set_and_comes_back(qtbot: Any, sheet: DrawSheet, session: FakeSession) -> None:
    add(sheet, "cat")
    for _ in range(2):
        draw(sheet)
        sheet.keep_drawing()
    assert not sheet.delete.isEnabled()
    QTest.mouseClick(sheet.shown, Qt.MouseButton.LeftButton, pos=sheet.shown.cell_rect(0).center())
    QTest.keyClick(sheet.shown, Qt.Key.Key_Delete)
    assert sheet.drawn.counts() == {"cat": 1}
    qtbot.waitUntil(lambda: kept(session) == [("cat", 1)])
    assert sheet.undo()
    qtbot.waitUntil(lambda: kept(session) == [("cat", 0), ("cat", 1)])
    draw(sheet)
    sheet.keep_drawing()
    qtbot.waitUntil(lambda: kept(session)[-1] == ("cat", 2))


@pytest.mark.parametrize("name", ["", "train", "a/b"])
def test_a_class_that_cannot_be_called_so_is_said(sheet: DrawSheet, name: str) -> None:
    add(sheet, name)
    assert sheet.labels.says.isVisible() and sheet.labels.says.text().startswith("A class ")
    assert sheet.labels.names() == ()
    QTest.keyClicks(sheet.labels.field, "x")
    assert not sheet.labels.says.isVisible()


def test_another_name_is_another_set_and_the_first_is_there_again(
    qtbot: Any, sheet: DrawSheet, session: FakeSession
) -> None:
    add(sheet, "cat")
    draw(sheet)
    sheet.keep_drawing()
    sheet.set_name.setText("others")
    QTest.keyClick(sheet.set_name, Qt.Key.Key_Return)
    assert sheet.labels.names() == () and sheet.drawn.folder == folder("others")
    add(sheet, "dog")
    draw(sheet)
    sheet.keep_drawing()
    qtbot.waitUntil(lambda: kept(session) == [("cat", 0)] and kept(session, "others") == [("dog", 0)])
    sheet.set_name.setText("my drawings")
    QTest.keyClick(sheet.set_name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sheet.drawn.counts() == {"cat": 1})


def test_what_was_drawn_is_looked_into(qtbot: Any, window: MainWindow, sheet: DrawSheet) -> None:
    assert not sheet.look.isEnabled()
    add(sheet, "cat")
    draw(sheet)
    sheet.keep_drawing()
    sheet.look.click()
    assert not sheet.isVisible() and window.own.inside.isVisible()
    assert window.own.inside.name() == folder()
    qtbot.waitUntil(window.own.inside.train["gan"].isEnabled)


def test_a_disk_that_cannot_be_written_is_said_and_nothing_is_lost(
    qtbot: Any, sheet: DrawSheet, session: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(sheet, "cat")
    qtbot.waitUntil(lambda: any(isinstance(one, api.DrawingsRequest) for one in session.requests))
    handle = session.handle

    def full(request: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(session, "handle", full)
    draw(sheet)
    sheet.keep_drawing()
    qtbot.waitUntil(lambda: sheet.says.text().startswith("The disk is full"))
    monkeypatch.setattr(session, "handle", handle)
    draw(sheet)
    sheet.keep_drawing()
    qtbot.waitUntil(lambda: kept(session) == [("cat", 0), ("cat", 1)])


def test_keys_of_the_page_behind_mean_nothing_on_the_pad(window: MainWindow, sheet: DrawSheet) -> None:
    page = window.current_page()
    sheet.canvas.setFocus()
    before = list(page.notes)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_R, Qt.Key.Key_Period):
        QTest.keyClick(sheet.canvas, key)
    assert page.notes == before and sheet.isVisible()
