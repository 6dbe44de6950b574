"""A pad with classes: what is drawn on it is kept as a picture of the class that is chosen, until there are enough."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from genstudio.api import Drawing, DrawingsEvent, Pictures
from genstudio.errors import counted, whole
from genstudio.settings.own_drawings import SIDE, check_name
from genstudio.ui.own.drawn_set import DrawnSet
from genstudio.ui.own.labels import Field, Labels
from genstudio.ui.theme import fix, pad
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.canvas import Canvas
from genstudio.ui.widgets.segments import Segments
from genstudio.ui.widgets.sheet import Sheet
from genstudio.ui.widgets.slider import Slider
from genstudio.ui.widgets.stage import Stage

FIRST_NAME = "my drawings"
BRUSH, BRUSH_REST = (1.0, 8.0), 2.5  # design px of a picture of 28; the latter as in MNIST
WIDTH = 300  # design px of the right column
TOOLS = (
    ("draw", "Draw", "The brush leaves white ink"),
    ("erase", "Erase", "The brush takes ink away; the right mouse button does so at any time"),
)
HOW = "Name a class, draw it, press Enter; then the next one. Some twenty of each class are a beginning."
SET_HELP = "The folder in which the drawings are kept; another name begins another set, or goes on with it"
NO_CLASS = "Name the class first: what are you drawing?"
NOTHING = "There is nothing on the pad yet."


@dataclass
class _Step:
    """What undo takes back: a stroke, or a change of the set that had been on the pad."""

    pad: Pictures  # as it was before
    back: Drawing | None = None  # what makes the set again as it was before


class DrawSheet(Sheet):
    """Shows a set of drawings and what is on the pad; what is to be written goes out by `asked`."""

    asked = Signal(object)  # DrawingsRequest
    look_wanted = Signal(str)  # the folder, to see what is in it
    undoes = True

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Draw your own")
        self._home = Path()  # in which the folders of all sets are
        self.drawn = DrawnSet("")
        self._sets: dict[str, DrawnSet] = {}  # those that were open, by their folders
        self._steps: list[_Step] = []
        self.canvas = Canvas()
        self.canvas.setAccessibleName("Pad")
        self.tool, self.brush = Segments("Brush does", TOOLS), Slider(*BRUSH, 0.5)
        self.brush.setAccessibleName("Brush")
        self.brush.setToolTip("Width of the brush, in pixels of a picture of 28")
        self.brush.rest = BRUSH_REST
        self.brush.set_value(BRUSH_REST)
        self.clear = TextButton("Clear", "An empty pad (Delete on the pad)")
        self.keep = TextButton("Keep it", "Keep the drawing in the class that is chosen (Enter)", primary=True)
        self.undo_button = TextButton("Undo", "Take the last stroke, drawing or deletion back (Ctrl+Z)")
        self.delete = TextButton("Delete", "Take the framed drawing out of the set; undo brings it back")
        self.look = TextButton("Look into it…", "See all that was drawn, and train a network on it")
        self.set_name = Field(FIRST_NAME, "Name of the set", SET_HELP)
        self.labels = Labels()
        self.shown = Stage(label="Drawings of the class")
        self.says = QLabel(HOW)
        self.says.setWordWrap(True)
        self.says.setProperty("role", "second")
        self._lay_out()
        self._connect()
        self._show_pad(_blank())
        self._show()

    def _lay_out(self) -> None:
        pad_frame, set_frame = QFrame(), QFrame()
        for frame in (pad_frame, set_frame):
            frame.setProperty("role", "stage")
        pad(QVBoxLayout(pad_frame), 4, 0).addWidget(self.canvas)
        pad(QVBoxLayout(set_frame), 4, 0).addWidget(self.shown)
        tools = pad(QHBoxLayout(), 0, 8)
        tools.addWidget(self.tool)
        tools.addWidget(QLabel("Brush"))
        tools.addWidget(self.brush, 1)
        after = pad(QHBoxLayout(), 0, 8)
        after.addWidget(self.clear)
        after.addWidget(self.undo_button)
        after.addStretch(1)
        after.addWidget(self.keep)
        left = pad(QVBoxLayout(), 0, 8)
        left.addWidget(pad_frame, 1)
        left.addLayout(tools)
        left.addLayout(after)
        side = fix(QWidget(), WIDTH)
        right = pad(QVBoxLayout(side), 0, 8)
        named = pad(QHBoxLayout(), 0, 8)
        named.addWidget(QLabel("Set"))
        named.addWidget(self.set_name, 1)
        right.addLayout(named)
        right.addWidget(self.labels)
        right.addWidget(set_frame, 1)
        last = pad(QHBoxLayout(), 0, 8)
        last.addWidget(self.delete)
        last.addStretch(1)
        last.addWidget(self.look)
        right.addLayout(last)
        middle = pad(QHBoxLayout(), 0, 16)
        middle.addLayout(left, 1)
        middle.addWidget(side)
        body = pad(QVBoxLayout(), (24, 0, 24, 16), 8)
        body.addLayout(middle, 1)
        body.addWidget(self.says)
        self.column.addLayout(body, 1)

    def _connect(self) -> None:
        pairs = (
            (self.canvas.grabbed, self._grabbed),
            (self.canvas.stroked, self._stroked),
            (self.canvas.finished, self._show),
            (self.canvas.clear_wanted, self._clear),
            (self.brush.changed, self._brush_changed),
            (self.tool.chosen, self._brush_changed),
            (self.clear.clicked, self._clear),
            (self.keep.clicked, self.keep_drawing),
            (self.undo_button.clicked, self.undo),
            (self.delete.clicked, self._delete),
            (self.look.clicked, self._look),
            (self.set_name.editingFinished, self._named),
            (self.labels.chosen, self._label_chosen),
            (self.shown.cell_clicked, self._selected),
        )
        for signal, slot in pairs:
            signal.connect(slot)

    def first_focus(self) -> QWidget:
        """The first class wants a name, then it is drawn."""
        return self.canvas if self.labels.value() else self.labels.field

    # ---- the set ------------------------------------------------------------------------------------

    def open_in(self, home: str) -> None:
        """Go on with the set that is open, or with the first one.

        Args:
            home: The folder that has the folders of all sets.
        """
        if Path(home) != self._home:
            self._home = Path(home)
            self._begin()

    def name(self) -> str:
        """Of the set that is open."""
        return Path(self.drawn.folder).name

    def _begin(self) -> None:
        """Another set; what is not on the disk yet of the one before is on its way."""
        folder = str(self._home / self.set_name.text().strip())
        self.drawn = self._sets.setdefault(folder, DrawnSet(folder))
        self._steps = []
        self.labels.clear()
        self._show_pad(_blank())
        self._show()
        self.asked.emit(self.drawn.request())

    def handle(self, event: DrawingsEvent) -> None:
        """What is on the disk."""
        if event.request.folder in self._sets:
            self._sets[event.request.folder].handle(event)
            self._show()

    def show_failure(self, text: str) -> None:
        """Why nothing could be written; it is tried again with the next drawing."""
        self.says.setText(text)

    def _change(self, drawing: Drawing) -> None:
        self.drawn.change(drawing)
        self.asked.emit(self.drawn.request())

    # ---- the pad ------------------------------------------------------------------------------------

    def _show_pad(self, picture: Pictures) -> None:
        self.canvas.set_canvas(picture)
        self.canvas.set_pictures(picture[None], 1)
        self._brush_changed()

    def has_drawing(self) -> bool:
        """Whether there is ink on the pad."""
        return bool(self.canvas.picture().any())

    @Slot()
    def _grabbed(self) -> None:
        self._steps.append(_Step(self.canvas.picture()))

    @Slot()
    def _stroked(self) -> None:
        self.canvas.set_pictures(self.canvas.picture()[None], 1)

    @Slot()
    def _brush_changed(self) -> None:
        self.canvas.set_brush(self.brush.value(), (255, 255, 255), 0, self.tool.value() == "erase")

    @Slot()
    def _clear(self) -> None:
        if self.has_drawing():
            self._steps.append(_Step(self.canvas.picture()))
            self._show_pad(_blank())
            self._show()

    @Slot()
    def keep_drawing(self) -> None:
        """The drawing becomes one of the class, and the pad is empty for the next."""
        label = self.labels.value()
        if not label or not self.has_drawing():
            self.says.setText(NOTHING if label else NO_CLASS)
            (self.canvas if label else self.labels.field).setFocus(Qt.FocusReason.OtherFocusReason)
            return
        picture = self.canvas.picture()
        drawing = self.drawn.add(label, picture)
        self._steps.append(_Step(picture, Drawing(label, drawing.number, None)))
        self._show_pad(_blank())
        self.asked.emit(self.drawn.request())
        self._show()

    @Slot()
    def _delete(self) -> None:
        mine, place = self.drawn.of(self.labels.value()), self.shown.selected()
        if 0 <= place < len(mine):
            gone = Drawing(mine[place].label, mine[place].number, None)
            self._steps.append(_Step(self.canvas.picture(), mine[place]))
            self.shown.set_selected(-1)
            self._change(gone)
            self._show()

    @Slot()
    def undo(self) -> bool:
        """Take the last stroke, drawing or deletion back; a drawing that was kept is on the pad again."""
        if not self._steps:
            return False
        step = self._steps.pop()
        if step.back is not None:
            self._change(step.back)
            self.labels.set_value(step.back.label)
        if step.back is None or step.back.picture is None:
            self._show_pad(step.pad)
        self._show()
        return True

    # ---- what is seen -------------------------------------------------------------------------------

    @Slot()
    def _show(self) -> None:
        counts = self.drawn.counts()
        self.labels.set_counts(counts)
        label = self.labels.value()
        mine = [one.picture for one in self.drawn.of(label) if one.picture is not None]
        self.shown.set_pictures(np.stack(mine) if mine else np.empty((0, SIDE, SIDE, 1), np.uint8))
        if not mine:
            self.shown.set_message(f"Nothing is drawn for {label} yet." if label else "No class has a name yet.")
        total = sum(counts.values())
        self.says.setText(f"{counted(total, 'drawing')} in {self.drawn.folder}." if total else HOW)
        self.allow(self.delete, 0 <= self.shown.selected() < len(mine), "Click on a drawing of the class first")
        self.allow(self.undo_button, bool(self._steps), "Nothing has been drawn yet")
        self.allow(self.look, total > 0, "Keep a drawing first")
        self.keep.set_help(f"Keep the drawing as {label} (Enter)" if label else NO_CLASS)

    @Slot(str)
    def _label_chosen(self, label: str) -> None:
        self.shown.set_selected(-1)
        self._show()
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def _selected(self, place: int) -> None:
        self.shown.set_selected(-1 if place == self.shown.selected() else place)
        self._show()

    @Slot()
    def _named(self) -> None:
        name = self.set_name.text().strip()
        try:
            check_name(name, "A set")
        except ValueError as error:
            self.says.setText(whole(str(error)))
            return
        if name != self.name():
            self._begin()

    @Slot()
    def _look(self) -> None:
        self.dismiss()
        self.look_wanted.emit(self.drawn.folder)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter keeps the drawing, Delete takes the framed one away."""
        is_button = isinstance(self.focusWidget(), QAbstractButton)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not is_button:
            self.keep_drawing()
            event.accept()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._delete()
            event.accept()
        else:
            super().keyPressEvent(event)


def _blank() -> Pictures:
    return np.zeros((SIDE, SIDE, 1), np.uint8)
