"""The mode "Interpolate" at work: a state asks for its pictures, answers are shown, time passes."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.engine import Failure
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.path_state import WAYS, PathState
from genstudio.ui.latent.path_view import ROWS, SCRUB, PathView
from genstudio.ui.tabs.vae_state import as_code

LEG_S = 2.4  # from one key to the next at speed 1


class PathPage(PathView):
    """Owns the state shown and the slots "path.*"; a loop that already plays."""

    verbs = ("moment", "keys", *WAYS, "encode", "pick")
    drifts = frozenset({"position"})

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__(bridge, desk, parent)
        self._state: PathState | None = None
        self._direction = 1
        self._is_playing = True
        self._ways: dict[api.PathKind, api.PathEvent] = {}
        self._decoded: api.Pictures | None = None
        self._keys: api.Pictures | None = None
        self._encoding: tuple[api.EncodeRequest, int, str] | None = None  # for which slot, and where it came from
        self._picking: tuple[api.PickRequest, int] | None = None
        tempo = self.tempo
        pairs = (
            (self.ticked, self.advance),
            (self.stage.button_clicked, self.try_again),
            (self.plot.picked, self._go_to),
            (tempo.scrubbed, self._scrubbed),
            (tempo.scrubber.released, self.remember),
        )
        for signal, slot in pairs:
            signal.connect(slot)
        self.stage.installEventFilter(self)

    # ---- the model ----------------------------------------------------------------------------------

    def blank(self) -> None:
        """Nothing of a model is left to be seen."""
        self._state, self._ways, self._direction = None, {}, 1
        self._decoded = self._keys = self._encoding = self._picking = None
        self.clear()
        self._light_play()

    def begin(self, info: api.ModelInfo, values: dict[str, Any]) -> None:
        """Show the way that `values` say, or one through random keys."""
        state = PathState.from_dict(values, self.model, info.latent_dim)
        self.show_model(info)
        self._show(state or PathState.first(self.model, info.latent_dim))
        self.forget_hand()  # it is a way through codes, and none of them was chosen
        self._light_play()

    def code(self) -> tuple[float, ...]:
        """The code shown; a blend of pixels has none."""
        return as_code(self._state.code()) if self._state and self._state.way != "pixels" else ()

    def take_code(self, z: tuple[float, ...]) -> None:
        """It can become a key."""
        if self._state is not None:
            self.show_settings(self._state)

    def values(self) -> dict[str, Any]:
        """The state, as plain JSON values."""
        return self._state.to_dict() if self._state is not None else {}

    # ---- showing a state ----------------------------------------------------------------------------

    def _show(self, state: PathState) -> None:
        """Show a state; what it needs and is not here is asked for."""
        before, self._state = self._state, state
        if before is None or before.key_pictures() != state.key_pictures():
            self._keys = None
            self.ask("play", "keys", state.key_pictures())
        self._ways = {way: event for way, event in self._ways.items() if event.request == state.request(way)}
        for way in ROWS if state.compares else (state.way,):
            if way not in self._ways and (before is None or _ask_anew(before, state, way)):
                self.ask("play", way, state.request(way))
        if before is None or dataclasses.replace(before, position=state.position) != state:
            self.show_settings(state)
            self.show_ways(state, self._ways)
            self.write(state)
            self._decoded = None
        self._ask_moment()
        self.show_place(state)

    def _ask_moment(self) -> None:
        state = self._state
        if state is None:
            return
        if state.way == "pixels" and not state.compares:
            self.show_moment(state, None, self._keys)
        else:
            self.ask("play", "moment", state.moments())

    def take(self, verb: str, event: Any) -> None:
        """Pictures of the way, codes of pictures that become keys."""
        state = self._state
        if state is None:
            return
        if isinstance(event, api.PathEvent) and event.request == state.request(event.request.path):
            self._ways[event.request.path] = event
            self.show_ways(state, self._ways)
            self.show_moment(state, self._decoded, self._keys)
        elif isinstance(event, api.PickedEvent):
            self.picked(event)
        elif isinstance(event, api.EncodedEvent):
            self.encoded(event)
        elif verb == "keys" and event.request == state.key_pictures():
            self._keys = event.images
            self.row.set_keys(event.images, [key.origin for key in state.keys])
            self.show_settings(state)
            self.show_moment(state, self._decoded, self._keys)
        elif verb == "moment" and len(event.images) == len(state.moments().z):
            self._decoded = event.images
            self.show_moment(state, self._decoded, self._keys)
            if self.words_are_due() or not self._is_playing:
                self.show_time(event.compute_ms, len(event.images))

    def handle(self, verb: str, event: Any) -> None:
        """Also what went wrong with a picture or a way."""
        super().handle(verb, event)
        if isinstance(event, Failure) and verb in self.verbs:
            if verb in ("encode", "pick"):
                self._encoding = self._picking = None
            else:
                self._stop()  # else every tick would fail again

    def is_settled(self) -> bool:
        """Picture, keys and the measured ways are there."""
        state = self._state
        if state is None or self._keys is None or self.stage.pictures() is None:
            return False
        return all(way in self._ways for way in (ROWS if state.compares else (state.way,)))

    def encoded(self, event: api.EncodedEvent) -> None:
        """The code of a picture that becomes a key has been found."""

    def picked(self, event: api.PickedEvent) -> None:
        """A picture of the data has come."""

    # ---- along the way ------------------------------------------------------------------------------

    @Slot(float)
    def _go_to(self, position: float) -> None:
        if self._state is not None:
            self._stop()
            self._show(dataclasses.replace(self._state, position=min(max(position, 0.0), 1.0)))

    @Slot(int)
    def _scrubbed(self, place: int) -> None:
        if self._state is not None:
            self._go_to(place / ((self._state.steps - 1) * SCRUB))

    def step(self, direction: int) -> None:
        """To the next or the last picture of the strip."""
        if self._state is not None:
            self._go_to(self._state.neighbour(direction))
            self.remember()

    @Slot(float)
    def advance(self, seconds: float) -> None:
        """So much later on the way, at the speed chosen."""
        if self._state is not None:
            self.drifted()
            state, self._direction = self._state.advanced(seconds * self.tempo.speed / LEG_S, self._direction)
            self._show(state)

    def toggle_play(self) -> None:
        """Space."""
        if self._state is not None:
            self._is_playing = not self._is_playing
            self._light_play()
            self.remember()

    def is_playing(self) -> bool:
        """Whether the picture moves by itself."""
        return self._is_playing and self._state is not None

    def _stop(self) -> None:
        self._is_playing = False
        self._light_play()

    def _light_play(self) -> None:
        self.tempo.set_playing(self.is_playing())
        self.run_clock(self.is_playing() and self._is_active)
        if self._state is not None and not self.is_playing():
            self.write(self._state)

    def activate(self) -> None:
        """On top: go on with the model of the mode before, and play on."""
        super().activate()
        self._light_play()
        if self._state is not None:
            self.show_settings(self._state)

    def deactivate(self) -> None:
        """Another page is on top."""
        super().deactivate()
        self._light_play()

    # ---- Qt -----------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The strips have as many columns as the stage has room for."""
        if event.type() == QEvent.Type.Resize and watched is self.stage and self._state is not None:
            self.show_ways(self._state, self._ways)
            self.show_moment(self._state, self._decoded, self._keys)
        return super().eventFilter(watched, event)


def _ask_anew(before: PathState, state: PathState, way: api.PathKind) -> bool:
    """Whether the pictures of a way have not been asked for yet."""
    was_asked = before.compares or before.way == way
    return not was_asked or before.request(way) != state.request(way)
