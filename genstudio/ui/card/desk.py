"""The card at work: asks for what is known of the model on the page, and measures it."""

from __future__ import annotations

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
SEED = 7


class CardDesk(QObject):
    """Owns what is measured: one model at a time, whichever card is shown."""

    def __init__(self, bridge: Bridge, bar: MessageBar, sheet: CardSheet, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._bar, self.sheet = bridge, bar, sheet
        self._card: api.CardEvent | None = None
        self._measured = ""  # the model that is being measured
        sheet.measure_wanted.connect(self._measure)
        sheet.stop_wanted.connect(self._stop)

    def show_model(self, model: str) -> None:
        """Open the card of a model."""
        if not model:
            self._bar.show_info(
                "There is no model on this page whose card could be shown; save the one that you train."
            )
            return
        window = self.sheet.parentWidget()
        assert window is not None
        self.sheet.show_over(window)
        if self._card is None or model not in (self._card.info.name, self._card.info.path):
            self.sheet.show_waiting(Path(model).stem)
        self._bridge.submit(LANE, "app.card", api.CardRequest(model))

    def handle(self, verb: str, event: Any) -> None:
        """Events of app.card and app.measure."""
        if verb == "card":
            self._take_card(event)
        elif isinstance(event, api.ProgressEvent):
            if self._measured == self._model():
                self.sheet.show_progress(event.what, event.done, event.total)
        elif isinstance(event, api.EvaluationEvent):
            self._take(event)
        elif isinstance(event, Failure):
            self._end(self._bar.worded(sentence(event.error)))
        elif isinstance(event, Ended) and self._measured:
            self._end("")

    def _model(self) -> str:
        return self._card.info.path if self._card is not None and self.sheet.isVisible() else ""

    def _take_card(self, event: Any) -> None:
        if isinstance(event, api.CardEvent):
            self._card = event
            self.sheet.show_card(event)
            self.sheet.show_progress("Measuring" if self._measured == event.info.path else "", 0, 0)
        elif isinstance(event, Failure):
            self.sheet.dismiss()
            self._bar.show_error(sentence(event.error), event.trace)

    @Slot(str, int)
    def _measure(self, eye: Any, count: int) -> None:
        if self._card is None:
            return
        info = self._card.info
        sample = api.SampleRequest(info.path, SEED, count, **api.usual_way(info.family, info.settings)._asdict())
        self._measured = info.path
        self.sheet.show_progress("Measuring", 0, 0)
        self._bridge.start(LANE, "app.measure", api.EvaluateRequest(sample, "", eye, SEED, notes=True))

    def _take(self, event: api.EvaluationEvent) -> None:
        one = event.evaluation
        if self._card is not None and event.request.sample.model == self._card.info.path:
            others = tuple(old for old in self._card.evaluations if old.asked() != one.asked())
            self._card = api.CardEvent(**{**vars(self._card), "evaluations": (one, *others)})
            self.sheet.show_evaluations(self._card.evaluations)
        self._end("")
        if event.trouble:
            self._bar.show_error(event.trouble)
        elif not self.sheet.isVisible():
            self._bar.show_info(f"{event.request.sample.model} has been measured; its card has the numbers.")

    def _end(self, trouble: str) -> None:
        self._measured = ""
        if self.sheet.isVisible():
            self.sheet.show_progress("", 0, 0)
            if trouble:
                self.sheet.tell(trouble)
        elif trouble:
            self._bar.show_error(trouble)

    @Slot()
    def _stop(self) -> None:
        self._bridge.cancel(LANE, "app.measure")
        self._end("")
        self._bar.show_info(words.STOPPED)
