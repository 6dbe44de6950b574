"""The plane of a diffusion of points: real points, particles on their way, and the field that moves them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from genstudio.api import Floats
from genstudio.ui.diffusion.field_scene import Scene
from genstudio.ui.diffusion.field_sheet import PlaneSheet
from genstudio.ui.numbers import signed
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.plane import paint_dots

LAYERS = ("real", "particles", "trails", "field", "true")
SHOWN = ("real", "particles", "trails", "field")
MARGIN = 10  # design px


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

    def sheet(self) -> PlaneSheet:
        """What is painted, where there is room for it."""
        side = max(min(self.width(), self.height()) - 2 * px(MARGIN), 1)
        square = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        return PlaneSheet(self.scene, self.place, frozenset(self.layers), square)

    def square(self) -> QRectF:
        """Where the plane is drawn."""
        return self.sheet().room

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
        """The sheet."""
        self.sheet().paint(QPainter(self), paint_dots)


def _pair(vector: Floats) -> str:
    return f"({', '.join(signed(float(value), '.2f') for value in vector)})"
