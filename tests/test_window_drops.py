"""What is dropped on the window or pasted into it finds its page."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import FakeSession
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from window_desk import drop_of, opened, settled

from genstudio import api, export
from genstudio.engine import Failure
from genstudio.settings import GANSettings
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


def test_a_dropped_export_restores_its_page_and_says_whether_it_is_identical(qtbot, window: MainWindow) -> None:
    assert window.desk.take(drop_of("some/receipt.png"))
    settled(qtbot, window, "identical")
    page = window.page("diffusion")
    assert window.current_page() is page
    assert ("restore", api.SampleRequest("mnist-ddpm", seed=7, count=16)) in page.notes


def test_a_dropped_model_is_known_when_a_file_made_with_it_is_dropped(
    qtbot, window: MainWindow, session: FakeSession
) -> None:
    window.desk.take(drop_of("some/own.safetensors"))
    window.desk.take(drop_of("some/receipt.png"))
    wanted = api.RestoreRequest("some/receipt.png", ("some/own.safetensors",))
    qtbot.waitUntil(lambda: [r for r in session.requests if isinstance(r, api.RestoreRequest)] == [wanted])


def test_a_drag_says_what_letting_go_will_do(window: MainWindow) -> None:
    data = drop_of("some/receipt.png")
    flags = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dragEnterEvent(QDragEnterEvent(QPoint(9, 9), *flags))
    assert window.drop_hint.isVisible() and "receipt.png" in window.drop_hint.text()
    window.dropEvent(QDropEvent(QPointF(9, 9), *flags))
    assert not window.drop_hint.isVisible() and window.bar.is_busy()


def test_a_picture_without_a_receipt_is_a_sentence(qtbot, window: MainWindow) -> None:
    window.desk.take(drop_of("holiday.png"))
    settled(qtbot, window, "This page takes no picture of yours, so holiday.png is of no use here")
    assert window.current_page() is window.page("vae") and not window.bar.is_error()


def test_what_was_wrong_with_one_file_is_no_longer_said_beside_the_next(
    qtbot, window: MainWindow, tmp_path: Path
) -> None:
    window.desk.take(drop_of("own.safetensors"))
    qtbot.waitUntil(window.bar.is_error)
    assert window.desk.take(drop_of(tmp_path / "digits.zip"))
    assert not window.bar.is_error()


def test_why_a_run_broke_off_is_said_until_another_goes_well_whatever_is_dropped(
    qtbot, window: MainWindow, tmp_path: Path
) -> None:
    window.desk.take(drop_of("own.safetensors"))
    qtbot.waitUntil(window.bar.is_error)
    window.route("vae.train", Failure(ValueError("A loss is no longer a finite number."), ""))
    assert window.desk.take(drop_of(tmp_path / "digits.zip"))
    qtbot.waitUntil(window.own.inside.isVisible)
    assert window.bar.text() == "A loss is no longer a finite number." and window.bar.is_error()


def test_a_dropped_folder_is_looked_into_or_shown_by_a_page_of_pictures(
    qtbot, window: MainWindow, tmp_path: Path
) -> None:
    page = window.current_page()
    assert window.desk.take(drop_of(tmp_path))
    qtbot.waitUntil(window.own.inside.isVisible)
    assert page.notes[-1] != "deactivate"
    window.own.inside.dismiss()
    window.go_to("gan")
    window.page("gan").shows_data = True
    assert window.desk.take(drop_of(tmp_path))
    qtbot.waitUntil(lambda: ("dataset", str(tmp_path)) in window.page("gan").notes)
    assert not window.own.inside.isVisible()
    (tmp_path / "notes.txt").touch()
    assert window.desk.take(drop_of(tmp_path / "notes.txt"))
    settled(qtbot, window, "GenStudio cannot use notes.txt; drop")


def test_a_dropped_model_goes_to_the_page_of_its_family_and_its_success_clears_an_old_error(
    qtbot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []
    monkeypatch.setattr(window.page("diffusion"), "offer_model", lambda path: bool(taken.append(path)) or True)
    window.desk.take(drop_of("own.safetensors"))
    settled(qtbot, window, "There is no model")
    assert window.bar.is_error() and window.current_page() is window.page("vae")
    window.bridge.submit("play", "app.open", api.LoadRequest("mnist-ddpm"))
    qtbot.waitUntil(lambda: taken == ["mnist-ddpm.safetensors"])
    assert window.current_page() is window.page("diffusion") and not window.bar.is_error()


def test_copy_and_paste_a_picture(window: MainWindow) -> None:
    page = window.page("vae")
    page.stage.set_selected(1)
    window.shortcuts["Ctrl+C"].activated.emit()
    assert window.bar.text() == "Copied to the clipboard."
    window.shortcuts["Ctrl+V"].activated.emit()
    assert page.notes[-1] == ("picture", (280, 280, 3)), "no stamp: at least 256 px, enlarged by a whole number"
    QGuiApplication.clipboard().clear()
    window.shortcuts["Ctrl+V"].activated.emit()
    assert "no picture in the clipboard" in window.bar.text()


def hovered(qtbot, window: MainWindow, path: Path) -> str:
    """What the window says of a drag, once the file has been looked at."""
    flags = Qt.DropAction.CopyAction, drop_of(path), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dragEnterEvent(QDragEnterEvent(QPoint(9, 9), *flags))
    assert window.drop_hint.text() == f"Let go to open {path.name}."
    qtbot.waitUntil(lambda: window.drop_hint.text() != f"Let go to open {path.name}.")
    return window.drop_hint.text()


def exported(path: Path) -> Path:
    """A small picture with a receipt."""
    source = api.DecodeRequest("mnist-vae-2", ((0.0, 0.0),))
    export.write_png(path, np.zeros((28, 28, 1), np.uint8), export.make_receipt(source, api.GridLayout(), "0" * 64))
    return path


def test_a_page_of_pictures_takes_a_drop_as_one_and_offers_what_it_was_made_from(
    qtbot, window: MainWindow, session: FakeSession, tmp_path: Path
) -> None:
    page, path = window.page("vae"), exported(tmp_path / "receipt.png")
    page.takes_pictures = True
    assert hovered(qtbot, window, path) == "Let go to use receipt.png as a picture."
    assert window.desk.take(drop_of(path))
    settled(qtbot, window, "is used as a picture")
    assert window.current_page() is page and page.notes[-1] == ("picture", (28, 28, 1))
    QTest.mouseClick(window.bar.action, Qt.MouseButton.LeftButton)
    settled(qtbot, window, "identical")
    assert api.RestoreRequest(str(path), ()) in session.requests


def test_a_page_of_pictures_restores_what_was_exported_there(qtbot, window: MainWindow, tmp_path: Path) -> None:
    page = window.page("vae")
    page.takes_pictures, page.restores = True, lambda source: isinstance(source, api.DecodeRequest)
    assert window.desk.take(drop_of(exported(tmp_path / "receipt.png")))
    settled(qtbot, window, "identical")
    assert not [note for note in page.notes if note[0] == "picture"]


@pytest.mark.parametrize(
    "source",
    [
        api.SampleRequest("mnist-ddpm", seed=7, count=16),
        api.SamplersSheetRequest(api.CompareSamplersRequest((api.Way("mnist-ddpm"), api.Way("mnist-ddpm", steps=9)))),
        api.TrainRequest("gan", "strokes", GANSettings(), preview=16),
    ],
    ids=["samples", "comparison", "run"],
)
def test_a_sheet_of_several_pictures_is_restored_also_where_pictures_are_taken(
    qtbot, window: MainWindow, session: FakeSession, tmp_path: Path, source: api.Source
) -> None:
    page, path = window.page("vae"), tmp_path / "receipt.png"
    page.takes_pictures = True
    receipt = export.make_receipt(source, api.GridLayout(), "0" * 64)
    export.write_png(path, np.zeros((480, 480, 1), np.uint8), receipt)
    assert hovered(qtbot, window, path) == f"Let go to show what {path.name} was made from."
    assert window.desk.take(drop_of(path))
    settled(qtbot, window, "identical")
    assert api.RestoreRequest(str(path), ()) in session.requests
    assert not [note for note in page.notes if note[0] == "picture"]


@pytest.mark.parametrize("ending", [".webp", ".gif", ".png"])
def test_a_film_is_restored_also_where_pictures_are_taken(
    qtbot, window: MainWindow, session: FakeSession, tmp_path: Path, ending: str
) -> None:
    page, path = window.page("vae"), tmp_path / f"receipt{ending}"
    page.takes_pictures = True
    receipt = export.make_receipt(
        api.PathRequest("mnist-vae-2", ((0.0, 0.0), (1.0, 1.0)), 2), api.GridLayout(), "0" * 64
    )
    frames = [np.full((28, 28, 1), level, np.uint8) for level in (0, 200)]
    assert list(export.write_film(path, frames, 10, receipt, 2))
    assert hovered(qtbot, window, path) == f"Let go to show what {path.name} was made from."
    assert window.desk.take(drop_of(path))
    settled(qtbot, window, "identical")
    assert api.RestoreRequest(str(path), ()) in session.requests
    assert not [note for note in page.notes if note[0] == "picture"]


def test_a_broken_picture_is_said_to_be_one(qtbot, window: MainWindow, tmp_path: Path) -> None:
    page, path = window.page("vae"), exported(tmp_path / "cut.png")
    page.takes_pictures = True
    path.write_bytes(path.read_bytes()[:-40])
    window.desk.take(drop_of(path))
    qtbot.waitUntil(window.bar.is_error)
    assert "cut.png" in window.bar.text() and "receipt" not in window.bar.text() and not window.bar.is_busy()
    assert not [note for note in page.notes if note[0] == "picture"]


class Reading(FakeSession):
    """Waits at `gate` with each file that is to be read."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()

    def handle(self, request: Any) -> Any:
        if isinstance(request, (api.LookRequest, api.KindRequest)):
            self.requests.append(request)
            assert self.gate.wait(60), "a test has forgotten to open the gate"
        return super().handle(request)


