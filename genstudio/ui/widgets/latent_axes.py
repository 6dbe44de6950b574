"""The axes beside a square of the latent plane, both in the same words: -3σ, the latent's name, 0, +3σ."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from genstudio.ui.numbers import signed
from genstudio.ui.theme import px, theme

LEFT, BOTTOM = 38, 22  # design px of the axes
HIGH = 16  # design px of a line of figures


def labels(extent: float, along_px: float, word_px: float) -> list[tuple[float, str]]:
    """Value and words of each label of an axis; "z" stands for the latent's name, left out where it would touch."""
    figures = [(value, f"{signed(value, '+g')}σ" if value else "0") for value in (-extent, 0.0, extent)]
    return [*figures, (-extent / 2, "z")] if along_px / 4 > word_px else figures


def paint_axes(painter: QPainter, square: QRectF, extent: float, names: tuple[str, str] = ("z1", "z2")) -> None:
    """The first name's axis below the square, the second's at its left."""
    painter.setFont(theme().font(11))
    painter.setPen(QColor(theme().colors.text2))
    centre, right = Qt.AlignmentFlag.AlignCenter, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
    wide = painter.fontMetrics().horizontalAdvance(f"−{extent:g}σ")
    for value, text in labels(extent, square.width(), wide):
        x = square.center().x() + value / extent * square.width() / 2
        word = names[0] if text == "z" else text
        painter.drawText(QRectF(x - px(24), square.bottom() + px(3), px(48), px(HIGH)), centre, word)
    for value, text in labels(extent, square.height(), px(HIGH)):
        y = square.center().y() - value / extent * square.height() / 2
        word = names[1] if text == "z" else text
        painter.drawText(QRectF(square.left() - px(LEFT), y - px(8), px(LEFT - 5), px(HIGH)), right, word)
