"""What the user does with the runs of a page: begin, pause, step, put away, bring back, go on."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.api.own_pictures import path_of
from genstudio.engine import Ended, Failure
from genstudio.errors import sentence, whole
from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs import run_words as words
from genstudio.ui.tabs.data_chooser import DataChooser
from genstudio.ui.tabs.run_hooks import TRAIN
from genstudio.ui.tabs.run_keeping import KeepingPage
from genstudio.ui.tabs.training_run import TrainingRun

DATA = ("look", "download")  # the verbs of the pictures to learn from


class RunsPage(KeepingPage):
    """No run is lost: one that makes room waits, paused, until undo brings it back or the next one is put away."""

    def __init__(
        self, name: str, title: str, bridge: Bridge, places: tuple[int, int], parent: QWidget | None = None
    ) -> None:
        super().__init__(name, title, bridge, places, parent)
        self._put_away_at: dict[str, Any] | None = None  # the parameters when undo would bring a run back
        self._brought_back_at: dict[str, Any] | None = None  # and when redo would put it away again
        self._wished: Callable[[], None] | None = None  # by another mode, when the run at hand has been put away
        self._lacks_data = False  # the last failure was that the pictures are gone

    def connect_runs(self) -> None:
        """Call it once the controls are there."""
        controls = self.controls
        self.data = controls.data
        controls.run_wanted.connect(self.run_pressed)
        controls.step_wanted.connect(self.step_pressed)
        controls.reset_wanted.connect(self.reset)
        controls.restart_wanted.connect(self.start_run)
        controls.go_on_wanted.connect(self.go_on)
        controls.save_wanted.connect(self.save)
        if isinstance(self.data, DataChooser):
            self.data.own_wanted.connect(self.own_data_wanted)
            self.data.drawing_wanted.connect(self.drawing_wanted)
            self.data.copies_wanted.connect(self.look_for_copies)

    # ---- begin, pause, step -------------------------------------------------------------------------------

    @Slot()
    def start_run(self) -> None:
        """Train a new network with the settings of the form."""
        if obstacle := self.data.obstacle():
            self.tell(obstacle)
            if self.run.state == "none":
                self.show_run()
        else:
            self.begin(self.wanted())

    def begin(self, request: api.TrainRequest, repeat: api.RestoredEvent | None = None) -> None:
        """Put the run away that there is, and begin another."""
        before = self._leave(request.resume)
        self.player.start(request, repeat)
        self.forget_standing()
        self.forget_reminder(request.resume)
        self.run.curves = self.new_curves(request)
        self.plots.build()
        self.plots.show_run(self.run.curves)
        self.show_run()
        self.remember()
        self._tell_put_away(before)
        if repeat is not None:
            self._tell_replayed(words.replaying(Path(repeat.path).name, repeat.iteration))
        hint = self.data.hint(getattr(request.settings, "batch_size", 0)) if isinstance(self.data, DataChooser) else ""
        if hint and not before.iteration:  # else the way back to the run before is more
            self.tell(hint)

    @Slot()
    def run_pressed(self) -> None:
        """The big button: start, pause or go on with a run; who goes on sees what comes of it."""
        if not self.run.is_alive:
            self.start_run()
            return
        was_hidden = self.is_walking
        self.forget_standing()
        goes_on = was_hidden or self.run.state != "running"
        if goes_on:
            self.run.history.look(len(self.run.history))
        self.player.set_running(goes_on)
        self.show_run()
        if was_hidden:
            self.remember()

    @Slot()
    def download_or_run(self) -> None:
        """The button of the invitation: what its words say."""
        if self.data.is_missing() and not self.is_walking and self.run.state == "none":
            self.data.download()
            self.show_samples()
        else:
            self.run_pressed()

    @Slot()
    def go_on(self) -> None:
        """Train the network that walks further, from where its file ended."""
        info = self.info()
        if info is None or not info.resumable:
            return
        dataset = self.data.find(info.dataset)
        if dataset:
            self.data.select(dataset)
        if not dataset or self.data.obstacle():
            self.tell(words.needs_data(info.name, api.called(info.dataset)), "", True)
            return
        self.take_settings(info)
        self.begin(dataclasses.replace(self.wanted(), resume=info.path))
        self.remember()

    def repeat(self, event: api.RestoredEvent, source: api.TrainRequest) -> None:
        """Repeat the run of a dropped file to the same iteration, and compare the pictures."""
        self.take_settings(source)
        dataset = self.data.find(source.dataset)
        self.data.select(dataset)
        if not dataset or self.data.obstacle():
            self.show_run()
            missing = f"The run learned from {api.called(source.dataset)}, which is not on this computer"
            path = source.dataset if api.data_name(source.dataset) != source.dataset else ""
            self.tell(f"{missing}; choose it under Data, then drop the file again.", path, True)
        else:
            self.begin(dataclasses.replace(source, dataset=dataset, iterations=event.iteration), event)

    # ---- put away and bring back --------------------------------------------------------------------------

    @Slot()
    def reset(self) -> None:
        """Put the run away; what is left is the invitation to train a new one."""
        before = self._leave()
        self.player.put_away()
        self.forget_standing()
        self.plots.show_run(self.run.curves)
        self.show_run()
        self._tell_put_away(before)
        wished, self._wished = self._wished, None
        if wished is not None:
            self._grant(wished)

    def wish(self, take_over: Callable[[], None]) -> None:
        """Another mode wants other settings for a new run: at once, or when the run at hand has been put away.

        Args:
            take_over: Puts them into the form, which is one step of undo.
        """
        if self.run.is_alive:
            self._wished = take_over
            self.offered.emit(words.HAS_RUN, "Put it away", self.reset)
        else:
            self._grant(take_over)

    def _grant(self, take_over: Callable[[], None]) -> None:
        self.remember()
        take_over()
        self.remember()

    def undo(self) -> bool:
        """Bring back the run that was put away, if that was the last change or is all there is; else as every page."""
        if self._put_away_at is None:
            return super().undo()
        if self._put_away_at == self.parameters() or not super().undo():
            self.bring_back()
        return True

    def redo(self) -> bool:
        """Put the run away again that undo brought back, if that was the last change; else as every page."""
        if self._brought_back_at is None or self._brought_back_at != self.parameters():
            return super().redo()
        before = self._swap()
        self._tell_put_away(before)
        return True

    def bring_back(self) -> None:
        """The run that was put away is as it was, paused; the one in its stead is put away."""
        self._swap()
        self._put_away_at, self._brought_back_at = None, self.parameters()
        self.tell_standing(words.back(self.run.stands == "paused"))

    def _swap(self) -> TrainingRun:
        before = self._leave()
        self.player.swap()
        self.forget_standing()
        self.plots.show_run(self.run.curves)
        self.show_run()
        return before

    def _leave(self, goes_on: str = "") -> TrainingRun:
        """The run that is about to make room, paused; it is being written if it is worth it.

        Args:
            goes_on: The file from which another run is about to go on.
        """
        self.player.set_running(False)
        self.keep(goes_on)
        return self.run

    def _tell_put_away(self, run: TrainingRun) -> None:
        if self.player.away is run and run.iteration:
            self._put_away_at, self._brought_back_at = self.parameters(), None
            self.offered.emit(words.PUT_AWAY, "Undo", self.bring_back)

    def _tell_replayed(self, text: str) -> None:
        """It stands until the run goes on by hand; the way back to the run before stands beside it."""
        is_back = self._put_away_at is not None and self.player.away.iteration > 0
        self.offer_standing(text, self.bring_back) if is_back else self.tell_standing(text)

    # ---- events -------------------------------------------------------------------------------------------

    def handle_train(self, verb: str, event: Any) -> None:
        """Progress of the run that is shown, or the last words of the one that was put away."""
        place = self._places[verb]
        run = self.player.run_in(place)
        if run.state == "none":
            return
        verdict = self.player.handle(place, event)
        if run is not self.run:
            if isinstance(event, api.TrainEvent):
                self.note_rows(run, event)
            return
        if isinstance(event, Ended) and not len(run.history):  # stopped while it was reading its pictures
            self.player.put_away()
            self.show_run()
            return
        if isinstance(event, api.TrainEvent):
            self.plots.add(event)
            if event.samples and run.history.is_live and not self.is_walking:
                self.show_samples()
        if isinstance(event, Failure) and not len(run.history):
            self._fail_at_once(event)
        if verdict:
            self._tell_replayed(verdict)

    # ---- the pictures to learn from -------------------------------------------------------------------------

    def handle_data(self, verb: str, event: Any) -> bool:
        """They were looked at, or fetched; whether those that are chosen have just been read well."""
        is_read = isinstance(event, api.DatasetEvent)
        if verb == "look":
            self.data.handle_look(event)
            return is_read
        self.data.handle_download(event)
        return is_read and event.info.name == self.data.name()

    @Slot()
    def show_invitation(self, is_read: bool = False) -> None:
        """Where there is no run, what is to be done for one; one that could not begin is forgotten if it now can.

        Args:
            is_read: As `forget_failure` has it.
        """
        self.forget_failure(is_read)
        if self.run.state == "none" and not self.is_walking:
            self.show_samples()

    # ---- a run that could not begin -----------------------------------------------------------------------

    def _fail_at_once(self, event: Failure) -> None:
        if not self.is_walking:
            self.stage.set_message(whole(sentence(event.error)), "Try again")
        self._lacks_data = isinstance(event.error, FileNotFoundError)
        if self._lacks_data:
            self.catalog_stale.emit()

    def forget_failure(self, is_read: bool = False) -> None:
        """A run that could not begin is forgotten once other pictures are chosen, or its own are there again.

        Args:
            is_read: The pictures that are chosen have just been read well.
        """
        run, data = self.run, self.data
        if run.state != "failed" or len(run.history) or run.request is None:
            return
        path = Path(path_of(data.name()))
        is_back = self._lacks_data and path.is_absolute() and path.exists()
        if is_read or is_back or data.is_missing() or data.name() != run.request.dataset:
            self.player.put_away()
            self.plots.show_run(self.run.curves)
            self.tell("")
            if not self.is_walking:
                self.show_run()


__all__ = ["DATA", "TRAIN", "RunsPage"]
