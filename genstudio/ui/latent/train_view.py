"""What the page that trains shows: a run as it learns, at its live end or at a moment of its past."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.settings import LATENT
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent import train_words as words
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.train_controls import TrainControls
from genstudio.ui.latent.train_plots import TrainPlots, curves_of, rows_of
from genstudio.ui.latent.train_stage import TrainStage
from genstudio.ui.tabs.run_past import PastPage
from genstudio.ui.tabs.run_words import duration, name_of, stands, stopped
from genstudio.ui.tabs.training_run import Moment, TrainingRun
from genstudio.ui.widgets.curves import CurveBuffer
from genstudio.ui.widgets.stage import Stage

TITLE = "Latent space"
PLACES = (2, 3)  # of the session; the adversarial game has 0 and 1
COUNT = 60  # new samples


class TrainView(PastPage):
    """The five places of the mode and what is in them; `TrainPage` adds what user and lanes do."""

    controls: TrainControls
    plots: TrainPlots
    kept_in = "in the pickers of the other modes"
    lowest = 520  # the losses are half of what there is to see

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__("latent-train", TITLE, bridge, PLACES, parent)
        self.desk = desk or LatentDesk(self)
        self.stage = Stage(label="New samples")
        self.shown = TrainStage(self.stage)
        self.stage_area.addWidget(self.shown, 1)
        self.plots = TrainPlots()
        self.plot_area.addWidget(self.plots, 1)
        self.controls = TrainControls(self.inspector, bridge, self.name)
        self.connect_runs()
        self.add_picker("Data", self.data.picker, 270)
        self._synced: TrainingRun | None = None  # the run whose settings the form shows
        self.offer_train_speeds()
        self.plots.painted.connect(self._show_where)
        self.stage.cell_clicked.connect(self._cell_clicked)
        self.stage.set_message("Starting …")

    # ---- what the runs need ---------------------------------------------------------------------------

    def wanted(self) -> api.TrainRequest:
        """The run that the controls describe."""
        return api.TrainRequest(self.controls.family, self.data.name(), self.controls.form.value(), preview=COUNT)

    def take_settings(self, source: api.ModelInfo | api.TrainRequest) -> None:
        """Into the form of their family."""
        self.controls.set_value(source.family, source.settings)
        self.controls.set_family(source.family)

    def kind(self, request: api.TrainRequest) -> str:
        """The family."""
        return request.family

    def new_curves(self, request: api.TrainRequest) -> tuple[CurveBuffer, ...]:
        """As the family has them."""
        return (curves_of(request.family),)

    def note_rows(self, run: TrainingRun, event: api.TrainEvent) -> None:
        """To its one buffer."""
        run.curves[0].extend(rows_of(event, run.curves[0]))

    def info(self) -> api.ModelInfo | None:
        """The model that the other modes show, if there is no run at hand and its own can go on."""
        models = self.catalog.models_of(*LATENT) if self.catalog else ()
        found = next((m for m in models if self.desk.model in (m.name, m.path) and m.resumable), None)
        return None if self.run.is_alive else found

    # ---- showing --------------------------------------------------------------------------------------

    def show_run(self) -> None:
        """The run and its settings, or the invitation to start one."""
        request = self.run.request
        if request is None:
            self._synced = None
        elif self._synced is not self.run:
            self._synced = self.run
            self.controls.set_value(request.family, self.run.settings())
            self.controls.set_family(request.family)
            self.data.select(request.dataset)
        self.mark_changes()
        self.show_samples()
        self.refresh()

    def show_samples(self) -> None:
        """The moment that is looked at."""
        moment = self.run.shown()
        if moment is not None or self.run.state in ("none", "running", "paused"):
            self.shown.show_moment(moment)
        if moment is None and self.run.state == "none":
            self.stage.set_message(*self._invitation())
        elif moment is None and self.run.is_alive:
            self.stage.set_message(f"Reading {self.data.title()} and building the networks …")
        live = moment is None or self.run.history.is_live
        self.plots.set_moment(moment.numbers if moment else {}, None if live or moment is None else moment.iteration)

    def _invitation(self) -> tuple[str, str]:
        title, family = self.data.title(), words.FAMILIES[self.controls.family][0]
        if self.data.is_downloading():
            return f"{title} is being downloaded …", ""
        if self.data.is_missing():
            return self.data.obstacle(), f"Download {title}"
        return f"{family}: it learns from {title}.", "Train"

    def refresh(self) -> None:
        """Bring buttons, words and the scrubber in line with what is shown."""
        run, info = self.run, self.info()
        if run.left is not None:  # it is about to go back
            return
        self.controls.show_state(run.state, is_changed=self.is_changed(), can_go_on=info is not None)
        self.show_rewind()
        self.show_next_data()
        if info is not None:
            self.controls.name_model(name_of(info.name))
        self.show_tempo()
        self.plots.fit()
        has_curves = run.shown() is not None and run.request is not None and run.request.family != "pca"
        self.show_plots(has_curves)
        self._show_where()
        speed = f"{run.iterations_per_s:.1f} iterations/s · {duration(run.seconds())}"
        self.show_speed(speed if run.iteration and run.state != "ended" else "")
        self.announce(run, run.state, len(run.history) > 1, self.stage.pictures() is None, run.file)

    def is_settled(self) -> bool:
        """The pictures and the curves are there."""
        if self.run.state == "none":
            return self.catalog is not None
        return self.stage.pictures() is not None and self.iteration() > 0

    def iteration(self) -> int:
        """How far the run is that is shown, as every place says it: at the live end it is where the curves end."""
        newest = self.plots.newest() if self.run.history.is_live else None
        return newest[0] if newest else self.run.iteration

    @Slot()
    def _show_where(self) -> None:
        """Tempo and caption speak of the same iteration at any time."""
        if self.run.left is None:
            self.tempo.set_label(*self.where())
            self.caption.set_text(self._sentence(self.run.shown()))

    def _sentence(self, moment: Moment | None) -> str:
        run, request = self.run, self.run.request
        if request is None or moment is None:
            return words.empty(self.controls.family)
        iteration = self.iteration()
        if self.player.repeat is not None:
            repeat = self.player.repeat
            return words.repeating(Path(repeat.path).name, iteration, repeat.iteration)
        if not run.history.is_live:
            then = words.costs(self._names(request.family), self.plots.at(moment.iteration))
            return words.looking_back(moment.iteration, iteration, run.state == "running", then, run.rewind_at())
        if run.state == "failed":
            return stopped(iteration, "pictures", run.rewind_at())
        if run.has_gone_back:
            return stands(run.broke_at, run.is_as_it_broke)
        saved = words.saved(name_of(run.file)) if run.file and not run.unsaved else ""
        newest = self.plots.newest()
        if request.family == "pca":
            done = words.components(*run.last, run.settings().latent_dim) if len(run.last) == 2 else ""
            return (done or words.empty("pca")) + saved
        costs = words.costs(self._names(request.family), newest[1]) if newest else ""
        kl = moment.numbers.get("kl_per_latent")
        lesson = words.lesson(request.family, run.settings(), iteration, kl)
        return words.learning(iteration, costs, lesson) + saved

    @staticmethod
    def _names(family: str) -> tuple[str, ...]:
        return ("recon_loss", "kl_loss") if words.is_variational(family) else ("mse",)

    # ---- looking around -------------------------------------------------------------------------------

    @Slot(int)
    def _cell_clicked(self, index: int) -> None:
        self.stage.set_selected(-1 if index == self.stage.selected() else index)

    @Slot(str)
    def _word_clicked(self, word: str) -> None:
        super()._word_clicked(word)
        if word in self.controls.form.controls:
            row = self.controls.form.rows[word]
            self.show_inspector(True)
            self.inspector.ensureWidgetVisible(row)
            self.controls.form.controls[word].setFocus()
