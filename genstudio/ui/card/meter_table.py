"""What was measured of a model, a row for each meter: the number, its error, and what real pictures reach."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from genstudio.api import METERS, Evaluation, ModelInfo, in_words
from genstudio.api.caveats import caveats
from genstudio.api.explained import explained
from genstudio.ui.card.parts import emptied, plain_label
from genstudio.ui.card.words import HEADS, titled
from genstudio.ui.theme import pad, px

SEEN = 160  # characters of what the classes are


class MeterTable(QWidget):
    """Labels in a grid; what high and low mean is each row's tooltip, or beneath it. Rows without a number say why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: Evaluation | None = None
        self._info: ModelInfo | None = None
        self._explains = False
        self._grid = pad(QGridLayout(self), 0, 6)
        self._grid.setColumnStretch(0, 1)

    @Slot(bool)
    def explain(self, explains: bool) -> None:
        """Say beneath each number what it means, or in tooltips alone."""
        self._explains = explains
        self.show_evaluation(self._found, self._info)

    def show_evaluation(self, found: Evaluation | None, info: ModelInfo | None = None) -> None:
        """Fill the table with what was measured of a model; None empties it."""
        self._found, self._info = found, info
        emptied(self._grid)
        if found is None:
            return
        row = 0
        for told in caveats(found, info):
            self._add(row, 0, told, "second", span=3)
            row += 1
        for column, text in enumerate(HEADS):
            self._add(row, column, text, "small")
        row += 1
        for name, meter in ((n, m) for n, m in METERS.items() if n in found.bands):
            help_ = explained(meter)
            self._add(row, 0, titled(found, name), "", help_)
            self._add(row, 1, in_words(name, found.bands[name]), "", help_)
            if name in found.floor:
                self._add(row, 2, in_words(name, found.floor[name]), "second", help_)
            if self._explains:
                self._add(row + 1, 0, help_, "small", span=3)
            row += 1 + self._explains
        for name, why in found.missing.items():
            self._add(row, 0, f"{METERS[name].title}: {why}", "small", METERS[name].help, span=3)
            row += 1
        if seen := found.seen(SEEN):
            self._add(row, 0, f"Classes seen: {seen}", "small", span=3)

    def texts(self) -> list[str]:
        """All words, row by row."""
        widgets = (self._grid.itemAt(k).widget() for k in range(self._grid.count()))
        return [widget.text() for widget in widgets if isinstance(widget, QLabel)]

    def _add(self, row: int, column: int, text: str, role: str = "", help_: str = "", span: int = 1) -> None:
        label = plain_label(role, text)
        label.setToolTip(help_)
        label.setWordWrap(span > 1)
        if column:
            label.setContentsMargins(px(20), 0, 0, 0)
        side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
        self._grid.addWidget(label, row, column, 1, span, side if span == 1 else Qt.AlignmentFlag(0))
