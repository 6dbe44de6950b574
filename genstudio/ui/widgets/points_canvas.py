"""The plane of a game on points: what D says everywhere, the points, what each feels, and how G bends the plane."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from genstudio.ui.numbers import signed
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.plane import Floats, Heat, Plane, plane_in, spots_of

LAYERS = ("real", "fake", "arrows", "warp")


class PointsCanvas(QWidget):
    """Shows what a game on points tells of itself; see `PointGANTrainer.numbers` for the names."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._numbers: dict[str, Floats] = {}
        self._is_critic = False
        self._heat: Heat = "field"
        self._layers = {"real", "fake", "arrows"}
        self._morph = 1.0
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

    def set_morph(self, share: float) -> None:
        """How far generated points and the warped grid have gone: from 0, where the noise has them, to 1, where G does.

        Only of a game whose noise lies in a plane; the arrows belong to the end of the way.
        """
        self._morph = share
        self.update()

    def plane(self) -> Plane:
        """What is shown, to be painted somewhere else."""
        return Plane(self._numbers, self._is_critic, self._heat, frozenset(self._layers), self._morph)

    # ---- geometry ------------------------------------------------------------------------------

    def square(self) -> QRectF:
        """Where the plane is drawn."""
        return plane_in(self)

    def spot(self, x: float, y: float) -> QPointF:
        """Where a point of the plane lies in the widget."""
        return QPointF(*spots_of(self.square(), np.array((x, y))).tolist())

    def says_at(self, place: QPointF) -> str:
        """What D says at a place of the widget, and what the best one would; "" outside the plane or of no number."""
        field, square = self._numbers.get("field"), self.square()
        if field is None or not square.contains(place):
            return ""
        side = len(field)
        column = round((place.x() - square.left()) / square.width() * (side - 1))
        row = round((place.y() - square.top()) / square.height() * (side - 1))
        if not np.isfinite(field[row, column]):
            return ""
        if self._is_critic:
            return f"The critic gives this place {signed(float(field[row, column]), '+.2f')}."
        said = f"D takes what is here for real with {field[row, column]:.2f}"
        best = self._numbers.get("best")
        return f"{said}; the best D would with {best[row, column]:.2f}." if best is not None else f"{said}."

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what D says under the pointer."""
        QToolTip.showText(event.globalPosition().toPoint(), self.says_at(event.position()), self)

    # ---- paint ---------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Opaque, else every moment repaints all that is behind it; the style sheet has just taken it away."""
        super().showEvent(event)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Heat, warped grid, points, arrows."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(theme().colors.stage))
        self.plane().paint(painter, self.square())
