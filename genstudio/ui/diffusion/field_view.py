"""What the diffusion of points shows: the plane or the line, the time, the curves, and the sentence on all of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from genstudio import api
from genstudio.api import Floats
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion import field_words as words
from genstudio.ui.diffusion.field_canvas import FieldCanvas, PlaneCanvas
from genstudio.ui.diffusion.field_controls import FieldControls
from genstudio.ui.diffusion.field_flow import FlowBar
from genstudio.ui.diffusion.field_line import LineCanvas
from genstudio.ui.diffusion.field_plots import FieldPlots
from genstudio.ui.diffusion.field_scene import Scene
from genstudio.ui.diffusion.loss_plots import rows_of
from genstudio.ui.points.drawing import Drawing, Words
from genstudio.ui.points.drawn_points import DrawnPage, DrawnPoints
from genstudio.ui.tabs.beside_plots import STAGE
from genstudio.ui.tabs.run_words import duration, repeating, stands, stopped
from genstudio.ui.tabs.training_run import TrainingRun
from genstudio.ui.theme import pad
from genstudio.ui.widgets.curves import CurveBuffer
from genstudio.ui.widgets.stage import Stage

FAMILY = "point-ddpm"
DRAWING = Words("These points the particles are to become.", "Train", "Begin to learn what is drawn", "Back to the run")
PLACES = (8, 9)  # of the session, for this page's runs


class FieldView(DrawnPage):
    """The five places of the mode and what is in them; `FieldPage` adds what user and lanes do."""

    controls: FieldControls
    plots: FieldPlots
    keeps_runs = False
    learner = "denoising-train"
    lowest = 520  # the curves are half of what there is to see

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("field", "Denoising", bridge, PLACES, parent)
        self.stage, self.plane, self.line = Stage(label="Points"), PlaneCanvas(), LineCanvas()
        holder, shown = QWidget(), QWidget()
        self._layers = QStackedLayout(shown)
        self.drawing = Drawing(words=DRAWING)
        for widget in (self.stage, self.plane, self.line, self.drawing):
            self._layers.addWidget(widget)
        self.flow = FlowBar()
        column = pad(QVBoxLayout(holder), 0, 8)
        column.addWidget(shown, 1)
        column.addWidget(self.flow)
        self.stage_area.addWidget(holder, STAGE)
        self.plots = FieldPlots()
        self.plots.hide()
        self.controls = FieldControls(self.inspector, bridge, self.name)
        self.drawn = DrawnPoints(self, self.controls.data, self.drawing)
        self.connect_runs()
        self.add_picker("Points", self.data.picker, 230)
        self.examples: tuple[api.ExamplesRequest, Floats] | None = None  # real points, before a run
        self._synced: TrainingRun | None = None  # the run whose settings the form shows
        self.offer_train_speeds()
        self.tempo.name_play("Train", "Pause the training")  # beside it the particles flow
        self.flow.moved.connect(self._show_place)
        self.line.picked.connect(self.flow.go_to)
        self.plots.painted.connect(self._show_where)
        self.plots.time_picked.connect(self._time_picked)
        self.controls.layer_changed.connect(self._layer_changed)

    # ---- what the runs need ---------------------------------------------------------------------------

    def wanted(self) -> api.TrainRequest:
        """The run that the controls describe."""
        return api.TrainRequest(FAMILY, self.data.name(), self.controls.form.value(), preview=1)

    def info(self) -> api.ModelInfo | None:
        """No file of a run on points goes on."""
        return None

    def take_settings(self, source: api.ModelInfo | api.TrainRequest) -> None:
        """Into the form."""
        self.controls.form.set_value(source.settings)

    def kind(self, request: api.TrainRequest) -> str:
        """The family."""
        return request.family

    def new_curves(self, request: api.TrainRequest) -> tuple[CurveBuffer, ...]:
        """The loss."""
        return (CurveBuffer(1),)

    def note_rows(self, run: TrainingRun, event: api.TrainEvent) -> None:
        """To its one buffer."""
        run.curves[0].extend(rows_of(event, run.curves[0]))

    # ---- showing --------------------------------------------------------------------------------------

    def numbers(self) -> Mapping[str, Floats]:
        """What the moment tells that is looked at; before a run real points alone, as soon as they are there."""
        moment = self.run.shown()
        if moment is not None:
            return moment.numbers
        is_wanted = self.examples is not None and self.examples[0] == self._example_wanted()
        if self.run.state != "none" or self.examples is None or not is_wanted:
            return {}
        return {"real": self.examples[1]}

    def _example_wanted(self) -> api.ExamplesRequest:
        return api.ExamplesRequest(self.data.name(), self.controls.form.value().seed)

    def canvas(self) -> FieldCanvas:
        """The one that has room for such points."""
        return self.line if Scene(self.numbers()).is_line else self.plane

    def show_run(self) -> None:
        """The run, or the invitation to begin one."""
        request = self.run.request
        if request is not None and self._synced is not self.run:
            self.drawn.is_open = False
            self.data.select(request.dataset)
            self.controls.form.set_value(self.run.settings())
        self._synced = self.run
        self.mark_changes()
        self.show_samples()
        self.refresh()

    def show_samples(self) -> None:
        """The moment of the run that is looked at."""
        moment, numbers = self.run.shown(), self.numbers()
        is_drawing = self.drawn.is_shown()
        self.flow.setVisible(not is_drawing)
        if numbers:
            self.canvas().show_numbers(numbers)
        if is_drawing:
            self._layers.setCurrentWidget(self.drawing)
        elif numbers:
            self._layers.setCurrentWidget(self.canvas())
        else:
            self._layers.setCurrentWidget(self.stage)
            if self.run.state == "none":
                self.stage.set_message(words.invitation(self.data.title()), "Train")
            elif self.run.is_alive:
                self.stage.set_message("Building the network …")
        self.plots.show_numbers(numbers)
        self.plots.set_cursor(None if moment is None or self.run.history.is_live else moment.iteration)
        self._show_place(self.flow.place())

    @Slot(float)
    def _show_place(self, place: float) -> None:
        """Another time of the way."""
        numbers = self.numbers()
        for canvas in (self.plane, self.line):
            canvas.set_place(place)
        self.flow.show_state("t" in numbers, words.where(numbers, place))
        self.plots.set_time(Scene(numbers).t(place) if "t" in numbers else None)

    def refresh(self) -> None:
        """Bring buttons, words and the scrubber in line with what is shown."""
        run = self.run
        if run.left is not None:  # it is about to go back
            return
        self.plots.place(self, self.plots.loss is not None and len(run.history) > 0)
        self.controls.show_state(run.stands, is_changed=self.is_changed())
        self.drawn.show()
        self.show_rewind()
        self.show_next_data()
        self.show_tempo()
        self._show_where()
        spent = duration(run.seconds())
        self.show_speed(f"{run.iterations_per_s:.0f} iterations/s · {spent}" if run.iteration else "")
        self.announce(run, run.state, len(run.history) > 1)

    def is_settled(self) -> bool:
        """The points and the curve are there."""
        if self.run.state == "none":
            return self.catalog is not None
        return self.run.shown() is not None and self.plots.newest() is not None

    def iteration(self) -> int:
        """How far the run is, as every place says it: at the live end it is where the curve ends."""
        newest = self.plots.newest() if self.run.history.is_live else None
        return newest[0] if newest else self.run.iteration

    @Slot()
    def _show_where(self) -> None:
        """Tempo and caption speak of the same iteration at any time."""
        self.tempo.set_label(*self.where())
        self.caption.set_text(self._sentence())

    def _sentence(self) -> str:
        run, moment, newest = self.run, self.run.history.shown(), self.plots.newest()
        if run.has_gone_back:
            return stands(run.broke_at, run.is_as_it_broke)
        if run.state == "none" or moment is None:
            return words.empty()
        if self.player.repeat is not None:
            repeat = self.player.repeat
            return repeating(Path(repeat.path).name, self.iteration(), repeat.iteration)
        if not run.history.is_live:
            then = words.how_far(moment.numbers)
            is_running = run.state == "running"
            return words.looking_back(moment.iteration, self.iteration(), is_running, then, run.rewind_at())
        if said := self.said_of_points():
            return said
        if run.state == "failed":
            return stopped(self.iteration(), "points", run.rewind_at())
        return words.learning(self.iteration(), newest[1] if newest else float("nan"), moment.numbers)

    # ---- looking around -------------------------------------------------------------------------------

    @Slot(float)
    def _time_picked(self, t: float) -> None:
        if "t" in self.numbers():
            self.flow.go_to(Scene(self.numbers()).place_of(t))

    @Slot(str, bool)
    def _layer_changed(self, layer: str, is_shown: bool) -> None:
        for canvas in (self.plane, self.line):
            canvas.set_layer(layer, is_shown)
        self.remember()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F lets the particles flow."""
        if event.key() == Qt.Key.Key_F and not event.modifiers():
            self.flow.toggle()
        else:
            super().keyPressEvent(event)

    def deactivate(self) -> None:
        """Nobody sees the flow."""
        super().deactivate()
        self.flow.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The plots stand where there is room."""
        super().resizeEvent(event)
        self.plots.place(self, not self.plots.isHidden())
