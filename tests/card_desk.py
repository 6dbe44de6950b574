"""A window with a card, on a session whose steps a test lets go."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from fakes import CATALOG, FakeSession
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from window_desk import opened

from genstudio import api
from genstudio.ui.card.sheet import CardSheet
from genstudio.ui.main_window import MainWindow

EVALUATION = api.Evaluation(
    "classifier", "mnist", 1000, 7, "",
    {"frechet": api.Band(31.7, 0.4), "precision": api.Band(0.6, 0.01), "time": api.Band(0.3, 0)},
    {"frechet": api.Band(1.3, 0.1), "precision": api.Band(0.9, 0.01)},
    {"path": "It makes a picture in many steps."}, {"0": 0.5, "1": 0.5},
)  # fmt: skip
TICK_S = 0.005


class CardSession(FakeSession):
    """Knows cards, and measures; `knows`, `draws` and `gate` hold the facts, the pictures and the numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.knows, self.draws, self.gate = threading.Event(), threading.Event(), threading.Event()
        self.knows.set()
        self.draws.set()
        self.measured: tuple[api.Evaluation, ...] = ()  # and written
        self.found = EVALUATION  # by the next measurement
        self.trouble = self.unwritten = ""
        self.info: api.ModelInfo | None = None  # in the stead of the catalog's
        self.is_gone = False
        self.cut: list[Any] = []  # requests whose streams were closed before their end

    def stream(self, request: Any) -> Iterator[Any]:
        works = {api.CardRequest: self._card, api.EvaluateRequest: self._measure}
        if type(request) not in works:
            yield from super().stream(request)
            return
        self.requests.append(request)
        try:
            yield from works[type(request)](request)
        except GeneratorExit:
            self.cut.append(request)
            raise

    def _card(self, request: api.CardRequest) -> Iterator[Any]:
        while not self.knows.wait(TICK_S):
            yield None
        if self.is_gone:
            raise FileNotFoundError(f"There is no model {request.model!r}.")
        info = self.info or next(m for m in CATALOG.models if request.model in (m.name, m.path))
        pictures = np.zeros((20, 28, 28, 1), np.uint8)
        known = (request, info, "Free.", "genstudio train vae", api.TrainingTime(7200, "CPU, bf16"), self.measured)
        yield api.CardEvent(*known, api.NO_PICTURES, 0.0)
        while not self.draws.wait(TICK_S):
            yield api.CardEvent(*known, api.NO_PICTURES, 0.5)
        yield api.CardEvent(*known, pictures, 1.0)

    def _measure(self, request: api.EvaluateRequest) -> Iterator[Any]:
        yield api.ProgressEvent("Drawing", 1, 3)
        while not self.gate.wait(TICK_S):
            yield api.ProgressEvent("Comparing", 2, 3)
        if self.trouble:
            raise ValueError(self.trouble)
        if not self.unwritten:
            self.measured = (self.found, *(old for old in self.measured if old.asked() != self.found.asked()))
        yield api.EvaluationEvent(request, self.found, trouble=self.unwritten)


def shown(qtbot: Any, window: MainWindow) -> CardSheet:
    """The card, by its key, once it knows its model."""
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.card_sheet.isVisible() and "Data" in words_of(window.card_sheet).split("\n"))
    return window.card_sheet


def words_of(sheet: QWidget) -> str:
    """All that can be read on it, a line for each label."""
    return "\n".join(label.text() for label in sheet.findChildren(QLabel) if label.isVisibleTo(sheet))


@contextmanager
def on_a_page(qtbot: Any, session: CardSession) -> Iterator[MainWindow]:
    """A window whose page shows mnist-vae-2."""
    with opened(qtbot, session) as made:
        made.current_page().model_shown = lambda: "mnist-vae-2"  # type: ignore[method-assign]
        yield made
        for gate in (session.knows, session.draws, session.gate):
            gate.set()
