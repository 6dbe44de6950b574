"""The forward page at work: pictures and schedules are asked for, come, and are shown."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.forward_state import ForwardState
from genstudio.ui.diffusion.forward_view import ForwardView
from genstudio.ui.diffusion.originals import Originals
from genstudio.ui.diffusion.picture_origin import OWN, own

KEEPS_ALL = {"t", "tool", "brush"}  # fields that change neither strip nor curves
SHAPE = (28, 28, 1)  # of a canvas before there is any picture


class ForwardWork(ForwardView):
    """Owns the picture and how far it is on its way; slots "forward.*" are its own."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._state = ForwardState()
        self._picture: api.Pictures | None = None
        self.originals = Originals(self, self.picker)
        self.originals.came.connect(self._picture_came)
        self.originals.failed.connect(self._no_picture_came)
        self.originals.counted.connect(self._show_count)
        self._asked: dict[str, api.ScheduleRequest | None] = {}
        self._is_active = False
        self.strip.installEventFilter(self)
        self.controls.show_state(self._state, 0)
        self.controls.set_dataset(False)

    def set_catalog(self, catalog: api.Catalog) -> None:
        """Fill the picker with the datasets that are here."""
        super().set_catalog(catalog)
        self.originals.fill(catalog, self._state.dataset)
        if self._is_active:
            self._begin()

    def _begin(self) -> None:
        self._ask_schedules()
        state = self._state
        if self._picture is None and state.picture:
            self._show_picture()
        elif self._picture is None and not self.originals.is_busy:
            if first := self.originals.first(state.dataset):
                self.originals.ask(first, max(state.number, 0) if first == state.dataset else 0)
            else:
                self.empty()
        self.count()

    def is_settled(self) -> bool:
        """The picture, its schedule and the plots are there."""
        return self.is_complete(self._state) and self.plots is not None

    # ---- pictures --------------------------------------------------------------------------------------

    def _dataset(self) -> str:
        return self._state.dataset or str(self.picker.value() or "")

    def _take(self, picture: api.Pictures, **fields: Any) -> None:
        self._change(**{**own(picture), **fields})

    def _show_picture(self) -> None:
        """The picture of the state, under the brush."""
        if (picture := api.picture_of(self._state.picture)) is not None:
            self._picture = picture
            self.set_numbers(picture, self._state.seed)
            self.canvas.set_canvas(picture)
            self.canvas.set_message("")
            self._go_to(self._state)

    def empty(self) -> None:
        """A picture of nothing but paper."""
        self.originals.forget()
        shape = SHAPE if self._picture is None else self._picture.shape
        self._take(np.full(shape, self.ground(), np.uint8))

    # ---- events ----------------------------------------------------------------------------------------

    def handle(self, verb: str, event: Any) -> None:
        """Schedules and pictures, each only if it is still wanted."""
        if isinstance(event, api.ScheduleEvent):
            self._schedule_came(verb, event)
        else:
            self.originals.handle(verb, event)

    @Slot(object, object)
    def _picture_came(self, picture: api.Pictures, fields: dict[str, Any]) -> None:
        self._take(picture, **fields)

    @Slot()
    def _no_picture_came(self) -> None:
        self.picker.set_value(self._state.dataset)
        self.controls.show_state(self._state, self._total())
        if self._picture is None:
            self.empty()

    def count(self) -> None:
        """Ask of how many the picture is one, where nobody knows."""
        if self._is_active and self._state.number != OWN:
            self.originals.count(self._state.dataset)

    @Slot()
    def _show_count(self) -> None:
        self.controls.show_state(self._state, self._total())

    def _schedule_came(self, verb: str, event: api.ScheduleEvent) -> None:
        if event.request != self._asked.get(verb):
            return
        if verb == "beside":
            self.beside = event
        else:
            self.schedule = event
            if self.beside is not None and len(self.beside.signal) != len(event.signal):
                self.beside = None  # of another T; the right one is on its way
        self.show_all(self._state)

    def _total(self) -> int:
        return self.originals.totals.get(self._state.dataset, 0)

    # ---- the state -------------------------------------------------------------------------------------

    def _change(self, is_final: bool = True, **fields: Any) -> None:
        """Other values of some fields."""
        self._go_to(dataclasses.replace(self._state, **fields))
        if is_final:
            self.remember()

    def _go_to(self, state: ForwardState, is_drawn: bool = False) -> None:
        """Another state; a picture that was drawn is under the brush already."""
        before, self._state = self._state, state
        if state.picture != before.picture and not is_drawn:
            self._show_picture()
            return
        if state.seed != before.seed and self._picture is not None:
            self.set_numbers(self._picture, state.seed)
        self.show_controls(state, self._total())
        self.controls.set_dataset(bool(self._dataset()))
        self._ask_schedules()
        changed = {f.name for f in dataclasses.fields(state) if getattr(state, f.name) != getattr(before, f.name)}
        if changed and changed <= KEEPS_ALL:
            self.show_t(state)
        else:
            self.show_all(state)

    def _ask_schedules(self) -> None:
        if not self._is_active:
            return
        state = self._state
        self._ask_schedule("schedule", state.schedule)
        if state.beside:
            self._ask_schedule("beside", state.beside)
        elif self.beside is not None or self._asked.get("beside"):
            self._asked["beside"] = self.beside = None
        self.show_schedules()

    def _ask_schedule(self, verb: str, name: str) -> None:
        request = api.ScheduleRequest(name, self._state.timesteps)
        if request != self._asked.get(verb):
            self._asked[verb] = request
            self.ask("play", verb, request)

    def remember(self) -> None:
        """Put the state on the undo history, once there is a picture."""
        if self._state.picture:
            super().remember()

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """As many pictures as the strip has room for."""
        is_due = event.type() == QEvent.Type.Resize and self.is_complete(self._state)
        if is_due and self.strip_count(self._state) != self.strip.count():
            self.show_strip(self._state)
        return super().eventFilter(watched, event)
