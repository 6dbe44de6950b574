"""What a diffusion model that learns shows of itself: samples, always from the same noise."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from genstudio.api import Pictures
from genstudio.ui.diffusion import train_words as words
from genstudio.ui.tabs.training_run import Moment
from genstudio.ui.theme import pad
from genstudio.ui.widgets.one_line import OneLine
from genstudio.ui.widgets.stage import Stage

NOTHING: Pictures = np.empty((0, 1, 1, 1), np.uint8)


class SampleStage(QWidget):
    """`samples` under one line that says what they are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.samples, self.heading = Stage(label="New samples"), OneLine()
        self.heading.setProperty("role", "small")
        self.heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        box = pad(QVBoxLayout(self), 0, 0)
        box.addWidget(self.heading)
        box.addWidget(self.samples, 1)
        self.show_moment(None)

    def show_moment(self, moment: Moment | None) -> None:
        """The samples of one iteration; None leaves room for a message."""
        self.heading.setVisible(moment is not None)
        self.heading.setText(words.samples(moment.iteration) if moment else "")
        self.samples.set_pictures(moment.samples if moment else NOTHING, wish=4)
