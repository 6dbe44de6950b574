"""Diffusers folders in the window: dropped they are played, and the export menu writes them."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from exchange_desk import write
from fakes import CATALOG, MODELS, FakeSession, model, with_catalog
from page_desk import Desk, asked
from PySide6.QtWidgets import QFileDialog
from window_desk import drop_of, opened, settled

from genstudio import api
from genstudio.engine import Ended
from genstudio.settings import DiffusionSettings, FlowSettings, UNet2DSettings
from genstudio.ui.diffusion.folder_export import HELP, OTHERS
from genstudio.ui.diffusion.page import DiffusionTab
from genstudio.ui.diffusion.train import DenoisingTrainPage
from genstudio.ui.main_window import MainWindow
from genstudio.ui.tabs.model_card import card

FILE = "models/mnist-ddpm.safetensors"


class Bringing(FakeSession):
    """Has brought a model from every folder but those called broken; it reads while `gate` is down."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.writes = threading.Event(), threading.Event()
        self.gate.set()
        self.writes.set()
        self.has_begun = threading.Event()
        self.heard, self.is_away = threading.Event(), False  # a catalog is told once `heard` is up, if it can be read
        self.heard.set()
        self.come: tuple[api.ModelInfo, ...] = ()  # what the folder has besides

    def stream(self, request: Any) -> Iterator[Any]:
        if not isinstance(request, api.ImportRequest):
            yield from super().stream(request)
            return
        self.requests.append(request)
        while not self.gate.wait(0.005):
            yield api.ProgressEvent("Reading it", 0, 0)
        self.has_begun.set()
        assert self.writes.wait(30)
        if "broken" in request.folder:
            raise ValueError(
                "The folder broken cannot be played: its pictures have 4 channels; 1 (grey) or 3 (colour) are shown."
            )
        note = "Its folder draws otherwise." if "wide" in request.folder else ""
        twin = "mnist-flow" if "twin" in request.folder else ""
        yield api.ImportedEvent(FILE, 12_345_678, "again" not in request.folder, note, twin)

    def handle(self, request: Any) -> Any:
        if isinstance(request, api.CatalogRequest):
            event = super().handle(request)
            assert self.heard.wait(30)
            if self.is_away:
                raise PermissionError(13, "Permission denied", "models")
            return api.CatalogEvent(with_catalog(models=(*MODELS, *self.come))) if self.come else event
        if request == api.LoadRequest(FILE):
            request = api.LoadRequest("mnist-ddpm")
        return super().handle(request)


@pytest.fixture
def session() -> Bringing:
    return Bringing()


@pytest.fixture
def window(qtbot, session: Bringing) -> Iterator[MainWindow]:
    with opened(qtbot, session) as made:
        yield made


def test_a_dropped_folder_is_brought_and_opened_in_denoising(
    qtbot, window: MainWindow, session: Bringing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[str] = []
    monkeypatch.setattr(window.page("diffusion"), "offer_model", lambda path: bool(taken.append(path)) or True)
    folder = write(tmp_path / "cat")
    catalogs = session.requests.count(api.CatalogRequest())
    assert window.desk.take(drop_of(folder)) and window.bar.is_busy()
    settled(qtbot, window, "The model mnist-ddpm is among your models now, 12.3 MB.")
    assert api.ImportRequest(str(folder)) in session.requests
    qtbot.waitUntil(lambda: taken == ["mnist-ddpm.safetensors"])
    assert window.current_page() is window.page("diffusion")
    qtbot.waitUntil(lambda: session.requests.count(api.CatalogRequest()) > catalogs)
    assert window.bar.action.text() == "Show folder"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("twin", "among your models now, 12.3 MB. The weights of mnist-ddpm and mnist-flow are the same to"),
        ("cat again", "The model mnist-ddpm is among your models already."),
        ("wide cat", "mnist-ddpm is among your models now, 12.3 MB. Its folder draws otherwise."),
    ],
    ids=["the weights of another model", "known before", "draws otherwise"],
)
def test_what_is_to_be_known_of_a_folder_is_said(
    qtbot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, words: str
) -> None:
    monkeypatch.setattr(window.page("diffusion"), "offer_model", lambda path: True)
    window.desk.take(drop_of(write(tmp_path / name)))
    settled(qtbot, window, words)


def test_a_folder_that_is_not_played_says_why(qtbot, window: MainWindow, tmp_path: Path) -> None:
    page = window.current_page()
    window.desk.take(drop_of(write(tmp_path / "broken")))
    settled(qtbot, window, "The folder broken cannot be played: its pictures have 4 channels")
    assert window.bar.is_error() and window.current_page() is page


