"""Diffusion on a line: the density over t with the ways of the particles, and beside it what is at this t."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from genstudio.ui.diffusion.field_canvas import FieldCanvas
from genstudio.ui.diffusion.field_line_sheet import LineSheet
from genstudio.ui.diffusion.field_sheet import Spots
from genstudio.ui.numbers import signed
from genstudio.ui.widgets.plane import paint_dots


class LineCanvas(FieldCanvas):
    """The sheet under the hand."""

    picked = Signal(float)  # a place of the way

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Line of the diffusion over time", parent)

    def sheet(self) -> LineSheet:
        """What is painted, as large as there is room."""
        return LineSheet(self.scene, self.place, frozenset(self.layers), self.width(), self.height())

    def rooms(self) -> tuple[QRectF, QRectF, QRectF]:
        """As of the sheet."""
        return self.sheet().rooms()

    def heights(self, values: npt.ArrayLike) -> Spots:
        """As of the sheet."""
        return self.sheet().heights(values)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The sheet."""
        self.sheet().paint(QPainter(self), paint_dots)

    # ---- hand ----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press means the time under it."""
        room = self.rooms()[0]
        if self.scene.has_way and room.contains(event.position()):
            self.picked.emit((event.position().x() - room.left()) / room.width())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """So does a drag; else tell what is there."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.mousePressEvent(event)
        else:
            super().mouseMoveEvent(event)

    def says_at(self, place: QPointF) -> str:
        """The density, and where it is pulled there."""
        room = self.rooms()[0]
        if not self.scene.has_way or not room.contains(place):
            return ""
        numbers, share = self.scene.numbers, (place.x() - room.left()) / room.width()
        value = (room.center().y() - place.y()) / room.height() * 2 * self.sheet().reach()
        density, said, true = (
            float(np.interp(value, numbers["axis"], self.scene.at(name, share).reshape(-1)))
            for name in ("density", "field", "true_field")
        )
        return (
            f"x = {signed(value, '.1f')}, t = {self.scene.t(share):.0f}: density {density:.3f}; noise times score "
            f"{signed(said, '+.2f')}, in truth {signed(true, '+.2f')}. Click to go there."
        )
