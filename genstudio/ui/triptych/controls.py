"""The inspector of the triptych: the two seeds, what all three draw, and how the diffusion model goes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QSignalBlocker, Signal, Slot

from genstudio import api
from genstudio.ui.diffusion.words import SAMPLER_LETTERS
from genstudio.ui.triptych.state import COUNTS, GUIDANCE, SAMPLERS, SEEDS, TriptychState
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.form import Choice, FloatBox, IntBox
from genstudio.ui.widgets.inspector import CONTROL, Inspector, Row
from genstudio.ui.widgets.segments import Segments

FIRST = TriptychState()
JUMPS_ALONE = "A consistency model was taught to jump; no other rule fits it."
HELPS = {
    "seed_a": ("Seed A", "The noise with which all three begin at the left end of the control"),
    "seed_b": ("Seed B", "The noise at its right end; in between each goes on an arc from the one to the other"),
    "label": ("Class", "What all draw, as far as they know classes"),
    "sampler": ("Sampler", "By which rule the diffusion model takes noise away; none of them adds any of its own"),
    "steps": ("Steps", "Of the picture that comes when the hand rests"),
    "preview": ("First answer", "Its steps, while the hand moves: fewer come sooner and are rougher"),
    "guidance": ("Guidance", "How far to go beyond what the class suggests: 1 is the class as learnt"),
}


class TriptychControls(QObject):
    """Takes a state in by `show_state`.

    Signals:
        changed: the user wants other values of these fields of the state.
    """

    changed = Signal(dict)
    new_seeds_wanted = Signal()
    swap_wanted = Signal()

    def __init__(self, inspector: Inspector) -> None:
        super().__init__(inspector)
        self.rows: dict[str, Row] = {}
        self.seed_a, self.seed_b = IntBox(*SEEDS, FIRST.seed_a), IntBox(*SEEDS, FIRST.seed_b)
        self.counts = Segments(
            "Pictures", tuple((str(n), str(n), f"{n} of each model; more take longer") for n in COUNTS)
        )
        self.label, self.sampler = Choice(label="Class"), Choice(label="Sampler")
        self.sampler.setMinimumContentsLength(SAMPLER_LETTERS)
        self.steps, self.preview = IntBox(1, 1000, FIRST.steps), IntBox(1, 100, FIRST.preview)
        self.guidance = FloatBox(*GUIDANCE, FIRST.guidance, 0.5, decimals=2)
        self.new_seeds = TextButton("New seeds", "Other noise at both ends (R)", "random")
        self.swap = TextButton("Swap A and B", "The way goes from B to A; the pictures stay")

        self._section = inspector.add_section("Noise")
        self._add("seed_a", "seed_b")
        self._section.add_buttons(self.new_seeds, self.swap)
        self._section = inspector.add_section("Pictures")
        self._section.add_widget(self.counts)
        self._add("label")
        self._section = inspector.add_section("Diffusion model")
        self._add("sampler", "steps", "preview", "guidance")

        for field in ("seed_a", "seed_b", "steps", "preview", "guidance"):
            getattr(self, field).setProperty("field", field)
            getattr(self, field).valueChanged.connect(self._number_changed)
        self.label.chosen.connect(self._label_chosen)
        self.counts.chosen.connect(self._count_chosen)
        self.sampler.chosen.connect(self._sampler_chosen)
        self.new_seeds.clicked.connect(self.new_seeds_wanted)
        self.swap.clicked.connect(self.swap_wanted)

    def _add(self, *fields: str) -> None:
        for field in fields:
            title, help_ = HELPS[field]
            row = self.rows[field] = self._section.add_row(
                title, getattr(self, field), help_, width=0 if field == "sampler" else CONTROL
            )
            row.setProperty("field", field)
            row.reset_clicked.connect(self._reset)

    def set_catalog(self, catalog: api.Catalog) -> None:
        """The samplers there are."""
        value = self.sampler.value()
        self.sampler.clear()
        for info in catalog.samplers:
            if info.name in SAMPLERS:
                self.sampler.add_choice(info.title, info.name, info.help)
        self.sampler.set_value(value or FIRST.sampler)

    def show_state(
        self, state: TriptychState, classes: Sequence[str], is_student: bool, unguided: str, has_models: bool
    ) -> None:
        """Every control as the state has it, without a signal.

        Args:
            classes: The names of those that any model knows.
            is_student: The diffusion model was taught to jump.
            unguided: Why guidance would do nothing to its pictures.
        """
        for name in ("seed_a", "seed_b", "steps", "preview", "guidance"):
            with QSignalBlocker(box := getattr(self, name)):
                box.setValue(getattr(state, name))
        self.label.clear()
        self.label.add_choice("all in turn", "", "Picture after picture the next class")
        for name in classes:
            self.label.add_choice(name, name)
        self.label.set_value(state.label)
        self.sampler.set_value(state.sampler)
        self.counts.set_value(str(state.count))
        for name, row in self.rows.items():
            row.set_changed(name not in ("seed_a", "seed_b") and getattr(state, name) != getattr(FIRST, name))
            row.control.setEnabled(has_models)
        for widget in (self.counts, self.new_seeds, self.swap):
            widget.setEnabled(has_models)
        self.sampler.setEnabled(has_models and not is_student)
        self.preview.setEnabled(has_models and not is_student)
        self.guidance.setEnabled(has_models and not unguided)
        for part in (self.guidance, self.rows["guidance"].label):
            part.setToolTip(unguided or HELPS["guidance"][1])
        self.sampler.setToolTip(JUMPS_ALONE if is_student else HELPS["sampler"][1])

    @Slot()
    def _number_changed(self) -> None:
        """Of the box that was changed alone: others may show fewer digits than the state has."""
        box = self.sender()
        value = box.value()  # type: ignore[attr-defined]
        self.changed.emit({str(box.property("field")): round(value, 3) if isinstance(box, FloatBox) else value})

    @Slot(object)
    def _label_chosen(self, name: object) -> None:
        self.changed.emit({"label": "" if name is None else str(name)})

    @Slot(str)
    def _count_chosen(self, count: str) -> None:
        self.changed.emit({"count": int(count)})

    @Slot(object)
    def _sampler_chosen(self, name: str) -> None:
        self.changed.emit({"sampler": name})

    @Slot()
    def _reset(self) -> None:
        field = str(self.sender().property("field"))
        self.changed.emit({field: getattr(FIRST, field)})