def test_an_import_that_is_stopped_leaves_nothing(qtbot, window: MainWindow, session: Bringing, tmp_path: Path) -> None:
    session.gate.clear()
    window.desk.take(drop_of(write(tmp_path / "cat")))
    settled(qtbot, window, "Reading it")
    session.heard.clear()
    session.requests.clear()
    window.bar.cancel.click()
    assert window.bar.text() == "Stopping the import of cat", "it may just have been written"
    qtbot.waitUntil(lambda: api.CatalogRequest() in session.requests)
    assert window.bar.text() == "Stopping the import of cat"
    session.heard.set()
    settled(qtbot, window, "Stopped; everything is as it was.")
    assert not window.bar.is_busy()


def test_a_catalog_that_cannot_be_read_after_a_stop_says_no_more_than_is_known(
    qtbot, window: MainWindow, session: Bringing, tmp_path: Path
) -> None:
    session.gate.clear()
    window.desk.take(drop_of(write(tmp_path / "cat")))
    settled(qtbot, window, "Reading it")
    said: list[str] = []

    def looked_for() -> None:
        said.append(window.bar.text())
        session.is_away = False

    session.is_away = True
    window.desk.imports.catalog_stale.connect(looked_for)
    window.bar.cancel.click()
    qtbot.waitUntil(lambda: said == ["The import was stopped."])
    qtbot.waitUntil(lambda: not window.bar.is_busy())


def stop_too_late(qtbot, window: MainWindow, session: Bringing, folder: Path) -> None:
    """The import of a folder is stopped while its model is written."""
    session.writes.clear()
    window.desk.take(drop_of(write(folder)))
    qtbot.waitUntil(session.has_begun.is_set)
    window.desk.imports.cancel()


def comes(qtbot, window: MainWindow, session: Bringing, text: str) -> None:
    """The model that was being written comes all the same; the window says something with these words, and lists it."""
    session.come = (model("cat", "unet2d", UNet2DSettings()),)
    session.writes.set()
    settled(qtbot, window, text)
    qtbot.waitUntil(lambda: window.catalog is not None and window.catalog.models[-1].name == "cat")


def test_another_folder_that_is_dropped_meanwhile_hides_no_model(
    qtbot, window: MainWindow, session: Bringing, tmp_path: Path
) -> None:
    stop_too_late(qtbot, window, session, tmp_path / "cat")
    window.desk.take(drop_of(write(tmp_path / "broken")))
    assert window.bar.text() == "Looking at broken"
    comes(qtbot, window, session, "The folder broken cannot be played: its pictures have 4 channels")


def test_a_model_that_comes_although_it_was_stopped_is_told_and_listed(
    qtbot, window: MainWindow, session: Bringing, tmp_path: Path
) -> None:
    stop_too_late(qtbot, window, session, tmp_path / "cat")
    assert window.bar.text() == "Stopping the import of cat"
    comes(qtbot, window, session, "The model cat had come before it could be stopped; it is among your models.")


def test_the_end_of_an_import_takes_no_other_progress_away(
    qtbot, window: MainWindow, session: Bringing, tmp_path: Path
) -> None:
    session.gate.clear()
    window.desk.take(drop_of(write(tmp_path / "cat")))
    settled(qtbot, window, "Reading it")
    window.bar.show_progress("Writing the film", 1, 4)
    window.desk.imports.handle(Ended())
    assert window.bar.is_busy() and window.bar.text() == "Writing the film"
    session.gate.set()


