"""The stage of the page of measurements: the table, beside it the radar or the words of a number; or a message."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from genstudio.ui.measured.cell_note import CellNote
from genstudio.ui.measured.radar import Radar
from genstudio.ui.measured.state import View
from genstudio.ui.measured.table import MeasuredTable
from genstudio.ui.theme import pad, px, theme
from genstudio.ui.widgets.stage import Stage

RADAR, WIDEST = 296, 440  # design px of the radar beside the table


class MeasuredStage(QWidget):
    """`room_changed` tells that both have room now, or no longer have it."""

    room_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table, self.radar, self.message = MeasuredTable(), Radar(), Stage(label="Measured")
        self.note = CellNote()
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the table has the keys, and scrolls with them
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
        row.addWidget(self.note)
        row.addWidget(self.message, 1)
        self._view: View = "both"
        self._has_words, self._had_room, self._cell = False, True, ("", -1)
        self._is_alone = False
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

    def stand_alone(self, is_alone: bool) -> None:
        """Whether the controls are folded away, where else the number looked at is told in words."""
        self._is_alone = is_alone
        self._fit()

    @contextmanager
    def without_words(self) -> Iterator[None]:
        """Table and radar as they stand while nothing is told beside them, the lines as high as they must be: for a
        picture of them, which is the same in every window.
        """
        was_alone, layout = self._is_alone, self.layout()
        assert layout is not None
        self.stand_alone(False)
        self.table.fill(0)
        layout.activate()
        try:
            yield
        finally:
            self.stand_alone(was_alone)

    def lacks_words(self) -> bool:
        """Whether a number is looked at of which nothing is told here, for there is no room, nor elsewhere."""
        return self._is_alone and bool(self._cell[0]) and self.note.isHidden()

    def has_room(self) -> bool:
        """Whether the radar, or a number's words, fit beside the whole table."""
        return self._spare() >= px(RADAR) + px(32)

    def _spare(self) -> int:
        """Pixels that the table does not need."""
        return self.width() - self.table.minimumSizeHint().width()

    def seen(self) -> tuple[bool, bool]:
        """Whether the table is seen, and the radar."""
        return not self.area.isHidden(), not self.radar.isHidden()

    def show_cell(self, name: str, column: int) -> None:
        """Mark a cell in both, and scroll to one that was not marked before."""
        is_news, self._cell = (name, column) != self._cell, (name, column)
        self.table.show_cell(name, column)
        self.radar.show_cell(name, column)
        if is_news:
            self._fit()
        if name and is_news:
            box = self.table.cell_rect(*self.table.cell)
            self.area.ensureVisible(box.center().x(), box.center().y(), box.width() // 2 + 4, box.height() // 2 + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        has_words, has_room = self._has_words, self.has_room()
        edges = 2 * px(4)
        self.table.fill(self.height() - edges if self._spare() >= edges else 0)  # below is the bar if not all is seen
        self.area.setVisible(not has_words and self._view != "radar")
        is_told = self._is_alone and bool(self._cell[0]) and has_room and not has_words and self._view != "radar"
        is_beside = self._view == "both" and has_room and (not is_told or self._spare() >= 2 * px(RADAR) + px(48))
        self.radar.setVisible(not has_words and (self._view == "radar" or is_beside))
        self.note.setVisible(is_told)
        self.message.setVisible(has_words)
        proxy = None if has_words else self.table  # to which the window gives the keyboard
        self.message.setFocusProxy(proxy)  # type: ignore[arg-type]
        self.radar.show_legend(self._view == "radar")
        wide = min(max(self._spare() - px(168), px(RADAR)), px(WIDEST))
        if is_told and is_beside:
            wide = px(RADAR)
        self.radar.setMaximumWidth(wide if self._view == "both" else 16_777_215)
        self.radar.setMinimumWidth(wide if self._view == "both" else px(280))
        self.note.setFixedWidth(wide)
        if has_room != self._had_room:
            self._had_room = has_room
            self.room_changed.emit()
