"""The picture of a code, large, and the way from A to B below it: a view over the stage of a run."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from genstudio.api import NO_PICTURES, NOW, PeekedEvent, Pictures
from genstudio.ui.tabs.training_run import Moment, TrainingRun
from genstudio.ui.theme import pad
from genstudio.ui.widgets.film_strip import FilmStrip
from genstudio.ui.widgets.stage import Stage
from genstudio.ui.widgets.still import Still

HELP = (
    "One code of your own through the generator, also while it learns and as it was: sliders, a walk, the way "
    "from A to B. A double click on a sample begins at its code"
)


class ExploreView(QWidget):
    """Shows what it is given.

    Signals:
        walk_wanted: the key W.
        left: nobody sees it any longer.
    """

    walk_wanted = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stage, self.strip, self.when = Stage(label="Picture of the code"), FilmStrip(), QLabel()
        self.when.setProperty("role", "small")
        self.when.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.when.setWordWrap(True)
        box = pad(QVBoxLayout(self), 0, 4)
        box.addWidget(self.stage, 1)
        box.addWidget(Still(self.when))
        box.addWidget(self.strip)

    def show_moment(self, moment: Moment, run: TrainingRun) -> None:
        """Its pictures are asked for, see `Explorer`."""

    def show_picture(self, event: PeekedEvent) -> None:
        """The picture of the code, or one of each class."""
        count = len(event.images)
        names = [event.classes[label] for label in event.request.labels] if count > 1 else []
        columns = self._columns(event.images) if count > 1 else 1
        rows = -(-count // columns)
        self.stage.set_pictures(event.images, columns)
        firsts = range(0, count, columns) if rows > 1 else ()
        ranges = [f"{names[k]}–{names[min(k + columns, count) - 1]}" for k in firsts]
        self.stage.set_titles(names if rows == 1 else [], ranges)
        self.stage.setToolTip(f"The same code as {names[0]} to {names[-1]}; a click chooses one" if names else "")
        if not names:
            self.stage.set_selected(-1)
        self.when.setText(when(event))

    def _columns(self, images: Pictures) -> int:
        """One row where that is no smaller than half of what fits; else rows of five."""
        count, width = len(images), images.shape[2]
        wide = self.stage.width() / (count * width)
        return count if wide >= 2 or count < 6 else -(-count // max(2, count // 10))

    def show_way(self, images: Pictures) -> None:
        """From A to B."""
        self.strip.set_pictures(images)

    def clear(self, message: str = "") -> None:
        """Nothing is known of this run yet."""
        self.stage.set_pictures(NO_PICTURES)
        self.strip.set_pictures(NO_PICTURES)
        self.when.setText("")
        if message:
            self.stage.set_message(message)

    def picture(self) -> np.ndarray | None:
        """What is large."""
        return self.stage.pictures()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_W and not event.modifiers():
            self.walk_wanted.emit()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.left.emit()


def when(event: PeekedEvent) -> str:
    """Which generator has drawn it, a sentence."""
    asked = event.request.iteration
    then = "is now, at" if asked == NOW else "was at"
    kept = "" if asked in (NOW, event.iteration) else f", the nearest kept before {asked:,}"
    return f"As the generator {then} iteration {event.iteration:,}{kept}."
