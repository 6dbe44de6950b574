"""How a moment of a diffusion of points is painted: on its canvas, and as a frame of a film. No widget."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from genstudio.api import Floats
from genstudio.settings.point_diffusion import PLANE_REACH
from genstudio.ui.diffusion.field_scene import Scene, arrows
from genstudio.ui.theme import px, readable, theme
from genstudio.ui.widgets.plane import Dots, paint_lines

HEAD = 3.5  # design px of an arrow's head
FAR = 20.0  # Qt crashes where a coordinate has no place in its integers
Spots = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PlaneSheet:
    """A scene of points in the plane, at a place of the way, in a square `room`. Any thread may paint it."""

    scene: Scene
    place: float
    layers: frozenset[str]
    room: QRectF

    def spots(self, points: Floats) -> Spots:
        """Where points (..., 2) lie."""
        square, points = self.room, np.nan_to_num(np.clip(points, -FAR, FAR), nan=FAR)
        scale = square.width() / (2 * PLANE_REACH)
        return np.asarray((square.center().x(), square.center().y())) + scale * points * np.array((1.0, -1.0))

    def paint(self, painter: QPainter, dots: Dots) -> None:
        """Real points, trails, arrows, particles."""
        colors, square = theme().colors, self.room
        painter.fillRect(square, QColor(colors.panel))
        painter.setClipRect(square)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        numbers = self.scene.numbers
        if "real" in self.layers and "real" in numbers:
            dots(painter, self.spots(numbers["real"]), colors.real)
        if self.scene.has_way:
            for layer, name, color in (("true", "true_field", "real"), ("field", "field", "latent")):
                if layer in self.layers:
                    self._paint_arrows(painter, name, getattr(colors, color))
            if "trails" in self.layers:
                paint_trails(painter, self.spots(self.scene.trails(self.place)))
            if "particles" in self.layers:
                dots(painter, self.spots(self.scene.at("particles", self.place)), colors.generated)
        painter.setClipping(False)
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.drawRect(square)

    def _paint_arrows(self, painter: QPainter, name: str, color: str) -> None:
        field, axis = self.scene.at(name, self.place), self.scene.numbers["axis"]
        column, row = np.meshgrid(axis, axis[::-1])
        tails = np.stack([column, row], -1).reshape(-1, 2)
        steps = arrows(field, 0.9 * float(axis[1] - axis[0])).reshape(-1, 2)
        colors = theme().colors
        painter.setPen(QPen(QColor(readable(color, colors.panel, colors.text, 3.0)), px(1.25)))
        paint_arrows(painter, self.spots(tails), self.spots((tails + steps).astype(np.float32)))


def paint_trails(painter: QPainter, ways: Spots) -> None:
    """Ways (N, M, 2) as lines."""
    color = QColor(theme().colors.generated)
    color.setAlphaF(0.45)
    painter.setPen(QPen(color, px(1)))
    for way in ways.tolist():
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in way]))


def paint_arrows(painter: QPainter, tails: Spots, tips: Spots) -> None:
    """Arrows from spots (N, 2) to others, with heads that are never longer than half of them."""
    ways = tails - tips
    long = np.linalg.norm(ways, axis=1, keepdims=True)
    back = ways * np.minimum(px(HEAD), 0.5 * long) / np.maximum(long, 1e-9)
    side = 0.7 * back[:, ::-1] * (1, -1)
    paint_lines(
        painter, np.concatenate([np.hstack([tips, ends]) for ends in (tails, tips + back + side, tips + back - side)])
    )
