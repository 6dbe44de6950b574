"""What lies under the paths of a map: dots of real pictures in the colours of their classes, and the axes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from genstudio.api import ComponentPlane, Scatter
from genstudio.ui.latent.code_map import COLORS
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.plane import paint_dots

LIGHT, SHADE, GREY = QColor("#E6E8EB"), QColor(0, 0, 0, 200), "#9AA3AE"  # over a ground that is dark in both themes
LEFT, BOTTOM = 22, 22  # design px of the axes' words
SpotsOf = Callable[[npt.ArrayLike], npt.NDArray[np.float64]]  # where places (..., 2) lie in the widget, (N, 2)


def paint_axes(painter: QPainter, frame: QRectF, plane: ComponentPlane) -> None:
    """What the axes are, below and at the left of the frame, and how much of the variance each holds."""
    painter.setFont(theme().font(11))
    painter.setPen(QColor(theme().colors.text2))
    one, two = (f"{100 * float(share):.0f} % of the variance" for share in plane.explained)
    middle = Qt.AlignmentFlag.AlignCenter
    below = QRectF(frame.left(), frame.bottom(), frame.width(), px(BOTTOM))
    painter.drawText(below, middle, _fitting(painter, f"first principal component · {one}", frame.width()))
    painter.save()
    painter.translate(px(LEFT) / 2 - px(2), frame.center().y())
    painter.rotate(-90)
    beside = QRectF(-frame.height() / 2, -px(LEFT) / 2, frame.height(), px(LEFT))
    painter.drawText(beside, middle, _fitting(painter, f"second · {two}", frame.height()))
    painter.restore()


def color_of(kind: int) -> QColor:
    """Of a class; -1 is none."""
    return QColor(COLORS[kind % len(COLORS)]) if kind >= 0 else QColor(GREY)


def paint_scatter(painter: QPainter, scatter: Scatter, names: Sequence[str], spots_of: SpotsOf) -> None:
    """A dot for each picture, and in the middle of each class its name."""
    spots, labels = spots_of(scatter.places), scatter.labels
    painter.setOpacity(0.4)
    for kind in np.unique(labels).tolist():
        paint_dots(painter, spots[labels == kind], color_of(kind).name())
    painter.setOpacity(1.0)
    painter.setFont(theme().font(13, bold=True))
    for kind, name in enumerate(names):
        if (labels == kind).any():
            ((x, y),) = spots_of(np.median(scatter.places[labels == kind], axis=0)).tolist()
            write(painter, QPointF(x, y), name, color_of(kind).lighter(125))


def _fitting(painter: QPainter, text: str, room: float) -> str:
    return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room))


def write(painter: QPainter, point: QPointF, text: str, color: QColor) -> None:
    """Centred there, over whatever it is."""
    box = QRectF(point.x() - px(90), point.y() - px(10), px(180), px(20))
    for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        painter.setPen(SHADE)
        painter.drawText(box.translated(px(dx), px(dy)), Qt.AlignmentFlag.AlignCenter, text)
    painter.setPen(color)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
