"""A page that trains one of several families: a new model learns, and other modes show it."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.settings import SETTINGS, settings_from
from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs.family_view import FamilyView
from genstudio.ui.tabs.page import FilmSource, GridSource
from genstudio.ui.tabs.run_exports import RunExports, Targets, run_targets
from genstudio.ui.tabs.run_files import run_film, run_pictures
from genstudio.ui.tabs.runs_page import DATA, TRAIN
from genstudio.ui.tabs.training_run import TrainingRun
from genstudio.ui.widgets.figure import Figure


class FamilyPage(FamilyView):
    """Owns nothing that trains: the session does, in places of this page. The run goes on when one looks away."""

    def __init__(
        self,
        name: str,
        title: str,
        bridge: Bridge,
        places: tuple[int, int],
        shown: Any,
        plots: Any,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, title, bridge, places, shown, plots, parent)
        self.exports = RunExports(self.tempo, self.export_targets)
        controls = self.controls
        controls.settings_changed.connect(self._settings_changed)
        controls.family_chosen.connect(self._settings_changed)
        self.stage.button_clicked.connect(self.download_or_run)
        self.data.downloaded.connect(self.catalog_stale)
        self.data.download_button.clicked.connect(self.show_invitation)

    # ---- what subclasses say --------------------------------------------------------------------------

    look_words = "Explore it"  # on the button beside the news that a model was saved

    def explore_model(self, name: str) -> None:
        """Another mode shows a model of the catalog."""
        raise NotImplementedError

    def figure(self, run: TrainingRun) -> Figure:
        """The curves of a run as a sheet."""
        raise NotImplementedError

    # ---- the window's hooks ---------------------------------------------------------------------------

    def set_catalog(self, catalog: api.Catalog) -> None:
        """Fill the picker of datasets."""
        super().set_catalog(catalog)
        self.data.set_catalog(catalog)
        self.show_invitation()
        self.refresh()

    def activate(self) -> None:
        """On top: another mode may have left a model that can go on."""
        self.remind(*self.families)
        self.show_invitation()
        self.refresh()

    def parameters(self) -> dict[str, Any]:
        """Family, dataset, and the settings of the families that were looked at."""
        settings = {family: dataclasses.asdict(value) for family, value in self.controls.values().items()}
        return {"family": self.controls.family, "dataset": self.data.name(), "settings": settings}

    def set_parameters(self, values: dict[str, Any]) -> None:
        """Go back to such parameters; a run at hand keeps its family and data."""
        found = values.get("settings")
        for family, fields in found.items() if isinstance(found, Mapping) else ():
            with suppress(KeyError, TypeError, ValueError):  # of another version: the defaults stay
                if family in self.families:
                    self.controls.set_value(family, settings_from(SETTINGS[family], fields))
        if self.run.is_alive:
            self.tune()
        else:
            if values.get("family") in self.families:
                self.controls.set_family(values["family"])
            if isinstance(values.get("dataset"), str):
                self.data.select(values["dataset"])
            self.show_invitation()
        self.refresh()

    def random(self) -> None:
        """Another seed for the next run."""
        form = self.controls.form
        form.set_value(dataclasses.replace(form.value(), seed=random.randrange(100_000)))
        self._settings_changed()

    def offer_dataset(self, path: str) -> bool:
        """A folder or zip is what the next run learns from; one at hand is put away."""
        if self.run.is_alive:
            self.reset()
        self.data.take(path)
        return True

    # ---- what the user does ---------------------------------------------------------------------------

    @Slot()
    def _settings_changed(self) -> None:
        self.remember()
        if self.run.is_alive:
            self.tune()
        else:
            self.show_invitation()
        self.refresh()

    @Slot(str)
    def _word_clicked(self, word: str) -> None:
        if word == "explore":
            self.explore()
        else:
            super()._word_clicked(word)

    @Slot()
    def explore(self) -> None:
        """Show the saved model in another mode."""
        path = self.run.file
        models = self.catalog.models_of(*self.families) if self.catalog else ()
        found = next((info for info in models if Path(info.path) == Path(path)), None)
        if found is None:  # it lies in no folder of the catalog
            self.file_wanted.emit(path)
        else:
            self.explore_model(found.name)

    def show_kept(self, info: api.ModelInfo) -> None:
        """Another mode shows it; this one can go on with it."""
        self.explore_model(info.name)

    def was_saved(self, event: api.SavedEvent) -> None:
        """Say so, and offer to look at it."""
        text = f"Saved {Path(event.path).name} ({event.bytes / 1e6:.1f} MB)."
        self.offered.emit(text, self.look_words, self.explore)

    # ---- events ---------------------------------------------------------------------------------------

    def handle(self, verb: str, event: Any) -> None:
        """Progress of the run, answers to changes, the dataset, a saved file."""
        if verb in TRAIN:
            self.handle_train(verb, event)
        elif verb in ("save", "keep"):
            self.handle_file(verb, event)
        elif verb == "tune":
            self.handle_tuned(event)
        elif verb in DATA:
            self.show_invitation(self.handle_data(verb, event))
        if verb in TRAIN:
            self.refresh_soon()
        else:
            self.refresh()

    # ---- in and out of files --------------------------------------------------------------------------

    def export_targets(self) -> Targets:
        """What there is beside pictures and a film."""
        return run_targets(self.run, self.figure)

    def export_source(self) -> GridSource:
        """What the menu chose, else the samples that are looked at."""
        if (chosen := self.exports.take()) is not None:
            return chosen
        return run_pictures(self.run)

    def export_film_source(self) -> FilmSource:
        """The whole history of samples."""
        return run_film(self.run)

    def restores(self, source: Any) -> bool:
        """Runs of its families."""
        return isinstance(source, api.TrainRequest) and source.family in self.families

    def restore(self, event: api.RestoredEvent) -> None:
        """Repeat the run of a dropped file to the same iteration, and compare the pictures."""
        if isinstance(event.source, api.TrainRequest):
            self.repeat(event, event.source)
        self.remember()
        self.refresh()
