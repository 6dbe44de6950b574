"""The latent-space page at work: a new code asks for its picture, time passes."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs.vae_models import VaeModels
from genstudio.ui.tabs.vae_state import VaeState, as_code
from genstudio.ui.tabs.vae_view import SCRUB

LEG_S = 2.4  # from A to B at speed 1
ON_MAP = 33  # points of the way's line on the map


class VaePage(VaeModels):
    """Moves the code: the hand, the way from A to B, the clock."""

    drifts = frozenset({"z", "position", "a", "b", "drawn"})

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._way: api.InterpolateRequest | api.DecodeRequest | None = None  # what the strip was asked for
        self._connect()

    def _connect(self) -> None:
        for widget in (self.sliders, self.map, self.strip):
            widget.grabbed.connect(self._grabbed)
            widget.finished.connect(self._finished)
        tempo = self.tempo
        pairs = (
            (self.ticked, self.advance),
            (self.sliders.changed, self._code_moved),
            (self.map.changed, self._ring_moved),
            (self.map.cells_wanted, self._ask_map),
            (self.strip.changed, self._go_along),
            (tempo.scrubbed, self._scrubbed),
            (tempo.scrubber.released, self._finished),
        )
        for signal, slot in pairs:
            signal.connect(slot)

    def begin(self) -> None:
        """Draw all that belongs to the state."""
        self._way_is_new()
        self._ask_map(self.map.cells())
        self._code_is_new()

    def hold(self, code: npt.ArrayLike) -> tuple[float, ...]:
        """The code as near to this one as locks allow; here are none."""
        return as_code(code)

    def tame(self, code: npt.ArrayLike) -> tuple[float, ...]:
        """What becomes of a random code before it is shown."""
        return self.hold(code)

    # ---- A to B -----------------------------------------------------------------------------------

    def _way_is_new(self) -> None:
        if (state := self._state) is not None:
            self.show_way(state, np.array([self.hold(z) for z in state.points(ON_MAP)]) if len(state.z) == 2 else None)
            if self._is_ready:
                self._way = self.way(state)
                self.ask("play", "film", self._way)

    def _way_may_be_new(self) -> None:
        """A lock, or where a locked slider stands, may have changed what lies between A and B."""
        if self._state is not None and self._is_ready and self.way(self._state) != self._way:
            self._way_is_new()

    def way(self, state: VaeState) -> api.InterpolateRequest | api.DecodeRequest:
        """The pictures from A to B, as playing goes: locked sliders stand still."""
        if not state.locked:
            return state.film()
        return api.DecodeRequest(state.model, tuple(self.hold(z) for z in state.points(state.steps)))

    def along(self, state: VaeState, position: float) -> VaeState:
        """A state with the code there on the way."""
        after = state.on_path(position)
        return dataclasses.replace(after, z=self.hold(after.z)) if after.locked else after

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
        if self._is_ready and self.words_are_due():
            self.write(state, self._sheet)  # about the code that sliders and strip show, however late its picture is

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
            self._show(self._state.at(self.hold((z1, z2))))

    @Slot(float)
    def _go_along(self, position: float) -> None:
        if self._state is not None:
            self._show(self.along(self._state, min(max(position, 0.0), 1.0)))

    @Slot()
    def _grabbed(self) -> None:
        self.stop_playing()
        self.remember()

    @Slot()
    def _finished(self) -> None:
        self._way_may_be_new()
        self.remember()
        if self._state is not None and self._is_ready:
            self.write(self._state, self._sheet)

    # ---- playing ----------------------------------------------------------------------------------

    @Slot(float)
    def advance(self, seconds: float) -> None:
        """So much later on the way, at the speed chosen."""
        if self._state is None or not self._is_ready:
            return
        self.drifted()
        before = self._state
        legs = seconds * self.tempo.speed / LEG_S
        after, self._direction = before.advanced(legs, self._direction, self.tame)
        self._show(dataclasses.replace(after, z=self.hold(after.z)) if after.locked else after)
        if (before.a, before.b) != (after.a, after.b):
            self._way_is_new()

    def toggle_play(self) -> None:
        """Space."""
        if self._is_playing:
            self.stop_playing()
            self.remember()
        elif self._is_ready:
            self.remember()
            self._is_playing = True
            self.light_play()

    def is_playing(self) -> bool:
        """Whether the code moves by itself."""
        return self._is_playing and self._is_ready

    def stop_playing(self) -> None:
        """A hand has taken over, or the picture fails."""
        if self._is_playing:
            self._is_playing = False
            self.light_play()
            if self._state is not None and self._is_ready:
                self.write(self._state, self._sheet)

    def light_play(self) -> None:
        """The button and the clock follow."""
        self.tempo.set_playing(self.is_playing())
        self.run_clock(self.is_playing() and self._is_active)

    def activate(self) -> None:
        """On top: open the first model, or go on playing."""
        self._is_active = True
        if self._state is None and self.catalog is not None:
            self._open_first()
        elif self._state is not None and self.models.has_lost(self._state.model):
            self.follow()
        self.light_play()

    def is_settled(self) -> bool:
        """The picture, its strip, and with two latents its map are there."""
        state = self._state
        has_all = self.stage.pictures() is not None and state is not None and self.strip.count() == state.steps
        return has_all and (self.map.isHidden() or self.map.has_map())

    def deactivate(self) -> None:
        """Another page is on top."""
        self._is_active = False
        self.light_play()

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
