"""A stage for columns: several of them stand beside each other."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.stage import Stage


class TightStage(Stage):
    """It may be narrow, and has no room at its sides."""

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, label)
        theme().changed.connect(self._narrow)
        self._narrow()

    @Slot()
    def _narrow(self) -> None:
        self.setMinimumSize(px(48), px(48))

    def _margins(self) -> tuple[int, int, int, int]:
        return 1, theme().gap(4), 1, theme().gap(4)
