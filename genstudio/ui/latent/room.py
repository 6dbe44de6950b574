"""Whether a stage is wide enough for a picture beside what it shows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget

from genstudio.ui.theme import px

BESIDE = 640  # design px of a stage that shows two things beside each other


class Room(QObject):
    """Watches the frame of a stage; `changed` says that it has another size."""

    changed = Signal()

    def __init__(self, frame: QWidget) -> None:
        super().__init__(frame)
        self._frame = frame
        frame.installEventFilter(self)

    def has_two(self) -> bool:
        """Whether two things fit beside each other."""
        return self._frame.width() >= px(BESIDE)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The stage has another size."""
        if event.type() == QEvent.Type.Resize:
            self.changed.emit()
        return super().eventFilter(watched, event)
