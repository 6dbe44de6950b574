"""What the game on points shows: the plane, the curves, the lights, and the sentence that says what is seen."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.game.kinds import KINDS
from genstudio.ui.game.parts import GamePage
from genstudio.ui.game.plots import GANPlots, add_rows
from genstudio.ui.points import words
from genstudio.ui.points.controls import PointsControls
from genstudio.ui.points.drawing import Drawing
from genstudio.ui.points.drawn_points import DrawnPage, DrawnPoints
from genstudio.ui.points.examples import Examples
from genstudio.ui.tabs.beside_plots import STAGE
from genstudio.ui.tabs.run_words import duration, stands, stopped
from genstudio.ui.tabs.training_run import TrainingRun
from genstudio.ui.widgets.points_canvas import PointsCanvas
from genstudio.ui.widgets.stage import Stage

FAMILY = "point-gan"
PLACES = (4, 5)  # of the session, for this page's runs


class PointsView(DrawnPage, GamePage):
    """The five places of the mode and what is in them; `PointsPage` adds what user and lanes do."""

    controls: PointsControls
    kept_in = "kept for the next start"

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("points", "Adversarial game", bridge, PLACES, parent)
        self.stage, self.canvas = Stage(label="Points"), PointsCanvas()
        holder = QWidget()
        self._layers = QStackedLayout(holder)
        self._layers.addWidget(self.stage)
        self._layers.addWidget(self.canvas)
        self.drawing = Drawing()
        self.examples = Examples(self)
        self._layers.addWidget(self.drawing)
        self.stage_area.addWidget(holder, STAGE)
        self.plots = GANPlots(KINDS)
        self.plots.hide()
        self.controls = PointsControls(self.inspector, bridge, self.name)
        self.drawn = DrawnPoints(self, self.controls.data, self.drawing)
        self.connect_runs()
        self.add_picker("Points", self.data.picker, 230)
        self._synced: TrainingRun | None = None  # the run whose settings the form shows
        self.controls.heat_changed.connect(self.canvas.set_heat)
        self.controls.layer_changed.connect(self.canvas.set_layer)
        self.plots.painted.connect(self.show_where)
        self.offer_train_speeds()

    # ---- what the runs need ---------------------------------------------------------------------------

    def wanted(self) -> api.TrainRequest:
        """The game that the controls describe."""
        return api.TrainRequest(FAMILY, self.data.name(), self.controls.form.value(), preview=1)

    def info(self) -> api.ModelInfo | None:
        """No file of a game on points goes on."""
        return None

    def take_settings(self, source: api.ModelInfo | api.TrainRequest) -> None:
        """Into the form."""
        self.controls.set_value(source.settings)

    def kind(self, request: api.TrainRequest) -> str:
        """The family."""
        return request.family

    def note_rows(self, run: TrainingRun, event: api.TrainEvent) -> None:
        """To both of its buffers."""
        add_rows(run.curves, event)

    # ---- showing --------------------------------------------------------------------------------------

    def show_run(self) -> None:
        """The run, or the invitation to begin one."""
        request = self.run.request
        if request is not None and self._synced is not self.run:
            self.drawn.is_open = False
            self.data.select(request.dataset)
            self.controls.set_value(self.run.settings())
            self.controls.show_like(request.dataset, self.run.settings())
        self._synced = self.run
        self.mark_changes()
        self.show_samples()
        self.refresh()

    def show_samples(self) -> None:
        """The moment of the run that is looked at."""
        moment = self.run.shown()
        examples = self.examples.shown()
        if self.drawn.is_shown():
            self._layers.setCurrentWidget(self.drawing)
        else:
            self._layers.setCurrentWidget(self.canvas if moment is not None or examples is not None else self.stage)
        if moment is not None:
            self.canvas.show_numbers(moment.numbers, self.is_critic(moment.iteration))
        elif examples is not None:
            self.canvas.show_numbers({"real": examples}, is_critic=False)
        elif self.run.state == "none":
            self.stage.set_message(words.invitation(self.data.title()), "Play")
        elif self.run.is_alive:
            self.stage.set_message("Building both networks …")
        self.plots.set_cursor(None if moment is None or self.run.history.is_live else moment.iteration)

    def refresh(self) -> None:
        """Bring buttons, words and the scrubber in line with what is shown."""
        run = self.run
        if run.left is not None:  # it is about to go back
            return
        self.plots.place(self, bool(self.plots.plots) and len(run.history) > 0)
        self.controls.show_state(run.stands, is_changed=self.is_changed())
        self.drawn.show()
        self.show_rewind()
        self.show_next_data()
        self.show_tempo()
        self.plots.set_critic(self.is_critic())
        self.show_where()
        self.show_parts()
        spent = duration(run.seconds())
        self.show_speed(f"{run.iterations_per_s:.0f} iterations/s · {spent}" if run.iteration else "")
        self.announce(run, run.state, len(run.history) > 1)

    def is_settled(self) -> bool:
        """The points and the curves are there."""
        if self.run.state == "none":
            return self.catalog is not None
        return self.run.shown() is not None and self.plots.scores() is not None

    @Slot()
    def show_where(self) -> None:
        """Tempo and caption speak of the same iteration at any time."""
        self.tempo.set_label(self.where()[0])
        self.caption.set_text(self._sentence())

    def _sentence(self) -> str:
        run, moment, scores = self.run, self.run.history.shown(), self.plots.scores()
        if run.has_gone_back:
            return stands(run.broke_at, run.is_as_it_broke)
        if run.state == "none" or moment is None or scores is None:
            return words.empty() if self.examples.shown() is None else words.before()
        plane = self.canvas.plane()
        if run.history.is_live and (said := self.said_of_points()):
            return said
        if plane.morph < 1 and "noise" in moment.numbers:
            return words.on_the_way(plane.morph, plane.share_between())
        if not run.history.is_live:
            is_running = run.state == "running"
            return words.looking_back(moment.iteration, self.iteration(), is_running, moment.numbers, run.rewind_at())
        if run.state == "failed":
            return stopped(self.iteration(), "points", run.rewind_at())
        return words.learning(scores[0], moment.numbers, scores[1:], self.is_critic())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.plots.place(self, bool(self.plots.plots) and len(self.run.history) > 0)
