"""The traversal at work: what is asked around the base code, and how the answers are shown."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.model_page import ModelPage
from genstudio.ui.latent.plane_map import PlaneMap
from genstudio.ui.latent.traverse_state import CELLS, Plane, TraverseState
from genstudio.ui.latent.traverse_view import TraverseControls
from genstudio.ui.latent.traverse_words import (
    change_of_rows,
    column_titles,
    plane_sentence,
    row_titles,
    rows_sentence,
)
from genstudio.ui.theme import pad, px
from genstudio.ui.widgets.stage import Stage

NO_PICTURES = np.zeros((0, 28, 28, 1), np.uint8)
BESIDE = 640  # design px of a stage that shows plane and picture
Answers = api.PicturesEvent | api.MagnificationEvent


class TraverseShow(ModelPage):
    """Owns the state shown and the slots "traverse.*"; what one can do with it is in `TraversePage`."""

    verbs = ("rows", "plane", "heat", "decode", "study")

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
        self._shown: Plane | None = None
        self._heat: api.Floats | None = None
        self.tempo.play.hide()
        self.tempo.show_speed(False)
        self.stage_frame.installEventFilter(self)
        self.blank()
        self.stage.set_message("Starting …")

    # ---- the model ----------------------------------------------------------------------------------

    def main_stage(self) -> Stage:
        return self.stage

    def blank(self) -> None:
        """Nothing of a model is left to be seen."""
        self._state = self._asked = self._shown = self._heat = None
        self._is_moving = False
        self.stage.set_pictures(NO_PICTURES)
        self.stage.set_selected(-1)
        self.picture.set_pictures(NO_PICTURES)
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
        for button in (self.tempo.back, self.tempo.forward):
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
        self.tempo.set_exportable(True, False)
        self._asked = self._shown = self._heat = None
        self._show(state)

    def code(self) -> tuple[float, ...]:
        return self._state.z if self._state is not None else ()

    def take_code(self, z: tuple[float, ...]) -> None:
        if self._state is not None:
            self._change(self._state.at(z))

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
        else:
            self._ask_plane(state, study)
        self._show_pages(state)

    def _ask_rows(self, state: TraverseState, study: api.StudyEvent | None) -> None:
        request = state.traverse(self.model, study, few=self._is_moving)
        if request != self._asked:
            self._asked = request
            self.ask("play", "rows", request)

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
        elif verb == "plane" and isinstance(event.request, api.PlaneRequest):
            self.plane.set_map(event.images, event.request.cells, event.request.extent)
        elif verb == "decode":
            self.picture.set_pictures(event.images)

    def _take_rows(self, state: TraverseState, event: api.PicturesEvent) -> None:
        study, request = self.study(), event.request
        dims = state.dims(study)
        if request.values != state.values() or request.dims != dims[: len(request.dims)]:
            return
        shown, images = self.stage.pictures(), event.images
        if len(request.dims) < len(dims) and shown is not None and len(shown) == len(dims) * state.columns:
            images = np.concatenate([images, shown[len(images) :]])
        self.stage.set_titles(column_titles(state.values()), row_titles(dims, study))
        self.stage.set_pictures(images, state.columns)
        if not self._is_moving:
            self.write()

    def write(self) -> None:
        """The words under the pictures."""
        state, pictures = self._state, self.stage.pictures()
        if state is None:
            return
        if state.view == "plane":
            self.caption.set_text(plane_sentence(state, self._heat))
        elif pictures is not None and len(pictures) % state.columns == 0:
            dims = state.dims(self.study())
            self.caption.set_text(rows_sentence(state, dims, self.study(), change_of_rows(pictures, state.columns)))

    def _show_pages(self, state: TraverseState) -> None:
        pages = state.pages() if state.view == "rows" else 1
        self.tempo.set_range(pages)
        self.tempo.set_position(state.page)
        last = min((state.page + 1) * state.rows, len(state.z))
        rows = f"latents {state.page * state.rows + 1} to {last} of {len(state.z)}"
        self.tempo.set_label(rows if state.view == "rows" else f"{CELLS} × {CELLS} codes")
        self.tempo.back.setEnabled(state.view == "rows" and state.page > 0)
        self.tempo.forward.setEnabled(state.view == "rows" and state.page < pages - 1)

    def _fit_places(self) -> None:
        """Rows or plane; the picture at the ring where there is room beside the plane."""
        is_plane = self._state is not None and self._state.view == "plane"
        self.stage.setVisible(not is_plane)
        self.plane.setVisible(is_plane)
        self.picture.setVisible(is_plane and self.stage_frame.width() >= px(BESIDE))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The stage has another size."""
        if event.type() == QEvent.Type.Resize:
            self._fit_places()
        return super().eventFilter(watched, event)

    def is_settled(self) -> bool:
        """Whether the pictures of the state shown have come."""
        state = self._state
        if state is None:
            return False
        return self.plane.has_map() if state.view == "plane" else self.stage.pictures() is not None

    def _change(self, state: TraverseState) -> None:
        """A finished change that can be undone."""
        if self._is_ready:
            self.remember()
            self._show(state)
            self.remember()
