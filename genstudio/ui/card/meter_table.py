"""What was measured of a model, a row for each meter: the number, its error, and what real pictures reach."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from genstudio.api import METERS, Evaluation, in_words
from genstudio.ui.theme import pad, px

ARROWS = {"less": "↓", "more": "↑", "": ""}
BETTER = {"less": "Lower is better. ", "more": "Higher is better. ", "": ""}
HEADS = ("", "measured", "real pictures")


class MeterTable(QWidget):
    """Labels in a grid; each row's tooltip says what high and low mean. Rows without a number say why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = pad(QGridLayout(self), 0, 6)
        self._grid.setColumnStretch(0, 1)

    def show_evaluation(self, found: Evaluation | None) -> None:
        """Fill the table; None empties it."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.setParent(None)
                widget.deleteLater()
        if found is None:
            return
        for column, text in enumerate(HEADS):
            self._add(0, column, text, "small")
        for row, (name, meter) in enumerate(((n, m) for n, m in METERS.items() if n in found.bands), 1):
            help_ = BETTER[meter.better] + meter.help
            self._add(row, 0, f"{found.title(name)} {ARROWS[meter.better]}".rstrip(), "", help_)
            self._add(row, 1, in_words(name, found.bands[name]), "", help_)
            if name in found.floor:
                self._add(row, 2, in_words(name, found.floor[name]), "second", help_)
        row = self._grid.rowCount()
        for name, why in found.missing.items():
            self._add(row, 0, f"{METERS[name].title}: {why}", "small", METERS[name].help, span=3)
            row += 1
        if found.shares:
            seen = ", ".join(f"{name} {100 * share:.0f} %" for name, share in found.shares.items())
            self._add(row, 0, f"Classes seen: {seen}", "small", span=3)

    def texts(self) -> list[str]:
        """All words, row by row."""
        widgets = (self._grid.itemAt(k).widget() for k in range(self._grid.count()))
        return [widget.text() for widget in widgets if isinstance(widget, QLabel)]

    def _add(self, row: int, column: int, text: str, role: str = "", help_: str = "", span: int = 1) -> None:
        label = QLabel(text)
        label.setProperty("role", role)
        label.setToolTip(help_)
        label.setWordWrap(span > 1)
        if column:
            label.setContentsMargins(px(20), 0, 0, 0)
        side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
        self._grid.addWidget(label, row, column, 1, span, side if span == 1 else Qt.AlignmentFlag(0))
