"""The card over the window: what it shows, measuring with progress and cancel, and what is left when it is closed."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import CATALOG, FakeSession
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from window_desk import opened

from genstudio import api
from genstudio.ui.main_window import MainWindow

EVALUATION = api.Evaluation(
    "classifier", "mnist", 1000, 7, "",
    {"frechet": api.Band(31.7, 0.4), "precision": api.Band(0.6, 0.01), "time": api.Band(0.3, 0)},
    {"frechet": api.Band(1.3, 0.1), "precision": api.Band(0.9, 0.01)},
    {"path": "It makes a picture in many steps."}, {"0": 0.5, "1": 0.5},
)  # fmt: skip


class CardSession(FakeSession):
    """Knows cards, and measures in three steps, the last of which waits for `gate`."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.measured: tuple[api.Evaluation, ...] = ()
        self.trouble = self.unwritten = ""

    def handle(self, request: Any) -> Any:
        if not isinstance(request, api.CardRequest):
            return super().handle(request)
        self.requests.append(request)
        info = next(m for m in CATALOG.models if request.model in (m.name, m.path))
        pictures = np.zeros((20, 28, 28, 1), np.uint8)
        return api.CardEvent(info, "Free.", "genstudio train vae", 7200, "CPU, bf16", self.measured, pictures)

    def stream(self, request: Any) -> Iterator[Any]:
        if not isinstance(request, api.EvaluateRequest):
            yield from super().stream(request)
            return
        self.requests.append(request)
        yield api.ProgressEvent("Drawing", 1, 3)
        while not self.gate.is_set():
            yield api.ProgressEvent("Comparing", 2, 3)
        if self.trouble:
            raise ValueError(self.trouble)
        yield api.EvaluationEvent(request, EVALUATION, trouble=self.unwritten)


@pytest.fixture
def session() -> CardSession:
    return CardSession()


@pytest.fixture
def window(qtbot, session: CardSession) -> Iterator[MainWindow]:
    with opened(qtbot, session) as made:
        made.current_page().model_shown = lambda: "mnist-vae-2"
        yield made
        session.gate.set()


def show(qtbot, window: MainWindow) -> Any:
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.card_sheet.isVisible() and window.card_sheet.title.text() != "")
    qtbot.waitUntil(lambda: "Data" in words_of(window.card_sheet))
    return window.card_sheet


def words_of(sheet: Any) -> str:
    from PySide6.QtWidgets import QLabel

    return "\n".join(label.text() for label in sheet.findChildren(QLabel) if label.isVisibleTo(sheet))


def test_the_card_says_all_that_is_known(qtbot, window: MainWindow) -> None:
    sheet = show(qtbot, window)
    text = words_of(sheet)
    for word in ("mnist-vae-2", "Variational autoencoder · MNIST", "Free.", "2.0 hours on CPU, bf16", "edges are soft"):
        assert word in text, word
    assert "genstudio train vae" in text and "Nothing has been measured" in text
    assert len(sheet.pictures.pictures()) == 20 and sheet.measure.hasFocus()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_measuring_shows_progress_and_its_numbers_stay(qtbot, window: MainWindow, session: CardSession) -> None:
    sheet = show(qtbot, window)
    sheet.count.set_value(200)
    sheet.measure.click()
    qtbot.waitUntil(lambda: sheet.busy.isVisible() and sheet.doing.text() == "Comparing")
    assert not sheet.measure.isEnabled()
    session.gate.set()
    qtbot.waitUntil(lambda: "31.70 ± 0.40" in sheet.table.texts())
    assert sheet.measure.isEnabled() and not sheet.busy.isVisible()
    asked = next(r for r in session.requests if isinstance(r, api.EvaluateRequest))
    assert (asked.sample.count, asked.notes, asked.eye) == (200, True, "")
    texts = sheet.table.texts()
    assert "Fréchet distance (MNIST classifier) ↓" in texts and "60.0 ± 1.0 %" in texts
    assert any(text.startswith("Path length: It makes a picture") for text in texts)


def test_stop_ends_it_and_nothing_is_lost(qtbot, window: MainWindow, session: CardSession) -> None:
    session.measured = (EVALUATION,)
    sheet = show(qtbot, window)
    sheet.measure.click()
    qtbot.waitUntil(lambda: sheet.doing.text() == "Comparing")
    sheet.stop.click()
    qtbot.waitUntil(lambda: not sheet.busy.isVisible())
    assert sheet.measure.isEnabled() and "31.70 ± 0.40" in sheet.table.texts()


def test_it_goes_on_while_the_card_is_closed_and_says_when_it_is_done(qtbot, window, session) -> None:
    sheet = show(qtbot, window)
    sheet.measure.click()
    qtbot.waitUntil(lambda: sheet.doing.text() == "Comparing")
    sheet.dismiss()
    session.gate.set()
    qtbot.waitUntil(lambda: "has been measured" in window.bar.text())


def test_what_cannot_be_measured_is_a_sentence(qtbot, window: MainWindow, session: CardSession) -> None:
    session.trouble = "mnist has 1 held-out picture; a comparison needs at least 2"
    sheet = show(qtbot, window)
    session.gate.set()
    sheet.measure.click()
    qtbot.waitUntil(lambda: sheet.said.text().startswith("mnist has 1 held-out picture"))
    assert sheet.measure.isEnabled()


def test_numbers_that_cannot_be_written_are_shown_all_the_same(qtbot, window: MainWindow, session: CardSession) -> None:
    session.unwritten = "The card could not be written: the disk is full."
    sheet = show(qtbot, window)
    session.gate.set()
    sheet.measure.click()
    qtbot.waitUntil(lambda: window.bar.text() == session.unwritten)
    assert sheet.measure.isEnabled() and "31.70 ± 0.40" in sheet.table.texts()


def test_of_several_measurements_one_can_be_chosen(qtbot, window: MainWindow, session: CardSession) -> None:
    older = dataclasses.replace(EVALUATION, eye="pixels", bands={"frechet": api.Band(900, 1)}, floor={}, missing={})
    session.measured = (EVALUATION, older)
    sheet = show(qtbot, window)
    assert sheet.measured.isVisible() and "31.70 ± 0.40" in sheet.table.texts()
    sheet._show_measured(1)
    assert "900.0 ± 1.0" in sheet.table.texts() and "pixels" in sheet.said.text()


def test_a_page_without_a_model_says_so(qtbot, window: MainWindow) -> None:
    window.current_page().model_shown = lambda: ""
    window.top.card.click()
    assert "There is no model on this page" in window.bar.text() and not window.card_sheet.isVisible()


def test_it_lies_within_a_small_window(qtbot, window: MainWindow) -> None:
    sheet = show(qtbot, window)
    window.resize(700, 500)
    qtbot.waitUntil(lambda: window.body.rect().contains(sheet.geometry()))
