"""What Train, Reverse and Forward of the diffusion tab hand each other."""

from __future__ import annotations

from PySide6.QtCore import QObject


class DenoisingDesk(QObject):
    """Lives on the window thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = ""  # the model that Reverse shows: its name or path; "" before any was shown
        self.wanted = ""  # the one that Reverse is to show when it is on top; "" once it does
        self.schedule: tuple[str, int] | None = None  # and T, that Train is to take over; None once it has
