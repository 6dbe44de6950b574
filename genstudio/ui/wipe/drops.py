"""A sheet on whose left and right half a picture file can be dropped."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from genstudio.ui.dropped import PICTURES
from genstudio.ui.widgets.sheet import Sheet

LEFT, RIGHT = 0, 1


class DropSheet(Sheet):
    """What is no picture file goes to the window, as everywhere.

    Signals:
        file_dropped: its path, and the side.
    """

    file_dropped = Signal(str, int)

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent, title)
        self.setAcceptDrops(True)

    def show_drop(self, side: int) -> None:
        """Say on which side, 0 or 1, a file would be laid; -1 on none."""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _picture_in(event.mimeData()):
            event.acceptProposedAction()
            self.show_drop(self._side_at(event))
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()
        self.show_drop(self._side_at(event))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.show_drop(-1)

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.show_drop(-1)
        self.file_dropped.emit(_picture_in(event.mimeData()), self._side_at(event))

    def _side_at(self, event: QDropEvent) -> int:
        return LEFT if event.position().x() < self.width() / 2 else RIGHT


def _picture_in(data: QMimeData) -> str:
    """The path of the first picture file that a drag carries; "" if there is none."""
    paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    return next((path for path in paths if Path(path).suffix.lower() in PICTURES), "")
