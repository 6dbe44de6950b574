"""The mode of the diffusion of points: what the user and the lanes do."""

from __future__ import annotations

import dataclasses
import random
from contextlib import suppress
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.settings import SETTINGS, check_settings, settings_from
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion import field_words as words
from genstudio.ui.diffusion.field_canvas import LAYERS
from genstudio.ui.diffusion.field_film import flow_film, history_film, stage_picture
from genstudio.ui.diffusion.field_view import FAMILY, FieldView
from genstudio.ui.diffusion.figure import figure_of
from genstudio.ui.tabs.page import FilmSource, GridSource
from genstudio.ui.tabs.run_exports import FLOW, RunExports, Targets, run_targets
from genstudio.ui.tabs.run_files import has_run_film
from genstudio.ui.tabs.runs_page import TRAIN
from genstudio.ui.tabs.training_run import Moment


class FieldPage(FieldView):
    """Runs are not written to files; their settings repeat them."""

    drifts = frozenset({"place"})

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.exports = RunExports(self.tempo, self.export_targets)
        self._asked: api.ExamplesRequest | None = None
        self.controls.settings_changed.connect(self._settings_changed)
        self.stage.button_clicked.connect(self.run_pressed)
        self.drawn.looked.connect(self.show_drawing)
        self.drawn.changed.connect(self._settings_changed)
        self.flow.moved.connect(self.drifted)
        self.show_samples()
        self.refresh()

    # ---- the window's hooks ---------------------------------------------------------------------------

    def set_catalog(self, catalog: api.Catalog) -> None:
        """Points need no catalog, the names of the samplers do."""
        super().set_catalog(catalog)
        self.controls.set_catalog(catalog)
        self.refresh()

    def activate(self) -> None:
        """On top: the points are there before a run begins."""
        super().activate()
        self._ask_examples()
        self.refresh()

    def parameters(self) -> dict[str, Any]:
        """The set of points, the settings, what is drawn, and the time that is looked at."""
        return {
            "points": self.data.name(),
            "drawing": self.data.drawing,
            "settings": dataclasses.asdict(self.controls.form.value()),
            "layers": self.controls.shown_layers(),
            "place": round(self.flow.place(), 3),
        }

    def set_parameters(self, values: dict[str, Any]) -> None:
        """Go back to such parameters; what is foreign is ignored."""
        with suppress(KeyError, TypeError, ValueError):  # of another version: the defaults stay
            self.controls.form.set_value(settings_from(SETTINGS[FAMILY], values["settings"]))
        if isinstance(layers := values.get("layers"), list):
            self.controls.show_layers([layer for layer in LAYERS if layer in layers])
        if isinstance(place := values.get("place"), (int, float)) and not isinstance(place, bool) and 0 <= place <= 1:
            self.flow.go_to(place)
        self.drawn.take(values)
        if self.run.is_alive:
            self.tune()
        self._ask_examples()
        self.refresh()
        self.show_samples()

    def random(self) -> None:
        """Another seed for the next run."""
        form = self.controls.form
        form.set_value(dataclasses.replace(form.value(), seed=random.randrange(100_000)))
        self._settings_changed()

    # ---- what the user does ---------------------------------------------------------------------------

    @Slot()
    def _settings_changed(self) -> None:
        self._mend()
        self.drawn.is_open &= self.data.is_drawn
        self.remember()
        if self.run.is_alive:
            self.tune()
        self._ask_examples()
        self.refresh()
        self.show_samples()

    def _mend(self) -> None:
        """Schedule and objective go together: the one that was not just chosen gives way."""
        form = self.controls.form
        value = form.value()
        with suppress(ValueError):
            check_settings(value)
            self._sound = value
            return
        is_straight = self._sound.schedule != "straight"
        better = {"objective": "flow"} if is_straight else {"schedule": "linear"}
        form.set_value(dataclasses.replace(value, **better))
        self._sound = form.value()
        self.tell(words.mended(is_straight))

    _sound: Any = SETTINGS[FAMILY]()  # the settings before the last change

    def _ask_examples(self) -> None:
        """Real points, while nothing is trained and somebody looks; a drawing shows its own."""
        wanted = self._example_wanted()
        if self.isVisible() and not self.data.is_drawn and self.run.state == "none" and wanted != self._asked:
            self._asked = wanted
            self.ask("play", "examples", wanted)

    # ---- events ---------------------------------------------------------------------------------------

    def handle(self, verb: str, event: Any) -> None:
        """Progress of the run, answers to changes, real points."""
        if verb in TRAIN:
            self.handle_train(verb, event)
            self.refresh_soon()
        elif verb == "tune":
            self._tuned(event)
            self.refresh()
        elif verb == "examples" and isinstance(event, api.ExamplesEvent):
            self.examples = event.request, event.points
            self.show_samples()

    def _tuned(self, event: Any) -> None:
        """Particles that go another way are seen at once, in a run that stands still, too."""
        run = self._tuning
        self.handle_tuned(event)
        if run is not None and isinstance(event, api.TunedEvent) and event.samples:
            run.see(Moment(*event.samples[-1], {}, event.numbers))
            if run is self.run and run.history.is_live:
                self.show_samples()

    # ---- in and out of files --------------------------------------------------------------------------

    def export_targets(self) -> Targets:
        """What there is beside pictures and a film of the history."""
        targets = run_targets(self.run, figure_of)
        if flow_film(self.run, self.plane.layers) is not None:
            return {FLOW: lambda: flow_film(self.run, self.plane.layers), **targets}
        return targets

    def export_source(self) -> GridSource:
        """What the menu chose, else the stage as it is seen."""
        if (chosen := self.exports.take()) is not None:
            return chosen
        return stage_picture(self.run, self.plane.layers, self.flow.place())

    def export_film_source(self) -> FilmSource:
        """What the menu chose, else the whole history."""
        if (chosen := self.exports.take()) is not None:
            return chosen
        return history_film(self.run, self.plane.layers, self.flow.place())

    def has_film(self) -> bool:
        """The same, without putting its pictures together."""
        return has_run_film(self.run)

    def restores(self, source: Any) -> bool:
        """Diffusion of points."""
        return isinstance(source, api.TrainRequest) and source.family == FAMILY

    def restore(self, event: api.RestoredEvent) -> None:
        """Repeat the run of a dropped file to the same iteration, and compare the pictures."""
        if isinstance(event.source, api.TrainRequest):
            self.repeat(event, event.source)
            self.remember()
            self.refresh()
