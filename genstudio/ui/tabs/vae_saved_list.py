"""The section "Saved codes": a list to choose from, and the buttons that fill and empty it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from genstudio.ui.tabs.vae_saved import SavedCode
from genstudio.ui.theme import pad, px, theme
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.plain import plain

ROW, SHOWN = 36, 4  # design px of a row; rows that are seen at once
HELP = "A click shows the code, F2 or a double click renames it, Delete removes it."


class SavedList(QWidget):
    """Says by the place in the list what is wanted.

    Signals:
        save_wanted: keep the code shown.
        chosen, removed: of that code.
        renamed: place and new name.
    """

    save_wanted = Signal()
    chosen = Signal(int)
    removed = Signal(int)
    renamed = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QListWidget()
        self.list.setObjectName("saved_codes")
        self.list.setAccessibleName("Saved codes")
        self.list.setAccessibleDescription(HELP)
        self.list.setToolTip(HELP)
        edits = QAbstractItemView.EditTrigger
        self.list.setEditTriggers(edits.DoubleClicked | edits.EditKeyPressed)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.installEventFilter(self)
        self.hint = QLabel("None yet. Keep the code shown to come back to it.")
        self.hint.setProperty("role", "small")
        self.hint.setWordWrap(True)
        self.save = TextButton("Save this code", "Keep the code shown under a name")
        self.rename = TextButton("Rename", "Another name for the chosen code (F2)")
        self.remove = TextButton("Delete", "Remove the chosen code; it can be brought back (Delete)")
        column = pad(QVBoxLayout(self), 0, 8)
        column.addWidget(self.hint)
        column.addWidget(self.list)
        column.addWidget(self.save)
        row = pad(QHBoxLayout(), 0, 8)
        for button in (self.rename, self.remove):
            row.addWidget(button, 1)
        column.addLayout(row)
        self._is_ready = False
        self.save.clicked.connect(self.save_wanted)
        self.rename.clicked.connect(self._rename)
        self.remove.clicked.connect(self._remove)
        self.list.itemClicked.connect(self._clicked)
        self.list.itemChanged.connect(self._changed)
        self.list.currentRowChanged.connect(self._show)
        theme().changed.connect(self._fit)
        self.show_codes(())

    def show_codes(self, codes: Sequence[SavedCode], chosen: int = -1) -> None:
        """Fill the list."""
        self.list.blockSignals(True)
        self.list.clear()
        for code in codes:
            item = QListWidgetItem(code.name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setToolTip(plain(f"{len(code.z)} numbers, made with {code.model}. {HELP}"))
            picture = QPixmap()
            if code.png and picture.loadFromData(code.png, "PNG"):
                large, icon = picture.scaled(56, 56, Qt.AspectRatioMode.KeepAspectRatio), QIcon()
                for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):  # else the chosen one is tinted
                    icon.addPixmap(large, mode)
                item.setIcon(icon)
            self.list.addItem(item)
        self.list.setCurrentRow(chosen)
        self.list.blockSignals(False)
        self._fit()
        self._show()

    def set_ready(self, is_ready: bool) -> None:
        """Whether there is a model that answers."""
        self._is_ready = is_ready
        self._show()

    @Slot()
    def _show(self) -> None:
        has_one = self.list.currentRow() >= 0
        self.save.setEnabled(self._is_ready)
        self.list.setEnabled(self._is_ready)
        self.rename.setEnabled(has_one)
        self.remove.setEnabled(has_one)

    @Slot()
    def _fit(self) -> None:
        count = self.list.count()
        self.list.setIconSize(QSize(px(28), px(28)))
        for row in range(count):
            self.list.item(row).setSizeHint(QSize(px(80), px(ROW)))
        self.list.setFixedHeight(min(max(count, 1), SHOWN) * px(ROW) + px(4))
        for part in (self.list, self.rename, self.remove):
            part.setVisible(count > 0)
        self.hint.setVisible(count == 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter shows the chosen code, Delete removes it; Space, R and the other keys of the window stay its own."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key, row = event.key(), self.list.currentRow()
            if row >= 0 and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.chosen.emit(row)
                return True
            if row >= 0 and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
                self.removed.emit(row)
                return True
            if event.text() and key != Qt.Key.Key_F2:
                event.ignore()
                return True
        return super().eventFilter(watched, event)

    @Slot(QListWidgetItem)
    def _clicked(self, item: QListWidgetItem) -> None:
        self.chosen.emit(self.list.row(item))

    @Slot(QListWidgetItem)
    def _changed(self, item: QListWidgetItem) -> None:
        self.renamed.emit(self.list.row(item), item.text())

    @Slot()
    def _rename(self) -> None:
        if (item := self.list.currentItem()) is not None:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            self.list.editItem(item)

    @Slot()
    def _remove(self) -> None:
        if self.list.currentRow() >= 0:
            self.removed.emit(self.list.currentRow())
