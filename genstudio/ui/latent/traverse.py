"""One number of the code at a time: a row of pictures each, or two of them as a plane."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.traverse_play import TraversePlay
from genstudio.ui.latent.traverse_state import COLUMNS, REACH, Plane, TraverseState, ordered
from genstudio.ui.tabs.page import GridSource


class TraversePage(TraversePlay):
    """The base code moves under sliders, clicks and the ring; what is seen around it follows."""

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__(bridge, desk, parent)
        controls = self.controls
        for widget in (controls.sliders, self.plane):
            widget.grabbed.connect(self._grabbed)
            widget.finished.connect(self._finished)
        controls.sliders.changed.connect(self._code_moved)
        self.plane.changed.connect(self._ring_moved)
        controls.changed.connect(self._setting_changed)
        controls.random_wanted.connect(self.random)
        controls.centre_wanted.connect(self.to_centre)
        controls.study_wanted.connect(self.study_codes)
        self.stage.cell_clicked.connect(self._cell_clicked)
        self.stage.button_clicked.connect(self.try_again)
        self.caption.word_clicked.connect(self._word_clicked)
        controls.pager.turned.connect(self.turn)

    @Slot()
    def _grabbed(self) -> None:
        if self._state is not None and self._state.view == "plane":
            self.stop_playing()
        self.remember()

    @Slot()
    def _finished(self) -> None:
        self._is_moving = False
        if self._state is not None and self._is_ready:
            self._show(self._state)
            self.write()
            self.remember()

    @Slot(object)
    def _code_moved(self, z: np.ndarray) -> None:
        if self._state is not None and self._is_ready:
            self._is_moving = True
            self._show(self._state.at(z))

    @Slot(float, float)
    def _ring_moved(self, s: float, t: float) -> None:
        if self._state is not None and (plane := Plane.of(self._state, self.study())) is not None:
            self._show(self._state.at(plane.code(s, t)))

    @Slot(str, object)
    def _setting_changed(self, name: str, value: Any) -> None:
        if (state := self._state) is None:
            return
        changes = {name: value, **({"only": ()} if name == "rows" else {})}
        if name in ("across", "up") and value == getattr(state, "up" if name == "across" else "across"):
            changes["up" if name == "across" else "across"] = getattr(state, name)  # they change places
        self.change(dataclasses.replace(state, **changes))
        if name == "view":
            (self.stage if value == "rows" else self.plane).setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def _cell_clicked(self, index: int) -> None:
        """The code of a cell becomes the base."""
        if self._state is not None and self._is_ready and self._state.view == "rows":
            self.change(self._state.cell(index, self.study()))
            self.stage.set_selected(index)

    @Slot(str)
    def _word_clicked(self, word: str) -> None:
        if word == "study":
            self.study_codes()
        elif word == "plane":
            self._setting_changed("view", "plane")
        elif word == "heat":
            self._setting_changed("heat", True)

    @Slot()
    def random(self) -> None:
        """Key R: the next random code is the base."""
        if self._state is not None:
            self.stage.set_selected(-1)
            self.change(dataclasses.replace(self._state.draw(), only=()))

    @Slot()
    def to_centre(self) -> None:
        """All numbers to 0."""
        if self._state is not None:
            self.change(dataclasses.replace(self._state.at(np.zeros(len(self._state.z))), only=()))

    @Slot(int)
    def turn(self, direction: int) -> None:
        """To the next or the last page of rows."""
        state = self._state
        if state is not None and state.view == "rows" and 0 <= state.page + direction < state.pages():
            self.stage.set_selected(-1)
            self.change(dataclasses.replace(state, page=state.page + direction))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """PageUp and PageDown turn the pages."""
        turns = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        if event.key() in turns and not event.modifiers():
            self.turn(turns[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def offer_picture(self, picture: api.Pictures) -> bool:
        """A dropped or pasted picture: its code becomes the base."""
        if not self._is_ready:
            return False
        self.ask("play", "paste", api.EncodeRequest(self.model, picture[None]))
        return True

    def take(self, verb: str, event: Any) -> None:
        """Also the code of such a picture."""
        if self._state is not None and isinstance(event, api.EncodedEvent):
            self.change(self._state.at(np.round(event.mu[0], 4)))
            done = f"; it was {event.converted}" if event.converted else ""
            self.tell(f"The rows are around the code of your picture{done}.")
        else:
            super().take(verb, event)

    # ---- export and restore -------------------------------------------------------------------------

    def export_source(self) -> GridSource:
        """The rows or the plane on the stage."""
        state = self._state
        if state is None or not self._is_ready:
            return None
        if state.view == "rows":
            return state.traverse(self.model, self.study())
        plane = Plane.of(state, self.study())
        return plane.request(self.model, state.reach) if plane is not None else None

    def restores(self, source: Any) -> bool:
        """Traversals and planes."""
        return isinstance(source, (api.TraverseRequest, api.PlaneRequest))

    def restore(self, event: api.RestoredEvent) -> None:
        """Show the rows or the plane of a dropped file again."""
        source: Any = event.source
        if not (key := self.key_of(event)):
            return
        rows = source.dims and source.values if isinstance(source, api.TraverseRequest) else True
        if not rows or not all(0 <= dim < len(source.z) for dim in getattr(source, "dims", ())):
            self.tell("This file's rows are of latents that its code does not have.", error=True)
            return
        own = self._state.rows if self._state is not None else TraverseState.first(len(source.z)).rows
        values: dict[str, Any] = {"z": list(source.z), "page": 0, "rows": own}
        if isinstance(source, api.PlaneRequest):
            values |= {"view": "plane", "reach": source.extent, **_axes(source)}
        else:
            values |= {"view": "rows"}
            if COLUMNS[0] <= len(source.values) <= COLUMNS[1]:
                values |= {"columns": len(source.values)}
            if REACH[0] <= (reach := max(abs(x) for x in source.values)) <= REACH[1]:
                values |= {"reach": float(reach)}
            order = ordered(self.desk.studies.get(key), len(source.z))
            page = order.index(source.dims[0]) // own
            in_order = order[page * own :][:own] == source.dims
            values |= {"page": page if in_order else 0, "only": () if in_order else source.dims}
            values |= {"moving": len(source.values) > COLUMNS[1], "sweep": 0.0}
        self.show_restored(key, values)


def _axes(source: api.PlaneRequest) -> dict[str, Any]:
    """The names of a plane's axes; of any but latents its own directions, and its middle."""
    names = []
    for way in (source.u, source.v):
        ones = [k for k, x in enumerate(way) if x == 1]
        if len(ones) == 1 and all(x in (0, 1) for x in way):
            names.append(f"z{ones[0] + 1}")
    if len(names) == 2:
        return {"across": names[0], "up": names[1]}
    return {"across": "U", "up": "V", "own": [list(way) for way in (source.u, source.v, source.z)]}
