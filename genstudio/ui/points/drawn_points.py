"""When the drawing of a page's points is seen, and what it begins."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from genstudio.ui.points import words
from genstudio.ui.points.chooser import PointsChooser
from genstudio.ui.points.drawing import Drawing
from genstudio.ui.tabs.run_past import PastPage


class DrawnPoints(QObject):
    """Joins a page's chooser and its drawing; the page shows the drawing where `is_shown` says so."""

    looked = Signal()  # it was opened or closed
    changed = Signal()  # the points are others

    def __init__(self, page: PastPage, chooser: PointsChooser, drawing: Drawing) -> None:
        super().__init__(page)
        self.is_open = False  # whatever run there is
        self._page, self._data, self._drawing = page, chooser, drawing
        chooser.draw_wanted.connect(self._open)
        drawing.changed.connect(self._drawn)
        drawing.used.connect(page.start_run)
        drawing.closed.connect(self._close)

    def is_shown(self) -> bool:
        """Whether it stands in the place of the plane."""
        return self.is_open or (self._data.is_drawn and self._page.run.state == "none")

    def show(self) -> None:
        """What is drawn, and what can be done with it."""
        run = self._page.run
        self._drawing.set_strokes(self._data.strokes())
        is_used = run.request is not None and run.request.dataset == self._data.name()
        self._drawing.show_state(has_run=run.state != "none", is_used=is_used)

    def take(self, values: dict[str, Any]) -> None:
        """Go back to remembered points and drawing; what is foreign is ignored."""
        before, run = self._data.name(), self._page.run
        for name in (values.get("drawing"), values.get("points")):
            if isinstance(name, str):
                self._data.select(name)
        is_other = run.request is None or self._data.name() != run.request.dataset
        self.is_open = self._data.is_drawn and (self.is_open or (is_other and self._data.name() != before))

    def begins(self) -> bool:
        """The big button was pressed: a drawing that is open and was changed begins another run, else it is left."""
        if self.is_open and self._page.is_changed():
            self._page.start_run()
            return True
        self.is_open = False
        return False

    @Slot()
    def _open(self) -> None:
        self.is_open = True
        self.looked.emit()
        self._drawing.sketch.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _drawn(self) -> None:
        self._data.draw(self._drawing.strokes())
        self.changed.emit()

    @Slot()
    def _close(self) -> None:
        self.is_open = False
        self.looked.emit()


class DrawnPage(PastPage):
    """A page of points that can be drawn; subclasses make `drawn`."""

    drawn: DrawnPoints

    def said_of_points(self) -> str:
        """Which points are seen and which are chosen, where these are others and the run can go on; else ""."""
        run = self.run
        if run.request is None or not self.has_next_data() or self.drawn.is_shown():
            return ""
        learned, chosen = self.data.title_of(run.request.dataset), self.data.title()
        return words.other_points(learned, chosen, run.state == "running") if run.is_alive else ""

    @Slot()
    def run_pressed(self) -> None:
        """As of every run; a drawing that is open and was changed begins another."""
        if not self.drawn.begins():
            super().run_pressed()

    @Slot()
    def show_drawing(self) -> None:
        """The drawing was opened or closed."""
        self.refresh()
        self.show_samples()
