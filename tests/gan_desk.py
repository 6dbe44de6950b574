"""The GAN's tab on a desk, and a run on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from fakes import FakeSession
from page_desk import Desk

from genstudio import api
from genstudio.ui.game.page import GANTab

SHORT, LONG = 25, 125  # iterations: less and more than is worth a file


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


class Counting(FakeSession):
    """Knows how many training streams are open, and what was kept or saved at which iteration of which place.

    A run that has come to `limit` does nothing until the limit is raised.
    """

    def __init__(self) -> None:
        super().__init__()
        self.open, self.limit = 0, SHORT
        self.disk_is_full = False
        self.made_room: tuple[str, ...] = ()  # what goes for each file that is kept
        self.iterations: dict[int, int] = {}
        self.written: list[tuple[type, int, int]] = []
        self.kept: list[api.KeepRequest] = []

    def stream(self, request: Any) -> Iterator[Any]:
        if not isinstance(request, api.RunRequest):
            yield from super().stream(request)
            return
        self.open += 1
        try:
            for event in super().stream(request):
                self.iterations[request.place] = event.iteration
                yield event
                while event.iteration >= self.limit:
                    yield None
        finally:
            self.open -= 1

    def handle(self, request: Any) -> Any:
        if isinstance(request, (api.KeepRequest, api.SaveRequest)):
            if self.disk_is_full:
                raise OSError(28, "No space left on device")
            if isinstance(request, api.KeepRequest):
                self.kept.append(request)
            at = self.iterations[request.place]
            self.written.append((type(request), request.place, at))
            if isinstance(request, api.SaveRequest):
                return api.SavedEvent(request.path, 4_000_000)
            path = f"models/last run (strokes, {at}).safetensors"
            return api.SavedEvent(path, 4_000_000, made_room=self.made_room)
        return super().handle(request)


def train_to(desk: Desk, qtbot: Any, iterations: int) -> GANTab:
    """The page with a run that has come so far, and would go on."""
    desk.session.limit = iterations
    page = desk.open()
    page.run_pressed()
    qtbot.waitUntil(lambda: page.run.iteration == iterations)
    return page


def rows(page: GANTab) -> np.ndarray:
    """What the curves of the run that is shown hold."""
    return np.stack([plot.buffer.mean(column) for plot in page.plots.plots for column in (0, 1)])
