"""The past of a run: going back to it, and going on from there another way."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Slot

from genstudio import api
from genstudio.engine import Failure
from genstudio.errors import Diverged
from genstudio.ui.tabs import run_words as words
from genstudio.ui.tabs.run_tuning import TuningPage
from genstudio.ui.tabs.training_run import TrainingRun


class PastPage(TuningPage):
    """A run that goes back is another one: what it left is put away whole, and undo brings it back."""

    def connect_runs(self) -> None:
        """Call it once controls and plots are there."""
        super().connect_runs()
        self.connect_history()
        self.controls.rewind_wanted.connect(self.rewind)

    @Slot(str)
    def _word_clicked(self, word: str) -> None:
        super()._word_clicked(word)
        if word == "rewind":
            self.rewind()

    # ---- going back -------------------------------------------------------------------------------------

    def show_rewind(self) -> None:
        """Offer to go back to the moment that is looked at, if something is kept of it."""
        iteration = -1 if self.is_walking else self.run.rewind_at()
        moment = self.run.history.shown()
        is_live = self.is_walking or self.run.history.is_live
        self.controls.show_rewind(iteration, is_live, moment.iteration if moment is not None else -1)

    @Slot()
    def rewind(self) -> None:
        """Go back to the moment that is looked at, or the newest before it of which enough is kept."""
        iteration = self.run.rewind_at()
        if iteration >= 0 and not self.is_walking:
            self.tempo.play.setFocus(Qt.FocusReason.OtherFocusReason)  # the button under the hand is about to go
            self._go_back(iteration)

    def _go_back(self, iteration: int, broke_at: int = 0) -> None:
        """To an iteration of which enough is kept; `broke_at` says that it is the run that had to, and where."""
        left = self._leave()
        self.player.rewind(iteration)
        self.run.broke_at = broke_at
        self.run.curves = self.new_curves(left.request) if left.request else left.curves
        self._put_away_at = self.parameters() if self.player.away is left else None
        self._show_unless_walking()

    def _show_unless_walking(self) -> None:
        if not self.is_walking:
            self.show_run()

    def handle_train(self, verb: str, event: Any) -> None:
        """As of every run; the first event of one that goes back says that it has, and one that breaks goes back."""
        run, left, is_repeated = self.run, self.run.left, self.player.repeat is not None
        is_shown = self.player.run_in(self._places[verb]) is run
        if left is None or not is_shown:
            super().handle_train(verb, event)
            has_broken = isinstance(event, Failure) and isinstance(event.error, Diverged) and run is self.run
            if has_broken and is_shown and run.rewinds and not is_repeated:
                self._go_back(max(run.rewinds), event.error.iteration)
        elif isinstance(event, Failure):  # the window has said why
            self._swap()
            self._put_away_at = None
        else:
            if isinstance(event, api.TrainEvent):
                self.plots.show_run(run.curves)
            super().handle_train(verb, event)
            if run.left is None:
                self._rewound(left)

    def _rewound(self, left: TrainingRun) -> None:
        run = self.run
        run.has_undo = self._undo.remember(self.parameters())
        run.is_as_it_broke = run.settings() == left.settings()
        is_away = self.player.away is left  # one that broke at once has nothing to come back for
        self._put_away_at, self._brought_back_at = self.parameters() if is_away else None, None
        self._show_unless_walking()
        if run.broke_at:
            said = words.broken(run.broke_at, run.iteration, run.is_as_it_broke)
            self.offer_standing(said, self.bring_back) if is_away else self.tell_standing(said)
        elif not self._is_worth(left):  # else it could not be written, which has been said
            self.offer_standing(words.rewound(run.iteration, left.file if not left.unsaved else ""), self.bring_back)
        self.tell_room()

    def bring_back(self) -> None:
        """As of every run; settings that changed with it change back with it."""
        if self.run.has_undo and self._put_away_at == self.parameters():
            self._undo.undo(self.parameters())
        super().bring_back()

    def redo(self) -> bool:
        """As of every run."""
        is_back = self._brought_back_at is not None and self._brought_back_at == self.parameters()
        is_done = super().redo()
        if is_back and self.run.has_undo:
            self._undo.redo()
        return is_done
