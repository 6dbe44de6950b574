"""The page of copies at work: models and data come and go, and what the state asks for is computed."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.engine import Ended, Failure
from genstudio.errors import sentence, whole
from genstudio.ui.bridge import Bridge
from genstudio.ui.copied import words
from genstudio.ui.copied.data import UNNAMED, lacking
from genstudio.ui.copied.state import FAMILIES, CopiedState, first
from genstudio.ui.copied.view import CopiedView

FIND, DOWNLOAD = "find", "download"  # slots


class CopiedWork(CopiedView):
    """Owns the slots "copied.*"; what hands do is in `CopiedPage`."""

    families = FAMILIES
    misfit = "{name} is a {family} model; it makes no pictures that could be copies."

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._asked: api.CopiedRequest | None = None  # what is under way, or was answered
        self._is_told = False  # the words in the stead of the pictures are an answer, too
        self._wanted = ""  # the dataset that is being downloaded
        self._brought = ""  # what the next model that is opened has learnt from, where its file cannot tell it

    # ---- models -----------------------------------------------------------------------------------------

    def models_came(self, catalog: api.Catalog, changed: set[str]) -> None:
        """What was asked of a model that has changed is asked anew; begin once the page is on top."""
        if self._state.model in changed:
            self._asked = None
        if self._is_active:
            self.begin()
        else:
            self.show_controls()

    def begin(self) -> None:
        """Go on with the state that was left, as far as its model is here."""
        values = self.parameters()
        if not self.infos:
            self._saved = values  # for the day on which there are models again
        if heir := self._heirs.of(str(values.get("model", "")), self.infos):
            values = values | {"model": heir}
        else:  # what opens has data to be compared with
            catalog, infos = self.catalog, self.infos
            here = {key: info for key, info in infos.items() if catalog is not None and not lacking(catalog, info, "")}
            values = values | {"model": first(here) or first(infos), "data": ""}
        self.go_to(CopiedState.from_dict(values, self.infos))
        self.followed(*self._state.to_dict())
        self.remember()

    def parameters(self) -> dict[str, Any]:
        """The state shown, as plain JSON values."""
        return self._state.to_dict() if self._state.model else self._saved

    def use_model(self, key: str) -> None:
        """A dropped checkpoint is looked at here."""
        state, info = self._state.with_model(key, self.infos), self.infos[key]
        brought, self._brought = self._brought, ""
        if brought and self.catalog is not None and lacking(self.catalog, info, ""):
            state = dataclasses.replace(state, data=brought)
        self.change(state)

    def compare(self, path: str, dataset: str) -> None:
        """Look at a model file, and compare with a dataset if nobody else knows what it has learnt from."""
        self._brought = dataset
        self.offer_model(path)

    # ---- the state --------------------------------------------------------------------------------------

    def change(self, state: CopiedState) -> None:
        """The user wants another state."""
        self.go_to(state)
        self.remember()

    def go_to(self, state: CopiedState) -> None:
        """Another state; what is new of it is asked."""
        self._state = state
        self.show_controls()
        if self._is_active:
            self._ask()
        self.refresh()

    def remember(self) -> None:
        """Put the state on the undo history, once there is a model."""
        if self._state.model:
            super().remember()

    def try_again(self) -> None:
        """Ask the same anew."""
        self._asked = None
        self._ask()

    def _ask(self) -> None:
        request, info = self._state.request(self.infos), self.info
        if request is None or info is None or self.catalog is None:
            self.stop_asking()
            self._tell(*words.NO_MODEL)
            return
        if lack := lacking(self.catalog, info, self._state.data):
            self.stop_asking()
            self._tell_lack(lack, info)
            return
        if request == self._asked:
            return
        before, self._asked, self._is_told = self._asked, request, False
        if before is None or self.drawn is None or (before.model, before.count) != (request.model, request.count):
            self.say(words.DRAWING)
        self.is_stale = self.drawn is not None
        self.stream("io", FIND, request)
        self.refresh()

    def _tell(self, text: str, button: str) -> None:
        self._is_told = True
        self.say(text, button)

    def _tell_lack(self, lack: api.DatasetInfo | str, info: api.ModelInfo) -> None:
        if isinstance(lack, str):
            self._tell(*words.lost("" if lack == UNNAMED else lack, info.name))
        elif lack.name == self._wanted:
            self._tell(words.coming(lack.title), "")
        else:
            self._tell(*words.missing(lack.title, info.name))

    def stop_asking(self) -> None:
        """Compute nothing more; what is asked next is asked anew."""
        self._asked = None
        self.bridge.cancel("io", self.slot(FIND))

    # ---- events -----------------------------------------------------------------------------------------

    def handle(self, verb: str, event: Any) -> None:
        """Models, new pictures, and what was found of them."""
        self.dropped.note(verb, event)
        if isinstance(event, api.ModelEvent):
            self.take_model(event.info)
        elif verb == DOWNLOAD:
            self._take_download(event)
        elif isinstance(event, api.PicturesEvent) and event.request == self._asked:
            self.drawn, self.found, self.is_stale, self.chosen = event, None, False, 0
            self.refresh()
        elif isinstance(event, api.CopiedEvent) and event.request == self._asked:
            self._take(event)
        elif isinstance(event, Failure) and verb == FIND:
            self._asked = None
            self._tell(whole(sentence(event.error)), "Try again")
        elif isinstance(event, Ended) and verb == FIND and self._asked is not None and not self._is_done():
            self._asked = None  # somebody has stopped it
            self._tell(*words.STOPPED)

    def _take(self, event: api.CopiedEvent) -> None:
        """The answer: what is nearest is chosen."""
        if self.drawn is None or self.drawn.request != event.request:  # the window was busy when they came
            self.drawn = api.PicturesEvent(event.request, event.images, event.compute_ms)
        self.found, self.is_stale = event, False
        self.chosen = event.order("distance")[0]
        self.refresh()

    def _is_done(self) -> bool:
        return self.found is not None and self.found.request == self._asked

    def download(self, name: str) -> None:
        """Fetch the data of the model."""
        self._wanted = name
        self.stream("io", DOWNLOAD, api.DownloadRequest(name))
        self._ask()

    def _take_download(self, event: Any) -> None:
        if isinstance(event, api.DatasetEvent):
            self._wanted = ""
            self.catalog_stale.emit()
        elif isinstance(event, (Failure, Ended)) and self._wanted:
            self._wanted = ""
            self._ask()

    def is_settled(self) -> bool:
        """The answer is there, or why there is none."""
        return self.catalog is not None and (self._is_told or (self._is_done() and not self.is_stale))

    @Slot()
    def help(self) -> None:
        """The button in the stead of the pictures."""
        info, catalog = self.info, self.catalog
        if info is None or catalog is None:
            self.mode_wanted.emit(self.learner)
            return
        lack = lacking(catalog, info, self._state.data)
        if isinstance(lack, api.DatasetInfo):
            self.download(lack.name)
        elif lack:
            self.data.menu.popup(self.pairs.mapToGlobal(self.pairs.rect().center()))
        else:
            self.try_again()

    @Slot(str)
    def take_data(self, data: str) -> None:
        """Compare with other pictures."""
        self.change(dataclasses.replace(self._state, data=data))
