"""What the arithmetic of codes looks like: four slots, the shelf below, the controls. Asks for nothing."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from genstudio.ui.latent.arithmetic_slot import CodeShelf, CodeSlot
from genstudio.ui.latent.arithmetic_state import SLOTS, STRENGTH, ArithmeticState
from genstudio.ui.latent.study_button import StudyButton
from genstudio.ui.theme import pad, theme
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.form import Choice, FloatBox
from genstudio.ui.widgets.inspector import Inspector

SHELVES = (
    ("Random codes", "random", "Codes of the prior; R or Others draws more"),
    ("Held-out pictures", "data", "Pictures the model has not learnt from, encoded"),
    ("Class means", "means", "The middle of the codes of each class; needs a study of the codes"),
    ("Saved codes", "saved", "Codes that you have named and kept in Explore"),
)


class Equation(QWidget):
    """A − B + C = result, with the shelf below.

    Signals:
        target_chosen: the slot that is filled next.
        emptied: a slot that shall be empty.
        dropped: a slot and what was let go over it.
    """

    target_chosen = Signal(int)
    emptied = Signal(int)
    dropped = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slots = [CodeSlot(letter, True, k) for k, letter in enumerate(SLOTS)]
        self.slots.append(CodeSlot("Result", False, 3))
        self.shelf = CodeShelf()
        self._signs = [QLabel(sign) for sign in ("−", "+", "=")]
        row = pad(QHBoxLayout(), 0, 8)
        for k, slot in enumerate(self.slots):
            if k:
                sign = self._signs[k - 1]
                sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
                row.addWidget(sign)
            row.addWidget(slot, 1)
            slot.chosen.connect(self._chosen)
            slot.emptied.connect(self._emptied)
            slot.dropped.connect(self._dropped)
        column = pad(QVBoxLayout(self), 8, 8)
        column.addLayout(row, 3)
        column.addWidget(self.shelf, 2)
        theme().changed.connect(self._restyle)
        self._restyle()

    def set_target(self, slot: int) -> None:
        """Frame the slot that is filled next."""
        for k, one in enumerate(self.slots):
            one.set_target(k == slot)

    @Slot()
    def _chosen(self) -> None:
        slot = self.sender()
        assert isinstance(slot, CodeSlot)
        if slot.takes:
            self.target_chosen.emit(slot.number)

    @Slot()
    def _emptied(self) -> None:
        slot = self.sender()
        assert isinstance(slot, CodeSlot)
        self.emptied.emit(slot.number)

    @Slot(str)
    def _dropped(self, what: str) -> None:
        slot = self.sender()
        assert isinstance(slot, CodeSlot)
        self.dropped.emit(slot.number, what)

    @Slot()
    def _restyle(self) -> None:
        for sign in self._signs:
            sign.setFont(theme().font(20, bold=True))
            sign.setStyleSheet(f"font-size: {theme().px(20)}px")


class ArithmeticControls(QObject):
    """The inspector's sections; takes a state in and says what is wanted."""

    strength_changed = Signal(float)
    shelf_chosen = Signal(object)

    def __init__(self, inspector: Inspector) -> None:
        super().__init__(inspector)
        self.strength = FloatBox(*STRENGTH, 1.0, 0.05, "×", "Strength")
        self.swap = TextButton("Swap A, B", "The difference the other way round")
        self.clear = TextButton("Clear", "Empty all slots")
        self.use_c = TextButton("Result to C", "Go on from the result: add the difference once more")
        self.shelf = Choice(label="Shelf")
        for text, data, help_ in SHELVES:
            self.shelf.add_choice(text, data, help_)
        self.others = TextButton("Others", "Other pictures on the shelf (R)")
        self.study = StudyButton("Encode 10,000 pictures; their classes' means are then on offer")
        total = inspector.add_section("Sum")
        self._strength_row = total.add_row(
            "Strength", self.strength, "How many times A − B counts; the slider below the picture goes from 0 to 2.",
            self._reset_strength,
        )  # fmt: skip
        total.add_buttons(self.swap, self.use_c)
        total.add_buttons(self.clear)
        shelf = inspector.add_section("Shelf")
        shelf.add_row("Codes", self.shelf, "Where the pictures below the slots come from.", width=0)
        shelf.add_buttons(self.others)
        shelf.add_buttons(self.study)
        self.strength.valueChanged.connect(self._strength_changed)
        self.shelf.chosen.connect(self.shelf_chosen)
        self.set_ready(False)

    def show_state(self, state: ArithmeticState) -> None:
        """The settings as they stand."""
        with QSignalBlocker(self.strength):
            self.strength.setValue(state.strength)
        self._strength_row.set_changed(state.strength != 1.0)
        self.shelf.set_value(state.shelf)
        self.others.setEnabled(state.shelf in ("random", "data"))
        self.use_c.setEnabled(state.is_full())

    def set_ready(self, is_ready: bool) -> None:
        """Nothing can be reckoned before a model is loaded."""
        for widget in (self.strength, self.swap, self.clear, self.use_c, self.shelf, self.others, self.study):
            widget.setEnabled(is_ready)

    @Slot()
    def _strength_changed(self) -> None:
        self.strength_changed.emit(float(f"{self.strength.value():.4g}"))

    @Slot()
    def _reset_strength(self) -> None:
        self.strength.setValue(1.0)
