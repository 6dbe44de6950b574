"""The table of measures and models, painted: numbers with their errors, the best marked, one cell looked at."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio import api
from genstudio.api.comparison import Line, Table, usual_words
from genstudio.ui.measured import table_paint as paint
from genstudio.ui.measured import words
from genstudio.ui.measured.head import ColumnHead
from genstudio.ui.measured.queue import Queue
from genstudio.ui.measured.state import MOST
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.place_help import PlaceHelp

NAMES, MEASURES = 84, 160  # design px of aspects, and of measures
COLUMN, WIDEST = 100, 148  # design px of a model at least and at most
HEAD, GROUP = 56, 5  # design px of the heads, and of the room between two aspects
ROW, TALLEST = 33, 44  # design px of a line at least and at most
NOWHERE = (-1, -1)
ARROWS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
EMPTY = Table((), (), 0)


class MeasuredTable(PlaceHelp):
    """Takes a table in by `show_table`; lives in a scroll area.

    Signals:
        cell_chosen: a measure and a column, by hand or key.
        opened: what is behind the cell looked at is wanted.
        cleared: no cell is to be looked at.
        model_chosen: another model for a column, "" for none.
    """

    cell_chosen = Signal(str, int)
    opened = Signal()
    cleared = Signal()
    model_chosen = Signal(int, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table, self.queue = EMPTY, Queue()
        self._unread: frozenset[str] = frozenset()
        self._room, self._high = 0, px(ROW)  # pixels for all of it, and of a line
        self.cell = self._hovered = NOWHERE  # line and column
        self._by_keys = False  # the keyboard has come here by Tab
        self.heads = [ColumnHead(column, self) for column in range(MOST)]
        for head in self.heads:
            head.model_chosen.connect(self.model_chosen)
            head.hide()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Measures of the models")
        theme().changed.connect(self._restyle)
        self._restyle()

    # ---- data in ----------------------------------------------------------------------------------------

    def show_table(
        self, table: Table, infos: Mapping[str, api.ModelInfo], queue: Queue, unread: frozenset[str] = frozenset()
    ) -> None:
        """What is known of the models, but for those of which nothing is read yet, and how far their measuring is."""
        is_other, self._unread = table.models != self.table.models, unread
        self.table, self.queue = table, queue
        for column, head in enumerate(self.heads):
            head.setVisible(column < len(table.models))
            if column < len(table.models):
                model = table.models[column]
                head.show_model(model, infos, table.models)
                self._show_head(column, infos)
        if is_other:
            self._restyle()
        self._describe()
        self.update()

    def fill(self, high: int) -> None:
        """So many pixels are there, which the lines share as far as they look well."""
        if high != self._room:
            self._room = high
            self._restyle()

    def show_progress(self, infos: Mapping[str, api.ModelInfo]) -> None:
        """The queue has gone on."""
        for column in range(len(self.table.models)):
            self._show_head(column, infos)
        self.update()

    def _show_head(self, column: int, infos: Mapping[str, api.ModelInfo]) -> None:
        model = self.table.models[column]
        way = usual_words(infos[model]) if model in infos else "not here"
        counts = {line.cells[column].found.count for line in self.table.lines if line.cells[column].found}  # type: ignore[union-attr]
        count = next(iter(counts), self.table.count)
        told = f"of {count:,}" if count != self.table.count else way or "at once"
        self.heads[column].show_state(told, self.queue, model)

    def show_cell(self, name: str, column: int) -> None:
        """Frame a cell; "" none."""
        rows = [line.name for line in self.table.lines]
        self.cell = (rows.index(name), column) if name in rows else NOWHERE
        self._describe()
        self.update()

    def _describe(self) -> None:
        row, column = self.cell
        is_there = 0 <= row < len(self.table.lines) and 0 <= column < len(self.table.models)
        told = words.cell_help(self.table.lines[row], column) if is_there else words.HELP
        self.setAccessibleDescription(told)

    # ---- geometry ---------------------------------------------------------------------------------------

    def columns(self) -> int:
        """Of numbers: the models, and real pictures."""
        return len(self.table.models) + 1

    def labels_wide(self) -> int:
        """Pixels of the names of aspects and measures."""
        return px(NAMES) + px(MEASURES)

    def sizeHint(self) -> QSize:
        return QSize(self.labels_wide() + self.columns() * px(COLUMN), self._bottom())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _tops(self) -> list[int]:
        """Where the lines begin."""
        tops, top, before = [], px(HEAD), ""
        for line in self.table.lines:
            if before and line.aspect != before:
                top += px(GROUP)
            tops.append(top)
            top, before = top + self._high, line.aspect
        return tops

    def _bottom(self) -> int:
        tops = self._tops()
        return (tops[-1] + self._high if tops else px(HEAD)) + px(2)

    def column_wide(self) -> int:
        """Pixels of a column of numbers."""
        room = (self.width() - self.labels_wide()) // self.columns()
        return min(max(room, px(COLUMN)), px(WIDEST))

    def cell_rect(self, row: int, column: int) -> QRect:
        """Where a number stands; the column after the models is that of real pictures, column -1 the names."""
        top, wide = self._tops()[row], self.column_wide()
        if column < 0:
            return QRect(0, top, self.labels_wide(), self._high)
        return QRect(self.labels_wide() + column * wide, top, wide, self._high)

    def place_at(self, point: QPointF) -> tuple[int, int]:
        """Line and column under a point, see `cell_rect`; NOWHERE elsewhere."""
        at = point.toPoint()
        for row in range(len(self.table.lines)):
            for column in range(-1, self.columns()):
                if self.cell_rect(row, column).contains(at):
                    return row, column
        return NOWHERE

    def _is_cell(self, place: tuple[int, int]) -> bool:
        return place[0] >= 0 and 0 <= place[1] < len(self.table.models)

    # ---- hand -------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keys = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A number is looked at; a second click lets it go."""
        place = self.place_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or not self._is_cell(place):
            return
        if place == self.cell:
            self.cleared.emit()
        else:
            self._choose(*place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """What is behind it."""
        place = self.place_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and self._is_cell(place):
            self._choose(*place)
            self.opened.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.place_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(NOWHERE)

    def _hover(self, place: tuple[int, int]) -> None:
        if place != self._hovered:
            self._hovered = place
            is_cell = self._is_cell(place)
            self.setCursor(Qt.CursorShape.PointingHandCursor if is_cell else Qt.CursorShape.ArrowCursor)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from number to number, Return leads to what was measured, Delete lets go."""
        key = Qt.Key(event.key())
        if not self.table.lines or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in ARROWS:
            self._move(*ARROWS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.cell == NOWHERE:
                self._choose(0, 0)
            self.opened.emit()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    def _move(self, down: int, right: int) -> None:
        if self.cell == NOWHERE:
            self._choose(0, 0)
            return
        row = min(max(self.cell[0] + down, 0), len(self.table.lines) - 1)
        self._choose(row, min(max(self.cell[1] + right, 0), len(self.table.models) - 1))

    def _choose(self, row: int, column: int) -> None:
        self.cell_chosen.emit(self.table.lines[row].name, column)

    def help_at(self, point: QPointF) -> str:
        """What is under a point, in words."""
        row, column = self.place_at(point)
        if row < 0:
            return words.HELP
        line = self.table.lines[row]
        if column < 0:
            return words.line_help(line)
        return words.cell_help(line, column) if column < len(self.table.models) else words.real_help(line)

    # ---- paint ------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_heads()

    def _place_heads(self) -> None:
        wide = self.column_wide()
        for column, head in enumerate(self.heads):
            head.setGeometry(self.labels_wide() + column * wide, 0, wide, px(HEAD) - px(4))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Names, numbers, and the frames of what is looked at."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.table.lines:
            return
        last = self.labels_wide() + len(self.table.models) * self.column_wide()
        paint.real_head(painter, QRectF(last, 0, self.column_wide(), px(HEAD)))
        before = ""
        for row, line in enumerate(self.table.lines):
            self._paint_line(painter, row, line, line.aspect != before)
            before = line.aspect
        for place, is_chosen in ((self._hovered, False), (self.cell, True)):
            if self._is_cell(place) and place[0] < len(self.table.lines):
                paint.frame(painter, QRectF(self.cell_rect(*place)), is_chosen)
        if self.hasFocus() and self._by_keys:
            paint.focus(painter, QRectF(self.rect()).adjusted(0.5, px(HEAD) - 3.5, -0.5, -0.5))

    def _paint_line(self, painter: QPainter, row: int, line: Line, is_first: bool) -> None:
        box = QRectF(self.cell_rect(row, -1))
        if is_first:
            right = self.labels_wide() + self.columns() * self.column_wide()
            paint.rule(painter, box.top() - px(GROUP) / 2, right)
            paint.aspect(painter, box.adjusted(px(8), 0, -px(MEASURES), 0), line)
        paint.measure(painter, box.adjusted(px(NAMES), 0, -px(4), 0), line)
        for column, cell in enumerate(line.cells):
            is_timed = line.name == "time" and cell.model in self.queue.timed
            waits = (
                cell.model in self._unread
                or is_timed
                or (cell.model in (self.queue.current, *self.queue.waiting) and paint.can_come(cell))
            )
            paint.cell(painter, QRectF(self.cell_rect(row, column)), line, column, waits)
        paint.floor(painter, QRectF(self.cell_rect(row, len(line.cells))), line)

    @Slot()
    def _restyle(self) -> None:
        self._high = px(ROW)
        if lines := len(self.table.lines):
            self._high = min(px(ROW) + max(self._room - self._bottom(), 0) // lines, px(TALLEST))
        self.setFont(theme().font(13))
        self.setMinimumSize(self.sizeHint())
        self.setFixedHeight(self._bottom())
        self._place_heads()
        self.updateGeometry()
        self.update()
