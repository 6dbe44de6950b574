"""What the stage of a run shows: a row of words over it chooses."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from genstudio.ui.tabs.training_run import Moment, TrainingRun
from genstudio.ui.theme import pad
from genstudio.ui.widgets.segments import Segments
from genstudio.ui.widgets.stage import Stage

SAMPLES = "samples"
HELP = "Always the same codes, drawn by the generator as it is at this moment"


class View(Protocol):
    """A widget that shows one moment of a run its own way; with `set_selected(int)` if it shows single samples."""

    def show_moment(self, moment: Moment, run: TrainingRun) -> None:
        """Called for every moment that is looked at, while the widget is the one to be seen."""


class StageViews(QWidget):
    """The stage of the samples, and other views of the same moment, of which one is seen.

    Without a moment (a walk, an invitation, a failure) there is the stage alone, without the row of words. The
    samples' stage shows what it is given; the other views are told the moment when they are to be seen, and only then.

    Signals:
        chosen: the user has chosen a view.
    """

    chosen = Signal(str)

    def __init__(self, samples: Stage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.segments = Segments("View", ((SAMPLES, "Samples", HELP),))
        self._widgets: dict[str, Any] = {SAMPLES: samples}
        self._moment: Moment | None = None
        self._run: TrainingRun | None = None
        self.row = QWidget()
        self.row.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # large text widens no window
        line = pad(QHBoxLayout(self.row), 0, 8)
        line.addWidget(self.segments)
        line.addStretch(1)
        self._stack = QStackedLayout()
        box = pad(QVBoxLayout(self), 0, 4)
        box.addWidget(self.row)
        box.addLayout(self._stack, 1)
        self._stack.addWidget(samples)  # it shows it at once: before it has its place, as a window
        self.row.hide()
        self.segments.chosen.connect(self._chosen)

    def add(self, name: str, title: str, help_: str, widget: QWidget) -> None:
        """One more view: its name among the parameters, its word, what the tooltip says, and a `View`."""
        self.segments.add(name, title, help_)
        self._widgets[name] = widget
        self._stack.addWidget(widget)

    def value(self) -> str:
        """The name of the view that is chosen, seen or not."""
        return self.segments.value()

    def set_value(self, name: str) -> None:
        """Choose a view without a signal; what is not known is ignored."""
        if name in self._widgets and name != self.value():
            self.segments.set_value(name)
            self._show()

    def seen(self) -> str:
        """The name of the view whose widget is there now."""
        return self.value() if self._moment is not None else SAMPLES

    def show_moment(self, moment: Moment | None, run: TrainingRun) -> None:
        """What is looked at; None where there is nothing but the stage."""
        self._moment, self._run = moment, run
        self.row.setVisible(moment is not None)
        self._show()

    def set_selected(self, index: int) -> None:
        """Frame the same sample in every view that has it; -1 none."""
        for widget in self._widgets.values():
            if hasattr(widget, "set_selected"):
                widget.set_selected(index)

    def _show(self) -> None:
        seen = self.seen()
        widget = self._widgets[seen]
        if seen != SAMPLES:
            widget.show_moment(self._moment, self._run)
        self._stack.setCurrentWidget(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.segments.set_tight(self.segments.roomy_width() > self.width())

    @Slot(str)
    def _chosen(self, name: str) -> None:
        self._show()
        self.chosen.emit(name)
