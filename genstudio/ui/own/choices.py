"""The rows that say how the pictures of a folder or zip are taken."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from genstudio.api.own_pictures import DEFAULT, OFFERED, Taking
from genstudio.ui.theme import pad
from genstudio.ui.widgets.form import WORDS, Choice
from genstudio.ui.widgets.inspector import Row

SIZE_HELP = "Height and width that every picture is brought to; twice the side takes four times as long to learn"
COLOUR_HELP = "Grey pictures have one number a pixel, coloured ones three, and take longer to learn"
FIT_HELP = "What becomes of a picture that is no square"
TEST_HELP = "Pictures that a network never learns from; they tell how it does on what it has not seen"
COPIES_HELP = "What becomes of pictures that are there more than once, by their pixels as they are taken"
COLOURS = (
    ("auto", "As they are", "Grey if every picture is grey"),
    ("grey", "Grey", "Colours become greys"),
    ("colour", "Colour", "Also where all are grey"),
)
FITS = (
    ("crop", "Middle square", "What is beyond the middle square is cut off"),
    ("pad", "All of it", "With a margin in the colour of its edge"),
    ("stretch", "Stretched", "All of it, pulled into a square"),
)
COPIES = (
    ("keep", "Keep them", "Pictures that are there twice count twice"),
    ("once", "Each once", "A picture that is there already is left out, and none is trained on that is held out"),
)
SHARES = ("0", "5", "20", "50")  # percent, beside the usual


class TakingRows(QWidget):
    """Shows a `Taking`; `changed` follows every change by the user."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._taking, self._has_parts = DEFAULT, False
        self.size_choice = Choice(label="Size")
        self.colour = Choice(label="Colour")
        self.fit = Choice(label="Fit")
        self.test, self.copies = Choice(label="Held out"), Choice(label="Copies")
        for value, text, help_ in COLOURS:
            self.colour.add_choice(text, value, help_)
        for value, text, help_ in FITS:
            self.fit.add_choice(text, value, help_)
        for value, text, help_ in COPIES:
            self.copies.add_choice(text, value, help_)
        rows = (
            ("size", "Size", self.size_choice, SIZE_HELP),
            ("colour", "Colour", self.colour, COLOUR_HELP),
            ("fit", "If not square", self.fit, FIT_HELP),
            ("test", "Held out", self.test, TEST_HELP),
            ("copies", "Copies", self.copies, COPIES_HELP),
        )
        self._rows: dict[str, Row] = {}
        column = pad(QVBoxLayout(self), 0, 8)
        for field, label, control, help_ in rows:
            row = self._rows[field] = Row(label, control, help_, WORDS)
            for widget in (row, control):
                widget.setProperty("field", field)
            row.reset_clicked.connect(self._reset)
            control.chosen.connect(self._chosen)
            column.addWidget(row)
        self.set_taking(DEFAULT, has_parts=False)

    def taking(self) -> Taking:
        """As it stands."""
        return self._taking

    def set_taking(self, taking: Taking, *, has_parts: bool) -> None:
        """Show another, without a signal.

        Args:
            has_parts: Folders called train and test decide what is held out, unless a share is chosen.
        """
        self._taking, self._has_parts = taking, has_parts
        self.size_choice.clear()
        for size in sorted({*OFFERED, taking.size}):
            self.size_choice.add_choice(f"{size} px", size)
        self.test.clear()
        if has_parts:
            self.test.add_choice("Its test folder", "auto", "The folders called train and test decide")
        else:
            self.test.add_choice("Every tenth", "auto", "One picture of ten, spread evenly over all")
        shares = {*SHARES, *(("10",) if has_parts else ()), *((taking.test,) if taking.test.isdecimal() else ())}
        for share in sorted(shares, key=int):
            self.test.add_choice(f"{share} %" if share != "0" else "None", share, "So many, spread evenly over all")
        if taking.test == "folders":
            self.test.add_choice("Its test folder", "folders", "The folders called train and test decide")
        for field, control in self._controls():
            control.set_value(getattr(taking, field))
            self._rows[field].set_changed(getattr(taking, field) != getattr(DEFAULT, field))

    def _controls(self) -> tuple[tuple[str, Choice], ...]:
        fields = "size", "colour", "fit", "test", "copies"
        return tuple(zip(fields, (self.size_choice, self.colour, self.fit, self.test, self.copies), strict=True))

    def _take(self, field: str, value: Any) -> None:
        if value != getattr(self._taking, field):
            self.set_taking(dataclasses.replace(self._taking, **{field: value}), has_parts=self._has_parts)
            self.changed.emit(self._taking)

    @Slot(object)
    def _chosen(self, value: Any) -> None:
        self._take(str(self.sender().property("field")), value)

    @Slot()
    def _reset(self) -> None:
        field = str(self.sender().property("field"))
        self._take(field, getattr(DEFAULT, field))
