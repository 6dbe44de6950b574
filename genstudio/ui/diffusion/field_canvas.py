"""The plane of a diffusion of points: real points, particles on their way, and the field that moves them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from genstudio.api import Floats
from genstudio.settings.point_diffusion import PLANE_REACH
from genstudio.ui.diffusion.field_scene import Scene, arrows
from genstudio.ui.numbers import signed
from genstudio.ui.theme import px, readable, theme
from genstudio.ui.widgets.plane import paint_dots, paint_lines

LAYERS = ("real", "particles", "trails", "field", "true")
SHOWN = ("real", "particles", "trails", "field")
MARGIN, HEAD = 10, 3.5  # design px
FAR = 20.0  # Qt crashes where a coordinate has no place in its integers
Spots = npt.NDArray[np.float64]


class FieldCanvas(QWidget):
    """Shows a scene at a place of the way; subclasses paint it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene, self.place = Scene({}), 1.0
        self.layers = set(SHOWN)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setAccessibleName(name)
        theme().changed.connect(self._restyle)

    def sizeHint(self) -> QSize:
        """As large as there is room."""
        return QSize(px(560), px(560))

    def minimumSizeHint(self) -> QSize:
        """As small as need be."""
        return QSize(px(120), px(120))

    def show_numbers(self, numbers: Mapping[str, Floats]) -> None:
        """Show a moment of a run, or real points alone."""
        self.scene = Scene(numbers)
        self.update()

    def set_place(self, place: float) -> None:
        """Show the way there: 0 is noise, 1 is data."""
        self.place = place
        self.update()

    def set_layer(self, name: str, is_shown: bool) -> None:
        """Show or hide one of LAYERS."""
        (self.layers.add if is_shown else self.layers.discard)(name)
        self.update()

    def says_at(self, place: QPointF) -> str:
        """What is at a place of the widget; "" where there is nothing to say."""
        raise NotImplementedError

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what is under the pointer."""
        QToolTip.showText(event.globalPosition().toPoint(), self.says_at(event.position()), self)

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()


class PlaneCanvas(FieldCanvas):
    """A square of the plane."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Plane of the diffusion", parent)

    def square(self) -> QRectF:
        """Where the plane is drawn."""
        side = max(min(self.width(), self.height()) - 2 * px(MARGIN), 1)
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def spots(self, points: Floats) -> Spots:
        """Where points (..., 2) lie in the widget."""
        square, points = self.square(), np.nan_to_num(np.clip(points, -FAR, FAR), nan=FAR)
        scale = square.width() / (2 * PLANE_REACH)
        return np.asarray((square.center().x(), square.center().y())) + scale * points * np.array((1.0, -1.0))

    def says_at(self, place: QPointF) -> str:
        """Where the nearest arrow pulls, as the network says it and in truth."""
        square = self.square()
        if not self.scene.has_way or not square.contains(place):
            return ""
        side = self.scene.numbers["field"].shape[1]
        share = np.array((place.y() - square.top(), place.x() - square.left())) / square.width()
        row, column = np.clip(np.rint(share * (side - 1)).astype(int), 0, side - 1)
        said, true = (self.scene.at(name, self.place)[row, column] for name in ("field", "true_field"))
        return f"Noise times score, about here: {_pair(said)}; in truth {_pair(true)}."

    def paintEvent(self, event: QPaintEvent) -> None:
        """Real points, trails, arrows, particles."""
        painter, colors, square = QPainter(self), theme().colors, self.square()
        painter.fillRect(square, QColor(colors.panel))
        painter.setClipRect(square)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        numbers = self.scene.numbers
        if "real" in self.layers and "real" in numbers:
            paint_dots(painter, self.spots(numbers["real"]), colors.real)
        if self.scene.has_way:
            for layer, name, color in (("true", "true_field", "real"), ("field", "field", "latent")):
                if layer in self.layers:
                    self._paint_arrows(painter, name, getattr(colors, color))
            if "trails" in self.layers:
                paint_trails(painter, self.spots(self.scene.trails(self.place)))
            if "particles" in self.layers:
                paint_dots(painter, self.spots(self.scene.at("particles", self.place)), colors.generated)
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


def _pair(vector: Floats) -> str:
    return f"({', '.join(signed(float(value), '.2f') for value in vector)})"
