"""Generated pictures beside real ones of the data that the network learns from."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from genstudio.api import Pictures
from genstudio.ui.tabs.training_run import Moment, TrainingRun
from genstudio.ui.theme import pad
from genstudio.ui.widgets.caption import Caption
from genstudio.ui.widgets.stage import Stage

TITLE, HELP = "Beside real", "The samples beside as many real pictures of the data, which the network learns from"
GENERATED = "<generated>Generated</generated>: always the same codes"
REAL = "<real>Real</real>: from the data it learns from"
SAME_CLASS = "<real>Real</real>: of the class of the sample in its place"
NONE = "No real pictures are known of this run."
NOTHING: Pictures = np.empty((0, 1, 1, 1), np.uint8)


class Beside(QWidget):
    """Two stages of the same size, beside each other where it is wide, else one above the other.

    Signals:
        picked: a place was clicked, on either side.
    """

    picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.generated, self.real = Stage(label="Generated pictures"), Stage(label="Real pictures")
        self.heading = Caption(REAL, lines=1)
        self._pictures = NOTHING
        self._box = pad(QBoxLayout(QBoxLayout.Direction.LeftToRight, self), 0, 12)
        for heading, stage in ((Caption(GENERATED, lines=1), self.generated), (self.heading, self.real)):
            column = pad(QVBoxLayout(), 0, 0)
            column.addWidget(heading)
            column.addWidget(stage, 1)
            self._box.addLayout(column, 1)
            stage.cell_clicked.connect(self.picked)

    def show_moment(self, moment: Moment, run: TrainingRun) -> None:
        """The samples of a moment; the real pictures are always the same of a run."""
        self.generated.set_pictures(moment.samples)
        self.heading.set_text(SAME_CLASS if run.request is not None and run.request.family == "cgan" else REAL)
        self._pictures = run.real if run.real is not None else NOTHING
        self._show_real()

    def _show_real(self) -> None:
        shown = self.generated.pictures()
        is_fewer = shown is not None and 0 < len(self._pictures) < len(shown)  # else both find the same columns
        self.real.set_pictures(self._pictures, self.generated.columns() if is_fewer else 0)
        self.real.set_message("" if len(self._pictures) else NONE)

    def set_selected(self, index: int) -> None:
        """Frame a place on both sides; -1 none."""
        self.generated.set_selected(index)
        self.real.set_selected(index if index < len(self._pictures) else -1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() > self.height()
        self._box.setDirection(QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom)
        self._show_real()
