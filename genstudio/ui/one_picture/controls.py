"""The inspector of the three inversions: the picture, the descent of the GAN, the ways of the diffusion model."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QObject, QSignalBlocker, Signal, Slot

from genstudio import api
from genstudio.api.inversion import MOST_CORRECTIONS, STEPS
from genstudio.api.one_picture import DESCENT, STARTS
from genstudio.ui.diffusion.picture_controls import PictureControls
from genstudio.ui.diffusion.picture_origin import origin
from genstudio.ui.one_picture.state import AUTO, OnePictureState
from genstudio.ui.triptych.state import SEEDS
from genstudio.ui.widgets.form import Choice, IntBox
from genstudio.ui.widgets.inspector import CONTROL, Inspector, Row

FIRST = OnePictureState()
HELPS = {
    "starts": ("Starts", "How many random codes descend side by side; the nearest picture of all is shown"),
    "descent": ("Updates", "Of each code, by Adam"),
    "seed": ("Seed", "Of the random codes"),
    "label": ("Class", "What the diffusion model is told of the picture, on both ways"),
    "steps": ("Steps", "Of each way, up to the noise and down again; more err less"),
    "corrections": ("Corrections", "Of each step up, by fixed-point iteration (Pan et al. 2023)"),
}
OWN_CLASS = "The class that the picture has in its dataset; one that was drawn, dropped or pasted has none"
UNKNOWN = "own: unknown"  # what stands there then
BOXES = ("starts", "descent", "seed", "steps", "corrections")


class OnePictureControls(QObject):
    """Takes a state in by `show_state`; `changed(field, value, is_final)` tells what the user wants."""

    changed = Signal(str, object, bool)

    def __init__(self, inspector: Inspector) -> None:
        super().__init__(inspector)
        self.picture = PictureControls(inspector.add_section("Picture"))
        self.starts, self.descent = IntBox(*STARTS, FIRST.starts), IntBox(*DESCENT, FIRST.descent)
        self.seed, self.steps = IntBox(*SEEDS, FIRST.seed), IntBox(*STEPS, FIRST.steps)
        self.corrections, self.label = IntBox(0, MOST_CORRECTIONS, FIRST.corrections), Choice(label="Class")
        self.label.setMinimumContentsLength(len(UNKNOWN))
        self.rows: dict[str, Row] = {}
        for title, fields in (
            ("GAN", ("starts", "descent", "seed")),
            ("Diffusion model", ("label", "steps", "corrections")),
        ):
            section = inspector.add_section(title)
            for field in fields:
                name, help_ = HELPS[field]
                width = 0 if field == "label" else CONTROL  # a word, not a number
                row = self.rows[field] = section.add_row(name, getattr(self, field), help_, width=width)
                row.setProperty("field", field)
                row.control.setProperty("field", field)
                row.reset_clicked.connect(self._reset)
        for field in BOXES:
            getattr(self, field).valueChanged.connect(self._boxed)
        self.label.chosen.connect(self._label_chosen)
        self.picture.changed.connect(self.changed)

    def show_state(self, state: OnePictureState, info: api.ModelInfo | None, total: int, is_ready: bool) -> None:
        """Every control as the state has it, without a signal; `info` is the diffusion model's."""
        for field in BOXES:
            with QSignalBlocker(box := getattr(self, field)):
                box.setValue(getattr(state, field))
        self.label.clear()
        own = dataclasses.replace(state, label=AUTO).class_of(info) if info is not None else api.NO_CLASS
        called = f"own: {info.classes[own]}" if info is not None and own != api.NO_CLASS else UNKNOWN
        self.label.add_choice(called, AUTO, OWN_CLASS)
        for number, name in enumerate(info.classes if info is not None else ()):
            self.label.add_choice(name, number)
        self.label.add_choice("none", api.NO_CLASS, "Without any class")
        self.label.set_value(state.label)
        for field, row in self.rows.items():
            row.set_changed(getattr(state, field) != getattr(FIRST, field))
            row.control.setEnabled(is_ready)
        end = state.end
        told = origin(end.number, end.dataset, end.label, end.converted, total) if is_ready else ""
        self.picture.show_picture(end.number, total, told)
        self.picture.show_brush(state.tool, state.brush)
        self.picture.set_ready(is_ready)

    @Slot()
    def _boxed(self) -> None:
        self.changed.emit(str(self.sender().property("field")), self.sender().value(), True)  # type: ignore[attr-defined]

    @Slot(object)
    def _label_chosen(self, label: int) -> None:
        self.changed.emit("label", label, True)

    @Slot()
    def _reset(self) -> None:
        field = str(self.sender().property("field"))
        self.changed.emit(field, getattr(FIRST, field), True)
