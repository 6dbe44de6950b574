"""The forward process: a picture turns into noise as one slides t, by the closed form and at once."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.engine import Failure
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.forward_state import OWN, ForwardState
from genstudio.ui.diffusion.forward_view import ForwardView
from genstudio.ui.tabs.page import FilmSource, GridSource
from genstudio.ui.tabs.play_clock import PlayClock

WAY_S = 5.0  # from t = 0 to T at speed 1
FAVOURITES = ("mnist", "strokes")  # the dataset that it opens on
SMALLEST, LARGEST = 8, 64  # px of a picture from outside
KEEPS_ALL = {"t", "tool", "brush"}  # fields that change neither strip nor curves


class ForwardPage(ForwardView):
    """Owns the picture and how far it is on its way; slots "forward.*" are its own."""

    drifts = frozenset({"t"})

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._state = ForwardState()
        self._picture: api.Pictures | None = None
        self._totals: dict[str, int] = {}  # pictures held out of each dataset that was read
        self._wanted: tuple[str, int] | None = None  # dataset and number of the picture that is on its way
        self._asked: dict[str, api.ScheduleRequest | None] = {}
        self._is_active = False
        self._progress = 0.0  # t while it plays
        self._clock = PlayClock(self)
        pairs = (
            (self.picker.chosen, self._dataset_chosen),
            (self.controls.changed, self._control_changed),
            (self.controls.number_wanted, self._number_wanted),
            (self.controls.other_wanted, self.another),
            (self.controls.clear_wanted, self.clear),
            (self.controls.noise_wanted, self.random),
            (self.canvas.grabbed, self._pause),
            (self.canvas.stroked, self._stroked),
            (self.canvas.finished, self._drawn),
            (self.canvas.clear_wanted, self.clear),
            (self.strip.grabbed, self._pause),
            (self.strip.changed, self._slid),
            (self.tempo.scrubbed, self._scrubbed),
            (self.t_picked, self._picked),
            (self.tempo.scrubber.released, self._let_go),
            (self.strip.finished, self._let_go),
            (self.view_wanted, self._show_view),
            (self._clock.ticked, self._tick),
        )
        for signal, slot in pairs:
            signal.connect(slot)
        self.strip.installEventFilter(self)
        self.controls.show_state(self._state, 0)
        self.controls.set_dataset(False)

    # ---- the window's hooks ----------------------------------------------------------------------------

    def set_catalog(self, catalog: api.Catalog) -> None:
        """Fill the picker with the datasets that are here."""
        super().set_catalog(catalog)
        self.picker.clear()
        for info in catalog.datasets:
            why = "" if info.available else "Not on this computer; a Train mode can download it."
            self.picker.add_choice(info.title, info.name, why or info.note, enabled=info.available)
        if self._is_folder(self._state.dataset):
            self._add_folder(self._state.dataset)
        self.picker.set_value(self._state.dataset)
        if self._is_active:
            self._begin()

    def activate(self) -> None:
        """On top: with the picture it had, or a first one."""
        self._is_active = True
        if self.catalog is not None:
            self._begin()

    def deactivate(self) -> None:
        """Nobody looks."""
        self._is_active = False
        self._pause()

    def _begin(self) -> None:
        self._ask_schedules()
        state = self._state
        if self._picture is None and state.picture:
            self._show_picture()
        elif self._picture is None and self._wanted is None:
            there = [info.name for info in self.catalog.datasets if info.available] if self.catalog else []
            first = next((name for name in (state.dataset, *FAVOURITES, *there) if name in there), "")
            if first:
                self._ask_picture(first, max(state.number, 0) if first == state.dataset else 0)
            else:
                self.clear()

    def is_settled(self) -> bool:
        """The picture, its schedule and the plots are there."""
        return self.is_complete(self._state) and self.plots is not None

    # ---- pictures --------------------------------------------------------------------------------------

    def _ask_picture(self, dataset: str, number: int) -> None:
        self._wanted = dataset, number
        self.stream("io", "original", api.OriginalRequest(dataset, number))

    @Slot(object)
    def _dataset_chosen(self, name: str) -> None:
        self._pause()
        self._ask_picture(name, 0)

    @Slot(int)
    def _number_wanted(self, number: int) -> None:
        self._ask_picture(self._dataset(), number)

    @Slot()
    def another(self) -> None:
        """A picture of the dataset at random."""
        if dataset := self._dataset():
            self._ask_picture(dataset, random.randrange(max(self._totals.get(dataset, 1), 1)))

    def _dataset(self) -> str:
        return self._state.dataset or str(self.picker.value() or "")

    def offer_picture(self, picture: api.Pictures) -> bool:
        """A dropped or pasted picture of any kind, in its colours."""
        self._pause()
        self._wanted = None
        is_grey = picture.shape[2] == 1 or bool((picture == picture[..., :1]).all())
        size = min(max(min(picture.shape[:2]), SMALLEST), LARGEST)
        self.ask("play", "fit", api.FitRequest(picture, size, 1 if is_grey else 3))
        return True

    def offer_dataset(self, path: str) -> bool:
        """A folder or zip was dropped: its first picture."""
        self._pause()
        self._ask_picture(path, 0)
        return True

    def _is_folder(self, name: str) -> bool:
        return bool(name) and self.picker.findData(name) < 0 and Path(name).exists()

    def _add_folder(self, path: str) -> None:
        self.picker.add_choice(Path(path).name, path, path)

    @Slot()
    def clear(self) -> None:
        """An empty canvas to draw on."""
        self._pause()
        self._wanted = None
        shape = (28, 28, 1) if self._picture is None else self._picture.shape
        self._take(np.full(shape, self.ground(), np.uint8))

    @Slot()
    def _stroked(self) -> None:
        """The picture under the pen, and all that follows from it."""
        self._picture = self.canvas.picture()
        self.set_numbers(self._picture, self._state.seed)
        self.show_strip(self._state)
        self.show_t(self._state)

    @Slot()
    def _drawn(self) -> None:
        if self._picture is not None:
            self._wanted = None
            self._go_to(dataclasses.replace(self._state, **_own(self._picture)), is_drawn=True)
            self.remember()

    def _take(self, picture: api.Pictures, **fields: Any) -> None:
        self._change(**{**_own(picture), **fields})

    def _show_picture(self) -> None:
        """The picture of the state, under the brush."""
        shape = api.packed_shape(self._state.picture)
        picture = api.unpack(self._state.picture, shape) if shape is not None else None
        if picture is not None:
            self._picture = picture
            self.set_numbers(picture, self._state.seed)
            self.canvas.set_canvas(picture)
            self.canvas.set_message("")
            self._go_to(self._state)

    # ---- events ----------------------------------------------------------------------------------------

    def handle(self, verb: str, event: Any) -> None:
        """Schedules and pictures, each only if it is still wanted."""
        if isinstance(event, api.ScheduleEvent):
            self._schedule_came(verb, event)
        elif isinstance(event, api.OriginalEvent):
            self._original_came(event)
        elif isinstance(event, api.FittedEvent):
            self._take(event.picture, converted=event.converted)
        elif isinstance(event, Failure) and verb == "original":
            self._wanted = None
            self.picker.set_value(self._state.dataset)
            self.controls.show_state(self._state, self._total())
            if self._picture is None:
                self.clear()

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

    def _original_came(self, event: api.OriginalEvent) -> None:
        dataset, number = event.request.dataset, event.request.number
        self._totals[dataset] = event.total
        if (dataset, number) != self._wanted:
            return
        self._wanted = None
        if self._is_folder(dataset):
            self._add_folder(dataset)
        self.picker.set_value(dataset)
        self._take(event.picture, dataset=dataset, number=number, label=event.label)

    def _total(self) -> int:
        return self._totals.get(self._state.dataset, 0)

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

    @Slot(str, object, bool)
    def _control_changed(self, field: str, value: Any, is_final: bool) -> None:
        """T keeps the share of the way; drawing a curve makes it the schedule."""
        if field == "timesteps":
            self._pause()
            self._go_to(self._state.at(value))
        elif field == "curve":
            beside = value if self._state.beside == self._state.curve else self._state.beside
            self._go_to(dataclasses.replace(self._state, curve=value, schedule=value, beside=beside))
        else:
            self._go_to(dataclasses.replace(self._state, **{field: value}))
        if is_final:
            self.remember()

    @Slot(str)
    def _show_view(self, view: str) -> None:
        self._change(view=view)

    @Slot()
    def random(self) -> None:
        """Other noise."""
        self._change(seed=random.randrange(100_000))

    # ---- t ---------------------------------------------------------------------------------------------

    def set_t(self, t: int, is_moving: bool = False) -> None:
        """Go to a t: no step of undo."""
        t = min(max(t, 0), self._state.timesteps)
        self.drifted()
        self._state = dataclasses.replace(self._state, t=t)
        self.show_t(self._state, is_moving)

    @Slot(int)
    def _scrubbed(self, t: int) -> None:
        self._pause()
        self.set_t(t, self.tempo.scrubber.is_held())

    @Slot(float)
    def _picked(self, t: float) -> None:
        """A press or drag in a plot."""
        self._pause()
        self.set_t(round(t))

    @Slot(float)
    def _slid(self, position: float) -> None:
        self.set_t(round(position * self._state.timesteps), self.strip.is_held())

    @Slot()
    def _let_go(self) -> None:
        self.show_t(self._state)

    def step(self, direction: int) -> None:
        """One t on or back."""
        self._pause()
        self.set_t(self._state.t + direction)

    def toggle_play(self) -> None:
        """From here to T; at T from the beginning."""
        if self._clock.runs():
            self._pause()
        elif self.is_complete(self._state):
            self._progress = 0.0 if self._state.t == self._state.timesteps else float(self._state.t)
            self._clock.run(True)
            self.tempo.set_playing(True)

    @Slot(float)
    def _tick(self, seconds: float) -> None:
        last = self._state.timesteps
        self._progress = min(self._progress + seconds * self.tempo.speed * last / WAY_S, float(last))
        self.set_t(int(self._progress), is_moving=self._progress < last)
        if self._progress >= last:
            self._pause()

    @Slot()
    def _pause(self) -> None:
        if self._clock.runs():
            self._clock.run(False)
            self.tempo.set_playing(False)
            self.show_t(self._state)

    # ---- undo, files -----------------------------------------------------------------------------------

    def parameters(self) -> dict[str, Any]:
        """The state shown, as plain JSON values."""
        return self._state.to_dict()

    def set_parameters(self, values: dict[str, Any]) -> None:
        """Back to such a state; what is foreign is ignored."""
        state = ForwardState.from_dict(values)
        if state is not None:
            self._pause()
            self._wanted = None
            self._go_to(state)
            self.picker.set_value(state.dataset)

    def remember(self) -> None:
        """Put the state on the undo history, once there is a picture."""
        if self._state.picture:
            super().remember()

    def export_source(self) -> GridSource:
        """The strip."""
        return self._state.request(self.strip.count()) if self.is_complete(self._state) else None

    def export_film_source(self) -> FilmSource:
        """The way."""
        return self._state.film() if self.is_complete(self._state) else None

    def restores(self, source: Any) -> bool:
        """Strips and films of this page."""
        return isinstance(source, api.ForwardRequest)

    def restore(self, event: api.RestoredEvent) -> None:
        """The picture of a file, its noise and its schedule."""
        source = event.source
        if isinstance(source, api.ForwardRequest):
            fields = dataclasses.asdict(source)
            fields.pop("steps")
            drawn = {"curve": source.schedule} if source.schedule.startswith("drawn:") else {}
            state = self._state.at(source.timesteps)
            self.set_parameters({**state.to_dict(), **fields, **drawn, "number": OWN, "label": "", "converted": ""})
            self.remember()

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """As many pictures as the strip has room for."""
        is_due = event.type() == QEvent.Type.Resize and self.is_complete(self._state)
        if is_due and self.strip_count() != self.strip.count():
            self.show_strip(self._state)
        return super().eventFilter(watched, event)


def _own(picture: api.Pictures) -> dict[str, Any]:
    """The fields of a picture that is of no dataset."""
    return {"picture": api.pack(picture), "number": OWN, "label": "", "converted": ""}