def test_what_a_page_wants_written_is_written_by_the_window(qtbot, window: MainWindow, session: Bringing) -> None:
    request = api.ExportFolderRequest("mnist-ddpm", "some/mnist-ddpm-diffusers")
    window.page("diffusion").writing_wanted.emit(request)
    settled(qtbot, window, "Saved mnist-ddpm-diffusers, 12 kB.")
    assert request in session.requests
    refused = dataclasses.replace(request, path="unwritable/out")
    window.page("diffusion").writing_wanted.emit(refused)
    settled(qtbot, window, "No permission for unwritable/out")
    assert window.bar.is_error() and not window.export_dialog.isVisible()


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """The places that the file dialog proposed; it answers with one of its own."""
    proposed: list[str] = []

    def choose(parent: Any, title: str, start: str) -> tuple[str, str]:
        proposed.append(start)
        return str(tmp_path / "mine"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    return proposed


@pytest.fixture
def reverse(qtbot) -> Iterator[Desk]:
    made = Desk(DiffusionTab, FakeSession())
    qtbot.addWidget(made.page)
    yield made
    made.close()


def test_reverse_writes_the_model_that_it_shows(qtbot, reverse: Desk, chosen: list[str], tmp_path: Path) -> None:
    page = reverse.open()
    qtbot.waitUntil(lambda: len(page.steps) > 1)
    page.folder.show_offered()
    assert page.folder.action.isEnabled() and page.folder.action.toolTip() == HELP
    with qtbot.waitSignal(page.writing_wanted) as wanted:
        page.folder.action.trigger()
    assert wanted.args == [api.ExportFolderRequest("mnist-ddpm", str(tmp_path / "mine"))]
    assert Path(chosen[0]).name == "mnist-ddpm-diffusers"


def test_reverse_does_not_offer_it_for_other_families(qtbot, reverse: Desk, chosen: list[str]) -> None:
    flow = dataclasses.replace(MODELS[3], family="flow", settings=FlowSettings())
    page = reverse.open(with_catalog(models=(flow,)))
    page.folder.show_offered()
    assert not page.folder.action.isEnabled() and page.folder.action.toolTip() == OTHERS
    page.folder.action.setEnabled(True)
    page.folder.action.trigger()
    assert not chosen


def test_of_a_model_without_no_class_guidance_and_none_are_not_offered(qtbot, reverse: Desk) -> None:
    cat = model("cat", "unet2d", UNet2DSettings(), ("0", "1"))
    page = reverse.open(with_catalog(models=(cat,)))
    assert "cat" in page.picker.currentText()
    assert not page.controls.guidance.isEnabled() and "never learnt" in page.controls.guidance.toolTip()
    assert page.controls.request("cat").guidance == 1.0
    assert page.controls.label.findText("none") < 0 and page.controls.label.findText("1") > 0
    page.controls.set_request(page.controls.request("cat"))
    page.controls.set_model(MODELS[3])
    assert page.controls.request("mnist-ddpm").guidance == 1.5, "what was wanted of others is still wanted"
    assert page.controls.guidance.isEnabled() and page.controls.label.findText("none") > 0


def test_the_picker_says_where_a_model_is_from() -> None:
    cat = dataclasses.replace(model("cat", "unet2d", UNet2DSettings()), dataset="ddpm-cat", iteration=0)
    assert card(cat) == "cat: a DDPM that was trained elsewhere."


def test_train_writes_the_run_as_it_is_now(qtbot, chosen: list[str], tmp_path: Path) -> None:
    desk = Desk(DenoisingTrainPage, FakeSession())
    qtbot.addWidget(desk.page)
    page = desk.open(CATALOG)
    page.folder.show_offered()
    assert not page.folder.action.isEnabled(), "nothing has been learnt"
    page.controls.set_value("ddpm", DiffusionSettings(width=8, batch_size=4))
    page.start_run()
    qtbot.waitUntil(lambda: page.run.iteration > 2)
    page.run_pressed()
    page.folder.show_offered()
    assert page.folder.action.isEnabled()
    page.folder.action.trigger()
    qtbot.waitUntil(lambda: bool(asked(desk, api.ExportFolderRequest)))
    assert asked(desk, api.ExportFolderRequest) == [api.ExportFolderRequest("", str(tmp_path / "mine"), page.run.place)]
    qtbot.waitUntil(lambda: desk.messages[-1:] == ["Saved the folder mine, 12 kB."])
    assert "-ddpm-" in Path(chosen[0]).name and chosen[0].endswith("-diffusers")
    desk.close()


def test_the_picker_opens_a_folder(qtbot, reverse: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = reverse.open()
    qtbot.waitUntil(lambda: len(page.steps) > 1)
    folder, answers = write(tmp_path / "cat"), iter([str(tmp_path / "cat"), str(tmp_path), ""])
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: next(answers))
    entry = page.picker.findText("Open a diffusers folder…")
    with qtbot.waitSignal(page.file_wanted) as wanted:
        page.picker.activated.emit(entry)
    assert wanted.args == [str(folder)] and page.picker.value() == "mnist-ddpm"
    page.picker.activated.emit(entry)
    assert reverse.messages[-1] == f"The folder {tmp_path.name} is no diffusers folder: it has no model_index.json."
    told = len(reverse.messages)
    page.picker.activated.emit(entry)
    assert len(reverse.messages) == told, "nothing was chosen"
