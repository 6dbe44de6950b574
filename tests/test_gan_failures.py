"""A run of the GAN's tab that could not begin: its sentence goes when it is no longer true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import DATASETS, FakeSession, makers, with_catalog
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from window_desk import placed

from genstudio import api
from genstudio.engine import Ended
from genstudio.ui.bridge import Bridge
from genstudio.ui.game.page import NEW, GANTab
from genstudio.ui.main_window import MainWindow

GONE = "There is no folder"


class Forgetful(FakeSession):
    """Trains on no folder that is gone."""

    def _train(self, request: api.TrainRequest) -> Iterator[Any]:
        if request.dataset == "mnist" or (Path(request.dataset).is_absolute() and not Path(request.dataset).exists()):
            raise FileNotFoundError(f"{GONE} {Path(request.dataset).name}.")
        yield from super()._train(request)


@pytest.fixture
def window(qtbot: Any) -> Iterator[MainWindow]:
    """A window whose one page shows the run."""
    bridge = Bridge(makers(Forgetful()))
    made = MainWindow(bridge, placed(GANTab(bridge)))
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitSignal(made.first_picture):
        made.begin()
    made.page("gan")._network_chosen(NEW)
    yield made
    made.close()


@pytest.fixture
def folder(window: MainWindow, qtbot: Any, tmp_path: Path) -> Path:
    """A folder that was chosen and is gone when the training begins."""
    page, path = window.page("gan"), tmp_path / "holiday"
    path.mkdir()
    page.data.select(str(path))
    path.rmdir()
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.state == "failed")
    assert GONE in page.stage._label.text() and GONE in window.bar.text()
    return path


def settle(window: MainWindow, qtbot: Any) -> None:
    """All lanes have answered what they were asked, and the window has heard it."""
    heard: list[str] = []
    window.bridge.event.connect(lambda slot, event: heard.append(slot))
    for lane in ("play", "train", "io"):
        window.bridge.submit(lane, f"settle.{lane}", api.CatalogRequest())
    qtbot.waitUntil(lambda: {"settle.play", "settle.train", "settle.io"} <= set(heard))


def is_invited(window: MainWindow, title: str) -> bool:
    """Whether stage and message bar have forgotten the failure."""
    page = window.page("gan")
    return (
        page.run.state == "none"
        and title in page.stage._label.text()
        and GONE not in page.stage._label.text()
        and not window.bar.is_error()
        and page.controls.run.text() == "Train a new network"
    )


def test_the_sentence_goes_when_another_dataset_is_chosen(window, folder):
    window.page("gan").data._picked("shapes")
    assert is_invited(window, "Shapes")


def test_the_sentence_stays_while_nothing_has_changed(window, folder, qtbot):
    page = window.page("gan")
    page.controls.form.controls["width"].setValue(16)
    QApplication.sendEvent(page, QEvent(QEvent.Type.ActivationChange))
    page.set_catalog(with_catalog())
    assert GONE in page.stage._label.text() and page.run.state == "failed"
    assert page.data.picker.currentText() == "holiday", "the picker says what is chosen, gone or not"


def test_the_sentence_goes_when_the_folder_is_there_again(window, folder):
    folder.mkdir()
    window.activateWindow()
    QApplication.sendEvent(window.page("gan"), QEvent(QEvent.Type.ActivationChange))
    assert is_invited(window, "holiday")


def test_the_sentence_goes_when_its_pictures_have_been_read(window, folder, qtbot):
    window.page("gan").data.look()
    qtbot.waitUntil(lambda: is_invited(window, "holiday"))


@pytest.mark.parametrize("turn", range(4))
@pytest.mark.parametrize("reads_with_progress", [True, False])
def test_the_sentence_goes_whenever_the_catalog_comes(window, folder, qtbot, turn, reads_with_progress):
    """Lanes do not wait for each other: the catalog that a failure asks for comes before, amid or after the look."""
    page = window.page("gan")
    settle(window, qtbot)
    page.data._reading = page.data.name()  # as `look` has it
    info = api.DatasetInfo("holiday", "holiday", 1, 28, (), 2, True, 0, "")
    events: list[tuple[str, Any]] = [
        ("gan.look", api.ProgressEvent("Reading holiday", 1, 2)),
        ("gan.look", api.DatasetEvent(info, np.zeros((2, 28, 28, 1), np.uint8), (2,), ())),
        ("gan.look", Ended()),
    ]
    events.insert(turn, ("app.catalog", api.CatalogEvent(with_catalog())))
    for slot, event in events:
        if reads_with_progress or not isinstance(event, api.ProgressEvent):
            window.route(slot, event)
            QApplication.sendEvent(page, QEvent(QEvent.Type.ActivationChange))
    assert is_invited(window, "holiday") and not window.bar.is_busy()


def test_a_dataset_that_has_left_the_computer_is_offered_for_download(window, qtbot):
    page = window.page("gan")
    page.data._picked("mnist")
    page.run_pressed()
    with qtbot.waitSignal(page.catalog_stale):
        pass
    left = [api.DatasetInfo(**{**vars(d), "available": False}) if d.name == "mnist" else d for d in DATASETS]
    page.set_catalog(with_catalog(datasets=tuple(left)))
    assert page.stage._button.text() == "Download MNIST" and page.run.state == "none"


def test_a_run_that_has_learned_something_is_not_forgotten(window, qtbot):
    page = window.page("gan")
    page.run_pressed()
    qtbot.waitUntil(lambda: len(page.run.history) > 0)
    page.run.set_state("failed")
    page.data._picked("shapes")
    assert page.run.state == "failed" and len(page.run.history) > 0


def test_that_a_run_is_back_paused_is_said_until_it_goes_on(window, qtbot):
    page = window.page("gan")
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration > 0)
    page.reset()
    page.bring_back()
    assert window.bar.text() == "The run is back, paused."
    page.run_pressed()
    assert window.bar.text() == ""
    page.run_pressed()
    page.tell_standing("It stands.")
    assert not window.bar._expiry.isActive(), "it does not go by itself"
    page.tell("Something else.")
    assert window.bar._expiry.isActive()
    page.step_pressed()
    assert window.bar.text() == "Something else.", "other words stay"
