"""How a model is told from the others: a colour, a dash and a shape, which differ in grey, too."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from genstudio.ui.theme import px, theme

COLORS = ("latent", "generator", "accent", "generated", "discriminator", "neutral")  # fields of the theme's colours
DASHES: tuple[list[float], ...] = ([], [6, 3], [2, 2], [8, 3, 2, 3], [4, 2], [1, 2])
CORNERS = (0, 4, 3, -4, 5, 6)  # of the shapes: 0 is a disc, -4 a diamond


def color_of(column: int) -> QColor:
    """Of a model, readable on the stage."""
    return QColor(getattr(theme().colors, f"{COLORS[column % len(COLORS)]}_text"))


def pen_of(column: int) -> QPen:
    """The line of a model."""
    pen = QPen(color_of(column), px(2))
    if dash := DASHES[column % len(DASHES)]:
        pen.setDashPattern(dash)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def draw_mark(painter: QPainter, at: QPointF, column: int, radius: float) -> None:
    """The shape of a model."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color_of(column))
    corners = CORNERS[column % len(CORNERS)]
    if corners == 0:
        painter.drawEllipse(at, radius, radius)
    else:
        turn = 0.0 if corners in (-4, 3, 5, 6) else math.pi / 4
        angles = (turn - math.pi / 2 + 2 * math.pi * k / abs(corners) for k in range(abs(corners)))
        points = [at + QPointF(math.cos(a), math.sin(a)) * radius * 1.25 for a in angles]
        painter.drawPolygon(QPolygonF(points))
    painter.setBrush(Qt.BrushStyle.NoBrush)
