"""A desk to test the GAN's tab at: the page with its bridge and real engines, as the window holds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fakes import CATALOG, FakeSession, makers

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs.gan import GANTab


class Desk:
    """A page with its bridge; `messages` are what it tells, `offers` the buttons beside them."""

    def __init__(self, session: FakeSession) -> None:
        self.session = session
        self.bridge = Bridge(makers(session))
        self.page = GANTab(self.bridge)
        self.messages: list[str] = []
        self.offers: list[Callable[[], None]] = []
        self.bridge.event.connect(self.route)
        self.page.message.connect(self.hear)
        self.page.offered.connect(self.hear_offer)

    def route(self, slot: str, event: Any) -> None:
        self.page.handle(slot.partition(".")[2], event)

    def hear(self, text: str, details: str, error: bool) -> None:
        self.messages.append(text)

    def hear_offer(self, text: str, button: str, on_action: Callable[[], None]) -> None:
        assert button == "Undo"
        self.messages.append(text)
        self.offers.append(on_action)

    def open(self, catalog: api.Catalog = CATALOG) -> GANTab:
        self.page.resize(1400, 800)
        self.page.show()
        self.page.set_catalog(catalog)
        self.page.activate()
        return self.page

    def close(self) -> None:
        self.offers.clear()
        self.page.deactivate()
        self.page.close()
        assert self.bridge.close()


def train(desk: Desk, qtbot: Any, moments: int = 3) -> GANTab:
    """The page with a run of so many moments of samples, ten iterations apart, that goes on."""
    page = desk.open()
    page.run_pressed()
    qtbot.waitUntil(lambda: len(page.run.history) >= moments)
    return page


def asked(desk: Desk, kind: type) -> list[Any]:
    """The requests of a kind that have reached the session, in order."""
    return [request for request in desk.session.requests if isinstance(request, kind)]
