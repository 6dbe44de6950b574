"""What a race shows: two stages, the curves of both, and the sentence that says who is ahead."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from genstudio.settings.duels import TWIN
from genstudio.ui.bridge import Bridge
from genstudio.ui.race import words
from genstudio.ui.race.contest import side_names
from genstudio.ui.race.controls import RaceControls
from genstudio.ui.race.player import RacePlayer
from genstudio.ui.race.plots import RacePlots
from genstudio.ui.race.run import RaceRun
from genstudio.ui.race.sides import SideBySide
from genstudio.ui.tabs.history_page import HistoryPage
from genstudio.ui.tabs.run_words import duration


class RaceView(HistoryPage):
    """The five places of the mode and what is in them; `RacePage` adds what user and lanes do."""

    player: RacePlayer
    plots: RacePlots
    lowest = 480  # the curves are half of what there is to see
    keeps_runs = False

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("race", "Adversarial game", bridge, parent)
        self.player = RacePlayer(bridge, self.slot("race"), self)
        self.stages, self.plots = SideBySide(), RacePlots()
        self.stage_area.addWidget(self.stages, 1)
        self.plot_area.addWidget(self.plots, 1)
        self.controls = RaceControls(self.inspector, bridge, self.name)
        self.data = self.controls.data
        self.add_picker("Arena", self.data.arena_picker, 110)
        self.data.own(
            self._labelled("Points", self.data.points.picker), self._labelled("Data", self.data.pictures.picker)
        )
        self.tempo.show_speed(True)
        self.offer_train_speeds()
        self.plots.painted.connect(self._say)
        self.connect_history()

    def _labelled(self, label: str, picker: QWidget) -> tuple[QWidget, ...]:
        self.add_picker(label, picker, 200)
        items = [self.header.itemAt(place).widget() for place in (-2 + self.header.count(), self.header.count() - 1)]
        return tuple(item for item in items if item is not None)

    @property
    def run(self) -> RaceRun:
        """The race that is shown."""
        return self.player.run

    @property
    def is_twin(self) -> bool:
        """Whether the race that is shown, or would begin, is one game in two arenas."""
        run = self.run
        if run.request is None:
            return self.controls.arena == TWIN
        return run.is_of_points(0) != run.is_of_points(1)

    def names(self) -> tuple[str, str]:
        """Of the sides that the controls describe."""
        return side_names(self.controls.arena, self.controls.contest)

    def show_run(self) -> None:
        """The moment that is looked at, or the invitation to begin, and what is said of it."""
        self.show_race()
        self.refresh()

    @Slot()
    def show_race(self) -> None:
        """The moment that is looked at, or the invitation to begin."""
        run, pair = self.run, self.run.history.shown()
        if pair is None:
            self._show_message()
        else:
            self.stages.show_sides()
            for number, (side, moment) in enumerate(zip(self.stages.sides, pair.sides, strict=True)):
                side.show_name(run.names[number], run.troubles[number] or run.names[number])
                side.show_moment(moment, run.is_of_points(number), run.is_critic(number))
        self.plots.set_cursor(None if pair is None or run.history.is_live else pair.iteration)

    def _show_message(self) -> None:
        data = self.data
        if self.run.is_alive:
            self.stages.show_message(f"Loading {data.title()} and building four networks …")
        elif self.run.state == "none" and data.has_pictures and data.pictures.is_downloading():
            self.stages.show_message(f"{data.pictures.title()} is being downloaded …")
        elif self.run.state == "none" and data.has_pictures and data.pictures.is_missing():
            self.stages.show_message(data.pictures.obstacle(), f"Download {data.pictures.title()}")
        elif self.run.state == "none":
            self.stages.show_message(words.invitation(self.names(), self.is_twin), "Race")

    def refresh(self) -> None:
        """Bring buttons, words and the scrubber in line with what is shown."""
        run = self.run
        self._place_plots()
        self.controls.show_state(run.state, is_changed=self.is_changed())
        self.controls.save.setEnabled(False)
        self.show_tempo()
        self._say()
        rate, spent = run.iterations_per_s, duration(run.seconds())
        self.show_speed(f"{rate:.0f} iterations/s · {spent}" if rate else "")
        self.announce(run, run.state, len(run.history) > 1)

    def is_changed(self) -> bool:
        """Whether the controls describe another race than the one there is."""
        raise NotImplementedError

    @Slot()
    def _say(self) -> None:
        """Tempo, caption and the numbers of both sides speak of the same iteration."""
        run, pair = self.run, self.run.history.shown()
        self.tempo.set_label(*self.where())
        if pair is None:
            self.caption.set_text(words.empty(self.is_twin))
            return
        scores = run.scores_at(None if run.history.is_live else pair.iteration)
        for number, side in enumerate(self.stages.sides):
            side.show_numbers(words.side_numbers(run, number, pair, scores[number] if scores else None))
        self.caption.set_text(words.caption(run, pair, self.is_twin))

    def build_plots(self) -> None:
        """Those of the race that is shown, once it has begun."""
        if len(self.run.history):
            self.plots.begin(self.run)

    def _place_plots(self) -> None:
        has_curves = bool(self.plots.plots) and len(self.run.history) > 0
        self.plots.fit(self)
        if has_curves:
            self.plots.choose(self.run)
        self.show_plots(has_curves)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_plots()
        self.show_race()
