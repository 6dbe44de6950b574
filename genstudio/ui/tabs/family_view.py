"""What a page shows that trains one of several families: a run as it learns, at its live end or in its past."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs import run_words as words
from genstudio.ui.tabs.family_controls import FamilyControls
from genstudio.ui.tabs.run_past import PastPage
from genstudio.ui.tabs.training_run import Moment, TrainingRun
from genstudio.ui.widgets.curves import CurveBuffer


class FamilyView(PastPage):
    """The five places of the mode and what is in them; `FamilyPage` adds what user and lanes do.

    Args:
        places: Of the session, for this page's runs.
        shown: The widget of the stage; its `samples` are the stage itself, and `show_moment` shows all of one moment.
        plots: For `place_plots` to place.
    """

    families: ClassVar[Mapping[str, tuple[str, str]]]  # as the picker calls them, with what it says about each
    count: ClassVar[int]  # new samples
    controls: FamilyControls
    plots: Any  # RunPlots with `painted`, `newest`, `at` and `set_moment`
    kept_in = "in the pickers of the other modes"
    lowest = 520  # the losses are half of what there is to see

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
        super().__init__(name, title, bridge, places, parent)
        self.stage, self.shown, self.plots = shown.samples, shown, plots
        self.stage_area.addWidget(shown, 1)
        self.controls = self.make_controls()
        self.connect_runs()
        self.add_picker("Data", self.data.picker, 270)
        self._synced: TrainingRun | None = None  # the run whose settings the form shows
        self.offer_train_speeds()
        self.plots.painted.connect(self._show_where)
        self.stage.cell_clicked.connect(self._cell_clicked)
        self.stage.set_message("Starting …")

    # ---- what subclasses say --------------------------------------------------------------------------

    def make_controls(self) -> FamilyControls:
        """The inspector."""
        return FamilyControls(self.inspector, self.bridge, self.name, self.families)

    def place_plots(self, shown: bool) -> None:
        """Put the plots where there is room for them, or away."""
        raise NotImplementedError

    def has_curves(self) -> bool:
        """Whether there is something in the plots."""
        return self.run.shown() is not None

    def at_hand(self) -> str:
        """The model that the other modes show: its name or path; '' if there is none."""
        raise NotImplementedError

    def lesson(self, moment: Moment) -> str:
        """What a moment at the live end teaches, as rich text."""
        raise NotImplementedError

    def costs(self, values: tuple[float, ...]) -> str:
        """The losses as the curves have them at some place, as rich text."""
        raise NotImplementedError

    def about(self) -> str:
        """What the family in the picker is, where nothing runs yet, as rich text."""
        raise NotImplementedError

    def way_on(self) -> str:
        """Where the model as it is now can be looked at, as rich text; '' if it cannot."""
        run = self.run
        return words.saved(words.name_of(run.file)) if run.file and not run.unsaved else ""

    def invitation(self) -> str:
        """On the empty stage, over the button that begins."""
        return f"{self.families[self.controls.family][0]}: it learns from {self.data.title()}."

    # ---- what the runs need ---------------------------------------------------------------------------

    def wanted(self) -> api.TrainRequest:
        """The run that the controls describe."""
        return api.TrainRequest(self.controls.family, self.data.name(), self.controls.form.value(), preview=self.count)

    def take_settings(self, source: api.ModelInfo | api.TrainRequest) -> None:
        """Into the form of their family."""
        self.controls.set_value(source.family, source.settings)
        self.controls.set_family(source.family)

    def kind(self, request: api.TrainRequest) -> str:
        """The family."""
        return request.family

    def new_curves(self, request: api.TrainRequest) -> tuple[CurveBuffer, ...]:
        """As the family has them."""
        return (self.plots.curves_of(request.family),)

    def note_rows(self, run: TrainingRun, event: api.TrainEvent) -> None:
        """To its one buffer."""
        run.curves[0].extend(self.plots.rows_of(event, run.curves[0]))

    def info(self) -> api.ModelInfo | None:
        """The model that the other modes show, if there is no run at hand and its own can go on."""
        models = self.catalog.models_of(*self.families) if self.catalog else ()
        found = next((m for m in models if self.at_hand() in (m.name, m.path) and m.resumable), None)
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
        title = self.data.title()
        if self.data.is_downloading():
            return f"{title} is being downloaded …", ""
        if self.data.is_missing():
            return self.data.obstacle(), f"Download {title}"
        return self.invitation(), "Train"

    def refresh(self) -> None:
        """Bring buttons, words and the scrubber in line with what is shown."""
        run, info = self.run, self.info()
        if run.left is not None:  # it is about to go back
            return
        self.controls.show_state(run.stands, is_changed=self.is_changed(), can_go_on=info is not None)
        self.show_rewind()
        self.show_next_data()
        if info is not None:
            self.controls.name_model(words.name_of(info.name))
        self.show_tempo()
        self.place_plots(self.has_curves())
        self._show_where()
        speed = f"{run.iterations_per_s:.1f} iterations/s · {words.duration(run.seconds())}"
        self.show_speed(speed if run.iteration and run.stands != "ended" else "")
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
        run, iteration = self.run, self.iteration()
        if run.request is None or moment is None:
            return self.about()
        if self.player.repeat is not None:
            repeat = self.player.repeat
            return words.repeating(Path(repeat.path).name, iteration, repeat.iteration)
        if not run.history.is_live:
            then = self.costs(self.plots.at(moment.iteration))
            return words.looking_back(moment.iteration, iteration, run.state == "running", then, run.rewind_at())
        if run.state == "failed":
            return words.stopped(iteration, "pictures", run.rewind_at())
        if run.has_gone_back:
            return words.stands(run.broke_at, run.is_as_it_broke)
        return (words.at_goal(iteration) if run.is_at_goal else self.lesson(moment)) + self.way_on()

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
