"""To which other class a drawing goes: a menu of all that there are."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget


class ClassMenu(QMenu):
    """`chosen` tells a class. Without any other it says how one gets one."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Move the drawing to another class")
        self.triggered.connect(self._chosen)

    def offer(self, labels: Iterable[str], at: QPoint) -> None:
        """Open at a point of the screen with these classes."""
        self.clear()
        for label in labels:
            action = self.addAction(f"Move to {label}".replace("&", "&&"))
            action.setData(label)
        if self.isEmpty():
            self.addAction("Add the other class first").setEnabled(False)
        self.popup(at)

    @Slot(QAction)
    def _chosen(self, action: QAction) -> None:
        self.chosen.emit(str(action.data()))
