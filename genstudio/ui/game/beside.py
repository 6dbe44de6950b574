"""Generated pictures beside real ones of the data that the network learns from."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from genstudio.api import Pictures
from genstudio.settings import CONDITIONAL
from genstudio.ui.game.room import room
from genstudio.ui.tabs.training_run import Moment, TrainingRun
from genstudio.ui.theme import pad
from genstudio.ui.widgets.caption import Caption
from genstudio.ui.widgets.stage import Stage

TITLE, HELP = "Beside real", "The samples beside as many real pictures of the data, which the network learns from"
GENERATED = "<generated>Generated</generated>: always the same codes"
SOME = "<generated>Generated</generated>: the first {shown} of {count}"
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
        self.headings = Caption(GENERATED, lines=1), Caption(REAL, lines=1)
        self._samples = self._real = NOTHING
        self._selected = -1
        self._box = pad(QBoxLayout(QBoxLayout.Direction.LeftToRight, self), 0, 12)
        for heading, stage in zip(self.headings, (self.generated, self.real), strict=True):
            column = pad(QVBoxLayout(), 0, 0)
            column.addWidget(heading)
            column.addWidget(stage, 1)
            self._box.addLayout(column, 1)
            stage.cell_clicked.connect(self.picked)

    def show_moment(self, moment: Moment, run: TrainingRun) -> None:
        """The samples of a moment; the real pictures are always the same of a run."""
        self._samples, self._real = moment.samples, run.real if run.real is not None else NOTHING
        knows_class = run.request is not None and run.request.family in CONDITIONAL
        self.headings[1].set_text(SAME_CLASS if knows_class else REAL)
        self._show()

    def _show(self) -> None:
        """As many as have room at a size at which one can look into them, the same places on both sides."""
        count = len(self._samples)
        if not count:
            return
        shown, columns = room(self.generated, count, max(self._samples.shape[1:3]))
        self.headings[0].set_text(SOME.format(shown=shown, count=count) if shown < count else GENERATED)
        self.generated.set_pictures(self._samples[:shown], columns)
        is_few = len(self._real) < shown  # else both sides find the same columns
        self.real.set_pictures(self._real[:shown], self.generated.columns() if is_few else columns)
        self.real.set_message("" if len(self._real) else NONE)
        self.set_selected(self._selected)

    def set_selected(self, index: int) -> None:
        """Frame a place on both sides; -1 none."""
        self._selected = index
        for stage in (self.generated, self.real):
            pictures = stage.pictures()
            stage.set_selected(index if pictures is not None and index < len(pictures) else -1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() > self.height()
        self._box.setDirection(QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom)
        self._box.activate()
        self._show()
