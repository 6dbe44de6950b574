"""The lecture's table of stars in measured numbers: models side by side, each number with what is behind it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.api.comparison import evaluation_of, times_of
from genstudio.api.comparison_text import as_csv, as_markdown
from genstudio.api.timing import with_newest
from genstudio.engine import Ended, Failure
from genstudio.errors import sentence, whole
from genstudio.ui.bridge import Bridge
from genstudio.ui.measured import words
from genstudio.ui.measured.models import MeasuredModels
from genstudio.ui.measured.picture import picture_of
from genstudio.ui.measured.state import FEWEST
from genstudio.ui.measured.view import NO_CELL
from genstudio.ui.widgets.export_target import TableTarget
from genstudio.ui.widgets.picture_grid import from_qimage

LANE = "io"  # pictures on the pages come meanwhile
COPIED = {"csv": "The numbers are in the clipboard, as CSV.", "markdown": "The table is in the clipboard, as Markdown."}


class MeasuredPage(MeasuredModels):
    """What hand and keys do, and the measurements, which go on while another page is on top."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._measured: list[str] = []  # models of the queue that have ended, well or not
        self._not_noted = ""  # why a card could not be written
        stage, controls = self.stage, self.controls
        pairs = (
            (stage.table.cell_chosen, self._cell_chosen),
            (stage.table.cleared, self._cleared),
            (stage.table.opened, self._opened),
            (stage.radar.cell_chosen, self._cell_chosen),
            (stage.message.button_clicked, self._help_wanted),
            (controls.changed, self.change_fields),
            (controls.measure_wanted, self.measure_all),
            (controls.times_wanted, self.time_together),
            (controls.stop_wanted, self.stop_measuring),
            *((panel.card_wanted, self._card_wanted) for panel in self.panels),
            *((panel.again_wanted, self._again_wanted) for panel in self.panels),
            (controls.copied, self._copy),
        )
        for signal, slot in pairs:
            signal.connect(slot)

    # ---- the window's hooks -----------------------------------------------------------------------------

    def activate(self) -> None:
        """On top: what the cards say now."""
        self._is_active = True
        if self.catalog is None:
            return
        if self.state.models:
            self.ask_facts()
        else:
            self.open_first()

    def deactivate(self) -> None:
        """Another page is on top; what is being measured goes on."""
        self._is_active = False

    def handle(self, verb: str, event: Any) -> None:
        """Facts, a dropped model, and how far a measurement is."""
        self.dropped.note(verb, event)
        if isinstance(event, api.ModelEvent):
            self.take_model(event.info)
        elif isinstance(event, api.FactsEvent):
            self.take_facts(event)
        elif verb == "facts" and isinstance(event, Failure):
            self.gone |= dict.fromkeys(self.state.models, whole(sentence(event.error)))
            self.refresh()
        elif verb == "measure" and self.queue.is_busy:
            self._measuring(event)
        elif verb == "times" and self.queue.timed:
            self._timing(event)

    def note_evaluation(self, event: api.EvaluationEvent) -> None:
        """A model was measured, here or on its card."""
        found, asked = event.evaluation, event.request.sample
        if found.count < asked.count:
            self.held_out[found.dataset] = found.count
        if event.trouble:
            self._not_noted = event.trouble
            self.tell(event.trouble, error=True)
        for model, one in self.facts.items():
            if asked.model in (model, one.info.path):
                self.facts[model] = one.noted(found)
        self.refresh()

    def stop(self, verb: str) -> None:
        """The user has pressed Cancel beside the progress in the message bar."""
        if verb in ("measure", "times"):
            self.stop_measuring()
        else:
            super().stop(verb)

    def leave_detail(self) -> bool:
        """No cell is looked at; whether one was."""
        had_one = self.cell != NO_CELL
        self.cell = NO_CELL
        self.show_cell()
        return had_one

    # ---- measuring --------------------------------------------------------------------------------------

    @Slot()
    def measure_all(self) -> None:
        """The models that have not been measured so, one after the other."""
        self._add(self.lacking())

    @Slot()
    def _again_wanted(self) -> None:
        self._add((self.model_at_hand(),))

    def _add(self, models: tuple[str, ...]) -> None:
        known = [model for model in models if model in self.infos]
        if not known or self.queue.timed:
            return
        self.queue.add(known, self.state.count)
        if not self.queue.is_busy:
            self._measured, self._not_noted = [], ""
            self._go_on()
        self.refresh()

    def _go_on(self) -> None:
        """The next model, or the end."""
        model = self.queue.next()
        if model and model in self.infos:
            request = evaluation_of(model, self.infos[model], self.queue.count)
            self.stream(LANE, "measure", request)
        elif model:
            self._measured.append(model)
            self.queue.fail("It is no longer here.")
            self._go_on()
        else:
            troubles = {model: why for model, why in self.queue.troubles.items() if model in self._measured}
            self.tell(words.done(self._measured, troubles, self._not_noted))
            self.ask_facts()  # what was measured may be a sibling of another
        self.refresh()

    def _measuring(self, event: Any) -> None:
        queue = self.queue
        if isinstance(event, api.ProgressEvent):
            queue.note(event.what, event.done, event.total)
            self.show_progress()
        elif isinstance(event, api.EvaluationEvent):
            self.note_evaluation(event)
        elif isinstance(event, (Failure, Ended)):
            self._measured.append(queue.current)
            if isinstance(event, Failure):
                queue.fail(whole(sentence(event.error), self._names()))
            self._go_on()

    @Slot()
    def time_together(self) -> None:
        """What a picture of each takes, in turns."""
        models = self.timeable()
        if len(models) >= FEWEST and not self.queue.is_busy:
            self.queue.time(tuple(models))
            self.stream(LANE, "times", times_of(models))
            self.refresh()

    def _timing(self, event: Any) -> None:
        if isinstance(event, api.ProgressEvent):
            self.queue.note(event.what, event.done, event.total)
            self.show_progress()
            return
        if isinstance(event, api.TimesEvent):
            self.sittings = with_newest(event.sitting, self.sittings)
            self.tell(event.trouble or words.TIMED, error=bool(event.trouble))
        elif isinstance(event, Failure):
            self.tell(f"The times could not be measured. {whole(sentence(event.error), self._names())}", error=True)
        if isinstance(event, (api.TimesEvent, Failure, Ended)):
            self.queue.stop()
            self.refresh()

    def _names(self) -> set[str]:
        """Of models and data, which keep their first letter."""
        data = self.catalog.datasets if self.catalog is not None else ()
        return {*self.infos, *(one.name for one in data)}

    @Slot()
    def stop_measuring(self) -> None:
        """Nothing more is measured; what was found stays."""
        if self.queue.is_busy:
            verb = "times" if self.queue.timed else "measure"
            self.queue.stop()
            self.bridge.stop(self.slot(verb))
            self.tell(words.STOPPED)
            self.refresh()

    # ---- hand -------------------------------------------------------------------------------------------

    @Slot(str, int)
    def _cell_chosen(self, name: str, column: int) -> None:
        self.cell = (name, column)
        self.show_cell()

    @Slot()
    def _cleared(self) -> None:
        self.leave_detail()

    @Slot()
    def _opened(self) -> None:
        """What is behind the cell, with its buttons."""
        self.show_inspector(True)
        self.controls.reveal_cell()

    @Slot()
    def _card_wanted(self) -> None:
        if model := self.model_at_hand():
            self.card_wanted.emit(model)

    @Slot()
    def _help_wanted(self) -> None:
        self.mode_wanted.emit("gan" if self.infos else "latent-train")

    # ---- copies and files -------------------------------------------------------------------------------

    @Slot(str)
    def _copy(self, what: str) -> None:
        if what == "picture":
            self.copy()
            self.tell("Table and radar are in the clipboard.")
        else:
            QGuiApplication.clipboard().setText((as_csv if what == "csv" else as_markdown)(self.table()))
            self.tell(COPIED[what])

    def copy(self) -> bool:
        """Table and radar as they stand."""
        if len(self.state.models) < FEWEST:
            return False
        QGuiApplication.clipboard().setImage(self._picture())
        return True

    def _pixels(self) -> api.Pictures:
        return from_qimage(self._picture())

    def _picture(self) -> QImage:
        with self.stage.without_words():
            return picture_of(self.stage)

    def export_source(self) -> Any:
        """The table, with what brings it back."""
        if self.catalog is None or len(self.state.models) < FEWEST:
            return None
        table, source = self.table(), api.ComparisonRequest(self.state.models, self.state.count)
        return TableTarget(source, as_csv(table), as_markdown(table), self._pixels, len(table.lines))

    def restores(self, source: Any) -> bool:
        """Such tables."""
        return isinstance(source, api.ComparisonRequest)

    def restore(self, event: api.RestoredEvent) -> None:
        """Compare the models of a dropped file again."""
        source = event.source
        if not isinstance(source, api.ComparisonRequest):
            return
        if self.dropped.asks_for(source.models, self.infos, event):
            return
        values = self.state.to_dict() | {"models": list(source.models), "count": source.count}
        self.change(self.state_of(values))
