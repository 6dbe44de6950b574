"""Where codes lie: the decoded plane, the codes of test pictures on it, its holes, and a film of a drawn way."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent import path_state
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.map_show import MapShow
from genstudio.ui.latent.map_state import CELLS, FINE, film, manifold, of_quantiles, told
from genstudio.ui.latent.map_way import way_of
from genstudio.ui.tabs.page import FilmSource, GridSource
from genstudio.ui.tabs.play_clock import PlayClock

PACE = 20.0  # pictures of the way a second, at speed 1


class MapPage(MapShow):
    """The ring moves the code, layers come and go, a line becomes a film."""

    drifts = frozenset({"z"})

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__(bridge, desk, parent)
        self.clock = PlayClock(self)
        self._late = 0.0  # pictures that have not yet been shown
        controls = self.controls
        pairs = (
            (self.clock.ticked, self.advance),
            (self.map.grabbed, self._grabbed),
            (self.map.changed, self._ring_moved),
            (self.map.finished, self._finished),
            (self.map.way_drawn, self._way_drawn),
            (controls.sliders.grabbed, self._grabbed),
            (controls.sliders.changed, self._code_moved),
            (controls.sliders.finished, self._finished),
            (controls.changed, self._setting_changed),
            (controls.draw_toggled, self._draw_toggled),
            (controls.forget_wanted, self.forget_way),
            (controls.random_wanted, self.random),
            (controls.centre_wanted, self.to_centre),
            (controls.study_wanted, self.study_codes),
            (self.picture.button_clicked, self.try_again),
            (self.caption.word_clicked, self._word_clicked),
            (self.tempo.scrubbed, self._scrubbed),
        )
        for signal, slot in pairs:
            signal.connect(slot)

    # ---- the code -------------------------------------------------------------------------------------

    @Slot()
    def _grabbed(self) -> None:
        self._is_held = True
        self._pause()
        self.remember()

    @Slot()
    def _finished(self) -> None:
        self._let_go()
        self.remember()

    def _let_go(self) -> None:
        """The hand rests: what was coarse becomes fine."""
        self._is_held = False
        if self._holes is not None and len(self._holes.depth) < FINE:
            self._holes = None
            self._show_holes()
            self.write()

    @Slot(float, float)
    def _ring_moved(self, s: float, t: float) -> None:
        if self._state is not None and (plane := self._state.plane(self.study())) is not None:
            self._leave_way()
            self._show(self._state.at(plane.code(s, t)))

    @Slot(object)
    def _code_moved(self, z: np.ndarray) -> None:
        if self._state is not None and self._is_ready:
            self._leave_way()
            self._show(self._state.at(z))

    @Slot()
    def random(self) -> None:
        """Key R: a random code of the prior."""
        if self._state is not None:
            self._leave_way()
            self._change(self._state.draw())

    @Slot()
    def to_centre(self) -> None:
        """All numbers to 0."""
        if self._state is not None:
            self._leave_way()
            self._change(self._state.at(np.zeros(len(self._state.z))))

    @Slot(str, object)
    def _setting_changed(self, name: str, value: Any) -> None:
        if (state := self._state) is None:
            return
        changes = {name: value}
        if name in ("across", "up"):
            self._leave_way()
            other = "up" if name == "across" else "across"
            changes["way"] = ()
            if value == getattr(state, other):
                changes[other] = getattr(state, name)  # they change places
        self._change(dataclasses.replace(state, **changes))

    @Slot(str)
    def _word_clicked(self, word: str) -> None:
        if word == "draw":
            self.controls.draw.setChecked(True)
            self.tell("Drag over the map: the pictures along the line are a film.")
        elif word == "holes":
            self._setting_changed("holes", True)

    # ---- the way --------------------------------------------------------------------------------------

    @Slot(bool)
    def _draw_toggled(self, is_on: bool) -> None:
        self.map.draws = is_on

    @Slot(object)
    def _way_drawn(self, points: np.ndarray) -> None:
        self.controls.draw.setChecked(False)
        self._let_go()
        places = told(points)
        if self._state is None or not self._is_ready:
            return
        if not places:
            self.tell("That line is too short for a film. Drag farther over the map.")
            return
        self._leave_way()
        self._change(dataclasses.replace(self._state, way=places))

    @Slot()
    def forget_way(self) -> None:
        """No way on the map."""
        if self._state is not None:
            self._leave_way()
            self._change(dataclasses.replace(self._state, way=()))

    def _leave_way(self) -> None:
        """The hand has taken the code elsewhere: the way is drawn, but not followed."""
        self._pause()
        self._is_on_way = False

    def way_is_here(self) -> None:
        """A way that has just been drawn plays at once."""
        self.drifted()
        self.show_position(0)
        if self._is_active and not self.clock.runs():
            self.toggle_play()

    def toggle_play(self) -> None:
        """Space: along the way, there and again from its beginning."""
        if self.clock.runs():
            self._pause()
        elif self.count():
            self._late = 0.0
            self.clock.run(True)
            self.tempo.set_playing(True)

    @Slot(float)
    def advance(self, seconds: float) -> None:
        """So much later on the way."""
        if not self.count():  # undo has taken it
            self._pause()
            return
        self.drifted()
        self._late += seconds * self.tempo.speed * PACE
        steps, self._late = int(self._late), self._late % 1
        if steps:
            self.show_position((self._position + steps) % self.count())

    def step(self, direction: int) -> None:
        """To the next or the last picture of the way."""
        self._pause()
        self.show_position(self._position + direction)

    @Slot(int)
    def _scrubbed(self, position: int) -> None:
        self._pause()
        self.show_position(position)

    def _pause(self) -> None:
        if self.clock.runs():
            self.clock.run(False)
            self.tempo.set_playing(False)

    def blank(self) -> None:
        """Nothing plays without a model."""
        if hasattr(self, "clock"):
            self._pause()
        super().blank()

    def deactivate(self) -> None:
        """Another page is on top."""
        self._pause()
        super().deactivate()

    # ---- export ---------------------------------------------------------------------------------------

    def export_source(self) -> GridSource:
        """The decoded plane."""
        if self._state is None or (plane := self._state.plane(self.study())) is None:
            return None
        source = manifold(self._state, plane, self.model)
        if isinstance(source, api.PlaneRequest):
            return source
        return api.ExportGridRequest(source, api.GridLayout(CELLS, gap=0), "")

    def restores(self, source: Any) -> bool:
        """Ways that were drawn, which go through more codes than Interpolate has keys, and the prior's quantiles."""
        if isinstance(source, api.DecodeRequest):
            return bool(of_quantiles(source.z))
        return isinstance(source, api.PathRequest) and len(source.keys) > path_state.KEYS[1]

    def restore(self, event: api.RestoredEvent) -> None:
        """The way of a dropped film, where it lies in a plane, or the quantiles of a sheet."""
        source: Any = event.source
        if not (key := self.key_of(event)):
            return
        if isinstance(source, api.DecodeRequest):
            self.show_restored(key, of_quantiles(source.z))
            return
        values = way_of(np.array(source.keys), self.desk.studies.get(key))
        if "way" not in values:
            self.tell("This way does not lie in a plane; the map shows its first code.")
        self.show_restored(key, {"z": source.keys[0], **values})

    def export_film_source(self) -> FilmSource:
        """The way that was drawn."""
        state = self._state
        if state is None or not state.way or (plane := state.plane(self.study())) is None:
            return None
        return film(state, plane, self.model)
