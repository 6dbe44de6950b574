"""The two pickers of what a plane of pictures lies along."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from genstudio.api import StudyEvent
from genstudio.ui.latent.traverse_state import axis_names
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.inspector import Row, Section


class PlaneAxes(QObject):
    """Takes the names of two axes in; `chosen("across" or "up", name)` says which is wanted."""

    chosen = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.across, self.up = Choice(label="Across"), Choice(label="Up")
        self.across.chosen.connect(self._across_chosen)
        self.up.chosen.connect(self._up_chosen)

    def add_to(self, section: Section) -> tuple[Row, Row]:
        """A row for each."""
        return (
            section.add_row("Across", self.across, "What changes from left to right."),
            section.add_row("Up", self.up, "What changes from the bottom to the top."),
        )

    def show_axes(self, across: str, up: str) -> None:
        """The axes as they stand."""
        self.across.set_value(across)
        self.up.set_value(up)

    def offer(self, study: StudyEvent | None, latents: int, own: bool = False) -> None:
        """What there is to choose from, as far as it is known; U and V where a file brought its own."""
        for choice in (self.across, self.up):
            shown = choice.value()
            choice.clear()
            for name in axis_names(study, latents, own):
                choice.add_choice(name, name)
            choice.set_value(shown)

    @Slot(object)
    def _across_chosen(self, value: str) -> None:
        self.chosen.emit("across", value)

    @Slot(object)
    def _up_chosen(self, value: str) -> None:
        self.chosen.emit("up", value)
