"""The scale at the left of bars that begin at zero."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from genstudio.ui.numbers import nice_ticks, tick_text
from genstudio.ui.theme import px, theme

TICKS = 3  # at most; fewer where there is no room for their numbers


def paint_scale(painter: QPainter, room: QRectF, top: float) -> None:
    """Lines across `room` from 0 at its bottom to `top` at its top, and their numbers at its left."""
    colors = theme().colors
    ticks = nice_ticks(0, top, min(max(room.height() / (2 * painter.fontMetrics().height()), 1), TICKS))
    spacing = ticks[1] - ticks[0] if len(ticks) > 1 else 1.0
    for value in ticks:
        y = room.bottom() - value / top * room.height()
        painter.fillRect(QRectF(room.left(), round(y), room.width(), 1), QColor(colors.line))
        painter.setPen(QColor(colors.text2))
        where = QRectF(0, y - px(10), room.left() - px(6), px(20))
        painter.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tick_text(value, spacing))
