"""What was measured of a model, a row for each meter: the number, its error, and what real pictures reach."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from genstudio.api import METERS, Evaluation, ModelInfo, in_words, with_unit
from genstudio.api.caveats import caveats
from genstudio.api.explained import explained
from genstudio.ui.card.parts import emptied, plain_label
from genstudio.ui.card.words import HEADS, titled
from genstudio.ui.theme import pad, px

CLASSES = "Classes seen"
CLASSES_HELP = (
    "What share of the pictures is taken for each class, and what share of as many real ones: a class that is seen far "
    "less often is one that the model leaves out."
)


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
        self._add_classes(found, row)

    def _add_classes(self, found: Evaluation, row: int) -> None:
        """The histogram of the classes as rows; of many those that are seen most often."""
        seen = found.classes_seen()
        if not seen:
            return
        self._add(row, 0, CLASSES, "small", CLASSES_HELP, above=8)
        if self._explains:
            row += 1
            self._add(row, 0, CLASSES_HELP, "small", span=3)
        for one in seen:
            row += 1
            self._add(row, 0, one.name, "", CLASSES_HELP)
            self._add(row, 1, with_unit(one.measured, "%"), "", CLASSES_HELP)
            if one.real is not None:
                self._add(row, 2, with_unit(one.real, "%"), "second", CLASSES_HELP)
        if more := len(found.shares) - len(seen):
            self._add(row + 1, 0, f"and {more:,} more that are seen less often", "small", span=3)

    def texts(self) -> list[str]:
        """All words, row by row."""
        widgets = (self._grid.itemAt(k).widget() for k in range(self._grid.count()))
        return [widget.text() for widget in widgets if isinstance(widget, QLabel)]

    def _add(
        self, row: int, column: int, text: str, role: str = "", help_: str = "", span: int = 1, above: int = 0
    ) -> None:
        label = plain_label(role, text)
        label.setToolTip(help_)
        label.setWordWrap(span > 1)
        label.setContentsMargins(px(20) if column else 0, px(above), 0, 0)
        side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
        self._grid.addWidget(label, row, column, 1, span, side if span == 1 else Qt.AlignmentFlag(0))