@pytest.fixture
def reading() -> Reading:
    """What answers on every lane, and reads when it is let."""
    return Reading()


@pytest.fixture
def patient(qtbot, reading: Reading) -> Iterator[MainWindow]:
    """A window on a page that takes pictures, whose io lane reads when it is let."""
    with opened(qtbot, reading) as made:
        made.page("vae").takes_pictures = True
        yield made
        reading.gate.set()


def test_a_file_is_read_on_a_lane_while_the_window_goes_on(
    qtbot, patient: MainWindow, reading: Reading, tmp_path: Path
) -> None:
    page, path = patient.page("vae"), exported(tmp_path / "receipt.png")
    reading.gate.clear()
    patient.desk.take(drop_of(path))
    qtbot.waitUntil(lambda: api.LookRequest(str(path), pixels=True) in reading.requests)
    assert patient.bar.text() == "Reading receipt.png" and patient.bar.is_busy()
    patient.go_to("gan")
    reading.gate.set()
    settled(qtbot, patient, "is used as a picture")
    assert page.notes[-1] == ("picture", (28, 28, 1)), "of the page on which it was dropped"
    assert not [note for note in patient.page("gan").notes if note[0] == "picture"]


def test_a_file_that_takes_long_to_read_is_not_waited_for(
    qtbot, patient: MainWindow, reading: Reading, tmp_path: Path
) -> None:
    path = exported(tmp_path / "receipt.png")
    reading.gate.clear()
    patient.desk.take(drop_of(path))
    qtbot.waitUntil(lambda: api.LookRequest(str(path), pixels=True) in reading.requests)
    patient.bar.cancel.click()
    assert patient.bar.text() == "Stopped; everything is as it was." and not patient.bar.is_busy()
    reading.gate.set()
    other = exported(tmp_path / "other.png")
    patient.desk.take(drop_of(other))
    settled(qtbot, patient, "other.png is used as a picture")
    assert [note for note in patient.page("vae").notes if note[0] == "picture"] == [("picture", (28, 28, 1))]


