"""The matrix of factors and latents: bright where a latent tells a factor, and the gap of each row at its end."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.api import FactorsEvent
from genstudio.ui.colors import contrast, mix
from genstudio.ui.latent import factors_words as words
from genstudio.ui.latent.factors_state import Cell, Unit, columns_of, dead
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.place_help import PlaceHelp

HEAD, ROW = 24, 40  # design px of the names of the latents, and of a row at most
LEAST = 13  # design px of a row at least
GAP = 72  # design px of the column of gaps
WIDEST = 104  # design px of a cell
FAINT = 0.05  # share below which a number is only whispered
ARROWS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}


class FactorMatrix(PlaceHelp):
    """Paints the cells; takes what was measured in and says which cell or latent is wanted.

    Signals:
        cell_chosen: a factor and a latent.
        latent_chosen: a latent whose name was clicked, or Enter pressed on its cell.
        moved: rows down and columns right to go from the cell looked at.
        cleared: back to the best latents.
    """

    cell_chosen = Signal(int, int)
    latent_chosen = Signal(int)
    moved = Signal(int, int)
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found: FactorsEvent | None = None
        self.cell: Cell = (0, 0)
        self.unit: Unit = "share"
        self.order: tuple[int, ...] = ()
        self._hovered: tuple[int, int] = (-2, -2)  # row and place; row -1 are the names
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Which latent tells which factor")
        self._restyle()
        theme().changed.connect(self._restyle)

    # ---- data in --------------------------------------------------------------------------------------

    def show_found(self, found: FactorsEvent | None, cell: Cell = (0, 0), unit: Unit = "share") -> None:
        """What was measured, and the cell that is looked at; None before anything was."""
        if found is not self.found:
            self.order = columns_of(found) if found is not None else ()
            self._hovered = (-2, -2)
        self.found, self.cell, self.unit = found, cell, unit
        self.setAccessibleDescription(words.told(found, cell) if found is not None else words.HELP)
        self._restyle()

    # ---- geometry -------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Rows of their full height."""
        return QSize(px(400), px(HEAD) + px(ROW) * self._rows())

    def _rows(self) -> int:
        return len(self.found.factors) if self.found is not None else 5

    def _names_wide(self) -> int:
        if self.found is None:
            return px(80)
        metrics = self.fontMetrics()
        return max(metrics.horizontalAdvance(name) for name in self.found.names()) + px(20)

    def cells_rect(self) -> QRectF:
        """Where the cells are."""
        left = self._names_wide()
        wide = min(self.width() - left - px(GAP), px(WIDEST) * max(len(self.order), 1))
        high = min(self.height() - px(HEAD), px(ROW) * self._rows())
        spare_x = (self.width() - left - px(GAP) - wide) // 2
        spare_y = (self.height() - px(HEAD) - high) // 2
        return QRectF(left + spare_x, px(HEAD) + spare_y, max(wide, 1), max(high, 1))

    def focus_rect(self) -> QRectF:
        """The frame around the cells, of which no edge is cut off by the widget's own."""
        return self.cells_rect().adjusted(-1.5, -1.5, 0.5, -0.5)

    def cell_rect(self, row: int, place: int) -> QRectF:
        """Where one cell is; row -1 are the names of the latents."""
        room, rows, count = self.cells_rect(), self._rows(), max(len(self.order), 1)
        left, right = (round(room.left() + room.width() * k / count) for k in (place, place + 1))
        if row < 0:
            return QRectF(left, room.top() - px(HEAD), right - left, px(HEAD))
        top, bottom = (round(room.top() + room.height() * k / rows) for k in (row, row + 1))
        return QRectF(left, top, right - left, bottom - top)

    def place_at(self, point: QPointF) -> tuple[int, int]:
        """Row and place under a point: row -1 names of latents, place -1 names of factors; (-2, -2) elsewhere."""
        room = self.cells_rect()
        if self.found is None or not room.top() - px(HEAD) <= point.y() < room.bottom() or point.x() >= room.right():
            return -2, -2
        row = int((point.y() - room.top()) / room.height() * self._rows()) if point.y() >= room.top() else -1
        if point.x() < room.left():
            return (row, -1) if row >= 0 else (-2, -2)
        return row, min(int((point.x() - room.left()) / room.width() * len(self.order)), len(self.order) - 1)

    # ---- hand -----------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A cell is looked at; the name of a latent leads to Explore."""
        row, place = self.place_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or place < 0:
            return
        if row < 0:
            self.latent_chosen.emit(self.order[place])
        else:
            self.cell_chosen.emit(row, self.order[place])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark what would be chosen."""
        self._hover(self.place_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer is gone."""
        self._hover((-2, -2))

    def _hover(self, where: tuple[int, int]) -> None:
        if where != self._hovered:
            self._hovered = where
            is_button = where[1] >= 0
            self.setCursor(Qt.CursorShape.PointingHandCursor if is_button else Qt.CursorShape.ArrowCursor)
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Enter, Delete."""
        key = Qt.Key(event.key())
        if self.found is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in ARROWS:
            self.moved.emit(*ARROWS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.latent_chosen.emit(self.cell[1])
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit()
        else:
            super().keyPressEvent(event)

    def help_at(self, point: QPointF) -> str:
        """What is under a point, in words."""
        row, place = self.place_at(point)
        if self.found is None or row == -2:
            return words.HELP
        if place == -1:
            return words.factor_help(self.found, row)
        latent = self.order[place]
        return words.latent_help(self.found, latent) if row == -1 else f"{words.told(self.found, (row, latent))}."

    # ---- paint ----------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Names, cells, and the frames of what is looked at."""
        if self.found is None:
            return
        painter = QPainter(self)
        painter.setFont(theme().font(11))
        self._paint_cells(painter, self.found)
        self._paint_names(painter, self.found)
        self._paint_gaps(painter, self.found)
        colors = theme().colors
        frames = [(self._hovered, colors.text2, 1), ((self.cell[0], self.order.index(self.cell[1])), colors.accent, 2)]
        for (row, place), color, width in frames:
            if row >= 0 and place >= 0:
                half = px(width) / 2
                painter.setPen(QPen(QColor(color), px(width)))
                painter.drawRect(self.cell_rect(row, place).adjusted(half, half, -half, -half))
        if self.hasFocus():
            painter.setPen(QPen(QColor(colors.accent), 1))
            painter.drawRect(self.focus_rect())

    def _paint_cells(self, painter: QPainter, found: FactorsEvent) -> None:
        colors, told, is_dead = theme().colors, found.shares(), dead(found)
        wide = painter.fontMetrics().horizontalAdvance("0.00") + px(6)
        low = mix(colors.stage, colors.text, 0.06)
        for row in range(len(found.factors)):
            for place, latent in enumerate(self.order):
                box, share = self.cell_rect(row, place), float(told[row, latent])
                fill = mix(low, colors.neutral if is_dead[latent] else colors.latent, min(share, 1.0) ** 0.8)
                hair = 1 if box.width() > px(6) else 0
                painter.fillRect(box.adjusted(0, 0, -hair, -1), QColor(fill))
                if box.width() >= wide and box.height() >= px(LEAST):
                    painter.setPen(QColor(colors.text2 if share < FAINT else _ink_on(fill)))
                    text = words.value(found, (row, latent), self.unit)
                    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_names(self, painter: QPainter, found: FactorsEvent) -> None:
        colors, is_dead, metrics = theme().colors, dead(found), painter.fontMetrics()
        last = -1.0  # the right end of the name before: names that would touch are left out
        for place, latent in enumerate(self.order):
            box, name = self.cell_rect(-1, place), f"z{latent + 1}"
            wide = max(metrics.horizontalAdvance(name) + px(4), box.width())
            spot = QRectF(box.center().x() - wide / 2, box.top(), wide, box.height())
            if spot.left() < last - 1:
                continue
            last = spot.right()
            quiet = colors.neutral_text if is_dead[latent] else colors.text
            painter.setPen(QColor(colors.accent_text if self._hovered == (-1, place) else quiet))
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, name)
        left = self._names_wide()
        for row, name in enumerate(found.names()):
            box = self.cell_rect(row, 0)
            painter.setPen(QColor(colors.text))
            spot = QRectF(box.left() - left, box.top(), left - px(8), box.height())
            painter.drawText(spot, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_gaps(self, painter: QPainter, found: FactorsEvent) -> None:
        colors, room = theme().colors, self.cells_rect()
        apart, side = found.gaps(), Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(colors.text2))
        left, wide = room.right() + px(12), px(GAP - 12)
        painter.drawText(QRectF(left, room.top() - px(HEAD), wide, px(HEAD)), side, "gap")
        for row in range(len(found.factors)):
            box = self.cell_rect(row, 0)
            painter.setPen(QColor(colors.text))
            has_bar = box.height() >= px(26)
            high = box.height() - (px(6) if has_bar else 0)
            painter.drawText(QRectF(left, box.top(), wide, high), side, f"{apart[row]:.2f}")
            if has_bar:
                bar = QRectF(left, box.center().y() + px(7), wide - px(8), px(3))
                painter.fillRect(bar, QColor(colors.line))
                bar.setWidth(max(bar.width() * float(apart[row]), 1))
                painter.fillRect(bar, QColor(colors.latent))

    @Slot()
    def _restyle(self) -> None:
        self.setMinimumSize(px(240), px(HEAD) + px(LEAST) * self._rows())
        self.updateGeometry()
        self.update()


def _ink_on(fill: str) -> str:
    """The colour that is read best on another."""
    return max((theme().colors.text, "#000000", "#FFFFFF"), key=lambda ink: contrast(ink, fill))
