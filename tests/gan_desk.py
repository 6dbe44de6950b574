"""The GAN's tab on a desk, and a run on it."""

from __future__ import annotations

from typing import Any

from fakes import FakeSession
from page_desk import Desk

from genstudio import api
from genstudio.ui.tabs.gan import GANTab


def gan_desk(session: FakeSession) -> Desk:
    """The tab, not yet open."""
    return Desk(GANTab, session)


def train(desk: Desk, qtbot: Any, moments: int = 3) -> GANTab:
    """The page with a run of so many moments of samples, ten iterations apart, that goes on."""
    page: GANTab = desk.open()
    page.run_pressed()
    qtbot.waitUntil(lambda: len(page.run.history) >= moments)
    return page


def settle(desk: Desk, qtbot: Any) -> None:
    """Everything that was asked of the train lane before has been answered and heard."""
    heard: list[str] = []
    desk.bridge.event.connect(lambda slot, event: heard.append(slot))
    desk.bridge.submit("train", "gan.settle", api.CatalogRequest())
    qtbot.waitUntil(lambda: "gan.settle" in heard)
