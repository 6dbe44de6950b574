"""The files of the runs of a page: saved by name, or kept by themselves."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from genstudio import api
from genstudio.engine import Failure
from genstudio.errors import sentence, whole
from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs import run_notices as notices
from genstudio.ui.tabs import run_words as words
from genstudio.ui.tabs.run_files import model_path, model_place
from genstudio.ui.tabs.run_hooks import RunHooks
from genstudio.ui.tabs.run_words import KEPT
from genstudio.ui.tabs.training_run import TrainingRun

KEEP_EVERY_MS = 60_000
WORTH = 100  # iterations that are written to a file before their run makes room


class KeepingPage(RunHooks):
    """A run that is worth it is written to the models folder as the last run: once a minute while it goes on, before
    it makes room, and at the end."""

    def __init__(
        self, name: str, title: str, bridge: Bridge, places: tuple[int, int], parent: QWidget | None = None
    ) -> None:
        super().__init__(name, title, bridge, places, parent)
        self._keeper = QTimer(self)
        self._keeper.setInterval(KEEP_EVERY_MS)
        self._keeper.timeout.connect(self.keep_on_the_way)
        self._keeper.start()
        self._room: api.SavedEvent | None = None  # a file for which others have gone, until that is told
        self._sought: TrainingRun | None = None  # it is being written to be looked at for copies
        self._has_reminded = False
        self._reminded = "", ""  # the file of which that was said, and how
        self._writing: dict[str, tuple[TrainingRun, int]] = {}  # by verb: a run, and how much of it a file will hold

    def keep(self, goes_on: str = "") -> None:
        """Write the run that is shown if it is worth it.

        Args:
            goes_on: The file from which another run is about to go on.
        """
        if self._is_worth(self.run):
            self._write("keep", self.run, self._keep(self.run, goes_on))

    def _is_worth(self, run: TrainingRun) -> bool:
        is_worth = run.iteration >= WORTH or run.is_complete
        return self.keeps_runs and is_worth and run.unsaved > 0

    def _keep(self, run: TrainingRun, *goes_on: str) -> api.KeepRequest:
        files = (*goes_on, *(other.file for other in (self.run, self.player.away) if not self._holds(run, other)))
        return api.KeepRequest(run.place, tuple(filter(None, files)), run.kept)

    @staticmethod
    def _holds(run: TrainingRun, other: TrainingRun) -> bool:
        """Whether the other's file has nothing but an earlier moment of the run."""
        went_on = run.request is not None and run.request.resume == other.file and not other.unsaved
        return run is other or went_on

    @Slot()
    def keep_on_the_way(self) -> None:
        """Once a minute the run that goes on is written, too: a crash, or a step too slow to wait for when the window
        closes, costs no more than that."""
        if self.run.state == "running" and "keep" not in self._writing:
            self.keep()

    def farewell(self) -> dict[str, tuple[Any, ...]]:
        """Runs that are worth it are kept when the window closes, the one that is seen first."""
        worth = tuple(self._keep(run) for run in (self.run, self.player.away) if self._is_worth(run))
        return {"train": worth} if worth else {}

    @Slot()
    def save(self) -> bool:
        """Ask for a place and write the run's network; False if there is none."""
        run = self.run
        if run.request is None or not self.controls.save.isEnabled():
            return False
        folder = self.catalog.models_dir if self.catalog else ""
        start = model_place(folder, run.request.dataset, self.kind(run.request))
        path, _ = QFileDialog.getSaveFileName(self, "Save model", start, "Models (*.safetensors)")
        if path:
            self._write("save", run, api.SaveRequest(model_path(path), run.place))
        return True

    def _write(self, verb: str, run: TrainingRun, request: api.SaveRequest | api.KeepRequest) -> None:
        self._writing[verb] = (run, run.iteration)
        self.ask("train", verb, request)

    @Slot()
    def look_for_copies(self) -> None:
        """The network as it is now: its new pictures beside those that it has learnt from."""
        run = self.run
        if run.request is None or not run.iteration:
            self.tell(words.NOTHING_LEARNT)
        elif run.file and not run.unsaved:
            self.copies_wanted.emit(run.file, run.request.dataset)
        elif self.keeps_runs:
            self._sought = run
            self._write("keep", run, self._keep(run))
        else:
            self.tell(words.SAVE_FIRST)

    def model_shown(self) -> str:
        """What the picker shows; else the file of the run as it was saved last."""
        return super().model_shown() or self.run.file

    def handle_file(self, verb: str, event: Any) -> None:
        """The answer to `_write`."""
        run, iteration = self._writing.pop(verb, (TrainingRun(), 0))
        if isinstance(event, api.SavedEvent) and event.progress is not None:
            iteration = event.progress.iteration
            self._take_progress(run, event.progress)
        is_away = run is self.player.away
        sought, self._sought = self._sought, None
        if isinstance(event, Failure) and verb == "keep":
            self.tell(words.not_kept(sentence(event.error), is_away), event.trace, True)
        elif isinstance(event, api.SavedEvent):
            if verb == "keep":
                self._forget_replaced(run)
            elif run.kept:
                notices.note_told(self.name, run.kept)
            run.saved, run.file = max(run.saved, iteration), event.path
            run.kept = event.path if verb == "keep" else ""
            self._room = event if event.made_room else self._room
            if verb == "save":
                self.was_saved(event)
            elif is_away and self.run.left is not run and self.player.repeat is None:  # else what came says so
                self.offered.emit(words.kept(event.path, self.kept_in), "Undo", self.bring_back)
            if self.run.left is not run:
                self.tell_room()
            self.catalog_stale.emit()
            if sought is run and run.request is not None:
                self.copies_wanted.emit(event.path, run.request.dataset)

    def _forget_replaced(self, run: TrainingRun) -> None:
        """The file of the other run has just gone, if this one went on from it."""
        for other in (self.run, self.player.away):
            if other is not run and other.file and self._holds(run, other) and KEPT.fullmatch(Path(other.file).stem):
                other.file = other.kept = ""

    # ---- what is said of it -------------------------------------------------------------------------------

    def tell_room(self) -> None:
        """Say which run has gone for one that was kept, and offer to keep it after all."""
        event, self._room = self._room, None
        if event is not None:
            notices.note_gone(event.made_room)
            self.offered.emit(
                words.made_room(event.path, event.made_room), "Keep it", partial(self._keep_by_name, event.made_room)
            )

    def _keep_by_name(self, files: tuple[str, ...]) -> None:
        try:
            names = [notices.keep_by_name(file).stem for file in files]
        except OSError as error:
            self.tell(whole(sentence(error)), "", True)
        else:
            self.tell(f"It is kept as {' and '.join(names)}.")
        self.catalog_stale.emit()

    def remind(self, *families: str) -> None:
        """Once after a start: say that the run of these families is there that nobody saved."""
        if self.catalog is None or self._has_reminded or not self.keeps_runs:
            return
        self._has_reminded = True
        last = notices.newest_kept(self.catalog.models_of(*families))
        if last is not None and not notices.is_told(self.name, last.path):
            gone = notices.gone_untold(self.catalog.models_dir)
            notices.note_told(self.name, last.path)
            notices.note_gone(gone)
            self._reminded = last.path, words.last_run(last.name, gone)
            self.offered.emit(self._reminded[1], "Show it", partial(self.show_kept, last))

    def forget_reminder(self, file: str) -> None:
        """The run of this file goes on: nobody needs to be told that it is kept."""
        if file and file == self._reminded[0]:
            self.withdrawn.emit(self._reminded[1])
            self._reminded = "", ""

    def show_kept(self, info: api.ModelInfo) -> None:
        """Show the network of a run that was kept."""
        raise NotImplementedError

    def _take_progress(self, run: TrainingRun, progress: api.TrainEvent) -> None:
        """All places are as far as the file that was written."""
        if run is self.player.run_in(run.place):
            self.player.handle(run.place, progress)
            self.plots.add(progress) if run is self.run else self.note_rows(run, progress)
