"""What was measured of the cell that is looked at: the number, what it means, on what, and when."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from genstudio import api
from genstudio.api.aspects import MEASURES
from genstudio.api.comparison import Line
from genstudio.api.comparison_text import number
from genstudio.ui.card.parts import add_fact, emptied, plain_label
from genstudio.ui.measured import words
from genstudio.ui.measured.behind import facts
from genstudio.ui.tabs.run_words import name_of
from genstudio.ui.theme import pad
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.plain import plain

GONE = "This model is no longer here."
BUSY = "It is being measured, or waits for it."


def _label(role: str = "", selects: bool = False) -> QLabel:
    label = plain_label(role)
    label.setWordWrap(True)
    if selects:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


class CellPanel(QWidget):
    """Only shows; `card_wanted` and `again_wanted` are its two buttons."""

    card_wanted = Signal()
    again_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.number = _label(), _label("number", selects=True)
        self.standing, self.meaning = _label("second"), _label("second")
        self.card = TextButton("Open its card", "All that is known of this model (Ctrl+K)", "card")
        self.again = TextButton("Measure again", "This model alone, with as many pictures as are chosen above")
        self._facts = QWidget()
        self._grid = pad(QGridLayout(self._facts), 0, 4)
        self._grid.setColumnStretch(1, 1)
        box = pad(QVBoxLayout(self), 0, 8)
        for widget in (self.title, self.number, self.standing, self.meaning, self._facts):
            box.addWidget(widget)
        self.card.clicked.connect(self.card_wanted)
        self.again.clicked.connect(self.again_wanted)
        self.show_cell(None, 0, None)

    def allow(self, is_here: bool, is_asked: bool) -> None:
        """Its buttons: of a model that is no longer here, and of one that is being measured or waits for it."""
        self.card.allow(is_here, GONE)
        self.again.allow(is_here and not is_asked, BUSY if is_asked else GONE)

    def show_cell(self, line: Line | None, column: int, info: api.ModelInfo | None) -> None:
        """A cell of a line; None while none is looked at."""
        is_there = line is not None and column < len(line.cells)
        for widget in (self.number, self.standing, self.meaning, self._facts):
            widget.setVisible(is_there)
        if line is None or not is_there:
            self.title.setText(words.NO_CELL)
            return
        cell = line.cells[column]
        self.title.setText(f"{MEASURES[cell.name].title} of {name_of(cell.model)}")
        self.number.setText(number(cell) if cell.band is not None else "no number")
        said = words.standing(line, column) if cell.band is not None else cell.why
        self.standing.setText(said)
        self.standing.setVisible(bool(said))
        self.meaning.setText(words.meaning(cell))
        self._show_facts(facts(line, column, info))

    def texts(self) -> list[str]:
        """All words that are seen, from top to bottom."""
        labels = (label for label in self.findChildren(QLabel) if not label.isHidden())
        return [label.text() for label in labels]

    def _show_facts(self, facts: list[tuple[str, str]]) -> None:
        emptied(self._grid)
        for row, (name, text) in enumerate(facts):
            title, value = _label("small"), _label("small", selects=True)
            title.setWordWrap(False)
            title.setText(name)
            value.setText(text)
            value.setToolTip(plain(text))
            add_fact(self._grid, row, title, value)
