"""What a race is about: points, pictures, or both; the arena decides which of the two choosers counts."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from genstudio.settings.duels import PICTURES, POINTS, TWIN
from genstudio.ui.bridge import Bridge
from genstudio.ui.points.chooser import PointsChooser
from genstudio.ui.tabs.data_chooser import DataChooser
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.inspector import Inspector

ARENAS = (
    (POINTS, "Points", "Two games on points in the plane, where one sees all of it"),
    (PICTURES, "Pictures", "Two games on the same pictures"),
    (TWIN, "Twin", "The same game on points and on pictures"),
)


class RaceData(QObject):
    """The pickers of the header with their sections. `chosen` follows every change by the user."""

    chosen = Signal()
    arena_chosen = Signal(str)

    def __init__(self, inspector: Inspector, bridge: Bridge, name: str) -> None:
        super().__init__(inspector)
        self.arena_picker = Choice(label="Arena", help="Where the race takes place")
        for arena, title, help_ in ARENAS:
            self.arena_picker.add_choice(title, arena, help_)
        self._sections = inspector.add_section("Points"), inspector.add_section("Data")
        self.points = PointsChooser(self._sections[0], inspector, draws=False)
        self.pictures = DataChooser(bridge, (f"{name}.look", f"{name}.download"), self._sections[1], inspector)
        self.points.chosen.connect(self.chosen)
        self.pictures.chosen.connect(self.chosen)
        self.arena_picker.chosen.connect(self._arena_chosen)
        self._labelled: dict[str, tuple[QWidget, ...]] = {}

    @property
    def arena(self) -> str:
        """One of ARENAS."""
        return str(self.arena_picker.value())

    @property
    def has_points(self) -> bool:
        """Whether one of the sides learns points."""
        return self.arena != PICTURES

    @property
    def has_pictures(self) -> bool:
        """Whether one of the sides learns pictures."""
        return self.arena != POINTS

    def own(self, points: tuple[QWidget, ...], pictures: tuple[QWidget, ...]) -> None:
        """What in the header belongs to which chooser."""
        self._labelled = {POINTS: points, PICTURES: pictures}
        self.set_arena(self.arena)

    def set_arena(self, arena: str) -> None:
        """Without a signal."""
        self.arena_picker.set_value(arena)
        for section, is_shown in zip(self._sections, (self.has_points, self.has_pictures), strict=True):
            section.setVisible(is_shown)
        for kind, is_shown in ((POINTS, self.has_points), (PICTURES, self.has_pictures)):
            for widget in self._labelled.get(kind, ()):
                widget.setVisible(is_shown)

    def obstacle(self) -> str:
        """Why no race can begin; "" if one can."""
        return self.pictures.obstacle() if self.has_pictures else ""

    def title(self) -> str:
        """How a person calls what is learnt."""
        titles = [self.points.title()] * self.has_points + [self.pictures.title()] * self.has_pictures
        return " and ".join(titles)

    @Slot(object)
    def _arena_chosen(self, arena: str) -> None:
        self.set_arena(arena)
        self.arena_chosen.emit(arena)
