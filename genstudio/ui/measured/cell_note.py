"""What was measured of the cell that is looked at, beside the table while the controls are folded away."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from genstudio.ui.measured.cell_panel import CellPanel
from genstudio.ui.theme import pad


class CellNote(QScrollArea):
    """Its `panel` has the words and the buttons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panel = CellPanel()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        holder = QWidget()
        holder.setProperty("role", "body")
        box = pad(QVBoxLayout(holder), (0, 8, 8, 8), 12)
        box.addWidget(self.panel)
        row = pad(QHBoxLayout(), 0, 8)
        for button in (self.panel.card, self.panel.again):
            row.addWidget(button, 1)
        box.addLayout(row)
        box.addStretch(1)
        self.setWidget(holder)
        self.setAccessibleName("What was measured")
        self.hide()
