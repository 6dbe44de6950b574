"""The page of the three inversions at work: models and pictures come, and what they ask for is computed."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.engine import Failure
from genstudio.errors import sentence, whole
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.picture_origin import OWN, own, paper
from genstudio.ui.one_picture import words
from genstudio.ui.one_picture.state import DIFFUSION, GAN, OWN_KINDS, VAE, OnePictureState
from genstudio.ui.one_picture.track import Found
from genstudio.ui.one_picture.view import OnePictureView
from genstudio.ui.tabs.play_clock import PlayClock

STREAMS = {"project": GAN, "ways": DIFFUSION}


class OnePictureWork(OnePictureView):
    """Slots "one-picture.*" are its own; what hands do is in `OnePicturePage`."""

    families = tuple(family for kind in OWN_KINDS for family in kind.families)
    misfit = "{name} is a {family} model; no picture can be found again in it here."

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._under_brush = ""  # the picture on which the hand draws, packed
        self._was_playing = False
        self.originals.came.connect(self._picture_came)
        self.originals.failed.connect(self._no_picture_came)
        self.originals.like = self.data_of_model
        self.clock = PlayClock(self)

    # ---- models -----------------------------------------------------------------------------------------

    def models_came(self, catalog: api.Catalog, changed: set[str]) -> None:
        """What was asked of models that have changed is asked anew; begin once the page is on top."""
        if changed.intersection(self._state.models):
            self._asked = [None] * len(OWN_KINDS)
        self.originals.fill(catalog, self._state.end.dataset)
        if self._is_active:
            self.begin()
        else:
            self.show_controls()

    def parameters(self) -> dict[str, Any]:
        """The state shown, as plain JSON values."""
        return self._state.to_dict() if any(self._state.models) else self._saved

    def change(self, state: OnePictureState) -> None:
        """The user wants another state, from its beginning on."""
        self.go_to(state)
        self.remember()

    def begin(self) -> None:
        """Go on with the state that was left, as far as its models are here."""
        values = self.parameters()
        if not self.infos:
            self._saved = values  # for the day on which there are models again
        given = values.get("models")
        heirs = [self._heirs.of(str(model), self.infos) for model in given] if isinstance(given, (list, tuple)) else []
        self.go_to(OnePictureState.from_dict({**values, "models": heirs}, self.infos))
        self.followed(*self._state.to_dict())
        self.remember()

    def use_model(self, key: str) -> None:
        """A dropped checkpoint is for the column of its kind."""
        family = self.infos[key].family
        k = next(k for k, kind in enumerate(OWN_KINDS) if family in kind.families)
        self.change(self._state.with_model(k, key))

    # ---- pictures ---------------------------------------------------------------------------------------

    def ask_picture(self, dataset: str, number: int) -> None:
        """One of a dataset."""
        self.originals.ask(dataset, number)

    @Slot(object, object)
    def _picture_came(self, picture: api.Pictures, fields: dict[str, Any]) -> None:
        if self.info is not None and self.originals.fits(picture, self.info, fields):
            self.change(self._state.with_end(picture=api.pack(picture), **fields))

    @Slot()
    def _no_picture_came(self) -> None:
        self.originals.show(self._state.end.dataset, self._state.end.number)
        info = self.info
        if info is not None and api.packed_shape(self._state.end.picture) != (info.size, info.size, info.channels):
            self.clear()  # there is none, or it is of other models

    @Slot()
    def clear(self) -> None:
        """An empty canvas to draw on."""
        info = self.info
        if info is not None:
            self.originals.forget()
            now = api.picture_of(self._state.end.picture)
            ground = paper(now) if now is not None else 0
            self.change(self._state.with_end(**own(np.full((info.size, info.size, info.channels), ground, np.uint8))))

    # ---- the state --------------------------------------------------------------------------------------

    def go_to(self, state: OnePictureState, is_drawn: bool = False) -> None:
        """Another state; what is new of it is asked, and plays. What was drawn is under the brush already."""
        self._state = state
        info = self.info
        if info is None:
            self.play(False)
            self.found = None
        elif not state.end.picture:
            if dataset := self.originals.first(state.end.dataset):
                if not self.originals.is_busy:
                    self.ask_picture(dataset, max(state.end.number, 0))
                self.columns.canvas.set_message(words.WAITING)
            else:
                self.clear()
                return
        elif api.packed_shape(state.end.picture) != (info.size, info.size, info.channels):
            if self._fit_own(state):
                return
            self._state = state.with_end(picture="", converted="", number=max(state.end.number, 0))
            self.go_to(self._state)
            return
        else:
            self._lay(state.end.picture, is_drawn)
            if self._is_active:
                self._ask()
        self.show_controls()
        self.refresh()

    def _fit_own(self, state: OnePictureState) -> bool:
        """Bring a picture of the user's to the size of other models; False if there is none."""
        picture, info = api.picture_of(state.end.picture), self.info
        if state.end.number != OWN or picture is None or info is None:
            return False
        self.found = None
        self.stop_asking()
        self.columns.canvas.set_message(words.WAITING)
        self.originals.fit(picture, info.size, info.channels)
        self.show_controls()
        self.refresh()
        return True

    def _lay(self, packed: str, is_drawn: bool) -> None:
        picture = api.picture_of(packed)
        if picture is None:
            return
        if not is_drawn and packed != self._under_brush:
            self.columns.canvas.set_canvas(picture)
        self._under_brush = packed
        if self.found is None or not np.array_equal(self.found.picture, picture):
            self.found = Found(picture)
            self.stop_asking()

    def stop_asking(self) -> None:
        """Compute nothing more; what is asked next is asked anew."""
        self._asked = [None] * len(OWN_KINDS)
        for verb in ("encode", *STREAMS):
            self.bridge.cancel("play", self.slot(verb))

    def stop_looking(self) -> None:
        """The same of those two that take their time."""
        self._asked[GAN] = self._asked[DIFFUSION] = None
        for verb in STREAMS:
            self.bridge.cancel("play", self.slot(verb))

    def _ask(self) -> None:
        """What is new of the three."""
        state, found = self._state, self.found
        if found is None:
            return
        encode = (state.models[VAE], state.end.picture) if state.models[VAE] else None
        wanted = [encode, state.project(), state.invert(self.infos)]
        if found.is_blank:
            wanted = [None] * len(OWN_KINDS)
        is_new = wanted != self._asked
        for k, request in enumerate(wanted):
            if request == self._asked[k]:
                continue
            self._asked[k], self.errors[k] = request, ""
            if k == VAE:
                found.encoded = None
                self.bridge.cancel("play", self.slot("encode"))  # also what the model before may still say
                if request is not None:
                    self.encode(found.picture)
            elif k == GAN:
                found.descent, found.descends = [], state.descent if request is not None else 0
                self._start("project", request)
            else:
                found.ways = []
                found.goes = 2 * request.steps + 2 if request is not None else 0  # type: ignore[union-attr]
                self._start("ways", request)
        if is_new:
            self.share = 0.0
            self.play(not found.is_blank)

    def encode(self, picture: api.Pictures) -> None:
        """Ask the VAE alone, which answers while one draws."""
        if model := self._state.models[VAE]:
            self.ask("play", "encode", api.EncodeRequest(model, picture[None], invert=False))

    def _start(self, verb: str, request: Any) -> None:
        if request is None:
            self.bridge.cancel("play", self.slot(verb))
        else:
            self.stream("play", verb, request)

    def play(self, playing: bool) -> None:
        """Let what was found go by, from where the scrubber stands."""
        playing = playing and self.found is not None and self._is_active
        self.clock.run(playing)
        self.tempo.set_playing(playing)

    # ---- events -----------------------------------------------------------------------------------------

    def handle(self, verb: str, event: Any) -> None:
        """Models, pictures, and what was found of them."""
        self.dropped.note(verb, event)
        found = self.found
        if isinstance(event, api.ModelEvent):
            self.take_model(event.info)
        elif verb in (*STREAMS, "encode"):
            k = STREAMS.get(verb, VAE)
            if isinstance(event, Failure):
                self.errors[k] = whole(sentence(event.error))
                self._drop(k)
            elif found is None:
                return
            elif isinstance(event, api.EncodedEvent) and event.request.model == self._state.models[VAE]:
                found.encoded = event
            elif isinstance(event, api.ProjectEvent) and event.request == self._asked[GAN]:
                found.descent += event.steps
            elif isinstance(event, api.InvertEvent) and event.request == self._asked[DIFFUSION]:
                found.ways += event.steps
            self.refresh()
        else:
            self.originals.handle(verb, event)

    def _drop(self, k: int) -> None:
        """A model cannot go; the others do not wait for it."""
        if self.found is None:
            return
        if k == GAN:
            self.found.descent, self.found.descends = [], 0
        elif k == DIFFUSION:
            self.found.ways, self.found.goes = [], 0

    def remember(self) -> None:
        """Put the state on the undo history, once there is a picture that its models know."""
        info, shape = self.info, api.packed_shape(self._state.end.picture)
        if self._state.end.picture and (info is None or shape == (info.size, info.size, info.channels)):
            super().remember()
