"""The inspector of the page of measurements: measuring, the cell that is looked at, the models, copies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from genstudio import api
from genstudio.errors import counted
from genstudio.ui.measured import words
from genstudio.ui.measured.cell_panel import BUSY, CellPanel
from genstudio.ui.measured.queue import Queue
from genstudio.ui.measured.state import COUNTS, FEWEST, MOST, MeasuredState, View
from genstudio.ui.tabs.model_card import card
from genstudio.ui.tabs.run_words import name_of
from genstudio.ui.theme import pad
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.inspector import Inspector
from genstudio.ui.widgets.segments import Segments

VIEWS = (
    ("both", "Both", "The table, and beside it the radar"),
    ("table", "Table", "The table alone"),
    ("radar", "Radar", "The radar alone"),
)
COUNT_HELP = "Pictures that are drawn of each model: ten times as many say more, and take ten times as long"
NO_ROOM = "There is no room for both. Make the window wider, or fold the controls away (Ctrl+I)."
ALL_THERE = "All of these models have been measured so; a number's own button measures it again."
NONE_HERE = "There are no models to measure."
OTHER_BUSY = "Something is being measured; stop that, or wait for its end."
TIMES_HELP = (
    "How long a picture takes: all of these models draw a few in turns, round after round, on one thread each. Only "
    "times of one such sitting are ranked, for a machine is not always as busy."
)
TOO_FEW = "There must be two models here whose times could be compared."
READING = "What is known of these models is being read, or they are no longer here."


class MeasuredControls(QObject):
    """Takes a state in by `show_state`.

    Signals:
        changed: other values of these fields of the state are wanted.
        model_added: one more column.
        copied: what is to be in the clipboard: "csv", "markdown" or "picture".
    """

    changed = Signal(dict)
    measure_wanted = Signal()
    times_wanted = Signal()
    stop_wanted = Signal()
    model_added = Signal(object)
    copied = Signal(str)

    def __init__(self, inspector: Inspector) -> None:
        super().__init__(inspector)
        self.inspector = inspector
        self.count = Segments("Pictures", tuple((str(n), f"{n:,} pictures", COUNT_HELP) for n in COUNTS))
        self.measure = TextButton(
            "Measure all", "Measure the models that have not been, one after the other", primary=True
        )
        self.times = TextButton(words.TIME_TOGETHER, TIMES_HELP)
        self.facts = QLabel()
        self.facts.setWordWrap(True)
        self.facts.setProperty("role", "small")
        self.panel = CellPanel()
        self.view = Segments("What is seen", VIEWS)
        self.no_room = QLabel(NO_ROOM)
        self.no_room.setWordWrap(True)
        self.no_room.setProperty("role", "small")
        self.add = Choice(label="Add a model", help=f"One more column; up to {MOST} models")
        self.csv = TextButton("CSV", "Every number with its error and what it is of, for a spreadsheet or a program")
        self.markdown = TextButton("Markdown", "The table as text for a page, with what the numbers are of")
        self.picture = TextButton("Picture", "Table and radar as they stand (Ctrl+C)")

        section = inspector.add_section("Measure")
        section.add_widget(self.count)
        section.add_widget(self.measure)
        section.add_widget(self.times)
        section.add_widget(self._build_progress())
        section.add_widget(self.facts)
        self.section = inspector.add_section("What was measured")
        self.section.add_widget(self.panel)
        self.buttons = self.section.add_buttons(self.panel.card, self.panel.again)
        section = inspector.add_section("Show")
        section.add_widget(self.view)
        section.add_widget(self.no_room)
        section.add_row("Add a model", self.add, "One more column.", width=0)
        section = inspector.add_section("Copy")
        section.add_buttons(self.csv, self.markdown, self.picture)

        self.count.chosen.connect(self._count_chosen)
        self.view.chosen.connect(self._view_chosen)
        self.add.chosen.connect(self._added)
        self.measure.clicked.connect(self.measure_wanted)
        self.times.clicked.connect(self.times_wanted)
        self.stop.clicked.connect(self.stop_wanted)
        for button, what in ((self.csv, "csv"), (self.markdown, "markdown"), (self.picture, "picture")):
            button.setProperty("what", what)
            button.clicked.connect(self._copied)

    def _build_progress(self) -> QWidget:
        self.busy, self.doing, self.progress = QWidget(), QLabel(), QProgressBar()
        self.doing.setProperty("role", "small")
        self.doing.setWordWrap(True)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress")
        self.stop = TextButton("Stop", "Stop measuring; what was measured before stays")
        column = pad(QVBoxLayout(), 0, 4)
        column.addWidget(self.doing)
        column.addWidget(self.progress)
        row = pad(QHBoxLayout(self.busy), 0, 8)
        row.addLayout(column, 1)
        row.addWidget(self.stop)
        self.busy.hide()
        return self.busy

    def show_state(self, state: MeasuredState, infos: Mapping[str, api.ModelInfo]) -> None:
        """Every control as the state has it, without a signal."""
        self.count.set_value(str(state.count))
        self.view.set_value(state.view)
        self.add.clear()
        self.add.add_choice("choose …", "")
        for key, info in infos.items():
            if key not in state.models:
                self.add.add_choice(name_of(info.name), key, card(info))
        self.add.set_value("")
        self.add.setEnabled(self.add.count() > 1 and len(state.models) < MOST)
        for widget in (self.count, self.view):
            widget.setEnabled(bool(state.models))
        for button in (self.csv, self.markdown, self.picture):
            button.allow(bool(state.models), NONE_HERE)

    def show_queue(
        self, queue: Queue, lacking: Sequence[str], models: Sequence[str], here: int, done: int, told: str
    ) -> None:
        """How far the measuring is; `here` of the models can be timed, `done` are measured, and `lacking` can be.

        Args:
            told: How many are measured, and how long the others take.
        """
        self.busy.setVisible(queue.is_busy)
        if queue.is_busy:
            left = f", {len(queue.waiting)} more after it" if queue.waiting else ""
            whose = f"Times of {counted(len(queue.timed), 'model')}" if queue.timed else name_of(queue.current)
            self.doing.setText(f"{whose}{left}: {queue.what or 'begins'} …")
            self.progress.setRange(0, 1000 if queue.total else 0)
            self.progress.setValue(round(1000 * queue.done / queue.total) if queue.total else 0)
        why_not = NONE_HERE if not models else ALL_THERE if done == len(models) else READING
        if queue.is_busy:
            why_not = OTHER_BUSY if queue.timed else BUSY
        self.measure.allow(bool(lacking) and not queue.is_busy, why_not)
        self.times.allow(here >= FEWEST and not queue.is_busy, OTHER_BUSY if queue.is_busy else TOO_FEW)
        sentences = [told if models else ""]
        troubles = {model: why for model, why in queue.troubles.items() if model in models}
        sentences += [f"{name_of(model)} could not be measured. {why}" for model, why in troubles.items()]
        self.facts.setText(" ".join(filter(None, sentences)))
        self.facts.setVisible(bool(self.facts.text()))

    def show_view(self, view: View, has_room: bool) -> None:
        """What is seen, and why the radar is not beside the table where it has no room."""
        self.view.set_available("both", has_room, NO_ROOM)
        self.view.set_value("table" if view == "both" and not has_room else view)
        self.no_room.setVisible(not has_room)

    def reveal_cell(self) -> None:
        """What was measured comes into sight, and its first button has the keyboard."""
        self.section.heading.setChecked(True)
        self.inspector.show_widget(self.section)
        self.panel.card.setFocus()

    @Slot(str)
    def _count_chosen(self, count: str) -> None:
        self.changed.emit({"count": int(count)})

    @Slot(str)
    def _view_chosen(self, view: str) -> None:
        self.changed.emit({"view": view})

    @Slot(object)
    def _added(self, model: Any) -> None:
        if model:
            self.model_added.emit(model)

    @Slot()
    def _copied(self) -> None:
        self.copied.emit(str(self.sender().property("what")))
