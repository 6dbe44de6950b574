"""What the page of measurements shows: the models' table and radar, one cell of it in words."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.api.comparison import Line, Table, chosen, table_of, to_measure
from genstudio.ui.bridge import Bridge
from genstudio.ui.measured import words
from genstudio.ui.measured.controls import MeasuredControls
from genstudio.ui.measured.queue import Queue
from genstudio.ui.measured.stage import MeasuredStage
from genstudio.ui.measured.state import FEWEST, MeasuredState
from genstudio.ui.tabs.columns_page import ColumnsPage
from genstudio.ui.triptych.words import TITLE
from genstudio.ui.widgets.form import Choice

NO_CELL = ("", -1)


class MeasuredView(ColumnsPage):
    """Owns the state shown, what is known of the models, and the five places; asks for nothing."""

    learner = "latent-train"

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("measured", TITLE, bridge, parent)
        self.state = MeasuredState()
        self.facts: dict[str, api.ModelFacts] = {}
        self.gone: dict[str, str] = {}
        self.sittings: tuple[api.Sitting, ...] = ()  # in which models were timed together, the newest first
        self.queue = Queue()
        self.held_out: dict[str, int] = {}  # of datasets that hold out fewer pictures than were asked for
        self.cell = NO_CELL  # a measure and a model's column
        self.stage = MeasuredStage()
        self.stage_area.addWidget(self.stage, 1)
        self.controls = MeasuredControls(self.inspector)
        self.panels = (self.controls.panel, self.stage.note.panel)
        self.stage.room_changed.connect(self._show_room)
        self._told: tuple[str, ...] = ()  # in the table's stead
        self._show_message()
        self.tempo.keep_still()
        self.tempo.offer_table()

    # ---- what is known ----------------------------------------------------------------------------------

    def table(self) -> Table:
        """What is known of the models shown."""
        return table_of(self.state.models, self.facts, self.gone, self.state.count, self.held_out, self.sittings)

    def lacking(self) -> tuple[str, ...]:
        """Models shown that are not measured as they should be."""
        return to_measure(self.state.models, self.facts, self.state.count, self.held_out)

    def done(self, lacking: tuple[str, ...]) -> int:
        """How many models shown are measured as they should be."""
        return sum(model in self.facts and model not in lacking for model in self.state.models)

    def otherwise(self, lacking: tuple[str, ...]) -> int:
        """How many models shown have numbers, though not such as are asked for."""
        return sum(bool(self.facts[model].evaluations) for model in lacking)

    def timeable(self) -> dict[str, api.ModelInfo]:
        """The models shown whose files are here."""
        return {model: self.infos[model] for model in self.state.models if model in self.infos}

    def line(self) -> Line | None:
        """The line of the cell that is looked at."""
        name, column = self.cell
        return self.table().line(name) if name and column < len(self.state.models) else None

    def model_at_hand(self) -> str:
        """The model of the cell that is looked at."""
        column = self.cell[1]
        return self.state.models[column] if 0 <= column < len(self.state.models) else ""

    def model_picker(self) -> Choice:
        """That of the column that is looked at, else of the first."""
        return self.stage.table.heads[max(self.cell[1], 0)].picker

    # ---- showing ----------------------------------------------------------------------------------------

    def show_state(self) -> None:
        """Bring everything in line with the state and what is known."""
        state = self.state
        if self.cell[1] >= len(state.models):
            self.cell = NO_CELL
        self.controls.show_state(state, self.infos)
        self.stage.show_view(state.view)
        self._show_room()
        self.refresh()

    def unread(self) -> frozenset[str]:
        """Models shown of which nothing has been read yet."""
        return frozenset(model for model in self.state.models if model not in self.facts and model not in self.gone)

    def _show_message(self) -> None:
        models = self.state.models
        told: tuple[str, ...] = ("",)
        if self.catalog is None:
            told = (words.STARTING,)
        elif len(models) < FEWEST:
            told = words.ONE_MODEL if self.infos else words.NO_MODELS
        elif len(self.unread()) == len(models):
            told = (words.READING,)
        if told != self._told:
            self._told = told
            self.stage.show_message(*told)

    def refresh(self) -> None:
        """Bring numbers and words in line with what has come."""
        table, lacking = self.table(), self.lacking()
        self._show_message()
        self.stage.table.show_table(table, self.infos, self.queue, self.unread())
        self.stage.radar.show_table(table)
        self.show_cell()
        self._show_queue(lacking)
        has_models = len(self.state.models) >= FEWEST
        self.tempo.set_label(self._counted(lacking) if has_models else "")
        self.show_exportable()

    def _counted(self, lacking: tuple[str, ...]) -> str:
        return words.counts(len(self.state.models), self.done(lacking), self.otherwise(lacking), len(self.unread()))

    def show_progress(self) -> None:
        """The queue has gone on, and nothing else is new."""
        self.stage.table.show_progress(self.infos)
        self._show_queue(self.lacking())

    def show_cell(self) -> None:
        """The cell that is looked at, in words."""
        line, model = self.line(), self.model_at_hand()
        name, column = self.cell
        for panel in self.panels:
            panel.show_cell(line, column, self.infos.get(model))
        self.stage.show_cell(name if line is not None else "", column)
        self._show_buttons()
        self._say()

    def _show_buttons(self) -> None:
        """Those of the cell that is looked at."""
        model, queue = self.model_at_hand(), self.queue
        self.controls.buttons.setVisible(self.line() is not None)
        for panel in self.panels:
            panel.allow(model in self.infos, bool(model) and model in (queue.current, *queue.waiting, *queue.timed))

    def _say(self) -> None:
        """Who is best in what; where a number that is looked at is told nowhere else, that."""
        line = self.line()
        if line is not None and self.stage.lacks_words():
            self.caption.set_text(escape(words.cell_help(line, self.cell[1])))
        elif len(self.state.models) >= FEWEST and self.facts:
            self.caption.set_text(words.caption(self.table(), self.queue, self.lacking()))
        else:
            self.caption.set_text("")

    @Slot(bool)
    def show_inspector(self, shown: bool) -> None:
        """Without the controls what is behind a number stands beside the table."""
        super().show_inspector(shown)
        self.stage.stand_alone(not shown)
        self._say()

    def _show_queue(self, lacking: tuple[str, ...]) -> None:
        estimate = words.estimate(self._drawing_ms(lacking))
        models, here = self.state.models, len(self.timeable())
        told = words.counts_at_length(self._counted(lacking), self.state.count, self.otherwise(lacking))
        self.controls.show_queue(self.queue, lacking, models, here, self.done(lacking), f"{told} {estimate}".strip())
        self._show_buttons()

    def _drawing_ms(self, models: tuple[str, ...]) -> float:
        """What drawing so many pictures of these models took before, as far as it is known."""
        known = (chosen(self.facts[model], self.state.count) for model in models)
        each = (one.bands["time"].value for one in known if one is not None and "time" in one.bands)
        return self.state.count * sum(each)

    @Slot()
    def _show_room(self) -> None:
        self.controls.show_view(self.state.view, self.stage.has_room())
        self._say()

    def is_settled(self) -> bool:
        """All that the cards say is there, and nothing is being measured."""
        return self.catalog is not None and not self.unread() and not self.queue.is_busy
