"""What cards are made of, and what else tells of a model in rows of words."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel


def plain_label(role: str = "", text: str = "") -> QLabel:
    """Words that may have a person's names in them, shown as they are."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    return label


def emptied(grid: QGridLayout) -> None:
    """Take all widgets out of a grid."""
    while (item := grid.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.setParent(None)
            widget.deleteLater()
