"""The plane of a game on points: what D says everywhere, the points, what each feels, and how G bends the plane."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from genstudio.settings.adversarial import REACH
from genstudio.ui.numbers import signed
from genstudio.ui.theme import px, theme

Floats = npt.NDArray[np.float32]
Heat = Literal["field", "best", ""]  # what D says, what the best D would, nothing
LAYERS = ("real", "fake", "arrows", "warp")
ARROW = 0.12  # units of the plane for a slope of 1
LONGEST = 0.5  # units
STRENGTH = 0.4  # of the colours under the points
DOT, MARGIN = 3.5, 10  # design px


class PointsCanvas(QWidget):
    """Shows what a game on points tells of itself; see `PointGANTrainer.numbers` for the names."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._numbers: dict[str, Floats] = {}
        self._is_critic = False
        self._heat: Heat = "field"
        self._layers = {"real", "fake", "arrows"}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setAccessibleName("Plane of the game")
        theme().changed.connect(self._restyle)

    def sizeHint(self) -> QSize:
        """A square with room for both kinds of points."""
        return QSize(px(560), px(560))

    def minimumSizeHint(self) -> QSize:
        """As small as need be."""
        return QSize(px(120), px(120))

    # ---- data in -------------------------------------------------------------------------------

    def show_numbers(self, numbers: Mapping[str, Floats], is_critic: bool = False) -> None:
        """Show a moment of a game.

        Args:
            is_critic: D's field has scores without bounds instead of probabilities.
        """
        self._numbers, self._is_critic = dict(numbers), is_critic
        self.update()

    def clear(self) -> None:
        """Show an empty plane."""
        self.show_numbers({})

    def set_heat(self, heat: Heat) -> None:
        """What lies under the points."""
        self._heat = heat
        self.update()

    def set_layer(self, name: str, is_shown: bool) -> None:
        """Show or hide one of LAYERS."""
        (self._layers.add if is_shown else self._layers.discard)(name)
        self.update()

    # ---- geometry ------------------------------------------------------------------------------

    def square(self) -> QRectF:
        """Where the plane is drawn."""
        side = max(min(self.width(), self.height()) - 2 * px(MARGIN), 1)
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def spot(self, x: float, y: float) -> QPointF:
        """Where a point of the plane lies in the widget."""
        square = self.square()
        scale = square.width() / (2 * REACH)
        return QPointF(square.center().x() + scale * x, square.center().y() - scale * y)

    def _spots(self, points: Floats) -> list[QPointF]:
        square = self.square()
        scale = square.width() / (2 * REACH)
        places = (square.center().x(), square.center().y()) + scale * points * (1, -1)
        return [QPointF(x, y) for x, y in places.tolist()]

    def says_at(self, place: QPointF) -> str:
        """What D says at a place of the widget, and what the best one would; "" outside the plane."""
        field, square = self._numbers.get("field"), self.square()
        if field is None or not square.contains(place):
            return ""
        side = len(field)
        column = round((place.x() - square.left()) / square.width() * (side - 1))
        row = round((place.y() - square.top()) / square.height() * (side - 1))
        if self._is_critic:
            return f"The critic gives this place {signed(float(field[row, column]), '+.2f')}."
        said = f"D takes what is here for real with {field[row, column]:.2f}"
        best = self._numbers.get("best")
        return f"{said}; the best D would with {best[row, column]:.2f}." if best is not None else f"{said}."

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what D says under the pointer."""
        QToolTip.showText(event.globalPosition().toPoint(), self.says_at(event.position()), self)

    # ---- paint ---------------------------------------------------------------------------------

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Heat, warped grid, points, arrows."""
        painter, colors = QPainter(self), theme().colors
        square = self.square()
        painter.fillRect(square, QColor(colors.panel))
        painter.setClipRect(square)
        if self._heat and (heat := self._numbers.get(self._heat)) is not None:
            cell = square.width() / (len(heat) - 1)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(square.adjusted(-cell / 2, -cell / 2, cell / 2, cell / 2), self._heat_image(heat))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if "warp" in self._layers and (warp := self._numbers.get("warp")) is not None:
            painter.setPen(QPen(QColor(colors.latent), px(1)))
            for lines in (warp, warp.swapaxes(0, 1)):
                for line in lines:
                    painter.drawPolyline(QPolygonF(self._spots(line)))
        for name, color in (("real", colors.real), ("fake", colors.generated)):
            if name in self._layers and name in self._numbers:
                painter.setPen(QPen(QColor(color), px(DOT), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                painter.drawPoints(QPolygonF(self._spots(self._numbers[name])))
        if "arrows" in self._layers and {"arrows", "fake"} <= self._numbers.keys():
            self._paint_arrows(painter)
        painter.setClipping(False)
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(square)

    def _paint_arrows(self, painter: QPainter) -> None:
        """As long as the slope is steep: where gradients vanish there are none."""
        arrows = self._numbers["arrows"]
        starts = self._numbers["fake"][: len(arrows)]
        lengths = np.linalg.norm(arrows, axis=1, keepdims=True)
        steps = ARROW * arrows * np.minimum(1, LONGEST / np.maximum(ARROW * lengths, 1e-12))
        painter.setPen(QPen(QColor(theme().colors.generator), px(1.5)))
        ends = self._spots((starts + steps).astype(np.float32))
        painter.drawLines([QLineF(a, b) for a, b in zip(self._spots(starts), ends, strict=True)])

    def _heat_image(self, heat: Floats) -> QImage:
        """From the colour of generated points (D is sure it is none) over the ground to that of real ones."""
        colors = theme().colors
        if self._is_critic:
            low, high = (float(end) for end in np.quantile(heat, (0.02, 0.98)))
            heat = ((heat - low) / max(high - low, 1e-9)).astype(np.float32)
        lean = np.clip(2 * heat - 1, -1, 1)[..., None]
        ground, fake, real = (_rgb(color) for color in (colors.panel, colors.generated, colors.real))
        towards = np.where(lean < 0, fake, real)
        shown = (ground + STRENGTH * np.abs(lean) * (towards - ground)).astype(np.uint32)
        packed = np.ascontiguousarray(0xFF000000 | shown[..., 0] << 16 | shown[..., 1] << 8 | shown[..., 2])
        side = len(heat)
        return QImage(packed.data, side, side, 4 * side, QImage.Format.Format_RGB32).copy()


def _rgb(color: str) -> Floats:
    own = QColor(color)
    return np.array((own.red(), own.green(), own.blue()), np.float32)
