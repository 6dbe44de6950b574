"""What is at a path whose name does not say it: asked on the io lane, for a folder on a share may take its time."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from genstudio import api
from genstudio.engine import Failure
from genstudio.errors import sentence
from genstudio.ui.bridge import Bridge
from genstudio.ui.widgets.message_bar import MessageBar

LANE, VERB = "io", "kind-"


class PathKinds(QObject):
    """Owns the slots app.kind-…, one for each use of an answer; of each use only the newest path counts."""

    told = Signal(str, object)  # for what it was asked, and the KindEvent

    def __init__(self, bridge: Bridge, bar: MessageBar, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._bar = bridge, bar
        self._asked: dict[str, api.KindRequest] = {}

    def ask(self, use: str, path: str) -> None:
        """Find out what is there; `told` says it with the same word."""
        self._asked[use] = api.KindRequest(path)
        self._bridge.submit(LANE, f"app.{VERB}{use}", self._asked[use])

    def cancel(self, use: str) -> None:
        """The answer is not wanted any more."""
        self._asked.pop(use, None)
        self._bridge.cancel(LANE, f"app.{VERB}{use}")

    def handle(self, verb: str, event: Any) -> None:
        """Events of its slots."""
        use = verb.removeprefix(VERB)
        if isinstance(event, Failure) and use in self._asked:
            self._bar.show_error(sentence(event.error), event.trace)
        elif isinstance(event, api.KindEvent) and event.request is self._asked.get(use):
            self.told.emit(use, event)
