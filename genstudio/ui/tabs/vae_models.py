"""The models of the latent-space page: they come and go, and answer or fail."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.engine import Failure
from genstudio.ui.bridge import Bridge
from genstudio.ui.numbers import milliseconds
from genstudio.ui.tabs.vae_shelf import VaeShelf
from genstudio.ui.tabs.vae_state import VaeState
from genstudio.ui.tabs.vae_view import VaeView
from genstudio.ui.tabs.vae_words import NO_MODEL

VERBS = ("load", "open", "decode", "film", "map", "sheet")
Sheet = api.SampleRequest | api.DecodeRequest  # many random codes at once; the latter where they are not the prior's


class VaeModels(VaeView):
    """Owns the model and the state shown; every slot "vae.*" on the play lane is its own."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.models = VaeShelf(self.picker)
        self._state: VaeState | None = None
        self._saved: dict[str, Any] = {}
        self._sheet: Sheet | None = None
        self._is_ready = self._is_playing = self._is_active = False
        self._direction = 1
        self.picker.chosen.connect(self._model_chosen)
        self.stage.button_clicked.connect(self._try_again)
        self.stage.set_message("Starting …")

    # ---- what subclasses do ---------------------------------------------------------------------------

    def take_dropped(self, info: api.ModelInfo) -> None:
        """A dropped checkpoint has been read."""

    def begin(self) -> None:
        """The model of the state has come."""

    def light_play(self) -> None:
        """Playing has begun or ended."""

    def stop_playing(self) -> None:
        """Nothing moves by itself any more."""

    # ---- models -----------------------------------------------------------------------------------

    def set_catalog(self, catalog: api.Catalog) -> None:
        """Fill the picker; go on with the model shown if it is still there."""
        super().set_catalog(catalog)
        shown = self._state.model if self._state else ""
        is_same = self.models.set_catalog(catalog, shown)
        if self._is_active and not is_same:
            self.follow()

    def follow(self) -> None:
        """The model shown has changed, or another one stands in its place."""
        state, sheet = self._state, self._sheet
        heir = self.models.heir(state.model) if state else ""
        if state is not None and heir:
            self._open(
                dataclasses.replace(state, model=heir), dataclasses.replace(sheet, model=heir) if sheet else None
            )
        else:
            self._open_first()
        self.models.say_moved(self, state.model if state else "", self._state.model if self._state else "")

    def _open_first(self) -> None:
        state = self.models.first(self._saved)
        if state is None:
            self._close_model()
            self.stage.set_message(*NO_MODEL)
            self.show_speed()
            return
        self._is_playing = True
        self._open(state)

    def _open(self, state: VaeState, sheet: Sheet | None = None) -> None:
        """Load the model of a state and show it."""
        if self._is_ready and self._state is not None:
            self.models.keep(self._state.model, self._state)
        self._close_model()
        self._state, self._sheet = state, sheet
        self.picker.set_value(state.model)
        info = self.models.get(state.model)
        assert info is not None
        self.show_model(info)
        self.stage.set_message(f"Loading {info.name} …")
        self.show_code(state)
        self.ask("play", "load", api.LoadRequest(state.model))

    def _close_model(self) -> None:
        """Nothing of the old model may come late, and nothing of it stays to be seen."""
        for verb in VERBS:
            self.bridge.cancel("play", self.slot(verb))
        self._is_ready, self._state, self._sheet, self._direction = False, None, None, 1
        self.blank()
        self.light_play()

    @Slot(object)
    def _model_chosen(self, key: str) -> None:
        if self._state is not None and key != self._state.model:
            self.remember()
        self._open(self.models.fresh(key))

    @Slot()
    def _try_again(self) -> None:
        if self._state is not None:
            self._is_playing = True
            good = self.models.good()
            self._open(good[1] if good else self._state, None if good else self._sheet)
        else:
            self.mode_wanted.emit(self.learner)

    # ---- events -----------------------------------------------------------------------------------

    def handle(self, verb: str, event: Any) -> None:
        """Pictures of the model shown, or what went wrong; anything of another model is dropped."""
        if isinstance(event, Failure):
            self._failed(verb, event)
        elif isinstance(event, api.ModelEvent):
            self._loaded(verb, event.info)
        elif isinstance(event, api.PicturesEvent) and self._state and event.request.model == self._state.model:
            self._pictures(verb, event)

    def _loaded(self, verb: str, info: api.ModelInfo) -> None:
        if verb == "open":
            self.take_dropped(info)
        elif self._state is not None:
            self._is_ready = True
            self.set_ready(True)
            self.begin()
            self.light_play()
            self.remember()

    def _pictures(self, verb: str, event: api.PicturesEvent) -> None:
        assert self._state is not None
        if verb == "film":
            self.strip.set_pictures(event.images)
        elif verb == "map":
            self.map.set_map(event.images, event.request.cells, event.request.extent)
        elif event.request == self._sheet or (verb == "decode" and self._sheet is None):
            self.show_pictures(event.images)
            if self.words_are_due():
                self.show_speed(f"{milliseconds(event.compute_ms / len(event.images))} per picture")
                self.write(self._state, self._sheet)

    def _failed(self, verb: str, failure: Failure) -> None:
        if verb == "load" and self._state is not None:
            state, sheet = self._state, self._sheet
            self._is_playing = False
            self._close_model()
            self._state, self._sheet = state, sheet
            self.stage.set_message(*self.models.not_opened(state.model, failure.error))
            self.show_speed()
        elif verb == "decode":
            self.stop_playing()  # else every tick would fail again

    def remember(self) -> None:
        """Put the state on the undo history, once there is one."""
        if self._state is not None and self._is_ready:
            super().remember()
