"""What the pad looks like: the canvas with its tools, beside it the set with its classes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QSettings, Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from genstudio.api import Pictures
from genstudio.errors import counted
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
SETTING = "drawing/set"  # the name of the set that was open last
NAMED = 3  # other sets that are named
BRUSH, BRUSH_REST = (1.0, 8.0), 2.5  # design px of a picture of 28; the latter as in MNIST
WIDTH = 300  # design px of the right column
TOOLS = (
    ("draw", "Draw", "The brush leaves white ink"),
    ("erase", "Erase", "The brush takes ink away; the right mouse button does so at any time"),
)
HOW = "Name a class, draw it, press Enter; then the next one. Some twenty of each class are a beginning."
SET_HELP = "The folder in which the drawings are kept; another name begins another set, or goes on with it"
DELETE_HELP = "Take the framed drawing out of the set; undo brings it back. A class without any drawing goes, too"
MOVE_HELP = "Put the framed drawing into another class (right click on it); undo brings it back"
RENAME_HELP = "Another name for the class that is chosen; its drawings go along, and undo brings the old one back"
NO_CLASS = "Name the class first: what are you drawing?"


class DrawView(Sheet):
    """Takes a `DrawnSet` in by `show_set`; `DrawSheet` says what hands and keys do."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Draw your own")
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
        self.delete = TextButton("Delete", DELETE_HELP)
        self.move_button = TextButton("Move…", MOVE_HELP)
        self.rename = TextButton("Rename", RENAME_HELP)
        self.look = TextButton("Look into it…", "See all that was drawn, and train a network on it")
        self.set_name = Field(FIRST_NAME, "Name of the set", SET_HELP)
        self.labels = Labels()
        self.shown = Stage(label="Drawings of the class")
        self.shown.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.says = QLabel(HOW)
        self.says.setWordWrap(True)
        self.says.setTextFormat(Qt.TextFormat.PlainText)
        self.says.setProperty("role", "second")
        self._lay_out()
        self.brush.changed.connect(self.show_brush)
        self.tool.chosen.connect(self.show_brush)
        self.show_pad(blank())

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
        for button in (self.delete, self.move_button, self.rename):
            last.addWidget(button)
        last.addStretch(1)
        right.addLayout(last)
        middle = pad(QHBoxLayout(), 0, 16)
        middle.addLayout(left, 1)
        middle.addWidget(side)
        body = pad(QVBoxLayout(), (24, 0, 24, 16), 8)
        body.addLayout(middle, 1)
        end = pad(QHBoxLayout(), 0, 16)
        end.addWidget(self.says, 1)
        end.addWidget(self.look)
        body.addLayout(end)
        self.column.addLayout(body, 1)

    def first_focus(self) -> QWidget:
        """The first class wants a name, then it is drawn."""
        return self.canvas if self.labels.value() else self.labels.field

    # ---- the pad ------------------------------------------------------------------------------------

    def show_pad(self, picture: Pictures) -> None:
        """A picture (H, W, 1) under the brush."""
        self.canvas.set_canvas(picture)
        self.canvas.set_pictures(picture[None], 1)
        self.show_brush()

    def has_drawing(self) -> bool:
        """Whether there is ink on the pad."""
        return bool(self.canvas.picture().any())

    @Slot()
    def show_brush(self) -> None:
        """The brush as its controls have it."""
        self.canvas.set_brush(self.brush.value(), (255, 255, 255), 0, self.tool.value() == "erase")

    # ---- the set ------------------------------------------------------------------------------------

    def show_set(self, drawn: DrawnSet, framed: int) -> None:
        """The classes, the drawings of the one that is chosen, and what is to be said of them.

        Args:
            framed: Which drawing of the class Delete would take; -1 none.
        """
        counts = drawn.counts()
        self.labels.set_counts(counts)
        label = self.labels.value()
        mine = [one.picture for one in drawn.of(label) if one.picture is not None]
        self.shown.set_pictures(np.stack(mine) if mine else np.empty((0, SIDE, SIDE, 1), np.uint8))
        if not mine:
            self.shown.set_message(f"Nothing is drawn for {label} yet." if label else "No class has a name yet.")
        self.say(said_of(drawn), is_trouble=bool(drawn.trouble))
        is_framed = 0 <= framed < len(mine)
        self.allow(self.delete, is_framed or bool(label and not mine), "Click on a drawing of the class first")
        self.allow(self.move_button, is_framed, "Click on a drawing of the class first")
        self.allow(self.rename, bool(label), "There is no class yet")
        self.allow(self.look, bool(counts), "Keep a drawing first")
        self.keep.set_help(f"Keep the drawing as {label} (Enter)" if label else NO_CLASS)

    def say(self, text: str, *, is_trouble: bool = False) -> None:
        """A sentence below all."""
        self.says.setText(text)
        role = "error" if is_trouble else "second"
        if role != self.says.property("role"):
            self.says.setProperty("role", role)
            self.says.style().unpolish(self.says)
            self.says.style().polish(self.says)


def said_of(drawn: DrawnSet) -> str:
    """How many drawings there are and where, what is not there yet, and why."""
    total, waiting = sum(drawn.counts().values()), drawn.unsaved()
    changes = f"{counted(waiting, 'change')} {'is' if waiting == 1 else 'are'}"
    if drawn.trouble and waiting:
        return f"{drawn.trouble} {changes} not on the disk; the next drawing tries it again."
    if drawn.trouble:
        return drawn.trouble
    if not total and not waiting:
        return _others(drawn) or HOW
    rest = f"; {changes} on the way" if waiting else ""
    return f"{counted(total, 'drawing')} in {drawn.folder}{rest}."


def _others(drawn: DrawnSet) -> str:
    """How one goes on with another set than an empty one, which may be a name that was mistyped."""
    if not drawn.others:
        return ""
    named, more = [f"“{name}”" for name in drawn.others[:NAMED]], len(drawn.others) - NAMED
    rest = ["another"] if more > 0 else []
    listed = " or ".join(filter(None, (", ".join([*named, *rest][:-1]), [*named, *rest][-1])))
    return f"“{name_of(drawn)}” is a new set. Type {listed} to go on with the drawings there."


def name_of(drawn: DrawnSet) -> str:
    """The name of a set."""
    return Path(drawn.folder).name


def blank() -> Pictures:
    """An empty pad."""
    return np.zeros((SIDE, SIDE, 1), np.uint8)


def remembered() -> str:
    """The set that was open last, by a name that can be one."""
    name = QSettings().value(SETTING, FIRST_NAME)
    try:
        check_name(str(name), "A set")
    except ValueError:
        return FIRST_NAME
    return str(name)
