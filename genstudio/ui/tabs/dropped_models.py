"""Model files that were dropped on a page, and the sheet that waits until one of them has been read."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

from genstudio.api import LoadRequest, ModelInfo, RestoredEvent
from genstudio.engine import Failure
from genstudio.ui.tabs.page import TabPage


def key_of(info: ModelInfo, known: Mapping[str, ModelInfo]) -> str:
    """What a page calls a model whose file has been read: as it does already, else its path."""
    return next((key for key, one in known.items() if one.path == info.path), info.path)


class DroppedModels:
    """Belongs to one page, which asks with its verb "load"; `infos` are files in no catalog, by their paths."""

    def __init__(self, page: TabPage) -> None:
        self.infos: dict[str, ModelInfo] = {}
        self._page = page
        self._waiting: RestoredEvent | None = None
        self._missing = ""  # the model that it waits for

    def know(self, infos: Iterable[ModelInfo]) -> None:
        """Files that were open before are known from the start."""
        self.infos |= {info.path: info for info in infos}

    def asks_for(self, models: Iterable[str], known: Container[str], event: RestoredEvent) -> bool:
        """Whether one of the models of a sheet is not known: a file somewhere else, which is asked for."""
        missing = next((model for model in models if model not in known), "")
        if missing:
            self._waiting, self._missing = event, missing
            self._page.ask("play", "load", LoadRequest(missing))
        return bool(missing)

    def take(self, info: ModelInfo, known: dict[str, ModelInfo]) -> str:
        """What the page calls a model whose file has been read; one that is new becomes known."""
        key = key_of(info, known)
        if key == info.path:
            self.infos[key] = known[key] = info
        return key

    def reopen(self, info: ModelInfo) -> bool:
        """Show the sheet that has waited for this model; False if none has. After another model none waits any more."""
        event = self._waiting if self.waits_for(info) else None
        self.forget()
        if event is not None:
            self._page.restore(event)
        return event is not None

    def forget(self) -> None:
        """No sheet waits any more: the model that has come is of no use to the page."""
        self._waiting = None

    def waits_for(self, info: ModelInfo) -> bool:
        """Whether a sheet waits for this model."""
        return self._waiting is not None and self._missing in (info.name, info.path)

    def waits(self) -> bool:
        """Whether a sheet waits for a model."""
        return self._waiting is not None

    def note(self, verb: str, event: Any) -> None:
        """An event of the page: for a model that cannot be read no sheet waits any more."""
        if verb == "load" and isinstance(event, Failure):
            self.forget()
