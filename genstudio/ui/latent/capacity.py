"""How much a code can hold: a ladder of VAEs, and one control that moves along its rate-distortion curve."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.engine import Failure
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.capacity_page import MEASURED, CapacityShow
from genstudio.ui.latent.capacity_state import FAMILIES, SEEDS, CapacityState, seed_of, sheet
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.tabs.dropped_models import key_of
from genstudio.ui.tabs.page import GridSource
from genstudio.ui.tabs.play_clock import PlayClock

STAY_S = 1.2  # on a model while it plays, at speed 1


class CapacityPage(CapacityShow):
    """What one does with the ladder: move, play, measure, export, undo."""

    drifts = frozenset({"model"})

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__(bridge, desk, parent)
        self.clock = PlayClock(self)
        self.clock.ticked.connect(self._tick)
        self._stayed = 0.0
        self._to_measure: list[str] = []
        self.view.slider.stop_chosen.connect(self._place_wanted)
        self.view.slider.released.connect(self.remember)
        self.plot.chosen.connect(self._place_wanted)
        self.tempo.scrubbed.connect(self._place_wanted)
        self.view.row_clicked.connect(self._row_wanted)
        self.view.stage.button_clicked.connect(self._help)
        self.view.stage.columns_changed.connect(self.state_changed)
        self.views.chosen.connect(self._view_wanted)
        self.picker.chosen.connect(self._ladder_wanted)
        self.others.clicked.connect(self.random)
        self.explore_button.clicked.connect(self.explore)
        self.measure_button.clicked.connect(self.measure)

    # ---- moving -------------------------------------------------------------------------------------

    @Slot(int)
    def _place_wanted(self, place: int) -> None:
        self.clock.run(False)
        self.tempo.set_playing(False)
        self.go(place)

    def go(self, place: int) -> None:
        """Another model of the ladder; nothing is computed if its pictures have come."""
        ladder = self.ladder()
        if ladder is not None and 0 <= place < len(ladder.rungs) and ladder.rungs[place].key != self._state.model:
            self.show_state(dataclasses.replace(self._state, model=ladder.rungs[place].key))
            if not self.view.slider.is_held():
                self.remember()

    def step(self, direction: int) -> None:
        """The model with more numbers, or with fewer."""
        self._place_wanted(self.place() + direction)

    def place(self) -> int:
        """Which rung is shown; -1 if there is none."""
        ladder = self.ladder()
        return ladder.place(self._state.model) if ladder else -1

    def toggle_play(self) -> None:
        """Run up the ladder; from the top it begins anew."""
        ladder = self.ladder()
        if ladder is None or len(ladder.rungs) < 2:
            self.tempo.set_playing(False)
            return
        starts = not self.clock.runs()
        if starts and self.place() == len(ladder.rungs) - 1:
            self.drifted()
            self.go(0)
        self._stayed = 0.0
        self.clock.run(starts)
        self.tempo.set_playing(starts)

    @Slot(float)
    def _tick(self, seconds: float) -> None:
        self._stayed += seconds * self.tempo.speed
        ladder = self.ladder()
        if ladder is None or self._stayed < STAY_S:
            return
        self._stayed = 0.0
        self.drifted()
        self.go(self.place() + 1)
        if self.place() == len(ladder.rungs) - 1:
            self.clock.run(False)
            self.tempo.set_playing(False)

    def deactivate(self) -> None:
        """Another page is on top."""
        self.clock.run(False)
        self.tempo.set_playing(False)
        super().deactivate()

    @Slot(int)
    def _row_wanted(self, row: int) -> None:
        if self._state.every and row > 0:
            self._place_wanted(row - 1)

    # ---- choosing -----------------------------------------------------------------------------------

    def _change(self, state: CapacityState) -> None:
        self.remember()
        self.show_state(state)
        self.remember()

    @Slot(str)
    def _view_wanted(self, view: str) -> None:
        self._change(dataclasses.replace(self._state, every=view == "every"))

    @Slot(object)
    def _ladder_wanted(self, key: str) -> None:
        self._change(CapacityState.from_dict({**self._state.to_dict(), "ladder": key, "model": ""}, self.ladders))

    @Slot()
    def random(self) -> None:
        """Key R: other pictures, other random codes."""
        if self.rung() is not None:
            self._change(dataclasses.replace(self._state, seed=(self._state.seed + 1) % SEEDS))

    @Slot()
    def _help(self) -> None:
        """The button of the empty or failed stage."""
        ladder = self.ladder()
        if ladder is not None and len(ladder.rungs) > 1:
            self.forget()
            self.tell("")
            self.show_state(self._state)
        elif ladder is not None and len(ladder.rungs) + len(ladder.unmeasured) > 1:
            self.measure()
        else:
            self.mode_wanted.emit(self.learner)

    def offer_model(self, path: str) -> bool:
        """Look what a dropped checkpoint is, and put it on its ladder."""
        self.ask("play", "open", api.LoadRequest(path))
        return True

    @Slot()
    def explore(self) -> None:
        """This model for the other modes, and first in Explore."""
        if (rung := self.rung()) is not None:
            self.desk.put(rung.key)
            self.mode_wanted.emit("vae")

    # ---- measuring ----------------------------------------------------------------------------------

    @Slot()
    def measure(self) -> None:
        """Rate and distortion of the models whose files do not say them, one after the other."""
        ladder = self.ladder()
        if ladder is not None and not self._to_measure:
            self._to_measure = list(ladder.unmeasured)
            self._measure_next()

    def _measure_next(self) -> None:
        self.measure_button.setEnabled(not self._to_measure)
        if self._to_measure:
            self.stream("io", "rate", api.RateRequest(self._to_measure[0], count=MEASURED))

    def stop(self, verb: str) -> None:
        """Cancel measuring all of them."""
        super().stop(verb)
        if verb == "rate":
            self._to_measure = []
            self._measure_next()

    def handle(self, verb: str, event: Any) -> None:
        """Measurements and dropped models; the rest is about pictures."""
        if isinstance(event, api.RateEvent):
            self._take_rate(event)
        elif isinstance(event, api.ModelEvent):
            self._take_dropped(event.info)
        elif verb == "rate" and isinstance(event, Failure):
            self._to_measure = self._to_measure[1:]
            self._measure_next()
        else:
            super().handle(verb, event)

    def _take_rate(self, event: api.RateEvent) -> None:
        if (info := self.infos.get(event.request.model)) is not None:
            self.measured[info.sha256] = (event.rate, event.distortion)
        self._to_measure = [key for key in self._to_measure if key != event.request.model]
        self._measure_next()
        self.find_ladders()
        self.show_state(CapacityState.from_dict(self._state.to_dict(), self.ladders))

    def _take_dropped(self, info: api.ModelInfo) -> None:
        if info.family not in FAMILIES:
            self.tell(f"{info.name} is a {info.family} model; a ladder has VAEs.")
            return
        if (key := key_of(info, self.infos)) == info.path:
            self.desk.dropped[key] = self.infos[key] = info
        self.find_ladders()
        home = next((one for one in self.ladders.values() if key in one.unmeasured), None)
        if home is None:
            self._change(CapacityState.from_dict(self._state.to_dict(), self.ladders, key))
        else:
            self._change(
                CapacityState.from_dict({**self._state.to_dict(), "ladder": home.key, "model": ""}, self.ladders)
            )
            self.measure()

    # ---- undo, what is remembered, export -------------------------------------------------------------

    @Slot()
    def remember(self) -> None:
        """Put the state on the undo history, once there is one."""
        if self.rung() is not None:
            super().remember()

    def parameters(self) -> dict[str, Any]:
        """The state shown, as plain JSON values."""
        return self._state.to_dict() if self._state.model else self._saved

    def set_parameters(self, values: dict[str, Any]) -> None:
        """Back to such a state; before the catalog is there it is kept for the start."""
        if not self._state.model:
            self._saved = values
        else:
            self.show_state(CapacityState.from_dict(values, self.ladders))

    def export_source(self) -> GridSource:
        """What the chosen model gives back of the pictures shown, and its random codes below."""
        rung = self.rung()
        event = self._given.get(rung.key) if rung else None
        if rung is None or event is None:
            return None
        columns = self.view.stage.columns() or 8
        request = sheet(rung, event.mu, self._state.seed, columns)
        return api.ExportGridRequest(request, api.GridLayout(columns), "")

    def restores(self, source: Any) -> bool:
        """Whether a file was written here: its random codes are those of a seed."""
        return seed_of(source) is not None

    def restore(self, event: api.RestoredEvent) -> None:
        """Show the model and the pictures of a dropped file again."""
        model, seed = str(getattr(event.source, "model", "")), seed_of(event.source)
        if model not in self.infos and event.model is not None and event.model.family in FAMILIES:
            self.infos[model] = self.desk.dropped[model] = event.model
            self.find_ladders()
        if not any(ladder.place(model) >= 0 for ladder in self.ladders.values()):
            self.tell(f"This file was made with {model or 'another family'}, which is on no ladder here.", error=True)
            return
        state = CapacityState.from_dict({"seed": seed, "model": model}, self.ladders, model)
        self._change(state)
