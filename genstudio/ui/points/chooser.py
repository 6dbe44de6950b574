"""Which points a game is about: the picker, and what the set is for. Has the face of the chooser of pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QLabel, QWidget

from genstudio.errors import whole
from genstudio.settings.drawings import PEN, Stroke, check_drawing, name_of_drawing, strokes_of
from genstudio.settings.games import POINT_SETS
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.inspector import Section

DEFAULT = "ring"
DRAW = "?draw"  # the picker's entry of drawn points
DRAWN = "Points drawn by hand: islands, lines, or both."
NOTHING = PEN + "[]"


class PointsChooser(QObject):
    """The picker of the header and its sentence in the inspector; points are always there, drawn ones once drawn.

    Args:
        draws: Whether there is a place where one can draw.
        sets: Names of those that there are, with their titles and what they are for.
        help, draw_help: Tooltips of the picker and of its entry of drawn points.
    """

    chosen = Signal()
    draw_wanted = Signal()  # the drawing is to be seen

    def __init__(
        self,
        section: Section,
        parent: QWidget,
        draws: bool = True,
        sets: Mapping[str, tuple[str, str]] = POINT_SETS,
        help: str = "What the generator is to imitate",
        draw_help: str = "Draw with the mouse what G is to imitate",
    ) -> None:
        super().__init__(parent)
        self.drawing = NOTHING  # the name of what was drawn last
        self._sets = sets
        self.picker = Choice(label="Points", help=help)
        for name, (title, about) in sets.items():
            self.picker.add_choice(title, name, about)
        if draws:
            self.picker.add_choice("Draw your own …", DRAW, draw_help)
        self._about = QLabel()
        self._about.setWordWrap(True)
        self._about.setProperty("role", "second")
        self.edit = TextButton("Edit the drawing", "Add to the points that were drawn, or take some away")
        section.add_widget(self._about)
        section.add_widget(self.edit)
        self.select(DEFAULT)
        self.picker.chosen.connect(self._chosen)
        self.edit.clicked.connect(self.draw_wanted)

    @property
    def is_drawn(self) -> bool:
        """Whether the points are those of the drawing."""
        return self.picker.value() == DRAW

    def name(self) -> str:
        """What a TrainRequest is to say."""
        return self.drawing if self.is_drawn else str(self.picker.value())

    def title(self) -> str:
        """How a person calls it."""
        return self.title_of(self.name())

    def title_of(self, name: str) -> str:
        """How a person calls a set, or the points of a run."""
        if name in self._sets:
            return self._sets[name][0]
        return "the drawing" if name == self.drawing else "an earlier drawing"

    def strokes(self) -> tuple[Stroke, ...]:
        """Of the drawing."""
        return strokes_of(self.drawing)

    def draw(self, strokes: Sequence[Stroke]) -> None:
        """The drawing is this by now."""
        self.select(name_of_drawing(strokes))

    def obstacle(self) -> str:
        """Why no run can begin: too little is drawn."""
        try:
            if self.is_drawn:
                check_drawing(self.strokes())
        except ValueError as error:
            return whole(str(error))
        return ""

    def is_missing(self) -> bool:
        """Never."""
        return False

    def find(self, name: str) -> str:
        """The name of a set, "" for another."""
        is_drawing = self.picker.findData(DRAW) >= 0 and self._is_readable(name)
        return name if name in self._sets or is_drawing else ""

    def select(self, name: str) -> bool:
        """Choose a set without a signal; False if there is none of that name."""
        entry = self.picker.findData(DRAW)
        if is_drawing := entry >= 0 and self._is_readable(name):
            self.drawing = name
        is_there = self.picker.set_value(DRAW if is_drawing else name)
        self.picker.setItemText(entry, "Your drawing" if self.drawing != NOTHING else "Draw your own …")
        self._about.setText(DRAWN if self.is_drawn else self._sets[self.name()][1])
        self.edit.setVisible(self.is_drawn)
        return is_there

    def _is_readable(self, name: str) -> bool:
        if name.startswith(PEN):
            with suppress(ValueError):
                strokes_of(name)
                return True
        return False

    @Slot(object)
    def _chosen(self, name: str) -> None:
        self.select(self.drawing if name == DRAW else name)
        if name == DRAW:
            self.draw_wanted.emit()
        self.chosen.emit()
