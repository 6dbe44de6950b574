"""The mode of the diffusion tab that trains: a new model learns before one's eyes, and Reverse plays it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.settings import DenoisingSettings
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion import train_words as words
from genstudio.ui.diffusion.desk import DenoisingDesk
from genstudio.ui.diffusion.figure import figure_of
from genstudio.ui.diffusion.folder_export import WRITTEN, FolderExport
from genstudio.ui.diffusion.train_controls import DenoisingControls
from genstudio.ui.diffusion.train_plots import DenoisingPlots
from genstudio.ui.diffusion.train_stage import SampleStage
from genstudio.ui.numbers import file_size
from genstudio.ui.tabs.beside_plots import STAGE
from genstudio.ui.tabs.family_page import FamilyPage
from genstudio.ui.tabs.run_words import name_of
from genstudio.ui.tabs.training_run import Moment, TrainingRun
from genstudio.ui.widgets.export_memory import remember_folder
from genstudio.ui.widgets.figure import Figure

PLACES = (10, 11)  # of the session, for this page's runs
PLAYS = "diffusion"  # the page that plays a saved model


class DenoisingTrainPage(FamilyPage):
    """DDPM, flow matching, latent diffusion and consistency models."""

    families = words.FAMILIES
    count = 16
    kept_in = "in the pickers of Reverse and Compare"
    look_words = "See it denoise"
    plots: DenoisingPlots
    controls: DenoisingControls

    def __init__(self, bridge: Bridge, desk: DenoisingDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__("denoising-train", "Denoising", bridge, PLACES, SampleStage(), DenoisingPlots(), parent)
        self.stage_area.setStretchFactor(self.shown, STAGE)
        self.plots.hide()  # until there is a curve; then it is placed
        self.desk = desk or DenoisingDesk(self)
        self._is_wanted = False  # the run is being written to be played in Reverse
        self.plots.painted.connect(self._show_map)
        self.controls.suited.connect(self._suited)
        self.folder = FolderExport(self.tempo, self._folder_offered, self.exports.end)
        self.folder.requested.connect(self._write_folder)

    def make_controls(self) -> DenoisingControls:
        """With pickers of the models to build on."""
        return DenoisingControls(self.inspector, self.bridge, self.name)

    def set_catalog(self, catalog: api.Catalog) -> None:
        """Models to build on, too, which are to go with the data."""
        super().set_catalog(catalog)
        self.controls.set_catalog(catalog)
        self.show_invitation()

    def activate(self) -> None:
        """On top: with the schedule that Forward wants a model to learn with."""
        schedule, self.desk.schedule = self.desk.schedule, None
        if schedule is not None:
            self.wish(partial(self.controls.show_schedule, *schedule))
        super().activate()

    @Slot()
    def _suited(self) -> None:
        """It was the choice of the data that has changed the settings."""
        self.followed("settings")

    # ---- what the shared page asks ----------------------------------------------------------------------

    def at_hand(self) -> str:
        """The model in Reverse."""
        return self.desk.model

    def explore_model(self, name: str) -> None:
        """In Reverse."""
        self.desk.wanted = name
        self.mode_wanted.emit(PLAYS)

    def way_on(self) -> str:
        """In Reverse, which needs no file by name."""
        can_play = self.keeps_runs and self.run.iteration >= words.FIRST
        return words.saved(name_of(self.run.file)) if not self.run.unsaved and self.run.file else words.play(can_play)

    @Slot(str)
    def _word_clicked(self, word: str) -> None:
        if word == "play":
            self._is_wanted = True
            self._write("keep", self.run, self._keep(self.run))
        else:
            super()._word_clicked(word)

    def handle_file(self, verb: str, event: Any) -> None:
        """As of every run; one that was written to be played is played."""
        super().handle_file(verb, event)
        is_wanted, self._is_wanted = self._is_wanted, False
        if is_wanted and isinstance(event, api.SavedEvent) and self.run.file == event.path:
            self.explore()

    def _folder_offered(self) -> api.ExportFolderRequest | None:
        run = self.run
        if run.request is None or not run.iteration or run.request.family not in WRITTEN:
            return None
        name = Path(api.called(run.request.dataset).lower()).stem
        return api.ExportFolderRequest("", f"{name}-{run.request.family}-{run.iteration}-diffusers", run.place)

    @Slot(object)
    def _write_folder(self, request: api.ExportFolderRequest) -> None:
        """The run as it is now, which its own lane has."""
        remember_folder(Path(request.path))
        self.stream("train", "folder", request)

    def handle(self, verb: str, event: Any) -> None:
        """As of every run; and the folder that was written."""
        if verb == "folder":
            if isinstance(event, api.SavedEvent):
                self.tell(f"Saved the folder {Path(event.path).name}, {file_size(event.bytes)}.")
            return
        super().handle(verb, event)

    def place_plots(self, shown: bool) -> None:
        """Beside the samples, or under them."""
        self.plots.place(self, shown and self.plots.loss is not None)

    def show_run(self) -> None:
        """The run with all that it has told by now, or the invitation."""
        super().show_run()
        if (request := self.run.request) is not None and self.plots.loss is not None:
            self.plots.loss.set_title(words.LOSSES[request.family])
        self._show_map()

    @Slot()
    def _show_map(self) -> None:
        """The loss by t, as soon as the curve is painted; the caption speaks of what it shows."""
        request = self.run.request
        if request is not None and isinstance(request.settings, DenoisingSettings):
            self.plots.show_history(self.run.signs.by_t.values(), request.settings.timesteps)
            self._show_where()

    def about(self) -> str:
        """The family."""
        return words.ABOUT[self.controls.family]

    def invitation(self) -> str:
        """With what to expect, and a model to build on that does not go with the data."""
        controls = self.controls
        title, info = self.data.title(), self.data.info()
        return words.invitation(controls.form.value(), controls.family, title, controls.misfit(), info)

    def costs(self, values: Any) -> str:
        """The loss."""
        return words.costs(values)

    def lesson(self, moment: Moment) -> str:
        """The loss, and at which t it is large and small."""
        run, newest = self.run, self.plots.newest()
        assert run.request is not None
        loss = newest[1] if newest else float("nan")
        family, plots = run.request.family, self.plots
        best = plots.best_before() if family != "consistency" else None  # whose goals move with what it has learnt
        return words.lesson(family, run.settings(), self.iteration(), loss, plots.newest_by_t(), best)

    def figure(self, run: TrainingRun) -> Figure:
        """Its curve."""
        return figure_of(run)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The plots stand where there is room."""
        super().resizeEvent(event)
        self.plots.place(self, not self.plots.isHidden())
