"""Settings that change while a run goes on: the form of a page that trains, and the run."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.engine import Failure
from genstudio.settings import setting_of
from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs import run_words as words
from genstudio.ui.tabs.runs_page import RunsPage
from genstudio.ui.tabs.training_run import TrainingRun


def live_of(settings: Any) -> dict[str, Any]:
    """The settings that may change while a run goes on."""
    notes = {field.name: setting_of(type(settings), field.name) for field in dataclasses.fields(settings)}
    return {name: getattr(settings, name) for name, note in notes.items() if note is not None and note.live}


class TuningPage(RunsPage):
    """The live settings in the form are those of the run that is at hand."""

    def __init__(
        self, name: str, title: str, bridge: Bridge, places: tuple[int, int], parent: QWidget | None = None
    ) -> None:
        super().__init__(name, title, bridge, places, parent)
        self._tuning: TrainingRun | None = None  # the run that was asked last to change its settings
        self._is_undone = False  # and undo has asked it
        self._is_changed = False  # the user has changed settings since the run began, before it could be told

    def is_changed(self) -> bool:
        """Whether the controls describe another run than the one there is, with more than what it can be told."""
        request, wanted = self.run.request, self.wanted()
        if request is None or request.family != wanted.family:
            return request is not None
        settings = dataclasses.replace(wanted.settings, **live_of(request.settings))
        return (request.dataset, request.settings) != (wanted.dataset, settings)

    def has_next_data(self) -> bool:
        """Whether other data are chosen than those of the run that is seen."""
        request = self.run.request
        return request is not None and not self.is_walking and bool(request.dataset != self.data.name())

    def show_next_data(self) -> None:
        """The name before the picker of the data says whether they are those of the run that is seen."""
        is_next = self.has_next_data()
        self.name_picker(self.data.picker, "Next" if is_next else "", words.NEXT_DATA if is_next else "")

    def tune(self) -> None:
        """Tell the run its new settings; before its first moment there is nobody to tell."""
        run, self._is_undone = self.run, False
        if not len(run.history):
            self._is_changed = True
            return
        wanted = dataclasses.replace(run.settings(), **live_of(self.controls.form.value()))
        if wanted != run.settings() or self._tuning is run:
            self._tuning = run
            self.ask("train", "tune", api.TuneRequest(wanted, run.place))

    def undo(self) -> bool:
        """As of every run; what it changes back is said to be undone."""
        before = self.run
        is_done = super().undo()
        self._is_undone = is_done and self.run is before and self._tuning is before
        return is_done

    def take_tuned(self) -> None:
        """Put what the run has by now into the form."""
        form = self.controls.form
        form.set_value(dataclasses.replace(form.value(), **live_of(self.run.settings())))

    def handle_train(self, verb: str, event: Any) -> None:
        """As of every run; with its first moment a run says what it is like, or hears it."""
        run, is_first = self.run, not len(self.run.history)
        super().handle_train(verb, event)
        if is_first and self.run is run and len(run.history):
            if self._is_changed:
                self.tune()
            else:  # a run that goes on has been changed before
                self.take_tuned()
            self._is_changed = False
        self.mark_changes()

    def mark_changes(self) -> None:
        """The plots show where the run was changed; call it when another run is shown."""
        request = self.run.request
        first = request.settings if request is not None else None
        self.plots.set_marks(words.marks(type(first), self.run.changes, first) if first is not None else ())

    def handle_tuned(self, event: Any) -> None:
        """The answer to `tune`."""
        run, self._tuning = self._tuning, None
        if run is None or run.request is None:
            return
        if isinstance(event, api.TunedEvent):
            run.changes += tuple(change for change in event.changes if change not in run.changes)
            self.mark_changes()
            said = words.tuned(type(run.request.settings), event.changes)
            if self._is_undone:
                brings_back = self._put_away_at is not None and self._put_away_at == self.parameters()
                said, self._is_undone = words.undone(said, brings_back), False
            if said:
                self.tell(said)
        elif isinstance(event, Failure) and run is self.run:
            self.take_tuned()
