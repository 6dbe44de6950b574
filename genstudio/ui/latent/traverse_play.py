"""The traversal in time: a column of pictures, or the ring, that goes from one end to the other and back."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from genstudio.engine import Failure
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.traverse_page import PLACES, TraverseShow
from genstudio.ui.latent.traverse_state import TraverseState
from genstudio.ui.tabs.page import FilmSource
from genstudio.ui.tabs.play_clock import PlayClock

WAY_S = 2.4  # from one end to the other at speed 1


class TraversePlay(TraverseShow):
    """Owns the clock; what moves is `TraverseState.sweep`, or in the plane the code itself."""

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__(bridge, desk, parent)
        self.clock = PlayClock(self)
        self._direction = 1
        self.clock.ticked.connect(self.advance)
        self.tempo.scrubbed.connect(self._scrubbed)
        self.tempo.scrubber.released.connect(self.remember)

    @property
    def drifts(self) -> frozenset[str]:  # type: ignore[override]
        """The column that moves; in the plane the code itself."""
        is_plane = self._state is not None and self._state.view == "plane"
        return frozenset({"z"}) if is_plane else frozenset({"moving", "sweep"})

    # ---- along the way ------------------------------------------------------------------------------

    def _go_to(self, share: float) -> None:
        """To this share of the way from one end to the other."""
        state = self._state
        if state is None or not self._is_ready:
            return
        share = min(max(share, 0.0), 1.0)
        if state.view == "rows":
            self.move_to(dataclasses.replace(state, sweep=round(share, 5), moving=True))
        elif (plane := self.plane_of(state)) is not None:
            self.move_to(state.at(plane.code((2 * share - 1) * state.reach, plane.t)))

    @Slot(float)
    def advance(self, seconds: float) -> None:
        """So much later, at the speed chosen."""
        if self._state is None:
            self.stop_playing()
            return
        self.drifted()
        here = self.share(self._state)
        phase = ((here if self._direction > 0 else 2 - here) + seconds * self.tempo.speed / WAY_S) % 2
        self._direction = 1 if phase < 1 else -1
        self._go_to(min(phase, 2 - phase))

    @Slot(int)
    def _scrubbed(self, place: int) -> None:
        self.stop_playing()
        self._go_to(place / (PLACES - 1))

    def step(self, direction: int) -> None:
        """To the next or the last column."""
        if self._state is not None and self._is_ready:
            self.stop_playing()
            last = self._state.columns - 1
            self._go_to((round(self.share(self._state) * last) + direction) / last)
            self.remember()

    def toggle_play(self) -> None:
        """Space."""
        if self.clock.runs():
            self.stop_playing()
            self.remember()
        elif self._state is not None and self._is_ready:
            self.remember()
            self.clock.run(True)
            self.tempo.set_playing(True)
            made = self.by_hand()
            self._go_to(self.share(self._state))
            self.forget_hand(made)

    def stop_playing(self) -> None:
        """A hand has taken over, or nobody looks."""
        was_running = self.clock.runs()
        self.clock.run(False)
        self.tempo.set_playing(False)
        if was_running:
            self.write()

    def change(self, state: TraverseState) -> None:
        """A finished change that can be undone; what plays goes on only while the column is there."""
        if not state.moving and state.view == "rows":
            self.stop_playing()
        super().change(state)

    def close_model(self) -> None:
        """What plays is gone."""
        self.stop_playing()
        super().close_model()

    def handle(self, verb: str, event: Any) -> None:
        """Also what failed, else every tick would fail again."""
        super().handle(verb, event)
        if isinstance(event, Failure) and verb in ("now", "decode"):
            self.stop_playing()

    def deactivate(self) -> None:
        """Another page is on top."""
        self.stop_playing()
        super().deactivate()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: no ticks."""
        self.stop_playing()
        super().hideEvent(event)

    def export_film_source(self) -> FilmSource:
        """The rows as a grid that moves there and back; of a plane the way through its middle."""
        state = self._state
        if state is None or not self._is_ready:
            return None
        if state.view == "rows":
            return state.film(self.model, self.study())
        plane = self.plane_of(state)
        return plane.film(self.model, state.reach) if plane is not None else None
