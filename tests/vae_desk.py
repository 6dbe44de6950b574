"""A desk to test Explore at: its page with real engines and a session of numpy pictures."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from fakes import FakeSession, decode, makers, with_catalog
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs.vae import VAETab

LEFT = Qt.MouseButton.LeftButton


class Gated(FakeSession):
    """Holds the compute thread at each decode until `gate` opens."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.entered = threading.Event(), threading.Event()
        self.gate.set()

    def handle(self, request):
        if isinstance(request, api.DecodeRequest):
            self.entered.set()
            assert self.gate.wait(10)
        return super().handle(request)


class Desk:
    """A page with its bridge, and what it has said."""

    def __init__(self, qtbot, session: FakeSession, catalog: api.Catalog) -> None:
        self.qtbot, self.session, self.said = qtbot, session, []
        self.bridge = Bridge(makers(session))
        self.tab = VAETab(self.bridge)
        qtbot.addWidget(self.tab)
        self.bridge.event.connect(self.route)
        self.tab.message.connect(self.hear)
        self.tab.resize(1400, 850)
        self.tab.show()
        self.tab.set_catalog(catalog)

    def route(self, slot: str, event) -> None:
        owner, _, verb = slot.partition(".")
        if owner == "vae":
            self.tab.handle(verb, event)

    def hear(self, text: str, details: str, error: bool) -> None:
        self.said.append(text)

    def until(self, condition) -> None:
        self.qtbot.waitUntil(condition, timeout=30_000)

    def shown(self) -> np.ndarray | None:
        return self.tab.stage.pictures()

    def shows(self, z) -> bool:
        picture = self.shown()
        return picture is not None and len(picture) == 1 and np.array_equal(picture[0], decode(tuple(z)))

    def open(self) -> None:
        """Activate and wait until it plays; then stop, so that tests move time themselves."""
        self.tab.activate()
        self.until(lambda: self.shown() is not None and self.tab.strip.count() > 0)

    def still(self) -> VAETab:
        self.open()
        self.until(self._is_still)
        return self.tab

    def _is_still(self) -> bool:
        if self.tab.is_playing():  # it may begin to only now
            self.tab.toggle_play()
        return self.shows(self.tab.sliders.code())

    def choose(self, name: str) -> None:
        self.tab.picker.set_value(name)
        self.tab.picker.chosen.emit(name)


MakeDesk = Callable[..., Desk]


@contextmanager
def desks(qtbot: Any) -> Iterator[MakeDesk]:
    """Opens desks with a session and a catalog of their own, and closes them at the end."""
    made: list[Desk] = []

    def make(session: FakeSession | None = None, catalog: api.Catalog | None = None) -> Desk:
        made.append(Desk(qtbot, session or FakeSession(), catalog or with_catalog()))
        return made[-1]

    yield make
    for one in made:
        if isinstance(one.session, Gated):
            one.session.gate.set()
        one.tab.close()
        assert one.bridge.close(timeout_s=20)


def press_drag(tab: VAETab, index: int, sigmas) -> None:
    row = tab.sliders.rows()[index]
    places = [QPoint(round(row.x_of(sigma)), row.height() // 2) for sigma in sigmas]
    QTest.mousePress(row, LEFT, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(row, place)
    QTest.mouseRelease(row, LEFT, pos=places[-1])
