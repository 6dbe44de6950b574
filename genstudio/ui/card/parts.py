"""What cards are made of, and what else tells of a model in rows of words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel

from genstudio.ui.theme import px

BESIDE = 8  # design px behind the longest name


def plain_label(role: str = "", text: str = "") -> QLabel:
    """Words that may have a person's names in them, shown as they are."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    return label


def add_fact(grid: QGridLayout, row: int, name: QLabel, value: QLabel) -> None:
    """What something is called, and beside it, not so near that both read as one, what it is."""
    name.setContentsMargins(0, 0, px(BESIDE), 0)
    grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(value, row, 1)


def emptied(grid: QGridLayout) -> None:
    """Take all widgets out of a grid."""
    while (item := grid.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.setParent(None)
            widget.deleteLater()
