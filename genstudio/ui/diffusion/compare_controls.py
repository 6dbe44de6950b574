"""The inspector of the comparison: presets, columns, what is shown, and what all columns share."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QObject, QSignalBlocker, Signal, Slot

from genstudio import api
from genstudio.ui.diffusion.compare_columns import ColumnEditor
from genstudio.ui.diffusion.compare_state import PRESETS, SHOWN, CompareState
from genstudio.ui.diffusion.controls import LAYER_BUTTONS
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.form import Choice, IntBox
from genstudio.ui.widgets.inspector import Inspector
from genstudio.ui.widgets.segments import Segments, choices

DIFFERENCE_BUTTONS: dict[api.Difference, tuple[str, str]] = {
    "signed": ("Signed", "Orange where a picture is brighter than that of the first column, blue where darker (D)"),
    "absolute": ("Absolute", "The brighter, the more it differs from the first column (D)"),
    "": ("Off", "Only the pictures, as large as fits (D)"),
}
BY_BUTTONS: dict[api.By, tuple[str, str]] = {
    "share": ("Share of way", "All columns have gone the same share of their steps"),
    "level": ("Noise level", "All columns have the same share of noise, wherever that is on their way"),
}


NO_STUDENT = "There is no consistency model here; the mode Train makes one."


class CompareControls(QObject):
    """Sections Compare, Columns, Show and All columns."""

    preset_chosen = Signal(str)
    shared_changed = Signal()  # seed, number of pictures or class
    layer_chosen = Signal(str)
    difference_chosen = Signal(str)
    by_chosen = Signal(str)
    new_seed_wanted = Signal()

    def __init__(self, inspector: Inspector) -> None:
        super().__init__(inspector)
        presets = inspector.add_section("Compare")
        self.presets = {name: TextButton(title, help_) for name, (title, help_, _) in PRESETS.items()}
        for name, button in self.presets.items():
            button.setProperty("preset", name)
            button.setCheckable(True)
            button.setProperty("role", "mode")
            button.clicked.connect(self._preset_clicked)
        buttons = list(self.presets.values())
        for row in (buttons[:3], buttons[3:5], buttons[5:]):  # as many as have room for their words
            presets.add_buttons(*row)
        self.columns = ColumnEditor(inspector.add_section("Columns"))

        show = inspector.add_section("Show")
        self.layers = Segments("Layer", choices({layer: LAYER_BUTTONS[layer] for layer in SHOWN}))
        self.differences = Segments("Difference", choices(DIFFERENCE_BUTTONS))
        self.by = Segments("Locked by", choices(BY_BUTTONS))
        for segments, signal in (
            (self.layers, self.layer_chosen),
            (self.differences, self.difference_chosen),
            (self.by, self.by_chosen),
        ):
            show.add_widget(segments)
            segments.chosen.connect(signal)

        shared = inspector.add_section("All columns")
        self.label = Choice(label="Class")
        self.seed = IntBox(0, 2**31 - 1, 7, label="Seed")
        self.count = IntBox(1, api.MOST_BESIDE, 4, label="Pictures")
        shared.add_row("Class", self.label, "Which class the pictures are to be of")
        shared.add_row("Seed", self.seed, "The same seed starts from the same noise")
        shared.add_row("Pictures", self.count, "How many pictures each column makes; more take longer")
        self.new_seed = TextButton("New seed", "Start from other noise (R)", "random")
        self.new_seed.clicked.connect(self.new_seed_wanted)
        shared.add_widget(self.new_seed)
        for box in (self.seed, self.count):
            box.valueChanged.connect(self.shared_changed)
        self.label.chosen.connect(self.shared_changed)

    def show_presets(self, shown: str, offered: set[str]) -> None:
        """Which of them the columns are, and which there are models for."""
        for name, button in self.presets.items():
            button.allow(name in offered, NO_STUDENT if name == "one" else "There is no diffusion model yet.")
            button.setChecked(name == shown)

    def show_state(self, state: CompareState | None, chosen: int, classes: tuple[str, ...]) -> None:
        """All of a state, without signals; None where there is nothing to compare."""
        self.columns.show(state.ways if state else (), chosen, state.label if state else api.ALL_CLASSES)
        for control in (self.label, self.seed, self.count, self.new_seed, self.layers, self.differences, self.by):
            control.setEnabled(state is not None)
        if state is None:
            return
        self._offer_classes(classes)
        self.label.set_value(state.label)
        for box, value in ((self.seed, state.seed), (self.count, state.count)):
            with QSignalBlocker(box):
                box.setValue(value)
        self.layers.set_value(state.layer)
        self.differences.set_value(state.difference)
        self.by.set_value(state.by)

    def with_shared(self, state: CompareState) -> CompareState:
        """The state with what the controls say of all columns."""
        label = self.label.value()
        return dataclasses.replace(
            state, seed=self.seed.value(), count=self.count.value(), label=state.label if label is None else int(label)
        )

    def _offer_classes(self, classes: tuple[str, ...]) -> None:
        self.label.clear()
        if classes:
            self.label.add_choice("all in turn", api.ALL_CLASSES, "Picture after picture the next class")
            for number, name in enumerate(classes):
                self.label.add_choice(name, number)
        self.label.add_choice("none", api.NO_CLASS, "Without any class, as the network learnt it now and then")

    @Slot()
    def _preset_clicked(self) -> None:
        self.preset_chosen.emit(str(self.sender().property("preset")))
