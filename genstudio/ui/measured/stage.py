"""The stage of the page of measurements: table and radar beside each other where there is room, or words instead."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from genstudio.ui.measured.radar import Radar
from genstudio.ui.measured.state import View
from genstudio.ui.measured.table import MeasuredTable
from genstudio.ui.theme import pad, px, theme
from genstudio.ui.widgets.stage import Stage

RADAR, WIDEST = 304, 440  # design px of the radar beside the table


class MeasuredStage(QWidget):
    """`room_changed` tells that both have room now, or no longer have it."""

    room_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table, self.radar, self.message = MeasuredTable(), Radar(), Stage(label="Measured")
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        holder = QWidget()
        holder.setProperty("role", "body")
        inside = pad(QVBoxLayout(holder), 0, 0)
        inside.addWidget(self.table)
        inside.addStretch(1)
        self.area.setWidget(holder)
        row = pad(QHBoxLayout(self), (4, 4, 4, 4), 16)
        row.addWidget(self.area, 1)
        row.addWidget(self.radar)
        row.addWidget(self.message, 1)
        self._view: View = "both"
        self._has_words, self._had_room, self._cell = False, True, ("", -1)
        theme().changed.connect(self._fit)
        self.show_message("")

    def show_message(self, text: str, button: str = "") -> None:
        """One sentence instead of the table; "" shows the table again."""
        self.message.set_message(text, button)
        self._has_words = bool(text)
        self._fit()

    def show_view(self, view: View) -> None:
        """What is wanted to be seen."""
        self._view = view
        self._fit()

    def has_room(self) -> bool:
        """Whether the radar fits beside the whole table."""
        return self.width() >= self.table.minimumSizeHint().width() + px(RADAR) + px(32)

    def seen(self) -> tuple[bool, bool]:
        """Whether the table is seen, and the radar."""
        return not self.area.isHidden(), not self.radar.isHidden()

    def show_cell(self, name: str, column: int) -> None:
        """Mark a cell in both, and scroll to one that was not marked before."""
        is_news, self._cell = (name, column) != self._cell, (name, column)
        self.table.show_cell(name, column)
        self.radar.show_cell(name, column)
        if name and is_news:
            box = self.table.cell_rect(*self.table.cell)
            self.area.ensureVisible(box.center().x(), box.center().y(), box.width() // 2 + 4, box.height() // 2 + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        has_words, has_room = self._has_words, self.has_room()
        self.area.setVisible(not has_words and self._view != "radar")
        self.radar.setVisible(not has_words and (self._view == "radar" or (self._view == "both" and has_room)))
        self.message.setVisible(has_words)
        proxy = None if has_words else self.table  # to which the window gives the keyboard
        self.message.setFocusProxy(proxy)  # type: ignore[arg-type]
        self.radar.show_legend(self._view == "radar")
        beside = min(max(self.width() - self.table.sizeHint().width() - px(168), px(RADAR)), px(WIDEST))
        self.radar.setMaximumWidth(beside if self._view == "both" else 16_777_215)
        self.radar.setMinimumWidth(beside if self._view == "both" else px(280))
        if has_room != self._had_room:
            self._had_room = has_room
            self.room_changed.emit()
