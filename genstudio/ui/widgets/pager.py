"""Leafs through a long list: which part of it is shown, and the way to the next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from genstudio.ui.theme import pad
from genstudio.ui.widgets.button import IconButton


class Pager(QWidget):
    """Two buttons and the numbers between them; hidden while all fits on one page."""

    turned = Signal(int)  # -1 back, 1 on

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = IconButton("back", "Page before", "The sliders before (Ctrl+PageUp)", side=24)
        self.forward = IconButton("forward", "Next page", "The next sliders (Ctrl+PageDown)", side=24)
        self.label = QLabel()
        self.label.setProperty("role", "small")
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = pad(QHBoxLayout(self), (0, 4, 0, 0), 4)
        row.addWidget(self.back)
        row.addWidget(self.label, 1)
        row.addWidget(self.forward)
        self.back.clicked.connect(self._back)
        self.forward.clicked.connect(self._forward)
        self.hide()

    def show_part(self, first: int, last: int, count: int) -> None:
        """Rows `first` to `last` of `count` are shown, counted from 1."""
        self.label.setText(f"{first}–{last} of {count}")
        self.back.setEnabled(first > 1)
        self.forward.setEnabled(last < count)
        self.setVisible(last - first + 1 < count)

    @Slot()
    def _back(self) -> None:
        self.turned.emit(-1)

    @Slot()
    def _forward(self) -> None:
        self.turned.emit(1)
