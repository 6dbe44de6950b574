"""The list of branches: a line for each along the steps, and in words what is changed where it begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QMenu, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.plain import plain

ROW, SHOWN = 26, 7  # design px of a row; rows that are seen at once
RAIL = 84  # design px of the lines at the left
HELP = "A click shows a branch, Delete removes it with those that leave it; Ctrl+Z brings it back."
Style = QStyleOptionViewItem | QStyle


@dataclass(frozen=True)
class Entry:
    """One line.

    Args:
        first, gone, count: The step at which it begins, the newest there is, and the last there will be.
    """

    title: str
    help: str
    parent: int
    first: int
    gone: int
    count: int


class Rails(QStyledItemDelegate):
    """Paints each branch as a line from the step at which it leaves its parent's."""

    def __init__(self, parent: BranchList) -> None:
        super().__init__(parent)
        self._list = parent

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(px(120), px(ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        option = QStyleOptionViewItem(option)
        self.initStyleOption(option, index)
        text, option.text = option.text, ""
        style = self._list.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, self._list)
        colors, box = theme().colors, QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_rails(painter, box, index.row())
        is_here = index.row() == self._list.here
        painter.setPen(QColor(colors.text if is_here else colors.text2))
        painter.setFont(theme().font(12, bold=is_here))
        room = box.adjusted(px(RAIL) + px(8), 0, -px(4), 0)
        words = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()

    def _paint_rails(self, painter: QPainter, box: QRect, row: int) -> None:
        entries, colors = self._list.entries, theme().colors
        longest = max(1, *(entry.count for entry in entries))

        def x(step: int) -> int:
            return box.left() + px(8) + round((px(RAIL) - px(12)) * step / longest)

        middle, entry = box.center().y(), entries[row]
        painter.setPen(QPen(QColor(colors.neutral), px(1)))
        for later, other in enumerate(entries):  # lines down to the branches below
            if other.parent >= 0 and other.parent <= row <= later and row != other.parent:
                painter.drawLine(x(other.first), box.top(), x(other.first), middle if row == later else box.bottom())
            elif other.parent == row:
                painter.drawLine(x(other.first), middle, x(other.first), box.bottom())
        color = QColor(colors.accent if row == self._list.here else colors.text2)
        painter.setPen(QPen(QColor(colors.line), px(2)))
        painter.drawLine(x(entry.first), middle, x(entry.count), middle)
        painter.setPen(QPen(color, px(3)))
        if entry.gone > entry.first:
            painter.drawLine(x(entry.first), middle, x(entry.gone), middle)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(QPoint(x(entry.first), middle), px(3), px(3))


class BranchList(QListWidget):
    """Says by the place in the list what is wanted.

    Signals:
        chosen, removed: of that branch.
    """

    chosen = Signal(int)
    removed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.entries: Sequence[Entry] = ()
        self.here = 0
        self.setAccessibleName("Branches")
        self.setAccessibleDescription(HELP)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(Rails(self))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._offer_menu)
        self.itemClicked.connect(self._clicked)
        self._menu = QMenu(self)
        self._remove = QAction("Delete this branch", self._menu)
        self._remove.triggered.connect(self._remove_current)
        self._menu.addAction(self._remove)
        theme().changed.connect(self._fit)

    def show_entries(self, entries: Sequence[Entry], here: int) -> None:
        """Other lines, and which of them is shown."""
        if (tuple(entries), here) == (self.entries, self.here):
            return
        is_moved = here != self.here or len(entries) != len(self.entries)
        self.entries, self.here = tuple(entries), here
        while self.count() > len(entries):
            self.takeItem(self.count() - 1)
        while self.count() < len(entries):
            self.addItem(QListWidgetItem())
        for row, entry in enumerate(entries):
            item = self.item(row)
            item.setText(entry.title)
            item.setToolTip(plain(f"{entry.help} {HELP}"))
        if is_moved:
            self.setCurrentRow(here)
        self._fit()
        self.viewport().update()

    @Slot()
    def _fit(self) -> None:
        self.setFixedHeight(min(max(self.count(), 1), SHOWN) * px(ROW) + px(4))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter shows, Delete removes; Space and the other keys of the page stay its own."""
        key, row = event.key(), self.currentRow()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0:
            self.chosen.emit(row)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and row > 0:
            self.removed.emit(row)
        elif event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)

    @Slot(QListWidgetItem)
    def _clicked(self, item: QListWidgetItem) -> None:
        self.chosen.emit(self.row(item))

    @Slot(QPoint)
    def _offer_menu(self, spot: QPoint) -> None:
        item = self.itemAt(spot)
        if item is not None and self.row(item) > 0:
            self._menu.popup(self.viewport().mapToGlobal(spot))

    @Slot()
    def _remove_current(self) -> None:
        if self.currentRow() > 0:
            self.removed.emit(self.currentRow())
