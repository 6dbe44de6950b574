"""The inspector of the search for copies: what is drawn, and how far is measured."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QSignalBlocker, Signal, Slot

from genstudio import api
from genstudio.ui.copied.state import COUNTS, CopiedState, is_read
from genstudio.ui.copied.words import DISTANCES
from genstudio.ui.triptych.state import SEEDS
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.form import Choice, IntBox
from genstudio.ui.widgets.inspector import Inspector, Row
from genstudio.ui.widgets.segments import Segments, choices

FIRST = CopiedState()
HELPS = {
    "seed": ("Seed", "Of the noise that the new pictures are made from; R takes another one"),
    "label": ("Class", "What is drawn; unseen pictures are then of that class alone"),
}
NEAREST_HELP = (
    "Those first that are nearest to a training picture, by the measure of unseen pictures of the class: every 1 is "
    "near to some other"
)
UNREAD = "The bundled classifier reads grey pictures of 28 x 28 px."


class CopiedControls(QObject):
    """Takes a state in by `show_state`; `changed(field, value)` tells what the user wants."""

    changed = Signal(str, object)
    new_seed_wanted = Signal()

    def __init__(self, inspector: Inspector) -> None:
        super().__init__(inspector)
        self.seed, self.label = IntBox(*SEEDS, FIRST.seed), Choice(label="Class")
        self.new_seed = TextButton("New seed", "Other pictures (R)", "random")
        self.counts = Segments(
            "New pictures", tuple((str(n), str(n), f"{n} new pictures; more say more, and take longer") for n in COUNTS)
        )
        self.spaces = Segments("Distances between", choices(DISTANCES))
        self.orders = Segments(
            "Order",
            (
                ("seed", "As drawn", "The new pictures in the order in which they are drawn"),
                ("distance", "Suspects first", NEAREST_HELP),
            ),
        )
        self.rows: dict[str, Row] = {}
        section = inspector.add_section("New pictures")
        section.add_widget(self.counts)
        for field, (name, help_) in HELPS.items():
            row = self.rows[field] = section.add_row(name, getattr(self, field), help_)
            row.setProperty("field", field)
            row.reset_clicked.connect(self._reset)
        section.add_buttons(self.new_seed)
        inspector.add_section("Distances between").add_widget(self.spaces)
        inspector.add_section("Order").add_widget(self.orders)
        for field, control in (("count", self.counts), ("space", self.spaces), ("order", self.orders)):
            control.setProperty("field", field)
            control.chosen.connect(self._chosen)
        self.seed.valueChanged.connect(self._seed_changed)
        self.label.chosen.connect(self._label_chosen)
        self.new_seed.clicked.connect(self.new_seed_wanted)

    def show_state(self, state: CopiedState, info: api.ModelInfo | None) -> None:
        """Every control as the state has it, without a signal."""
        with QSignalBlocker(self.seed):
            self.seed.setValue(state.seed)
        self.label.clear()
        self.label.add_choice("all in turn", "", "Picture after picture the next class")
        for name in info.classes if info is not None else ():
            self.label.add_choice(name, name)
        self.label.set_value(state.label)
        self.counts.set_value(str(state.count))
        self.spaces.set_value(state.space if info is not None and is_read(info) else "pixels")
        self.spaces.set_available("classifier", info is not None and is_read(info), UNREAD)
        self.orders.set_value(state.order)
        for widget in (self.counts, self.spaces, self.orders, self.seed, self.new_seed):
            widget.setEnabled(info is not None)
        self.label.setEnabled(info is not None and bool(info.classes))
        self.rows["label"].set_changed(state.label != FIRST.label)

    @Slot(str)
    def _chosen(self, key: str) -> None:
        field = str(self.sender().property("field"))
        self.changed.emit(field, int(key) if field == "count" else key)

    @Slot()
    def _seed_changed(self) -> None:
        self.changed.emit("seed", self.seed.value())

    @Slot(object)
    def _label_chosen(self, label: str) -> None:
        self.changed.emit("label", label)

    @Slot()
    def _reset(self) -> None:
        field: Any = self.sender().property("field")
        self.changed.emit(str(field), getattr(FIRST, str(field)))
