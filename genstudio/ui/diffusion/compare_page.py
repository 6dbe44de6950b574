"""The same noise, several ways side by side: what each costs, and how its pictures differ from the first one's."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.engine import Ended, Failure
from genstudio.errors import sentence, whole
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.compare_columns import another
from genstudio.ui.diffusion.compare_exports import film_sheet, moment_sheet
from genstudio.ui.diffusion.compare_models import ComparedModels
from genstudio.ui.diffusion.compare_state import FEWEST, PRESETS, CompareState, limited, preset
from genstudio.ui.diffusion.compare_words import TOGETHER
from genstudio.ui.tabs.page import FilmSource, GridSource


class SamplersPage(ComparedModels):
    """Opens on a preset that plays. A column that was finished once is not computed again."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._was_playing = False  # when the page was left
        controls, editor = self.controls, self.controls.columns
        controls.preset_chosen.connect(self.show_preset)
        controls.shared_changed.connect(self._shared_changed)
        controls.new_seed_wanted.connect(self.random)
        controls.layer_chosen.connect(self.show_layer)
        controls.difference_chosen.connect(self.show_difference)
        controls.by_chosen.connect(self.lock_by)
        editor.chosen.connect(self.choose)
        editor.edited.connect(self._edited)
        editor.add_wanted.connect(self.add_column)
        editor.remove_wanted.connect(self.remove_column)
        editor.lead_wanted.connect(self._lead_wanted)
        self.columns.chosen.connect(self.choose)
        self.columns.notice.button_clicked.connect(self._try_again)
        self.caption.word_clicked.connect(self._word_clicked)
        self.tempo.scrubbed.connect(self.player.look)
        self.tempo.speed_changed.connect(self.player.set_speed)

    # ---- the window's hooks ---------------------------------------------------------------------------

    def activate(self) -> None:
        """On top: something plays."""
        self._is_active = True
        if self.catalog is None:
            return
        if self.state is None:
            self._open_first()
        elif self._was_playing:
            self.player.set_playing(True)

    def deactivate(self) -> None:
        """Nobody looks: compute nothing."""
        self._is_active, self._was_playing = False, self.player.is_playing
        self.player.set_playing(False)

    def handle(self, verb: str, event: Any) -> None:
        """Models, and the steps of the columns."""
        self.dropped.note(verb, event)
        if isinstance(event, api.ModelEvent):
            self.take_model(event.info)
        elif verb == "compare" and isinstance(event, (api.CompareSamplersEvent, Failure, Ended)):
            self.player.handle(event)
            if isinstance(event, Failure) and self._is_void():
                self.columns.show_message(whole(sentence(event.error)), "Try again")
                self.caption.set_text("")
                self.tempo.set_label("")

    def parameters(self) -> dict[str, Any]:
        """The state shown, as plain JSON values."""
        return self.state.to_dict() if self.state is not None else self._saved

    def set_parameters(self, values: dict[str, Any]) -> None:
        """Back to such a state; before there are models it is kept for the start."""
        if self.state is None:
            self._saved = dict(values)
        elif (state := CompareState.from_dict(values, self.infos, list(self.titles))) is not None:
            self._show(state)

    def random(self) -> None:
        """Other noise."""
        if self.state is not None:
            self.change(dataclasses.replace(self.state, seed=random.randrange(100_000)))

    def step(self, direction: int) -> None:
        """One moment on or back."""
        self.player.step(direction)

    def toggle_play(self) -> None:
        """Play, or stop computing between two steps."""
        self.player.set_playing(not self.player.is_playing)

    # ---- hand -----------------------------------------------------------------------------------------

    def change(self, state: CompareState) -> None:
        """Another state; what has to be computed for it is begun at once."""
        self.remember()
        self._show(state)
        self.remember()

    def _show(self, state: CompareState) -> None:
        self.state = state
        self.show_state()
        if self.player.request != state.request():
            self._start()

    def _start(self, until: float = -1.0) -> None:
        if self.state is not None:
            self.player.start(self.state.request(), self._is_active, until)
            self._was_playing = not self._is_active
            self.show_state()

    @Slot(int)
    def choose(self, column: int) -> None:
        """The column whose settings are shown."""
        self.chosen = column
        self.show_state()

    @Slot(str)
    def show_preset(self, name: str) -> None:
        """The columns of a preset, of the first column's model."""
        if self.state is not None and name in PRESETS:
            ways = preset(name, self.state.ways[0].model, self.infos, list(self.titles))
            if ways:
                self.change(dataclasses.replace(self.state, ways=ways))
            else:
                self.show_state()

    @Slot(str)
    def _word_clicked(self, word: str) -> None:
        if word in PRESETS:
            self.show_preset(word)
        elif word == TOGETHER:
            self.player.start_anew()
        else:
            self.show_layer(word)

    @Slot()
    def _shared_changed(self) -> None:
        if self.state is not None:
            self.change(self.controls.with_shared(self.state))

    @Slot(object)
    def _edited(self, way: api.Way) -> None:
        if self.state is not None:
            self.change(self.state.with_way(self.chosen, limited(way, self.infos[way.model])))

    @Slot()
    def add_column(self) -> None:
        """One more after the last, like the chosen one with half the steps."""
        if self.state is not None and len(self.state.ways) < api.MOST_WAYS:
            ways = (*self.state.ways, another(self.state.ways[self.chosen]))
            self.chosen = len(ways) - 1
            self.change(dataclasses.replace(self.state, ways=ways))

    @Slot(int)
    def remove_column(self, column: int) -> None:
        """One fewer, as long as two are left."""
        if self.state is not None and len(self.state.ways) > FEWEST:
            self.chosen -= int(column < self.chosen)
            self.change(self.state.without(column))

    @Slot()
    def _lead_wanted(self) -> None:
        if self.state is not None:
            state, self.chosen = self.state.led_by(self.chosen), 0
            self.change(state)

    @Slot()
    def _try_again(self) -> None:
        if self.state is None:
            self.mode_wanted.emit(self.learner)
        else:
            self._start()

    # ---- in and out of files ----------------------------------------------------------------------------

    def export_source(self) -> GridSource:
        """The moment shown, as a sheet."""
        return moment_sheet(self.state, self.player)

    def export_film_source(self) -> FilmSource:
        """The whole way."""
        return film_sheet(self.state, self.player)

    def restores(self, source: Any) -> bool:
        """Such sheets."""
        return isinstance(source, api.SamplersSheetRequest)

    def restore(self, event: api.RestoredEvent) -> None:
        """Show the columns of a dropped sheet, and play to the moment it shows."""
        source = event.source
        if not isinstance(source, api.SamplersSheetRequest):
            return
        if self.dropped.asks_for(source.models, self.infos, event):
            return
        values = {**dataclasses.asdict(source), **dataclasses.asdict(source.asked)}
        state = CompareState.from_dict(values, self.infos, list(self.titles))
        if state is None:
            self.tell(f"{event.path} was made with samplers that are not here.", "", True)
            return
        self.state = state
        self.show_state()
        self._start(until=source.place if source.place < 1 else -1.0)
        self.remember()
