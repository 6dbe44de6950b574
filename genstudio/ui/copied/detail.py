"""One new picture, large: beside it the nearest training picture and the difference, below it the five nearest."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from genstudio import api
from genstudio.api.differences import difference
from genstudio.api.numbers import three_digits
from genstudio.ui.copied import words
from genstudio.ui.theme import pad
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.scored_stage import ScoredStage
from genstudio.ui.widgets.stage import Stage


class Detail(QWidget):
    """Signals:
    back_wanted: all pictures again.
    """

    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = TextButton("All pictures", "All pictures again (Esc)", "back")
        self.title, self.legend, self.name = QLabel(), QLabel(words.LEGEND), QLabel()
        self.title.setWordWrap(True)
        for label in (self.legend, self.name):
            label.setProperty("role", "small")
            label.setWordWrap(True)
        self.legend.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.stage = Stage(label="New picture, nearest training picture, difference")
        self.others = ScoredStage(label="The nearest training pictures, the nearest first")
        head = pad(QHBoxLayout(), 0, 12)
        head.addWidget(self.back)
        head.addWidget(self.title, 1)
        box = pad(QVBoxLayout(self), 0, 4)
        box.addLayout(head)
        box.addWidget(self.stage, 4)
        below = pad(QHBoxLayout(), (8, 0, 8, 0), 16)
        below.addWidget(self.name, 1)
        below.addWidget(self.legend, 1)
        box.addLayout(below)
        box.addWidget(self.others, 3)
        self.back.clicked.connect(self.back_wanted)

    def show_picture(self, number: int, found: api.CopiedEvent) -> None:
        """The new picture of a number."""
        new, near = found.images[number], found.nearest[number]
        shape = (*new.shape[:2], 3)
        three = (new, near[0], difference(new[None], near[:1], "signed")[0])
        self.stage.set_pictures(np.stack([np.broadcast_to(picture, shape) for picture in three]), 3)
        self.stage.set_titles(words.TITLES)
        told = zip(found.distances[number], found.labels[number], strict=True)
        told_words = tuple(" · ".join(filter(None, (three_digits(float(d)), name))) for d, name in told)
        self.others.set_scored(np.broadcast_to(near, (len(near), *shape)).copy(), told_words, len(near))
        self.title.setText(words.alone(number, found))
        self.name.setText(words.nearest(number, found))