@pytest.fixture
def untouched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The folders of tests that Qt's own thread has looked at: one on a share that hangs would hang the window."""
    touched: list[str] = []

    def watched(name: str) -> Any:
        real = getattr(Path, name)

        def seen(path: Path, *args: Any, **words: Any) -> Any:
            if threading.current_thread() is threading.main_thread() and "on-a-share" in str(path):
                touched.append(str(path))
            return real(path, *args, **words)

        return seen

    for name in ("stat", "is_dir", "is_file", "exists", "resolve"):
        monkeypatch.setattr(Path, name, watched(name))
    return touched


def test_a_folder_on_a_share_that_hangs_hangs_no_window(
    qtbot, patient: MainWindow, reading: Reading, tmp_path: Path, untouched: list[str]
) -> None:
    folder = tmp_path / "on-a-share"
    folder.mkdir()
    reading.gate.clear()
    flags = Qt.DropAction.CopyAction, drop_of(folder), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    patient.dragEnterEvent(QDragEnterEvent(QPoint(9, 9), *flags))
    assert patient.drop_hint.text() == "Let go to open on-a-share."
    patient.dropEvent(QDropEvent(QPointF(9, 9), *flags))
    assert patient.bar.text() == "Looking at on-a-share" and patient.bar.is_busy()
    patient.go_to("gan")
    reading.gate.set()
    qtbot.waitUntil(patient.own.inside.isVisible)
    assert not untouched and not patient.bar.is_error()


