"""Which points a game is about: the picker, and what the set is for. Has the face of the chooser of pictures."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QLabel, QWidget

from genstudio.settings.games import POINT_SETS
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.inspector import Section

DEFAULT = "ring"


class PointsChooser(QObject):
    """The picker of the header and its sentence in the inspector; points are always there."""

    chosen = Signal()

    def __init__(self, section: Section, parent: QWidget) -> None:
        super().__init__(parent)
        self.picker = Choice(label="Points", help="What the generator is to imitate")
        for name, (title, about) in POINT_SETS.items():
            self.picker.add_choice(title, name, about)
        self._about = QLabel()
        self._about.setWordWrap(True)
        self._about.setProperty("role", "second")
        section.add_widget(self._about)
        self.select(DEFAULT)
        self.picker.chosen.connect(self._chosen)

    def name(self) -> str:
        """What a TrainRequest is to say."""
        return str(self.picker.value())

    def title(self) -> str:
        """How a person calls it."""
        return POINT_SETS[self.name()][0]

    def obstacle(self) -> str:
        """Why no run can begin: never."""
        return ""

    def is_missing(self) -> bool:
        """Never."""
        return False

    def find(self, name: str) -> str:
        """The name of a set, "" for another."""
        return name if name in POINT_SETS else ""

    def select(self, name: str) -> bool:
        """Choose a set without a signal; False if there is none of that name."""
        is_there = self.picker.set_value(name)
        self._about.setText(POINT_SETS[self.name()][1])
        return is_there

    @Slot(object)
    def _chosen(self, name: str) -> None:
        self.select(name)
        self.chosen.emit()
