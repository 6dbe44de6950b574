"""The forward process: a picture turns into noise as one slides t, by the closed form and at once."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.settings.schedules import PEN
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.desk import DenoisingDesk
from genstudio.ui.diffusion.forward_state import ForwardState
from genstudio.ui.diffusion.forward_work import ForwardWork
from genstudio.ui.diffusion.picture_origin import OWN, own
from genstudio.ui.tabs.page import FilmSource, GridSource
from genstudio.ui.tabs.play_clock import PlayClock

WAY_S = 5.0  # from t = 0 to T at speed 1
SMALLEST, LARGEST = 8, 64  # px of a picture from outside


class ForwardPage(ForwardWork):
    """What one can do with the page; what it does by itself is in `ForwardWork`."""

    drifts = frozenset({"t"})

    def __init__(self, bridge: Bridge, desk: DenoisingDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.desk = desk or DenoisingDesk(self)
        self._progress = 0.0  # t while it plays
        self._clock = PlayClock(self)
        pairs = (
            (self.picker.chosen, self._dataset_chosen),
            (self.controls.changed, self._control_changed),
            (self.controls.number_wanted, self._number_wanted),
            (self.controls.other_wanted, self.another),
            (self.controls.clear_wanted, self.clear),
            (self.controls.noise_wanted, self.random),
            (self.controls.train_wanted, self._train),
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

    @Slot()
    def _train(self) -> None:
        """In Train, a model with this schedule."""
        self.desk.schedule = self._state.schedule, self._state.timesteps
        self.mode_wanted.emit(self.learner)

    def activate(self) -> None:
        """On top: with the picture it had, or a first one."""
        self._is_active = True
        if self.catalog is not None:
            self._begin()

    def deactivate(self) -> None:
        """Nobody looks."""
        self._is_active = False
        self._pause()

    # ---- pictures --------------------------------------------------------------------------------------

    @Slot(object)
    def _dataset_chosen(self, name: str) -> None:
        self._pause()
        self.originals.ask(name, 0)

    @Slot(int)
    def _number_wanted(self, number: int) -> None:
        self.originals.ask(self._dataset(), number)

    @Slot()
    def another(self) -> None:
        """A picture of the dataset at random."""
        self.originals.another(self._dataset())

    def offer_picture(self, picture: api.Pictures) -> bool:
        """A dropped or pasted picture of any kind, in its colours."""
        self._pause()
        is_grey = picture.shape[2] == 1 or bool((picture == picture[..., :1]).all())
        size = min(max(min(picture.shape[:2]), SMALLEST), LARGEST)
        self.originals.fit(picture, size, 1 if is_grey else 3)
        return True

    def offer_dataset(self, path: str) -> bool:
        """A folder or zip was dropped: its first picture."""
        self._pause()
        self.originals.ask(path, 0)
        return True

    @Slot()
    def clear(self) -> None:
        """An empty canvas to draw on."""
        self._pause()
        self.empty()

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
            self.originals.forget()
            self._go_to(dataclasses.replace(self._state, **own(self._picture)), is_drawn=True)
            self.remember()

    # ---- controls --------------------------------------------------------------------------------------

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
            self.originals.forget()
            self._go_to(state)
            self.picker.set_value(state.dataset)
            self.count()

    def export_source(self) -> GridSource:
        """The strip."""
        return self._state.strip(self.strip.count()) if self.is_complete(self._state) else None

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
            origin, state = self._origin(source), self._state.at(source.timesteps)
            fields = {"picture": source.picture, "schedule": source.schedule, "seed": source.seed}
            drawn = {"curve": source.schedule} if source.schedule.startswith(PEN) else {}
            self.set_parameters({**state.to_dict(), **fields, **drawn, **dataclasses.asdict(origin)})
            self.remember()

    def _origin(self, source: api.ForwardRequest) -> api.PictureOrigin:
        """Where the picture of a file is from; the user's own, if nobody could take another one of it here."""
        origin = source.origin
        if origin is None or origin.number < 0 or not self.originals.knows(origin.dataset):
            return api.PictureOrigin(self._state.dataset, OWN)
        return origin
