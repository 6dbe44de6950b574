"""A plot of the game that shows what is looked at, and paints only what is seen."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QStackedLayout, QWidget

from genstudio.ui.signs import Signs
from genstudio.ui.tabs.training_run import Moment
from genstudio.ui.theme import pad, theme

NOTHING = "Nothing has been learned yet."
UNTOLD = "Nothing is known of this moment."
EARLY = "Nothing had been measured yet at this moment."
COMING = "The first measurement is on its way"
OFF = "Switch on Measure while it learns, under Quality."


@dataclass(frozen=True, eq=False)
class Look:
    """A run, and the moment of it that is looked at."""

    signs: Signs
    moment: Moment | None
    is_live: bool
    is_critic: bool
    span: tuple[float, float]  # first and newest iteration


def coming(signs: Signs) -> str:
    """That the first measurement comes, and how far it is."""
    seen, of = signs.seen
    return f"{COMING}: {seen:,} of {of:,} pictures." if seen < of else f"{COMING}."


def unmeasured(signs: Signs) -> str:
    """Why there are no measurements, or that they come."""
    return signs.trouble or signs.obstacle or (coming(signs) if signs.asked > 0 else OFF)


class LookPlot(QWidget):
    """Shows a `Look`, or a sentence where there is nothing to see.

    Subclasses make the widget they paint on, say in `key` what the picture depends on, and paint in `draw`.
    """

    picked = Signal(float)  # an iteration

    def __init__(self, title: str, help_: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.repaints = 0
        self._look: Look | None = None
        self._drawn: Hashable = None
        self._note = QLabel()
        self._note.setProperty("role", "second")
        self._note.setWordWrap(True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._layers = QStackedLayout(self)
        pad(self._layers, (8, 0, 0, 0), 0)
        self._layers.addWidget(self._note)
        self.set_title(title)
        self.setToolTip(f"<p>{help_}</p>")
        theme().changed.connect(self._restyle)

    def set_canvas(self, canvas: QWidget) -> None:
        """What it is painted on."""
        self._layers.addWidget(canvas)

    def set_title(self, title: str) -> None:
        """What it shows, for those who cannot see it."""
        self.setAccessibleName(title)

    def note(self) -> str:
        """The sentence that stands in the plot's stead; "" while there is something to see."""
        return self._note.text() if self._layers.currentWidget() is self._note else ""

    def show_look(self, look: Look) -> None:
        """Show it, now if it is seen and has changed, else when it is seen."""
        self._look = look
        if self.isVisible():
            self.follow()

    def follow(self) -> None:
        """Draw, if there is something new."""
        if self._look is not None and (key := self.key(self._look)) != self._drawn:
            self._drawn = key
            self.repaints += 1
            note = self.draw(self._look)
            self._note.setText(note)
            self.setAccessibleDescription(note)
            self._layers.setCurrentIndex(0 if note else 1)

    def key(self, look: Look) -> Hashable:
        """What the picture depends on."""
        raise NotImplementedError

    def draw(self, look: Look) -> str:
        """Draw it; or the sentence why there is nothing to see."""
        raise NotImplementedError

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up."""
        super().showEvent(event)
        self.follow()

    @Slot()
    def _restyle(self) -> None:
        self._drawn = None
        if self.isVisible():
            self.follow()
