"""The triptych: one control moves a VAE, a GAN and a diffusion model on the same data."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.engine import Ended, Failure
from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs.page import FilmSource, GridSource
from genstudio.ui.tabs.play_clock import PlayClock
from genstudio.ui.triptych.asker import DRAFT, FULL
from genstudio.ui.triptych.models import TriptychModels
from genstudio.ui.triptych.state import KINDS, PLACES, TriptychState, of_sheet, sound
from genstudio.ui.triptych.times import on_sheet

WAY_S = 5.0  # from A to B at speed 1
STEP = 2  # stops of a key
VERBS = {DRAFT, FULL, *(kind.name for kind in KINDS)}


class TriptychPage(TriptychModels):
    """Opens on the way from A to B, which plays once."""

    drifts = frozenset({"position"})

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._was_playing = True  # when the page was left; it opens playing
        self._at = 0.0  # where the control is while it plays, in stops
        self.clock = PlayClock(self)
        self.clock.ticked.connect(self._go_on)
        self.controls.changed.connect(self.change_fields)
        self.controls.new_seeds_wanted.connect(self.random)
        self.controls.swap_wanted.connect(self.swap)
        self.tempo.scrubbed.connect(self._scrubbed)
        self.tempo.scrubber.released.connect(self.remember)
        self.columns.picture_clicked.connect(self._clicked)
        self.columns.picture_opened.connect(self._opened)
        self.columns.help_wanted.connect(self._help_wanted)

    # ---- the window's hooks ---------------------------------------------------------------------------

    def activate(self) -> None:
        """On top: begin, or go on."""
        self._is_active = True
        if self.catalog is None:
            return
        if any(self.state.models):
            self._ask()
        else:
            self.open_first()
        if self._was_playing and any(self.state.models):
            self.play(True)

    def deactivate(self) -> None:
        """Nobody looks: compute nothing."""
        self._was_playing = self.clock.runs() or (self._was_playing and not self._is_active)
        self._is_active = False
        self.play(False)
        self.asker.stop()

    def handle(self, verb: str, event: Any) -> None:
        """Models, and the answers of the three columns."""
        self.dropped.note(verb, event)
        if isinstance(event, api.ModelEvent):
            self.take_model(event.info)
        elif verb in VERBS and isinstance(event, (api.PicturesEvent, api.PanelEvent, Failure, Ended)):
            self.asker.handle(verb, event)

    def set_parameters(self, values: dict[str, Any]) -> None:
        """Back to such a state; before there are models it is kept for the start."""
        if any(self.state.models):
            self.play(False)
        else:
            self._was_playing = not values  # what was left at some place is there again
        super().set_parameters(values)

    def random(self) -> None:
        """Other noise at both ends."""
        if any(self.state.models):
            a, b = random.sample(range(100_000), 2)
            self.change(dataclasses.replace(self.state, seed_a=a, seed_b=b))

    def step(self, direction: int) -> None:
        """One percent on or back."""
        self._move(self.state.moved(STEP * direction))
        self.remember()

    def toggle_play(self) -> None:
        """The control goes from where it is to B, or stays; from B it begins at A again."""
        self.play(not self.clock.runs())

    def is_settled(self) -> bool:
        """The control stands still, and all that belongs to its place is there."""
        return not self.clock.runs() and super().is_settled()

    def leave_detail(self) -> bool:
        """All pictures again."""
        if self.alone < 0:
            return False
        self._show_alone(-1)
        return True

    # ---- hand and time --------------------------------------------------------------------------------

    def show_anew(self, state: TriptychState) -> None:
        """Another state, which nobody is to take back; what is new of it is asked at once."""
        if state.count != self.state.count:
            self.alone = -1
            self.columns.select(-1)
        self.state = state
        self._at = state.position * PLACES
        if not any(state.models):
            self.play(False)
        self._ask()
        self.show_state()

    def _ask(self) -> None:
        if self._is_active:
            state, infos = self.state, self.infos
            self.asker.ask([state.request(k, infos) for k in range(len(KINDS))], state.draft(infos))

    def _move(self, state: TriptychState) -> None:
        """Another place, by hand."""
        if any(state.models):
            self.play(False)
            self._at = state.position * PLACES
            self._show_moved(state)

    def _show_moved(self, state: TriptychState) -> None:
        if state != self.state:
            self.state = state
            self._ask()
            self.show_place()

    def play(self, playing: bool) -> None:
        """Let the control go to B, or stay where it is."""
        playing = playing and any(self.state.models) and self._is_active
        if playing and self.state.position >= 1:
            self._at = 0.0
        self.clock.run(playing)
        self.tempo.set_playing(playing)

    @Slot(float)
    def _go_on(self, seconds: float) -> None:
        if self.asker.is_late:  # no faster than the pictures come
            return
        self._at = min(self._at + seconds * self.tempo.speed * PLACES / WAY_S, float(PLACES))
        self._show_moved(dataclasses.replace(self.state, position=int(self._at) / PLACES))
        self.drifted()
        if self._at >= PLACES:
            self.play(False)

    @Slot(int)
    def _scrubbed(self, place: int) -> None:
        self._move(dataclasses.replace(self.state, position=place / PLACES))
        if not self.tempo.scrubber.is_held():
            self.remember()

    @Slot()
    def swap(self) -> None:
        """The way goes from B to A; it stays where it is."""
        state = self.state
        self.play(False)
        self.change(
            dataclasses.replace(state, seed_a=state.seed_b, seed_b=state.seed_a, position=round(1 - state.position, 6))
        )

    @Slot(int)
    def _clicked(self, index: int) -> None:
        self.columns.select(-1 if index == self.columns.selected() else index)

    @Slot(int)
    def _opened(self, index: int) -> None:
        self._show_alone(index if self.alone < 0 else -1)

    def _show_alone(self, index: int) -> None:
        """One picture of each model, large; -1 all."""
        back = self.alone
        self.alone = index
        self.columns.select(back if index < 0 else -1)
        self.refresh()

    @Slot(int)
    def _help_wanted(self, k: int) -> None:
        if self.state.models[k]:
            self.asker.forget()
            self._ask()
            self.refresh()
        else:
            self.mode_wanted.emit(KINDS[k].learner)

    # ---- files ----------------------------------------------------------------------------------------

    def export_source(self) -> GridSource:
        """The pictures of all, as a sheet; those of the diffusion model in all its steps."""
        if not self.has_film():
            return None
        state = dataclasses.replace(self.state, models=sound(self.state.models, self.asker.errors))
        return state.sheet(self.infos, on_sheet(*(self.took(k) for k in range(len(KINDS)))))

    def export_film_source(self) -> FilmSource:
        """The way from A to B."""
        return self.export_source()  # type: ignore[return-value]

    def has_film(self) -> bool:
        """As soon as any model has drawn something."""
        return any(images is not None for images in self.asker.pictures)

    def restores(self, source: Any) -> bool:
        """Such sheets."""
        return isinstance(source, api.TriptychRequest)

    def restore(self, event: api.RestoredEvent) -> None:
        """Show the models and the place of a dropped sheet again."""
        source = event.source
        if not isinstance(source, api.TriptychRequest):
            return
        if self.dropped.asks_for(source.models, self.infos, event):
            return
        self.play(False)
        self.change(of_sheet(source, self.infos, self.state))
