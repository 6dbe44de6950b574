"""The window: events find their page, and the message bar says what counts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes import CATALOG, FakeSession
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from window_desk import opened, settled

from genstudio import api
from genstudio.engine import Ended, Failure
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


def test_only_the_page_on_top_is_active(window: MainWindow) -> None:
    vae, gan = window.page("vae"), window.page("gan")
    assert "activate" in vae.notes and gan.notes == []
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.current_page() is gan and gan.notes[0] == "activate" and vae.notes[-1] == "deactivate"
    assert window.top.tabs.currentIndex() == 1
    assert gan.catalog == CATALOG and "CPU · bf16" in gan.speed.text()


def test_an_event_goes_to_the_page_its_slot_names(qtbot, window: MainWindow) -> None:
    window.bridge.submit("io", "diffusion.sample", api.SampleRequest("mnist-ddpm", 1, 9))
    qtbot.waitUntil(lambda: window.page("diffusion").notes == [("sample", "PicturesEvent")], timeout=30_000)
    assert len(window.page("diffusion").stage.pictures()) == 9
    window.route("nobody.sample", api.ProgressEvent("x", 0, 0))


def test_a_failure_is_one_sentence_and_its_trace_only_under_details(qtbot, window: MainWindow) -> None:
    window.bridge.submit("play", "vae.load", api.LoadRequest("broken"))
    settled(qtbot, window, "cut short")
    assert window.bar.text() == "Broken cannot be read: it was cut short." and window.bar.is_error()
    assert "Traceback" in window.bar.details_text()
    assert window.page("vae").notes[-1] == ("load", "Failure")


def test_a_catalog_that_fails_can_be_tried_again(qtbot, window: MainWindow, session: FakeSession) -> None:
    window.route("app.catalog", Failure(ImportError("no torch"), "Traceback"))
    assert "no torch" in window.bar.text()
    before = len(session.requests)
    QTest.mouseClick(window.bar.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(session.requests) > before and not window.bar.is_busy(), timeout=30_000)
    assert session.requests[-1] == api.CatalogRequest()


def test_what_a_page_says_of_a_failure_goes_with_the_next_success_of_its_kind(window: MainWindow) -> None:
    page = window.page("vae")
    page.handle = lambda verb, event: page.tell("This is no model.", error=True) if event == "bad" else None
    window.route("vae.load", "bad")
    assert window.bar.is_error()
    window.route("vae.decode", "good")
    window.route("vae.load", Ended())
    assert window.bar.text() == "This is no model."
    window.route("vae.load", "good")
    assert window.bar.text() == ""


def test_what_a_page_says_while_the_user_acts_stays_whatever_else_goes_on(window: MainWindow) -> None:
    window.route("vae.decode", "good")
    window.page("vae").tell("Choose its pictures first.", error=True)
    window.route("vae.decode", "good")
    assert window.bar.text() == "Choose its pictures first." and window.bar.is_error()


def test_a_page_that_cannot_show_a_dropped_file_has_the_last_word(window: MainWindow) -> None:
    source = api.DecodeRequest("mnist-vae-2", ((0.0, 0.0),))
    page = window.page("vae")
    page.restore = lambda event: page.tell("Its model is not here.", error=True)
    window.route("app.restore", api.RestoredEvent("a.png", source, api.GridLayout(), None, "Restored."))
    assert window.bar.text() == "Its model is not here." and window.bar.is_error()
    page.restore = lambda event: None
    window.route("app.restore", api.RestoredEvent("a.png", source, api.GridLayout(), True, "Identical."))
    assert window.bar.text() == "Identical." and not window.bar.is_error()


def test_progress_of_a_page_is_in_the_message_bar_and_can_be_stopped(qtbot, window: MainWindow) -> None:
    page = window.page("gan")
    window.route("gan.look", api.ProgressEvent("Reading holiday.zip", 30, 120))
    assert window.bar.is_busy() and window.bar.text() == "Reading holiday.zip"
    QTest.mouseClick(window.bar.cancel, Qt.MouseButton.LeftButton)
    assert page.notes[-1] == ("look", "Ended") and not window.bar.is_busy()


def test_progress_ends_with_the_next_event_of_its_slot(window: MainWindow) -> None:
    window.route("gan.look", api.ProgressEvent("Reading holiday.zip", 30, 120))
    window.route("vae.decode", Ended())
    assert window.bar.is_busy()
    window.route("gan.look", Ended())
    assert window.bar.text() == ""


def test_what_a_page_says_goes_when_the_user_does(window: MainWindow) -> None:
    page = window.page("gan")
    window.show_tab(1)
    page.tell("You see iteration 7.")
    window.show_tab(1)
    assert window.bar.text() == "You see iteration 7."
    window.show_tab(0)
    assert "iteration 7" not in window.bar.text()
    window.show_tab(1)
    page.offered.emit("The run was put away.", "Undo", page.notes.clear)
    window.show_tab(0)
    assert "put away" not in window.bar.text()
    page.tell("No room on the disk.", "", True)
    window.show_tab(2)
    assert window.bar.text() == "No room on the disk.", "a failure stays"
