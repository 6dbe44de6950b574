"""The card at work: asks for what is known of the model on the page, and measures it."""

from __future__ import annotations

import dataclasses
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Slot

from genstudio import api
from genstudio.engine import Ended, Failure
from genstudio.errors import sentence
from genstudio.ui.bridge import Bridge
from genstudio.ui.card import words
from genstudio.ui.card.sheet import CardSheet
from genstudio.ui.widgets.message_bar import MessageBar

LANE = "io"  # pictures on the pages come meanwhile
CARD, MEASURE = "app.card", "app.measure"
SEED = 7
File = tuple[str, str]  # path and hash: one that was trained anew under its name is another one
NO_FILE: File = ("", "")
BEGINS = api.ProgressEvent("Measuring", 0, 0)


class CardDesk(QObject):
    """Owns the card that is shown, and what is measured: one model at a time, whichever card is shown."""

    def __init__(self, bridge: Bridge, bar: MessageBar, sheet: CardSheet, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._bar, self.sheet = bridge, bar, sheet
        self._asked: api.CardRequest | None = None  # the card that is on its way or there
        self._card: api.CardEvent | None = None
        self._running: api.EvaluateRequest | None = None
        self._said = ""  # in the message bar: that it goes on
        self._why_not = ""  # there is no card
        self._progress = BEGINS
        self._file = NO_FILE  # that is measured
        self._unwritten: dict[File, tuple[api.Evaluation, ...]] = {}  # what was measured and is in no file
        sheet.measure_wanted.connect(self._measure)
        sheet.stop_wanted.connect(self._stop)
        sheet.closed.connect(self._closed)
        sheet.copied.connect(self._say_copied)

    def show_model(self, model: str) -> None:
        """Open the card of a model."""
        if not model:
            self._bar.show_info(words.NO_MODEL)
            return
        self._take_back()
        window = self.sheet.parentWidget()
        assert window is not None
        self.sheet.show_over(window)
        if self._card is None or model not in (self._card.info.name, self._card.info.path):
            self._card = None
            self.sheet.show_waiting(Path(model).stem)
        self._asked, self._why_not = api.CardRequest(model), words.IS_READ
        self._bridge.start(LANE, CARD, self._asked)
        self._show_running()

    def handle(self, verb: str, event: Any) -> None:
        """Events of app.card and app.measure."""
        if verb == "card":
            self._take_card(event)
        elif isinstance(event, api.ProgressEvent):
            self._progress = event
            self._show_running()
        elif isinstance(event, api.EvaluationEvent):
            self._take(event)
        elif self._running is not None and isinstance(event, (Failure, Ended)):
            path, self._running = self._running.sample.model, None
            self._take_back()
            self._show_running()
            if isinstance(event, Failure):
                self._tell_failure(path, self._bar.worded(sentence(event.error)))

    @Slot()
    def _say_copied(self) -> None:
        self._bar.show_info(words.COPIED)

    def _shows(self, path: str) -> bool:
        return self._card is not None and self._card.info.path == path and self.sheet.isVisible()

    # ---- the card ---------------------------------------------------------------------------------------

    def _take_card(self, event: Any) -> None:
        if isinstance(event, Failure):
            self._fail(self._bar.worded(sentence(event.error)))
        elif isinstance(event, api.CardEvent) and event.request is self._asked:
            before, self._card = self._card, self._with_unwritten(event)
            if before is None or before.request is not event.request:
                self.sheet.show_facts(self._card)
                self._show_running()
            if before is not None and before.info == event.info and len(before.samples):  # they would be the same
                self._bridge.cancel(LANE, CARD)
                self._card = dataclasses.replace(self._card, samples=before.samples, share=1.0)
            self.sheet.show_pictures(self._card)

    def _fail(self, text: str) -> None:
        """There is no card, or there are no pictures on it."""
        if self._asked is not None and (self._card is None or self._card.request is not self._asked):
            self._card, self._why_not = None, words.NO_CARD
            self.sheet.show_waiting(Path(self._asked.model).stem)
        self.sheet.show_failure(text, has_facts=self._card is not None)
        self._show_running()

    def _with_unwritten(self, event: api.CardEvent) -> api.CardEvent:
        found = event.evaluations
        for one in reversed(self._unwritten.get(_file(event.info), ())):
            if not any(old.asked() == one.asked() and old.when > one.when for old in found):
                found = _with(one, found)
        return dataclasses.replace(event, evaluations=found)

    @Slot()
    def _closed(self) -> None:
        """Nobody looks: no pictures are drawn; what is measured goes on."""
        self._bridge.cancel(LANE, CARD)
        if self._running is not None:
            text = f"{_name(self._running)} is still being measured; its card shows how far it is."
            self._bar.show_info(text, action_text="Stop", on_action=self._stop)
            self._said = self._bar.text()

    def _take_back(self) -> None:
        """It is no longer so that something goes on behind the card."""
        if self._said and self._bar.text() == self._said:
            self._bar.clear()
        self._said = ""

    # ---- measuring --------------------------------------------------------------------------------------

    @Slot(str, int)
    def _measure(self, eye: Any, count: int) -> None:
        if self._card is None or self._running is not None:
            return
        info = self._card.info
        self._file = _file(info)
        sample = api.SampleRequest(info.path, SEED, count, **api.usual_way(info.family, info.settings)._asdict())
        self._running, self._progress = api.EvaluateRequest(sample, "", eye, notes=True), BEGINS
        self._show_running()
        self._bridge.start(LANE, MEASURE, self._running)

    def _show_running(self) -> None:
        """How far the measuring is, on whichever card is shown."""
        if not self.sheet.isVisible():
            return
        why_not = "" if self._card is not None else self._why_not
        if self._running is None:
            self.sheet.show_progress("", 0, 0, why_not)
            return
        name, now = _name(self._running), self._progress
        is_other = not self._shows(self._running.sample.model)
        what = f"{name}: {now.what}" if is_other else now.what
        self.sheet.show_progress(what, now.done, now.total, why_not or words.is_measured(name))

    def _take(self, event: api.EvaluationEvent) -> None:
        path, one = event.request.sample.model, event.evaluation
        with_it = _with(one, self._unwritten.get(self._file, ()))
        self._unwritten[self._file] = with_it if event.trouble else with_it[1:]
        if self._card is not None and _file(self._card.info) == self._file:
            self._card = dataclasses.replace(self._card, evaluations=_with(one, self._card.evaluations))
        self._running = None
        self._take_back()
        self._show_running()
        if self._shows(path):
            assert self._card is not None
            self.sheet.show_evaluations(self._card.evaluations)
            if event.trouble:
                self._bar.show_error(event.trouble)
            return
        text = f"{Path(path).stem} has been measured; its card has the numbers."
        show = self._bar.show_error if event.trouble else self._bar.show_info
        show(event.trouble or text, action_text="Show card", on_action=partial(self.show_model, path))

    def _tell_failure(self, path: str, text: str) -> None:
        if self._shows(path):
            self.sheet.tell(text)
        else:
            self._bar.show_error(f"{Path(path).stem} could not be measured. {text}")

    @Slot()
    def _stop(self) -> None:
        if self._running is None:
            return
        self._bridge.cancel(LANE, MEASURE)
        self._running = None
        self._show_running()
        self._bar.show_info(words.STOPPED)


def _with(one: api.Evaluation, found: tuple[api.Evaluation, ...]) -> tuple[api.Evaluation, ...]:
    """A new measurement before the others; it replaces the one that was asked for in the same way."""
    return one, *(old for old in found if old.asked() != one.asked())


def _file(info: api.ModelInfo) -> File:
    return info.path, info.sha256


def _name(request: api.EvaluateRequest) -> str:
    return Path(request.sample.model).stem