def test_a_folder_that_takes_long_to_look_at_is_not_waited_for(
    qtbot, patient: MainWindow, reading: Reading, tmp_path: Path
) -> None:
    reading.gate.clear()
    patient.desk.take(drop_of(tmp_path))
    qtbot.waitUntil(lambda: api.KindRequest(str(tmp_path)) in reading.requests)
    patient.bar.cancel.click()
    assert patient.bar.text() == "Stopped; everything is as it was." and not patient.bar.is_busy()
    reading.gate.set()
    patient.desk.take(drop_of(tmp_path / "none"))
    settled(qtbot, patient, "There is no file or folder none; it was moved, renamed or deleted.")
    assert not patient.own.inside.isVisible()


def test_a_drag_of_a_folder_says_what_is_in_it(qtbot, patient: MainWindow, tmp_path: Path) -> None:
    for name, file, words in (
        ("photos", "a.png", "Let go to look into photos."),
        ("cat", "model_index.json", "Let go to play the diffusion model in cat."),
        ("first", "run.json", "Let go to watch the run in first."),
        ("v1.5", "model_index.json", "Let go to play the diffusion model in v1.5."),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / file).touch()
        flags = drop_of(tmp_path / name), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        patient.dragEnterEvent(QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, *flags))
        qtbot.waitUntil(lambda words=words: patient.drop_hint.text() == words)
        patient.dragLeaveEvent(QDragLeaveEvent())


def test_words_of_a_drag_that_has_left_do_not_come_back(
    qtbot, patient: MainWindow, reading: Reading, tmp_path: Path
) -> None:
    path = exported(tmp_path / "receipt.png")
    flags = Qt.DropAction.CopyAction, drop_of(path), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    reading.gate.clear()
    patient.dragEnterEvent(QDragEnterEvent(QPoint(9, 9), *flags))
    qtbot.waitUntil(lambda: api.LookRequest(str(path)) in reading.requests)
    patient.dragLeaveEvent(QDragLeaveEvent())
    heard: list[str] = []
    patient.desk.dropped.hinted.connect(heard.append)
    reading.gate.set()
    qtbot.waitUntil(lambda: heard == ["Let go to use receipt.png as a picture."])
    assert not patient.drop_hint.isVisible()
