"""A page whose run has a history: its live end and the moments before it, by scrubber, keys and curves."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs.calm import Calm
from genstudio.ui.tabs.page import TabPage
from genstudio.ui.tabs.run_drive import RunDrive
from genstudio.ui.tabs.run_words import TRAIN_SPEEDS, live_labels


class HistoryPage(TabPage):
    """Looks at one moment of a run, and lets it go on. Subclasses make `player` and `plots`, and show the run."""

    player: RunDrive
    plots: Any  # with a signal `picked`: an iteration

    def __init__(self, name: str, title: str, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(name, title, bridge, parent)
        self._calm = Calm(self.refresh, self)
        self._announced: tuple[object, ...] = ()

    def connect_history(self) -> None:
        """Call it once the plots are there."""
        self.plots.picked.connect(self._view_iteration)
        self.caption.word_clicked.connect(self._word_clicked)
        self.tempo.scrubbed.connect(self._scrubbed)

    def offer_train_speeds(self) -> None:
        """Slow motion, in the tempo; call it once the player is there."""
        self.tempo.offer_speeds(TRAIN_SPEEDS, 0.0)
        self.tempo.speed_changed.connect(self.player.set_wait)

    # ---- what subclasses say --------------------------------------------------------------------------------

    @property
    def run(self) -> Any:
        """The run that the page shows; with `state`, `is_alive` and a `history` of moments."""
        return self.player.run

    @property
    def is_walking(self) -> bool:
        """Whether the page shows a trained model rather than the run."""
        return False

    @property
    def is_moving(self) -> bool:
        """Whether what is shown changes by itself."""
        return bool(self.run.state == "running")

    def iteration(self) -> int:
        """How far the run is that is shown, as every place says it."""
        return int(self.run.iteration)

    def start_run(self) -> None:
        """Begin a run as the controls describe it, if one can."""
        raise NotImplementedError

    def run_pressed(self) -> None:
        """The big button: begin, pause or go on."""
        raise NotImplementedError

    def show_run(self) -> None:
        """Show the moment that is looked at, or the invitation to begin."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Bring buttons, words and the scrubber in line with what is shown."""
        raise NotImplementedError

    def forget_standing(self) -> None:
        """What was said of a run that stands still is no longer true."""

    # ---- what every refresh says --------------------------------------------------------------------------

    def show_tempo(self) -> None:
        """The scrubber and the buttons beside it, as the run stands."""
        run, tempo = self.run, self.tempo
        tempo.set_range(len(run.history))
        tempo.set_position(run.history.position)
        tempo.set_playing(run.state == "running")
        tempo.back.setEnabled(run.history.position > 0)
        tempo.forward.setEnabled(not run.history.is_live or run.is_alive)

    def where(self) -> tuple[str, ...]:
        """The iteration of the moment that is looked at, in words, and after it what may be said there next."""
        run, moment = self.run, self.run.history.shown()
        if moment is None:
            return ("",)
        if run.history.is_live:
            return live_labels(self.iteration(), run.stands)
        return (f"iteration {moment.iteration:,} of {self.iteration():,}",)

    def announce(self, *seen: object) -> None:
        """Where something of `seen` is new since the last call: light Export, and let the window look again."""
        if seen != self._announced:
            self._announced = seen
            self.show_exportable()
            self.state_changed.emit()

    # ---- keys, and how often words change -------------------------------------------------------------------

    def refresh_soon(self) -> None:
        """Refresh, a moment later if it was done just now."""
        self._calm.ask(self.is_moving)

    def step(self, direction: int) -> None:
        """One moment of the history, or one iteration at its live end."""
        if direction < 0 or not self.run.history.is_live:
            self._scrubbed(self.run.history.position + direction)
        elif self.run.is_alive:
            self.step_pressed()

    @Slot()
    def step_pressed(self) -> None:
        """One iteration, and look at what came of it."""
        if not self.run.is_alive:
            self.start_run()
        if self.run.is_alive:
            self.run.history.look(len(self.run.history))
            self.forget_standing()
            self.player.step()
            self.show_run()

    def toggle_play(self) -> None:
        """Let the run go on, or pause it."""
        self.run_pressed()

    # ---- looking back ---------------------------------------------------------------------------------------

    @Slot(int)
    def _scrubbed(self, position: int) -> None:
        if not self.is_walking:
            self.run.history.look(position)
            self.show_run()

    @Slot(float)
    def _view_iteration(self, iteration: float) -> None:
        if moments := [moment.iteration for moment in self.run.history.values()]:
            self._scrubbed(int(np.abs(np.array(moments) - iteration).argmin()))

    @Slot(str)
    def _word_clicked(self, word: str) -> None:
        if word == "live":
            self._scrubbed(len(self.run.history))
