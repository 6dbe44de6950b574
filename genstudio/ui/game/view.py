"""What the GAN's tab shows: the walk of a trained network, or the run of a new one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.settings import ADVERSARIAL
from genstudio.ui.bridge import Bridge
from genstudio.ui.game import beside, eye_words, words
from genstudio.ui.game.beside import Beside
from genstudio.ui.game.controls import GANControls
from genstudio.ui.game.eye import CriticsEye
from genstudio.ui.game.kinds import ALL
from genstudio.ui.game.parts import GamePage
from genstudio.ui.game.plots import GANPlots, add_rows
from genstudio.ui.game.room import class_columns
from genstudio.ui.game.views import StageViews
from genstudio.ui.tabs.beside_plots import STAGE
from genstudio.ui.tabs.run_words import TRAIN_SPEEDS, duration, name_of, stands, stopped
from genstudio.ui.tabs.training_run import TrainingRun
from genstudio.ui.tabs.walk_player import WalkPlayer
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.stage import Stage

NEW = "?new"  # the picker's entry for a network that is trained here
COUNT = 60  # pictures on the stage: full rows in most of its shapes
WALK_SPEEDS = {f"{speed:g}×": speed for speed in (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)}
PLACES = (0, 1)  # of the session, for this page's runs
NOTHING = np.empty((0, 1, 1, 1), np.uint8)


class GANView(GamePage):
    """The five places of the tab and what is in them; `GANTab` adds what user and lanes do."""

    controls: GANControls

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("gan", "Adversarial game", bridge, PLACES, parent)
        self.walk = WalkPlayer(bridge, self.slot("walk"), self)
        self._model = NEW  # the name of the model that walks, NEW while the run is shown
        self._loaded: api.ModelInfo | None = None  # a dropped file that is not in the catalog
        self._shown: api.Source | None = None  # pictures of a dropped file, instead of the walk
        self._seed, self._walk_speed, self._train_wait = 0, 1.0, 0.0
        self._is_active = False
        self._is_walk_wanted = True  # the user has not paused it
        self._synced: TrainingRun | None = None  # the run whose live settings the form shows
        self.picker = Choice(label="Network", help="A trained network that walks, or a new one to train")
        self.stage = Stage(label="Generated pictures")
        self.views, self.beside, self.eye = StageViews(self.stage), Beside(), CriticsEye()
        self.views.add("beside", beside.TITLE, beside.HELP, self.beside)
        self.views.add("eye", eye_words.TITLE, eye_words.HELP, self.eye)
        self.stage_area.addWidget(self.views, STAGE)
        self.plots = GANPlots(ALL)
        self.plots.hide()
        self.controls = GANControls(self.inspector, bridge, self.name)
        self.connect_runs()
        self.add_picker("Network", self.picker, 230)
        self.add_picker("Data", self.data.picker, 270)
        self.plots.painted.connect(self._scores_painted)
        self.stage.cell_clicked.connect(self._cell_clicked)
        self.beside.picked.connect(self._cell_clicked)
        self.eye.picked.connect(self._cell_clicked)
        self.tempo.speed_changed.connect(self._speed_changed)
        self.offer_speeds()
        self.stage.set_message("Starting …")

    @property
    def is_active(self) -> bool:
        """Whether the page is the one on top."""
        return self._is_active

    @property
    def is_walking(self) -> bool:
        """Whether the stage shows a trained model rather than the run."""
        return self._model != NEW

    def wanted(self) -> api.TrainRequest:
        """The run that the controls describe."""
        return api.TrainRequest(self.controls.family, self.data.name(), self.controls.form.value(), preview=COUNT)

    def take_settings(self, source: api.ModelInfo | api.TrainRequest) -> None:
        """Into the form."""
        self.controls.set_value(source.settings)

    def kind(self, request: api.TrainRequest) -> str:
        """How a file of it is called."""
        return {"gan": "dcgan"}.get(request.family, request.family)

    def note_rows(self, run: TrainingRun, event: api.TrainEvent) -> None:
        """To both of its buffers."""
        add_rows(run.curves, event)

    def show_model(self, name: str, first: int = 0, count: int = COUNT) -> None:
        """Walk through a model's latent space; a run that goes on is paused and kept."""
        if self.run.state == "running":
            self.player.set_running(False)
            self.tell("Training is paused; press Go on to see it again.")
        self._model, self._shown = name, None
        self.views.show_moment(None, self.run)
        self.offer_speeds()
        self.stage.set_pictures(NOTHING)
        self.stage.set_message(f"Loading {name_of(name)} …")
        self.ask("play", "load", api.LoadRequest(name))
        self.walk.start(name, self._seed, count, self._walk_speed, first)
        self.walk.set_playing(self._is_active and self._is_walk_wanted)
        self.refresh()

    def show_run(self) -> None:
        """Show the run, or the invitation to start one."""
        if self.is_walking:
            self.walk.stop()
            self.bridge.cancel("play", self.slot("show"))
            self._model = NEW
            self.offer_speeds()
        if self.run.request is not None and self._synced is not self.run:
            self.take_tuned()
        self._synced = self.run
        self.mark_changes()
        self.show_samples()
        self.refresh()

    def show_samples(self) -> None:
        shown = self.run.shown()
        if shown is not None:
            columns = class_columns(len(shown.samples), len(self.run.classes))
            self.stage.set_pictures(shown.samples, wish=columns)
        elif self.run.state == "none":
            self.stage.set_pictures(NOTHING)
            self.stage.set_message(*self._invitation())
        elif self.run.is_alive:
            self.stage.set_pictures(NOTHING)
            self.stage.set_message(words.waiting(self.data.title()))
        self.views.show_moment(shown, self.run)
        self.plots.set_cursor(None if shown is None or self.run.history.is_live else shown[0])

    def _invitation(self) -> tuple[str, str]:
        """What stands on the empty stage, and what its button says."""
        title = self.data.title()
        if self.data.is_downloading():
            return f"{title} is being downloaded …", ""
        if self.data.is_missing():
            return self.data.obstacle(), f"Download {title}"
        return f"A new network learns from {title}.", "Train a new network"

    def refresh(self) -> None:
        """Bring buttons, words and the scrubber in line with what is shown."""
        run = self.run
        if run.left is not None and not self.is_walking:  # it is about to go back
            return
        self._place_plots()
        self._name_run()
        info = self.info()
        can_go_on = self.is_walking and info is not None and info.resumable
        self.controls.show_state(run.stands, is_changed=self.is_changed(), can_go_on=can_go_on)
        self.show_rewind()
        self.show_next_data()
        if self.is_walking:
            self.tempo.set_range(0)
            self.tempo.set_playing(self.walk.is_playing)
            self.tempo.back.setEnabled(False)
            self.tempo.forward.setEnabled(True)
            self.tempo.set_label("a dropped file" if self._shown else f"seed {self._seed}")
            count = self.walk.request.count if self.walk.request else COUNT
            self.caption.set_text(words.walking(info, count, self.data.title_of(info.dataset)) if info else "")
        else:
            self.show_tempo()
            self.plots.set_critic(self.is_critic())
            self._show_where()
            spent = duration(run.seconds())
            self.show_speed(f"{run.iterations_per_s:.1f} iterations/s · {spent}" if run.iteration else "")
        self.show_parts()
        self.announce(self._model, self._shown, run.state, len(run.history) > 1, self.stage.pictures() is None)

    def _name_run(self) -> None:
        """The picker names the run or the network that is seen, its tooltip says all of it."""
        request, picker, last = self.run.request, self.picker, self.picker.findData(NEW)
        if last >= 0 and picker.itemText(last) != words.run_name(request):
            picker.setItemText(last, words.run_name(request))
            picker.setItemData(last, words.run_card(request), Qt.ItemDataRole.ToolTipRole)
        picker.set_value(self._model)
        picker.setToolTip(picker.currentData(Qt.ItemDataRole.ToolTipRole) or picker.currentText())

    @property
    def is_moving(self) -> bool:
        """The walk, or the run."""
        return self.walk.is_playing if self.is_walking else self.run.state == "running"

    def is_settled(self) -> bool:
        """The pictures are there; of a run the curves, too."""
        return self.stage.pictures() is not None and (self.is_walking or self.plots.scores() is not None)

    def info(self) -> api.ModelInfo | None:
        """The model that walks, once it is known."""
        models = self.catalog.models_of(*ADVERSARIAL) if self.catalog else ()
        known = (*models, self._loaded) if self._loaded else models
        return next((m for m in known if self._model in (m.name, m.path)), None)

    def _show_where(self) -> None:
        """Tempo and caption speak of the same iteration at any time."""
        self.tempo.set_label(*self.where())
        self.caption.set_text(self._sentence())

    def _sentence(self) -> str:
        run, shown = self.run, self.run.history.shown()
        if run.state == "none" or shown is None:
            return words.empty()
        if self.player.repeat is not None:
            repeat = self.player.repeat
            return words.repeating(Path(repeat.path).name, self.iteration(), repeat.iteration)
        if not run.history.is_live:
            scores = self.plots.scores_at(shown[0])
            is_running, is_critic = run.state == "running", self.is_critic(shown[0])
            return words.looking_back(shown[0], self.iteration(), is_running, scores, run.rewind_at(), is_critic)
        if run.state == "failed":
            return stopped(self.iteration(), "samples", run.rewind_at())
        if run.has_gone_back:
            return stands(run.broke_at, run.is_as_it_broke)
        newest = self.plots.scores()
        worst = self.controls.lights.worst()
        ill = worst.reason if worst is not None and worst.level == "bad" else ""
        return words.learning(*newest, self.is_critic(), ill) if newest else words.empty()

    def offer_speeds(self) -> None:
        if self.is_walking:
            self.tempo.offer_speeds(WALK_SPEEDS, self._walk_speed)
        else:
            self.tempo.offer_speeds(TRAIN_SPEEDS, self._train_wait)

    # ---- looking around ----------------------------------------------------------------------------------

    @Slot()
    def _scores_painted(self) -> None:
        """The words say the very numbers that stand at the curves."""
        if not self.is_walking:
            self._show_where()

    @Slot(float)
    def _speed_changed(self, speed: float) -> None:
        if self.is_walking:
            self._walk_speed = speed
            self.walk.set_speed(speed)
        else:
            self._train_wait = speed
            self.player.set_wait(speed)

    @Slot(int)
    def _cell_clicked(self, index: int) -> None:
        self.views.set_selected(-1 if index == self.stage.selected() else index)

    def _place_plots(self) -> None:
        shown = not self.is_walking and bool(self.plots.plots) and len(self.run.history) > 0
        self.plots.place(self, shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_plots()
