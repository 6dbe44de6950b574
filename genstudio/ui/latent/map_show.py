"""The map at work: the plane is decoded, test pictures are encoded, and what is asked for is painted on it."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.code_map import CodeMap
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.map_state import (
    CELLS,
    COARSE,
    EXTENT,
    FINE,
    Holes,
    MapState,
    at_quantiles,
    film,
    find_holes,
    manifold,
    projected,
)
from genstudio.ui.latent.map_view import MapControls
from genstudio.ui.latent.map_way import fitting
from genstudio.ui.latent.map_words import legend, map_sentence, way_sentence
from genstudio.ui.latent.model_page import ModelPage
from genstudio.ui.latent.room import Room
from genstudio.ui.latent.traverse_state import Plane
from genstudio.ui.theme import pad
from genstudio.ui.widgets.stage import Stage

SHOWN = 1000  # test pictures on the map
Manifold = api.PlaneRequest | api.DecodeRequest


class MapShow(ModelPage):
    """Owns the state shown and the slots "map.*"; what one can do with it is in `MapPage`."""

    verbs = ("plane", "heat", "decode", "pick", "encode", "way", "study")

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__("map", bridge, desk, parent)
        self.map, self.picture = CodeMap(), Stage(label="Picture at the ring")
        pad(self.stage_area, 8, 0)
        self.stage_area.addWidget(self.map, 3)
        self.stage_area.addWidget(self.picture, 2)
        self.controls = MapControls(self.inspector)
        self._state: MapState | None = None
        self._asked: Manifold | None = None
        self._plane: Plane | None = None  # of what lies on the map
        self._found: api.EncodedEvent | None = None
        self._kinds = np.zeros(0, np.int64)
        self._classes: tuple[str, ...] = ()
        self._dataset = ""
        self._holes: Holes | None = None
        self._is_held = False  # a hand moves the code: holes are coarser, sooner
        self._way: api.PathEvent | None = None
        self._asked_way: api.PathRequest | None = None
        self._is_drawn = False  # the way that was asked for has just been drawn
        self._position = 0
        self._is_on_way = False  # the picture is one of the way's
        self.room = Room(self.stage_frame)
        self.room.changed.connect(self._fit_places)
        self.blank()
        self.picture.set_message("Starting …")

    # ---- the model ----------------------------------------------------------------------------------

    def main_stage(self) -> Stage:
        return self.picture

    def blank(self) -> None:
        """Nothing of a model is left to be seen."""
        self._state = self._asked = self._plane = self._found = self._holes = self._way = None
        self._asked_way, self._is_on_way, self._is_held, self._dataset = None, False, False, ""
        self.map.clear()
        self.map.hide()
        self.picture.show()
        self.picture.set_pictures(api.NO_PICTURES)
        self.caption.set_text("")
        self.controls.sliders.set_count(0)
        self.controls.set_ready(False)
        self.tempo.set_exportable(False, False)
        self._show_way_range()

    def begin(self, info: api.ModelInfo, values: dict[str, Any]) -> None:
        """The model has come."""
        of = str(values.get("way_of", self.model))
        values = fitting(values, info.latent_dim, self.model in (of, self.models.heir(of)))
        state = MapState.from_dict(values, info.latent_dim)
        if info.latent_dim < 2:
            self.controls.set_ready(False)
            self.picture.set_message(f"{info.name} has one latent; a map needs two. Traverse shows all of it as a row.")
            return
        if len(self.controls.sliders.rows()) != info.latent_dim:
            self.controls.sliders.set_count(info.latent_dim)
        self.controls.show_study(self.study(), info.latent_dim, bool(state.own))
        self.controls.set_ready(True)
        self._asked = self._plane = None
        self._is_on_way = self._is_held = False
        self._show(state)
        if self._found is None:
            self._ask_pictures(info)

    def _ask_pictures(self, info: api.ModelInfo) -> None:
        """Test pictures of the dataset it learned from, if that is here."""
        dataset = self.catalog.dataset(info.dataset) if self.catalog is not None else None
        if dataset is None or not dataset.available:
            self.controls.set_codes(False, "", f"{api.called(info.dataset)}, from which it learned, is not here.")
            return
        count = min(SHOWN, dataset.held_out or dataset.count)
        self._dataset = info.dataset
        self.stream("io", "pick", api.PickRequest(self.model, "", 0, count))

    def code(self) -> tuple[float, ...]:
        return self._state.z if self._state is not None else ()

    def take_code(self, z: tuple[float, ...]) -> None:
        if self._state is not None:
            self._change(self._state.at(z))

    def values(self) -> dict[str, Any]:
        """The state; a way is of the model it was drawn for."""
        return {**self._state.to_dict(), "way_of": self.model} if self._state is not None else {}

    def study_is_new(self) -> None:
        """There are principal axes."""
        if self._state is not None:
            self.controls.show_study(self.study(), len(self._state.z), bool(self._state.own))
            self._show(self._state)

    # ---- showing and asking -------------------------------------------------------------------------

    def _show(self, state: MapState) -> None:
        study = self.study()
        if (plane := state.plane(study)) is None:
            state = dataclasses.replace(state, across="z1", up="z2", way=())
            plane = state.plane(study)
        assert plane is not None
        is_drawn = self._state is None or state.way != self._state.way
        if is_drawn:
            self._way, self._is_on_way = None, False
        self._state = state
        self.controls.show_state(state)
        self.controls.sliders.set_code(state.z)
        self._fit_places()
        self.map.set_names(state.across, state.up)
        warped = state.is_warped()
        self.map.set_layers(pictures=state.pictures, dots=state.codes, thumbs=state.thumbs, warped=warped)
        self.map.set_code(plane.s, plane.t)
        self.map.set_way(np.array(state.way, float).reshape(-1, 2))
        if not self._is_on_way:
            self.ask("play", "decode", api.DecodeRequest(self.model, (state.z,)))
        wanted = manifold(state, plane, self.model)
        is_new = wanted != self._asked
        if is_new:
            axes = (plane.u, plane.v)
            if type(wanted) is not type(self._asked) or self._plane is None or (self._plane.u, self._plane.v) != axes:
                self.bridge.cancel("play", self.slot("plane"))  # a late answer would be of other axes
            self._asked, self._plane = wanted, plane
            self.map.set_heat(None)
            self.ask("play", "plane", wanted)
            self._lay()
        if not state.heat:
            self.map.set_heat(None)
        elif is_new or not self.map.has_heat():
            self.ask("play", "heat", api.MagnificationRequest(plane.request(self.model, EXTENT)))
        self._show_holes()
        way = film(state, plane, self.model) if state.way else None
        if way != self._asked_way:  # drawn, or over another plane now
            self._asked_way, self._is_drawn = way, is_drawn
            if way is not None:
                self.ask("play", "way", way)
        self._show_way_range()
        self.tempo.set_exportable(True, bool(state.way))
        self.write()

    def _lay(self) -> None:
        """The codes over the plane as it is now."""
        self._holes = None
        if self._found is not None and self._plane is not None:
            self.map.move_codes(projected(self._found.mu, self._plane))

    def _show_holes(self) -> None:
        state = self._state
        if state is None or not state.holes or self._found is None or self._plane is None:
            self.map.set_holes(None)
            return
        if self._holes is None:
            mu, sigma, fine = self._found.mu, self._found.sigma, COARSE if self._is_held else FINE
            self._holes = find_holes(mu, sigma, self._plane, warped=state.is_warped(), fine=fine)
        self.map.set_holes(self._holes)

    def take(self, verb: str, event: Any) -> None:
        """An answer about the model shown."""
        state = self._state
        if state is None:
            return
        if isinstance(event, api.PickedEvent):
            self._classes = tuple(sorted(set(event.labels) - {""}))
            self._kinds = np.array([self._classes.index(name) if name else -1 for name in event.labels])
            self.ask("play", "encode", api.EncodeRequest(self.model, event.images, invert=False))
        elif isinstance(event, api.EncodedEvent):
            self._take_codes(event)
        elif isinstance(event, api.MagnificationEvent):
            if state.heat and self._plane and event.request.plane == self._plane.request(self.model, EXTENT):
                self.map.set_heat(at_quantiles(event.values) if state.is_warped() else event.values)
        elif isinstance(event, api.PathEvent):
            self._take_way(event)
        elif isinstance(event, api.PicturesEvent):
            self.show_time(event.compute_ms, len(event.images))
            if verb == "plane":  # also one that a moving hand has passed: else the map would stand until it rests
                self.map.set_map(event.images, CELLS, EXTENT)
            elif verb == "decode" and not self._is_on_way:
                self.picture.set_pictures(event.images)

    def _take_codes(self, event: api.EncodedEvent) -> None:
        self._found = event
        assert self._plane is not None and self._state is not None
        self.map.set_codes(projected(event.mu, self._plane), self._kinds, event.inputs)
        self.controls.set_codes(True, legend(self._classes))
        self.controls.show_state(self._state)
        self._holes = None
        self._show_holes()
        self.write()

    def way_is_here(self) -> None:
        """The film of a way has come."""

    # ---- the way --------------------------------------------------------------------------------------

    def _take_way(self, event: api.PathEvent) -> None:
        if event.request == self._asked_way:
            self._way, self._position = event, 0
            self._show_way_range()
            if self._is_drawn:
                self._is_drawn = False
                self.way_is_here()

    def count(self) -> int:
        """Pictures of the way."""
        return len(self._way.images) if self._way is not None else 0

    def _show_way_range(self) -> None:
        count = self.count()
        self.tempo.set_range(count)
        self.tempo.set_position(self._position if count else 0)
        self.tempo.set_label(f"{self._position + 1} / {count}" if count else "no way is drawn")
        for button in (self.tempo.play, self.tempo.back, self.tempo.forward):
            button.setEnabled(count > 0)

    def show_position(self, position: int) -> None:
        """A picture of the way, and the ring where its code is."""
        if self._way is None or self._state is None or self._plane is None:
            return
        self._position, self._is_on_way = min(max(position, 0), self.count() - 1), True
        self._state = self._state.at(self._way.codes[self._position])
        (place,) = projected(self._way.codes[self._position][None], self._plane)
        self.map.set_code(float(place[0]), float(place[1]))
        self.controls.sliders.set_code(self._state.z)
        self.picture.set_pictures(self._way.images[self._position][None])
        self._show_way_range()
        self.write()

    def write(self) -> None:
        """The words under the pictures."""
        if self._is_on_way:
            self.caption.set_text(way_sentence(self._position, self.count()))
        elif self._state is not None:
            codes = len(self._found.mu) if self._found is not None else 0
            self.caption.set_text(map_sentence(self._state, codes, self._dataset, self._holes))

    @Slot()
    def _fit_places(self) -> None:
        """The picture at the ring where there is room beside the map."""
        has_map = self._state is not None
        self.map.setVisible(has_map)
        self.picture.setVisible(not has_map or self.room.has_two())

    def is_settled(self) -> bool:
        """Whether the map and what lies on it have come."""
        waits = self.controls.layers["codes"].toolTip() and self._dataset and self._found is None
        return self._state is not None and self.map.has_map() and not waits

    def _change(self, state: MapState) -> None:
        """A finished change that can be undone."""
        if self._is_ready:
            self.remember()
            self._is_held = False
            self._show(state)
            self.remember()
