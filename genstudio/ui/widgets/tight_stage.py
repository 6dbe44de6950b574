"""Stages for columns: several of them stand beside each other."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.canvas import HELP, Canvas
from genstudio.ui.widgets.stage import Stage


class Tight(Stage):
    """What makes a stage tight: it may be narrow, and has no room at its sides. Comes before the kind of stage."""

    def tighten(self) -> None:
        """Call it once."""
        theme().changed.connect(self._narrow)
        self._narrow()

    @Slot()
    def _narrow(self) -> None:
        self.setMinimumSize(px(48), px(48))

    def _margins(self) -> tuple[int, int, int, int]:
        return 1, theme().gap(4), 1, theme().gap(4)


class TightStage(Tight):
    """A stage for a column."""

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, label)
        self.tighten()


class TightCanvas(Tight, Canvas):
    """A canvas for a column, in line with the stages beside it."""

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(label)
        self.setToolTip(f"<p>{HELP}</p>")
        self.tighten()
