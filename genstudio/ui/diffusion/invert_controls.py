"""The inspector of the inversion page: what is shown, the ends, the way."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QLabel, QWidget

from genstudio import api
from genstudio.api.inversion import FRAMES, MOST_CORRECTIONS, STEPS
from genstudio.ui.diffusion import invert_words as words
from genstudio.ui.diffusion.invert_state import AUTO, SEEDS, End, InvertState, most_steps
from genstudio.ui.diffusion.picture_controls import PictureControls
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.form import Choice, IntBox
from genstudio.ui.widgets.inspector import Inspector, Row, Section
from genstudio.ui.widgets.segments import Segments, choices

VIEWS = {
    "ways": ("There and back", "One picture up to its noise, and from there down again"),
    "between": ("From A to B", "The pictures between two noises, as a film"),
}
SIDES = {
    "a": ("A", "The first picture, with which the film begins"),
    "b": ("B", "The second picture, with which the film ends"),
}
KINDS = {
    "picture": ("Picture", "The noise into which a picture is inverted"),
    "noise": ("Noise", "The noise of a seed, as in the mode Reverse"),
}
STEPS_HELP = (
    "Of each way, up and back, closer together the less noise there is (Karras et al. 2022): the more, the less is lost"
)
CORRECTIONS_HELP = (
    "How often each step up is mended: the noise is predicted anew where the step has led (a fixed-point iteration, "
    "Pan et al. 2023). 0 is plain DDIM; each takes one network call more for each step up."
)
CLASS_HELP = "What the network is told that the picture is, on both ways and for all pictures of the film"
FRAMES_HELP = "How many pictures the film has, A and B among them"
FIRST = InvertState()


class InvertControls(QObject):
    """Takes a state in by `show_state`; `changed(field, value, is_final)` follows the hand."""

    changed = Signal(str, object, bool)

    def __init__(self, inspector: Inspector) -> None:
        super().__init__(inspector)
        self.rows: dict[str, Row] = {}
        self.views, self.sides, self.kinds = (
            Segments(name, choices(words_))
            for name, words_ in (("Show", VIEWS), ("Chosen end", SIDES), ("This end is", KINDS))
        )
        inspector.add_section("Show").add_widget(self.views)
        way = inspector.add_section("Way")
        self.label = Choice(label="Class")
        self.steps = IntBox(*STEPS, FIRST.steps, 10, label="Steps")
        self.corrections = IntBox(0, MOST_CORRECTIONS, FIRST.corrections, label="Corrections")
        self.frames = IntBox(*FRAMES, FIRST.frames, label="Pictures")
        self._add(way, "label", "Class", self.label, CLASS_HELP)
        self._add(way, "steps", "Steps", self.steps, STEPS_HELP)
        self._add(way, "corrections", "Corrections", self.corrections, CORRECTIONS_HELP)
        self._add(way, "frames", "Pictures", self.frames, FRAMES_HELP)
        section = inspector.add_section("Picture")
        section.add_widget(self.sides)
        section.add_widget(self.kinds)
        self.seed = IntBox(0, SEEDS - 1, End.seed, label="Seed")
        self.seed_row = section.add_row("Seed", self.seed, "The same seed is the same noise, also in the mode Reverse")
        self.reseed = TextButton("Other noise", "Another seed (R)", "random")
        section.add_widget(self.reseed)
        self.picture = PictureControls(section)
        self.hint = QLabel("Draw in There and back: what is drawn there is this end, too.")
        self.hint.setProperty("role", "small")
        self.hint.setWordWrap(True)
        section.add_widget(self.hint)
        for field, segments in (("view", self.views), ("side", self.sides), ("kind", self.kinds)):
            segments.setProperty("field", field)
            segments.chosen.connect(self._chosen)
        self.label.chosen.connect(self._chosen)
        self.seed.setProperty("field", "seed")
        for box in (self.steps, self.corrections, self.frames, self.seed):
            box.valueChanged.connect(self._chosen)
        self.picture.changed.connect(self.changed)
        self.set_ready(False)

    def _add(self, section: Section, field: str, label: str, control: QWidget, help_: str) -> None:
        control.setProperty("field", field)
        row = section.add_row(label, control, help_)
        row.setProperty("field", field)
        row.reset_clicked.connect(self._reset)
        self.rows[field] = row

    def show_model(self, info: api.ModelInfo | None) -> None:
        """The classes and the steps that there are."""
        self.label.clear()
        self.label.add_choice("its own", AUTO, "The class that the dataset says the pictures are of; else none")
        self.label.add_choice("none", api.NO_CLASS, "Without any class, as the network learnt it now and then")
        for number, name in enumerate(info.classes if info is not None else ()):
            self.label.add_choice(name, number)
        if info is not None:
            with QSignalBlocker(self.steps):
                self.steps.setMaximum(most_steps(info))

    def show_state(self, state: InvertState, total: int) -> None:
        """Put every control where the state has it, without a signal; `total` pictures are in its dataset."""
        end, is_film = state.end, state.view == "between"
        self.views.set_value(state.view)
        self.sides.set_value(state.side)
        self.kinds.set_value("noise" if end.is_noise else "picture")
        for box, value in (
            (self.steps, state.steps), (self.corrections, state.corrections), (self.frames, state.frames),
            (self.seed, end.seed),
        ):  # fmt: skip
            with QSignalBlocker(box):
                box.setValue(value)
        self.label.set_value(state.label)
        self.picture.show_picture(end.number, total, words.origin_of(end, total))
        self.picture.show_brush(state.tool, state.brush)
        for field, row in self.rows.items():
            row.set_changed(getattr(state, field) != getattr(FIRST, field))
        is_noise = is_film and end.is_noise
        self.kinds.setVisible(is_film)
        self.rows["frames"].setVisible(is_film)
        picture = self.picture
        shown: tuple[tuple[bool, tuple[QWidget, ...]], ...] = (
            (is_noise, (self.seed_row, self.reseed)),
            (not is_noise, (picture.number_row, picture.buttons, picture.origin)),
            (not is_film, (picture.tools, picture.brush_row, picture.clear)),
        )
        for is_shown, widgets in shown:
            for widget in widgets:
                widget.setVisible(is_shown)
        self.hint.setVisible(is_film and not end.is_noise)

    def set_ready(self, is_ready: bool) -> None:
        """Whether there is a model."""
        self.picture.set_ready(is_ready)
        for widget in (
            self.views, self.sides, self.kinds, self.label, self.steps, self.corrections, self.frames, self.seed,
            self.reseed,
        ):  # fmt: skip
            widget.setEnabled(is_ready)
        if not is_ready:
            self.picture.set_dataset(False)

    @Slot()
    def _chosen(self, value: Any = None) -> None:
        sender: Any = self.sender()
        self.changed.emit(str(sender.property("field")), sender.value(), True)

    @Slot()
    def _reset(self) -> None:
        field = str(self.sender().property("field"))
        self.changed.emit(field, getattr(FIRST, field), True)
