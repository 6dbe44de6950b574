"""The checkpoints of a run that is watched, each of which opens with a click."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from genstudio.api import CheckpointFile
from genstudio.ui.numbers import file_size
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.plain import plain

ROW, SHOWN, FEWEST = 28, 5, 2  # design px of a row; rows that are seen at once, and where there is little room
EDGE = QPoint(4, 4)  # in the first row that is seen
HELP = "Opens in the tab of its family, as any model does; the run goes on as it is."


class CheckpointList(QListWidget):
    """The newest one first. `chosen` is the path of the one that was clicked."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._files: tuple[CheckpointFile, ...] = ()
        self.setAccessibleName("Checkpoints")
        self.setAccessibleDescription(HELP)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemClicked.connect(self._clicked)
        theme().changed.connect(self._fit)

    def show_files(self, files: tuple[CheckpointFile, ...]) -> None:
        """Other checkpoints. The one that has the keyboard keeps it, and who looks at older ones goes on doing so."""
        if files == self._files:
            return
        before, top = self._path(self.currentRow()), self._path(self.indexAt(EDGE).row())
        is_at_top = self.verticalScrollBar().value() == 0 and not self.underMouse()  # no row moves before a click
        self._files = files
        self.clear()
        for file in files:
            item = QListWidgetItem(f"Iteration {file.iteration:,}  ·  {file_size(file.bytes)}")
            item.setToolTip(plain(f"{file.path}\n{HELP}"))
            self.addItem(item)
        self.setCurrentRow(self._row(before))
        self._fit()
        row = -1 if is_at_top else self._row(top)
        if files:
            self.scrollToItem(self.item(max(row, 0)), QListWidget.ScrollHint.PositionAtTop)
        if is_at_top and self.currentRow() >= 0:
            self.scrollToItem(self.currentItem())

    def _path(self, row: int) -> str:
        return self._files[row].path if row >= 0 else ""

    def _row(self, path: str) -> int:
        return next((k for k, file in enumerate(self._files) if file.path == path), -1)

    @Slot()
    def _fit(self) -> None:
        rows = min(max(self.count(), 1), SHOWN)
        self.setMinimumHeight(min(rows, FEWEST) * px(ROW) + px(4))
        self.setMaximumHeight(rows * px(ROW) + px(4))
        for row in range(self.count()):
            self.item(row).setSizeHint(QSize(px(80), px(ROW)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; the keys of the sheet stay its own."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentRow() >= 0:
            self.chosen.emit(self._files[self.currentRow()].path)
        elif event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)

    @Slot(QListWidgetItem)
    def _clicked(self, item: QListWidgetItem) -> None:
        self.chosen.emit(self._files[self.row(item)].path)
