"""The traversal at work: what is asked around the base code, and how the answers are shown."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.model_page import ModelPage
from genstudio.ui.latent.plane_map import PlaneMap
from genstudio.ui.latent.room import Room
from genstudio.ui.latent.traverse_state import CELLS, Plane, TraverseState
from genstudio.ui.latent.traverse_view import TraverseControls
from genstudio.ui.latent.traverse_words import (
    change_of_rows,
    column_titles,
    plane_sentence,
    row_titles,
    rows_label,
    rows_sentence,
    sigma,
)
from genstudio.ui.theme import pad
from genstudio.ui.widgets.stage import Stage

PLACES = 101  # of the scrubber, from one end to the other
Answers = api.PicturesEvent | api.MagnificationEvent


class TraverseShow(ModelPage):
    """Owns the state shown and the slots "traverse.*"; what one can do with it is in `TraversePage`."""

    takes_pictures = True
    verbs = ("paste", "rows", "now", "plane", "heat", "decode", "study")

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__("traverse", bridge, desk, parent)
        self.stage, self.plane = Stage(label="Traversal"), PlaneMap()
        self.picture = Stage(label="Picture at the ring")
        pad(self.stage_area, 8, 0)
        for widget, share in ((self.stage, 1), (self.plane, 2), (self.picture, 1)):
            self.stage_area.addWidget(widget, share)
        self.controls = TraverseControls(self.inspector)
        self._state: TraverseState | None = None
        self._is_moving = False  # a hand moves a slider: fewer pictures, sooner
        self._asked: api.TraverseRequest | None = None
        self._asked_now: api.TraverseRequest | None = None
        self._rows: api.Pictures | None = None
        self._rows_of: tuple[tuple[int, ...], tuple[float, ...]] = ((), ())  # their latents and numbers
        self._now: api.Pictures | None = None  # the column that moves
        self._shown: Plane | None = None
        self._heat: api.Floats | None = None
        self.room = Room(self.stage_frame)
        self.room.changed.connect(self._fit_places)
        self.blank()
        self.stage.set_message("Starting …")

    # ---- the model ----------------------------------------------------------------------------------

    def main_stage(self) -> Stage:
        return self.stage

    def blank(self) -> None:
        """Nothing of a model is left to be seen."""
        self._state = self._asked = self._asked_now = self._shown = self._heat = self._rows = self._now = None
        self._is_moving = False
        self.stage.set_pictures(api.NO_PICTURES)
        self.stage.set_selected(-1)
        self.picture.set_pictures(api.NO_PICTURES)
        self.plane.clear()
        self.plane.hide()
        self.picture.hide()
        self.stage.show()
        self.caption.set_text("")
        self.controls.sliders.set_count(0)
        self.controls.set_ready(False)
        self.tempo.set_range(0)
        self.tempo.set_label("")
        self.tempo.set_exportable(False, False)
        for button in (self.tempo.play, self.tempo.back, self.tempo.forward):
            button.setEnabled(False)

    def begin(self, info: api.ModelInfo, values: dict[str, Any]) -> None:
        """The model has come."""
        if len(values.get("z", ())) != info.latent_dim:  # another model's: how many latents says what is seen first
            values = {name: value for name, value in values.items() if name in ("z", "columns", "reach", "rows")}
        state = TraverseState.from_dict(values, info.latent_dim)
        if len(self.controls.sliders.rows()) != info.latent_dim:
            self.controls.sliders.set_count(info.latent_dim)
        self.controls.show_study(self.study(), info.latent_dim, bool(state.own))
        self.controls.set_ready(True)
        self.tempo.set_range(PLACES)
        self.tempo.set_exportable(True, True)
        for button in (self.tempo.play, self.tempo.back, self.tempo.forward):
            button.setEnabled(True)
        self._asked = self._asked_now = self._shown = self._heat = None
        self._show(state)

    def code(self) -> tuple[float, ...]:
        return self._state.z if self._state is not None else ()

    def take_code(self, z: tuple[float, ...]) -> None:
        if self._state is not None:
            self.change(self._state.at(z))

    def values(self) -> dict[str, Any]:
        return self._state.to_dict() if self._state is not None else {}

    def study_is_new(self) -> None:
        """The rows are sorted anew, and there are more axes."""
        if self._state is not None:
            self.controls.show_study(self.study(), len(self._state.z), bool(self._state.own))
            self._asked = None
            self._show(dataclasses.replace(self._state, page=0))

    # ---- showing and asking -------------------------------------------------------------------------

    def _show(self, state: TraverseState) -> None:
        study = self.study()
        if state.view == "plane" and Plane.of(state, study) is None:
            across, up = ("z1", "z2") if len(state.z) > 1 else ("z1", "z1")
            state = dataclasses.replace(state, across=across, up=up)
        if len(state.z) < 2:
            state = dataclasses.replace(state, view="rows")
        state = dataclasses.replace(state, page=min(state.page, state.pages() - 1))
        self._state = state
        self.controls.show_state(state)
        self.controls.sliders.set_code(state.z)
        self._fit_places()
        if state.view == "rows":
            self._ask_rows(state, study)
            if not self._is_moving or state.moving:  # under a hand the stage waits for the new pictures
                self._lay_rows(state)
        else:
            self._ask_plane(state, study)
        self._show_place(state)

    def move_to(self, state: TraverseState) -> None:
        """A moment later on the way: only what moves is asked for."""
        before = self._state
        if before is None or before.moving != state.moving or self._is_moving:
            self._show(state)
            return
        self._state = state
        if state.view == "rows":
            self._ask_now(state, self.study())
        elif (plane := self.plane_of(state)) is not None:
            self.plane.set_code(plane.s, plane.t)
            self.controls.sliders.set_code(state.z)
            self.ask("play", "decode", api.DecodeRequest(self.model, (state.z,)))
        self._show_place(state)

    def plane_of(self, state: TraverseState) -> Plane | None:
        """The plane of a state."""
        return Plane.of(state, self.study())

    def share(self, state: TraverseState) -> float:
        """How much of the way from one end to the other lies behind."""
        if state.view == "rows":
            return state.sweep
        plane = self.plane_of(state)
        return min(max((plane.s / state.reach + 1) / 2, 0.0), 1.0) if plane is not None else 0.5

    def _ask_now(self, state: TraverseState, study: api.StudyEvent | None) -> None:
        request = state.now(self.model, study)
        if state.moving and request != self._asked_now:
            if self._asked_now is None or self._asked_now.dims != request.dims:
                self._now = None
            self._asked_now = request
            self.ask("play", "now", request)

    def _ask_rows(self, state: TraverseState, study: api.StudyEvent | None) -> None:
        request = state.traverse(self.model, study, few=self._is_moving)
        if request != self._asked:
            self._asked = request
            self.ask("play", "rows", request)
        self._ask_now(state, study)

    def _ask_plane(self, state: TraverseState, study: api.StudyEvent | None) -> None:
        plane = Plane.of(state, study)
        assert plane is not None
        self.plane.set_names(state.across, state.up)
        self.plane.set_code(plane.s, plane.t)
        self.ask("play", "decode", api.DecodeRequest(self.model, (state.z,)))
        wanted = plane.request(self.model, state.reach, few=self._is_moving)
        if self._shown is None or self._shown.request(self.model, state.reach) != wanted or not self.plane.has_map():
            self._shown, self._heat = plane, None
            self.plane.set_heat(None)
            self.ask("play", "plane", wanted)
            if wanted.cells != CELLS:
                self._shown = None  # the whole of it is still to come
        if state.heat and self._heat is None and wanted.cells == CELLS:
            self.ask("play", "heat", api.MagnificationRequest(wanted))
        if not state.heat:
            self._heat = None
            self.plane.set_heat(None)
        self.write()

    def take(self, verb: str, event: Any) -> None:
        """Pictures of the newest request; older ones are shown too while a hand moves the code."""
        state = self._state
        if state is None or not isinstance(event, Answers):
            return
        if isinstance(event, api.MagnificationEvent):
            plane = Plane.of(state, self.study())
            if state.heat and plane is not None and event.request.plane == plane.request(self.model, state.reach):
                self._heat = event.values
                self.plane.set_heat(event.values)
                self.write()
            return
        self.show_time(event.compute_ms, len(event.images))
        if verb == "rows" and isinstance(event.request, api.TraverseRequest):
            self._take_rows(state, event)
        elif verb == "now" and event.request.dims == state.dims(self.study()):
            self._now = event.images
            self._lay_rows(state)
        elif verb == "plane" and isinstance(event.request, api.PlaneRequest):
            self.plane.set_map(event.images, event.request.cells, event.request.extent)
        elif verb == "decode":
            self.picture.set_pictures(event.images)

    def _take_rows(self, state: TraverseState, event: api.PicturesEvent) -> None:
        request, dims, images = event.request, state.dims(self.study()), event.images
        if request.values != state.values() or request.dims != dims[: len(request.dims)]:
            return
        if len(request.dims) < len(dims):
            if (shown := self._known_rows(state)) is None:
                return
            images = np.concatenate([images, shown[len(images) :]])
        self._rows, self._rows_of = images, (dims, request.values)
        self._lay_rows(state)
        if not self._is_moving:
            self.write()

    def _known_rows(self, state: TraverseState) -> api.Pictures | None:
        """The pictures of these latents and numbers, perhaps around the code of a moment ago."""
        return self._rows if self._rows_of == (state.dims(self.study()), state.values()) else None

    def _lay_rows(self, state: TraverseState) -> None:
        """The rows as they are known, and before them the column that moves."""
        if (pictures := self._known_rows(state)) is None:
            return
        titles, rows = column_titles(state.values()), pictures.reshape(-1, state.columns, *pictures.shape[1:])
        if state.moving:
            nearest = round(state.sweep * (state.columns - 1))
            now = self._now if self._now is not None and len(self._now) == len(rows) else rows[:, nearest]
            titles, rows = ["now", *titles], np.concatenate([now[:, None], rows], 1)
        self.stage.set_titles(titles, row_titles(self._rows_of[0], self.study()), is_scale=True)
        self.stage.set_pictures(rows.reshape(-1, *rows.shape[2:]), rows.shape[1])

    def write(self) -> None:
        """The words under the pictures."""
        if (state := self._state) is None:
            return
        if state.view == "plane":
            self.caption.set_text(plane_sentence(state, self._heat))
        elif (pictures := self._known_rows(state)) is not None:
            changes = change_of_rows(pictures, state.columns)
            self.caption.set_text(rows_sentence(state, self._rows_of[0], self.study(), changes))

    def _show_place(self, state: TraverseState) -> None:
        """Where on the way, and which rows."""
        self.tempo.set_position(round(self.share(state) * (PLACES - 1)))
        if state.view == "rows":
            text = f"now at {sigma(state.here())}" if state.moving else rows_label(state)
        else:
            plane = self.plane_of(state)
            text = f"{state.across} {sigma(plane.s)}, {state.up} {sigma(plane.t)}" if plane is not None else ""
        self.tempo.set_label(text)

    @Slot()
    def _fit_places(self) -> None:
        """Rows or plane; the picture at the ring where there is room beside the plane."""
        is_plane = self._state is not None and self._state.view == "plane"
        self.stage.setVisible(not is_plane)
        self.plane.setVisible(is_plane)
        self.picture.setVisible(is_plane and self.room.has_two())

    def is_settled(self) -> bool:
        """Whether the pictures of the state shown have come."""
        if (state := self._state) is None:
            return False
        return self.plane.has_map() if state.view == "plane" else self.stage.pictures() is not None

    def change(self, state: TraverseState) -> None:
        """A finished change that can be undone."""
        if self._is_ready:
            self.remember()
            self._show(state)
            self.remember()
