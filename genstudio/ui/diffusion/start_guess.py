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
        came: the class, "" if there is none that is likely, and how sure that is, 0 to 1.
    """

    came = Signal(str, float)

    def __init__(self, page: TabPage) -> None:
        super().__init__(page)
        self._page = page
        self._asked: api.GuessRequest | None = None

    @property
    def is_busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._asked is not None

    def ask(self, picture: api.Pictures, dataset: str) -> None:
        """What a picture shows, for a model that learned from a dataset."""
        self._asked = api.GuessRequest(picture, dataset)
        self._page.ask("play", "guess", self._asked)

    def forget(self) -> None:
        """What is on its way is no longer wanted."""
        self._asked = None

    def handle(self, event: Any) -> None:
        """An answer, or that there is none: then nobody knows."""
        if self._asked is None:
            return
        seen, certainty = "", 0.0
        if isinstance(event, api.GuessEvent) and event.request is self._asked:
            seen, certainty = event.best()
        elif not isinstance(event, Failure):
            return
        self._asked = None
        self.came.emit(*((seen, certainty) if certainty >= SURE else ("", 0.0)))
