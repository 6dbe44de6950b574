"""Pictures leave the window: the export panel, what it says and what a stop leaves on the disk."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeSession
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from window_desk import opened, settled

from genstudio import api
from genstudio.ui.main_window import MainWindow


@pytest.fixture
def session() -> FakeSession:
    """What answers on every lane."""
    return FakeSession()


@pytest.fixture
def window(qtbot, session: FakeSession) -> Iterator[MainWindow]:
    """A window on the screen whose first pictures have come."""
    with opened(qtbot, session) as made:
        yield made


def test_a_picture_is_exported_on_the_io_lane(qtbot, window: MainWindow, session: FakeSession, tmp_path: Path) -> None:
    page = window.page("vae")
    window.shortcuts["Ctrl+E"].activated.emit()
    assert "no picture to export" in window.bar.text() and not window.export_dialog.isVisible()
    page.export_target = api.SampleRequest("mnist-ddpm", 7, 16)
    page.show_exportable()
    page.tempo.grid_action.trigger()
    assert window.export_dialog.isVisible()
    assert window.export_dialog.path.text().endswith("mnist-ddpm-sample-seed7.png")
    window.export_dialog.path.setText(str(tmp_path / "out.png"))
    QTest.mouseClick(window.export_dialog.save, Qt.MouseButton.LeftButton)
    settled(qtbot, window, "Saved out.png, 12 kB.")
    request = session.requests[-1]
    assert isinstance(request, api.ExportGridRequest) and request.source == page.export_target
    window.export_dialog.open_for(page.export_target, film=False)
    assert window.export_dialog.path.text() == str(tmp_path / "mnist-ddpm-sample-seed7.png"), "the folder is remembered"


def test_return_saves_from_any_field_of_the_export_panel_but_presses_a_focused_button(
    qtbot, window: MainWindow, session: FakeSession, tmp_path: Path
) -> None:
    target, dialog = api.SampleRequest("mnist-ddpm", 7, 16), window.export_dialog
    for name in ("save", "scale", "path"):
        dialog.open_for(target, film=False)
        field = getattr(dialog, name)
        dialog.path.setText(str(tmp_path / "out.png"))
        field.setFocus()
        with qtbot.waitSignal(dialog.requested):
            QTest.keyClick(field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not dialog.isVisible() and not window.desk._is_writing, timeout=30_000)
    dialog.open_for(target, film=False)
    dialog.cancel.setFocus()
    with qtbot.assertNotEmitted(dialog.requested):
        QTest.keyClick(dialog.cancel, Qt.Key.Key_Return)
    assert not dialog.isVisible()


def test_an_export_that_fails_says_so_and_the_window_goes_on(qtbot, window: MainWindow) -> None:
    request = api.ExportFilmRequest(api.DenoiseRequest("mnist-ddpm"), api.GridLayout(), "/unwritable/film.webp")
    window.desk.write(request)
    settled(qtbot, window, "No permission")
    assert window.bar.is_error()


def test_an_export_that_fails_leaves_its_panel_open_and_the_folder_forgotten(
    qtbot, window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "unwritable").mkdir()
    dialog, path = window.export_dialog, str(tmp_path / "unwritable" / "grid.png")
    dialog.open_for(api.SampleRequest("mnist-ddpm", 7, 16), film=False)
    dialog.path.setText(path)
    dialog.save.click()
    qtbot.waitUntil(lambda: bool(dialog.problem.text()), timeout=30_000)
    assert dialog.problem.text() == f"No permission for {path}; choose another folder."
    assert dialog.isVisible() and dialog.path.text() == path and window.bar.text() == ""
    assert QSettings().value("export/folder") is None


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (None, None, "The export was stopped; nothing was written."),
        (b"old", b"old", "The export was stopped; film.webp is as it was."),
        (None, b"new", "film.webp was finished before it could be stopped; it is saved."),
        (b"old", b"newer", "film.webp was finished before it could be stopped; it is saved."),
    ],
)
def test_a_stopped_export_says_what_is_on_the_disk(
    qtbot, window: MainWindow, session: FakeSession, tmp_path: Path, before: bytes, after: bytes, says: str
) -> None:
    path, gate, begun = tmp_path / "film.webp", threading.Event(), threading.Event()

    def last_step(request: Any) -> Iterator[Any]:
        begun.set()
        assert gate.wait(10)
        if after != before:
            path.write_bytes(after)
        yield api.SavedEvent(str(path), 5)

    if before:
        path.write_bytes(before)
    session.stream = last_step
    window.desk.write(api.ExportFilmRequest(api.DenoiseRequest("mnist-ddpm"), api.GridLayout(), str(path)))
    assert begun.wait(10)
    QTest.mouseClick(window.bar.cancel, Qt.MouseButton.LeftButton)
    assert window.bar.text() == "Stopping the export"
    gate.set()
    qtbot.waitUntil(lambda: window.bar.text() == says, timeout=30_000)


def test_after_an_export_the_keyboard_is_where_it_was(
    qtbot, window: MainWindow, session: FakeSession, tmp_path: Path
) -> None:
    page, dialog = window.page("vae"), window.export_dialog
    page.export_target = api.SampleRequest("mnist-ddpm", 7, 16)
    page.show_exportable()
    for place in (page.stage, page.seed, page.tempo.export):
        place.setFocus()
        page.tempo.grid_action.trigger()
        assert window.focusWidget() is dialog.save, "Return writes"
        dialog.path.setText(str(tmp_path / "out.png"))
        QTest.keyClick(dialog.save, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not dialog.isVisible() and not window.desk._is_writing, timeout=30_000)
        assert window.focusWidget() is place
        page.tempo.grid_action.trigger()
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
        assert not dialog.isVisible() and window.focusWidget() is place
    settled(qtbot, window, "Saved")


def test_a_panel_that_cannot_save_keeps_the_keyboard(window: MainWindow, tmp_path: Path) -> None:
    page, dialog = window.page("vae"), window.export_dialog
    page.stage.setFocus()
    dialog.open_for(api.SampleRequest("mnist-ddpm", 7, 16), film=False)
    dialog.path.setText(str(tmp_path / "nowhere" / "a.png"))
    assert not dialog.save.isEnabled() and window.focusWidget() is dialog
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible() and window.focusWidget() is page.stage


def test_another_page_under_an_open_panel_has_the_keyboard_on_its_pictures(window: MainWindow) -> None:
    page, dialog = window.page("vae"), window.export_dialog
    for name in ("gan", "vae"):
        window.current_page().tempo.export.setFocus()
        dialog.open_for(api.SampleRequest("mnist-ddpm", 7, 16), film=False)
        window.show_page([other.name for other in window.pages].index(name))
        assert not dialog.isVisible() and not window.top.isAncestorOf(window.focusWidget()), "no tab is lit"
        assert window.current_page().isAncestorOf(window.focusWidget())
    assert window.focusWidget() is page.stage


def test_a_second_export_waits_for_the_first_which_is_not_lost(
    qtbot, window: MainWindow, session: FakeSession, tmp_path: Path
) -> None:
    gate, begun, dialog = threading.Event(), threading.Event(), window.export_dialog
    written: list[str] = []

    def slow(request: Any) -> Iterator[Any]:
        yield api.ProgressEvent("Descending", 1, 4)
        begun.set()
        assert gate.wait(10)
        written.append(request.path)
        yield api.SavedEvent(request.path, 5)

    session.stream = slow
    film, grid = str(tmp_path / "film.webp"), str(tmp_path / "grid.png")
    window.desk.write(api.ExportFilmRequest(api.DenoiseRequest("mnist-ddpm"), api.GridLayout(), film))
    assert begun.wait(10)
    settled(qtbot, window, "Writing film.webp: descending")
    dialog.open_for(api.SampleRequest("mnist-ddpm", 7, 16), film=False)
    dialog.path.setText(grid)
    dialog.save.click()
    assert dialog.problem.text() == "film.webp is still being written; save this one when it is there."
    assert dialog.isVisible() and window.bar.is_busy() and window.bar.cancel.isVisible()
    gate.set()
    settled(qtbot, window, "Saved film.webp")
    dialog.save.click()
    settled(qtbot, window, "Saved grid.png")
    assert written == [film, grid]
