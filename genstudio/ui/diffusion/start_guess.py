"""Which class a picture of one's own is of is asked before a process begins with it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from genstudio import api
from genstudio.engine import Failure
from genstudio.ui.tabs.page import TabPage

SURE = 0.5  # a class that is less likely than that is not said


class Guess(QObject):
    """Asks in the name of a page, which hands it its events; only the newest picture counts.

    Signals:
        came: a picture (H, W, C), and its fields with `seen`, the class, and `certainty`, 0 to 1.
    """

    came = Signal(object, object)

    def __init__(self, page: TabPage) -> None:
        super().__init__(page)
        self._page = page
        self._asked: tuple[api.GuessRequest, dict[str, Any]] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._asked is not None

    def ask(self, picture: api.Pictures, dataset: str, /, **fields: Any) -> None:
        """What a picture shows, for a model that learned from a dataset; `fields` come back with it."""
        request = api.GuessRequest(picture, dataset)
        self._asked = request, fields
        self._page.ask("play", "guess", request)

    def forget(self) -> None:
        """What is on its way is no longer wanted."""
        self._asked = None

    def handle(self, event: Any) -> None:
        """An answer, or that there is none: then the picture comes without."""
        if self._asked is None:
            return
        request, fields = self._asked
        if isinstance(event, api.GuessEvent) and event.request is request:
            seen, certainty = event.best()
            told = {"seen": seen, "certainty": certainty} if certainty >= SURE else {}
        elif isinstance(event, Failure):
            told = {}
        else:
            return
        self._asked = None
        self.came.emit(request.picture, {**fields, **told})
