"""The latent-space page at work: models come and go, a new code asks for its picture, time passes."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.engine import Failure
from genstudio.errors import sentence
from genstudio.settings import LATENT
from genstudio.ui.bridge import Bridge
from genstudio.ui.numbers import milliseconds
from genstudio.ui.tabs.vae_shelf import VaeShelf
from genstudio.ui.tabs.vae_state import VaeState
from genstudio.ui.tabs.vae_view import SCRUB, VaeView

LEG_S = 2.4  # from A to B at speed 1
NO_MODEL = "There is no VAE yet. Train one with:\ngenstudio train vae --dataset strokes --out strokes-vae.safetensors"
VERBS = ("load", "open", "decode", "film", "map", "sheet")


class VaePage(VaeView):
    """Owns the model and the state shown; every slot "vae.*" on the play lane is its own."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.models = VaeShelf(self.picker)
        self._state: VaeState | None = None
        self._saved: dict[str, Any] = {}
        self._sheet: api.SampleRequest | None = None
        self._is_ready = self._is_playing = self._is_active = False
        self._direction = 1
        self._connect()
        self.stage.set_message("Starting …")

    def _connect(self) -> None:
        for widget in (self.sliders, self.map, self.strip):
            widget.grabbed.connect(self._grabbed)
            widget.finished.connect(self._finished)
        tempo = self.tempo
        pairs = (
            (self.ticked, self.advance),
            (self.picker.chosen, self._model_chosen),
            (self.sliders.changed, self._code_moved),
            (self.map.changed, self._ring_moved),
            (self.map.cells_wanted, self._ask_map),
            (self.strip.changed, self._go_along),
            (tempo.scrubbed, self._scrubbed),
            (tempo.scrubber.released, self._finished),
            (self.stage.button_clicked, self._try_again),
        )
        for signal, slot in pairs:
            signal.connect(slot)

    # ---- models -----------------------------------------------------------------------------------

    def set_catalog(self, catalog: api.Catalog) -> None:
        """Fill the picker; go on with the model shown if it is still there."""
        super().set_catalog(catalog)
        shown = self._state.model if self._state else ""
        old = self.models.get(shown)
        self.models.set_catalog(catalog.models_of(*LATENT))
        if self._is_active and (old is None or self.models.get(shown) != old):
            self._open_first()

    def _open_first(self) -> None:
        state = self.models.first(self._saved)
        if state is None:
            self._close_model()
            self.stage.set_message(NO_MODEL, "Look again")
            self.show_speed()
            return
        self._is_playing = True
        self._open(state)

    def _open(self, state: VaeState, sheet: api.SampleRequest | None = None) -> None:
        """Load the model of a state and show it."""
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
        self._light_play()

    @Slot(object)
    def _model_chosen(self, key: str) -> None:
        if self._state is not None and key != self._state.model:
            self.remember()
        self._open(self.models.fresh(key))

    @Slot()
    def _try_again(self) -> None:
        if self._state is not None:
            self._is_playing = True
            self._open(self._state, self._sheet)
        else:
            self.catalog_stale.emit()

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
            self._way_is_new()
            self._ask_map(self.map.cells())
            self._code_is_new()
            self._light_play()
            self.remember()

    def take_dropped(self, info: api.ModelInfo) -> None:
        """A dropped checkpoint has been read."""

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
            info = self.models.get(state.model)
            name = info.name if info else state.model
            self.stage.set_message(f"{name} could not be opened. {sentence(failure.error)}", "Try again")
            self.show_speed()
        elif verb == "decode":
            self._stop()  # else every tick would fail again

    # ---- A to B -----------------------------------------------------------------------------------

    def _way_is_new(self) -> None:
        if self._state is not None:
            self.show_way(self._state)
            if self._is_ready:
                self.ask("play", "film", self._state.film())

    @Slot(int)
    def _ask_map(self, cells: int) -> None:
        if self._is_ready and self._state is not None and len(self._state.z) == 2:
            self.ask("play", "map", api.MapRequest(self._state.model, cells))

    # ---- the hot path: a new code, its picture ----------------------------------------------------

    def _code_is_new(self) -> None:
        state = self._state
        if state is None:
            return
        if self._is_ready:
            if self._sheet is not None:
                self.ask("play", "sheet", self._sheet)
            else:
                self.ask("play", "decode", api.DecodeRequest(state.model, (state.z,)))
        self.show_code(state)

    def _show(self, state: VaeState) -> None:
        """Show a code on or off the path that is already drawn."""
        if self._sheet is not None:
            self._sheet = None
            self.stage.set_selected(-1)
        self._state = state
        self._code_is_new()

    @Slot(object)
    def _code_moved(self, z: np.ndarray) -> None:
        if self._state is not None:
            self._show(self._state.at(z))

    @Slot(float, float)
    def _ring_moved(self, z1: float, z2: float) -> None:
        if self._state is not None:
            self._show(self._state.at((z1, z2)))

    @Slot(float)
    def _go_along(self, position: float) -> None:
        if self._state is not None:
            self._show(self._state.on_path(min(max(position, 0.0), 1.0)))

    @Slot()
    def _grabbed(self) -> None:
        self._stop()
        self.remember()

    @Slot()
    def _finished(self) -> None:
        self.remember()
        if self._state is not None and self._is_ready:
            self.write(self._state, self._sheet)

    def remember(self) -> None:
        """Put the state on the undo history, once there is one."""
        if self._state is not None and self._is_ready:
            super().remember()

    # ---- playing ----------------------------------------------------------------------------------

    @Slot(float)
    def advance(self, seconds: float) -> None:
        """So much later on the way, at the speed chosen."""
        if self._state is None or not self._is_ready:
            return
        before = self._state
        after, self._direction = before.advanced(seconds * self.tempo.speed / LEG_S, self._direction)
        self._show(after)
        if (before.a, before.b) != (after.a, after.b):
            self._way_is_new()

    def toggle_play(self) -> None:
        """Space."""
        if self._is_playing:
            self._stop()
            self.remember()
        elif self._is_ready:
            self.remember()
            self._is_playing = True
            self._light_play()

    def is_playing(self) -> bool:
        """Whether the code moves by itself."""
        return self._is_playing and self._is_ready

    def _stop(self) -> None:
        if self._is_playing:
            self._is_playing = False
            self._light_play()
            if self._state is not None and self._is_ready:
                self.write(self._state, self._sheet)

    def _light_play(self) -> None:
        self.tempo.set_playing(self.is_playing())
        self.run_clock(self.is_playing() and self._is_active)

    def activate(self) -> None:
        """On top: open the first model, or go on playing."""
        self._is_active = True
        if self._state is None and self.catalog is not None:
            self._open_first()
        self._light_play()

    def is_settled(self) -> bool:
        """The picture, its strip, and with two latents its map are there."""
        state = self._state
        has_all = self.stage.pictures() is not None and state is not None and self.strip.count() == state.steps
        return has_all and (self.map.isHidden() or self.map.has_map())

    def deactivate(self) -> None:
        """Another page is on top."""
        self._is_active = False
        self._light_play()

    def step(self, direction: int) -> None:
        """To the next or the last picture of the strip."""
        state = self._state
        if state is None or not self._is_ready:
            return
        self._grabbed()
        self._go_along(state.neighbour(direction))
        self.remember()

    @Slot(int)
    def _scrubbed(self, place: int) -> None:
        if self._state is not None and self._is_ready:
            if self._is_playing:
                self._grabbed()
            self._go_along(place / ((self._state.steps - 1) * SCRUB))
