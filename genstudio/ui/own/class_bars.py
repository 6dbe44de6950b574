"""How many pictures each class has, a bar for each: to train on, and paler those held out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.errors import counted
from genstudio.ui.theme import px, readable, theme
from genstudio.ui.widgets.place_help import PlaceHelp

HIGH, BAR = 20, 12  # design px of a row, and of its bar
NAME = 0.4  # of the width that a name has at most
PALE = 0.4


class ClassBars(PlaceHelp):
    """Paints one row per class, below each other; it is as high as they need."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[str, int, int]] = []  # name, pictures to train on, held out
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Pictures of each class")
        theme().changed.connect(self._restyle)

    def set_counts(self, names: Sequence[str], counts: Sequence[int], held_out: Sequence[int]) -> None:
        """Show these classes."""
        self._rows = list(zip(names, counts, held_out, strict=True))
        self.setAccessibleDescription("; ".join(words_of(*row) for row in self._rows[:20]))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(px(200), px(HIGH) * len(self._rows))

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def help_at(self, point: QPointF) -> str:
        """The whole name of a class, and both numbers."""
        row = int(point.y() // px(HIGH))
        return words_of(*self._rows[row]) if 0 <= row < len(self._rows) else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name, bar, number."""
        if not self._rows:
            return
        painter, colors = QPainter(self), theme().colors
        painter.setFont(theme().font(11))
        metrics, high, gap = painter.fontMetrics(), px(HIGH), px(8)
        most = max(max(count + held_out for _, count, held_out in self._rows), 1)
        numbers = metrics.horizontalAdvance(f"{most:,}")
        longest = max(metrics.horizontalAdvance(name) for name, _, _ in self._rows) + gap + px(2)
        left = min(longest, self.width() * NAME)
        room = max(self.width() - left - numbers - 2 * gap, 1.0)
        color = QColor(readable(colors.real, colors.panel, colors.text, 3.0))
        pale = QColor(color)
        pale.setAlphaF(PALE)
        first, last = event.rect().top() // high, event.rect().bottom() // high
        for number, (name, count, held_out) in enumerate(self._rows[: last + 1]):
            if number < first:
                continue
            top, middle = number * high, (high - px(BAR)) / 2
            painter.setPen(QColor(colors.text))
            words = metrics.elidedText(name, Qt.TextElideMode.ElideRight, round(left - gap))
            center = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, top, left, high), int(Qt.AlignmentFlag.AlignLeft | center), words)
            wide, rest = count / most * room, held_out / most * room
            painter.fillRect(QRectF(left, top + middle, wide, px(BAR)), color)
            painter.fillRect(QRectF(left + wide, top + middle, rest, px(BAR)), pale)
            painter.setPen(QColor(colors.text2))
            spot = QRectF(left + wide + rest + gap, top, numbers + gap, high)
            painter.drawText(spot, int(Qt.AlignmentFlag.AlignLeft | center), f"{count + held_out:,}")

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()


def words_of(name: str, count: int, held_out: int) -> str:
    """A class in words."""
    return f"{name}: {counted(count, 'picture')} to train on, {held_out:,} held out"
