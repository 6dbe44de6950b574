"""A desk to test one page at: the page with its bridge and real engines, as the window holds them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from fakes import CATALOG, FakeSession, makers
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.widgets.form import Choice


class Desk:
    """A page with its bridge; `messages` are what it tells, `offers` what the buttons beside them do."""

    def __init__(self, make_page: Callable[[Bridge], Any], session: FakeSession) -> None:
        self.session = session
        self.bridge = Bridge(makers(session))
        self.page = make_page(self.bridge)
        self.messages: list[str] = []
        self.offers: list[Callable[[], None]] = []
        self.bridge.event.connect(self.route)
        self.page.message.connect(self.hear)
        self.page.offered.connect(self.hear_offer)

    def route(self, slot: str, event: Any) -> None:
        owner, _, verb = slot.partition(".")
        if owner != "desk":
            self.page.handle(verb, event)

    def hear(self, text: str, details: str, error: bool) -> None:
        self.messages.append(text)

    def hear_offer(self, text: str, button: str, on_action: Callable[[], None]) -> None:
        self.messages.append(text)
        self.offers.append(on_action)

    def open(self, catalog: api.Catalog = CATALOG) -> Any:
        self.page.resize(1400, 800)
        self.page.show()
        self.page.set_catalog(catalog)
        self.page.activate()
        return self.page

    def close(self) -> None:
        self.offers.clear()
        self.page.deactivate()
        self.page.close()
        assert self.bridge.close(timeout_s=20)


@contextmanager
def on_desk(qtbot: Any, make_page: Callable[[Bridge], Any], session: FakeSession) -> Iterator[Desk]:
    """A desk; at the end whatever its session waits for is let go, and it is closed."""
    made = Desk(make_page, session)
    qtbot.addWidget(made.page)
    yield made
    for gate in vars(session).values():
        if isinstance(gate, threading.Event):
            gate.set()
    made.close()


def room(choice: Choice) -> int:
    """Pixels that its words have."""
    option = QStyleOptionComboBox()
    choice.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    return choice.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, choice).width() - 2


def settle(desk: Desk, qtbot: Any, lane: str) -> None:
    """Everything that was asked of a lane before has reached the session; call it before saying that nothing has."""
    heard: list[str] = []
    desk.bridge.event.connect(lambda slot, event: heard.append(slot))
    desk.bridge.start(lane, "desk.settle", api.DatasetRequest("strokes"))  # a stream: it begins after all others
    qtbot.waitUntil(lambda: "desk.settle" in heard)


def asked(desk: Desk, kind: type) -> list[Any]:
    """The requests of a kind that have reached the session, in order."""
    return [request for request in desk.session.requests if isinstance(request, kind)]
