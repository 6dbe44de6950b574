"""The decoded plane of a two-latent model, with a cursor to drag."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.ui.theme import DARK, px, theme
from genstudio.ui.widgets.latent_axes import BOTTOM, LEFT, paint_axes

STEP, FINE_STEP = 0.1, 0.01  # sigma per arrow; with Shift
RING, SHADE = QColor(DARK.accent), QColor(0, 0, 0, 190)  # over pictures, which have no theme
CELLS = (8, 40)  # fewest and most cells a side
HELP = (
    "Drag the ring over the map, or press the arrow keys (Shift: finer): the picture follows. "
    "Double-click or Delete goes to the centre, the prior's mean."
)
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


def tiled(pictures: npt.NDArray[np.uint8], columns: int) -> QImage:
    """(N, H, W, C) pictures side by side without a gap, as one image."""
    n, height, width, channels = pictures.shape
    rows = n // columns
    sheet = pictures[: rows * columns].reshape(rows, columns, height, width, channels).transpose(0, 2, 1, 3, 4)
    sheet = np.ascontiguousarray(sheet.reshape(rows * height, columns * width, channels))
    kind = QImage.Format.Format_Grayscale8 if channels == 1 else QImage.Format.Format_RGB888
    return QImage(sheet.data, columns * width, rows * height, columns * width * channels, kind).copy()


class LatentMap(QWidget):
    """Decoded pictures over [-extent, extent]^2, z1 to the right and z2 upwards, and where z is on it.

    Signals:
        changed: (z1, z2) after each move by the hand.
        grabbed: a hand took hold.
        finished: a gesture that changed the code has ended.
        cells_wanted: how many pictures a side fit at their own size; sent when that changes.
    """

    changed = Signal(float, float)
    grabbed = Signal()
    finished = Signal()
    cells_wanted = Signal(int)
    names = ("z1", "z2")  # of what lies across and upwards

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet, self._extent, self._picture_px, self._cells = QImage(), 3.0, 28, 0
        self._z = (0.0, 0.0)
        self._path: npt.NDArray[np.float64] = np.zeros((0, 2))
        self._is_held = self._has_changed = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Map of the latent plane")
        self.setAccessibleDescription(HELP)
        self.setToolTip(f"<p>{HELP}</p>")
        theme().changed.connect(self._restyle)

    def sizeHint(self) -> QSize:
        """Room for twenty cells a side."""
        return QSize(px(560), px(560))

    def minimumSizeHint(self) -> QSize:
        """As small as need be: the page hides a map that is too small to read."""
        return QSize(1, 1)

    # ---- data in -------------------------------------------------------------------------------

    def set_map(self, pictures: npt.NDArray[np.uint8], cells: int, extent: float) -> None:
        """Show cells * cells pictures, top row (z2 = +extent) first."""
        self._sheet, self._extent = tiled(pictures, cells), extent
        self._picture_px = pictures.shape[1]
        self.update()

    def clear(self) -> None:
        """Forget the pictures of an old model."""
        self._sheet = QImage()
        self.update()

    def has_map(self) -> bool:
        """Whether there are pictures to see."""
        return not self._sheet.isNull()

    def set_code(self, z1: float, z2: float) -> None:
        """Put the ring somewhere without telling anybody."""
        if (z1, z2) != self._z:
            self._z = (z1, z2)
            self.update()

    def set_path(self, points: npt.NDArray[np.float64]) -> None:
        """Draw the way from A (first row) to B (last row), (S, 2); no rows draw nothing."""
        self._path = points
        self.update()

    def is_held(self) -> bool:
        """Whether the ring is being dragged just now."""
        return self._is_held

    def cells(self) -> int:
        """How many pictures a side fit at their own size."""
        ratio = self.devicePixelRatioF()
        fit = int(self.square().width() * ratio) // self._picture_px
        return min(max(fit, CELLS[0]), CELLS[1])

    # ---- geometry ------------------------------------------------------------------------------

    def square(self) -> QRectF:
        """Where the plane is drawn: a square, a whole number of pictures wide, with room for the axes."""
        left, bottom, margin = px(LEFT), px(BOTTOM), px(12)
        wide, high = self.width() - left - margin, self.height() - bottom - margin
        room = min(wide, high)
        ratio = self.devicePixelRatioF()
        whole = int(room * ratio) // self._picture_px * self._picture_px / ratio
        side = max(whole if room > 8 * self._picture_px / ratio else room, 1)
        return QRectF(left + (wide - side) // 2, margin + (high - side) // 2, side, side)

    def point_of(self, z1: float, z2: float) -> QPointF:
        """Where a code lies in the widget, kept inside the square."""
        return self._points_of([(z1, z2)])[0]

    def _points_of(self, codes: npt.ArrayLike) -> list[QPointF]:
        square, extent = self.square(), self._extent
        shares = np.clip((np.asarray(codes) * (1, -1) + extent) / (2 * extent), 0, 1)
        places = (square.left(), square.top()) + shares * (square.width(), square.height())
        return [QPointF(x, y) for x, y in places.tolist()]

    def _code_at(self, point: QPointF) -> tuple[float, float]:
        square, extent = self.square(), self._extent
        z1 = ((point.x() - square.left()) / square.width() * 2 - 1) * extent
        z2 = (1 - (point.y() - square.top()) / square.height() * 2) * extent
        return round(min(max(z1, -extent), extent), 3), round(min(max(z2, -extent), extent), 3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for as many pictures as now fit."""
        super().resizeEvent(event)
        if (cells := self.cells()) != self._cells:
            self._cells = cells
            self.cells_wanted.emit(cells)

    # ---- hand ----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Bring the ring to the pointer."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._is_held = True
            self.grabbed.emit()
            self._move_to(*self._code_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        if self._is_held:
            self._move_to(*self._code_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if self._is_held:
            self._is_held = False
            self._finish()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """To the centre."""
        self.grabbed.emit()
        self._move_to(0.0, 0.0)
        self._finish()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the ring, Delete brings it to the centre."""
        key = Qt.Key(event.key())
        others = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        if event.modifiers() & others:
            event.ignore()
        elif key in ARROWS:
            step = FINE_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
            right, up = ARROWS[key]
            self._begin()
            low, high = -self._extent, self._extent
            z1, z2 = self._z[0] + right * step, self._z[1] + up * step
            self._move_to(round(min(max(z1, low), high), 4), round(min(max(z2, low), high), 4))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._begin()
            self._move_to(0.0, 0.0)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A held arrow is one gesture."""
        if not event.isAutoRepeat():
            self._finish()
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Going away ends the gesture."""
        self._finish()
        super().focusOutEvent(event)

    def _begin(self) -> None:
        if not self._has_changed:
            self.grabbed.emit()

    def _move_to(self, z1: float, z2: float) -> None:
        if (z1, z2) != self._z:
            self.set_code(z1, z2)
            self._has_changed = True
            self.changed.emit(z1, z2)

    def _finish(self) -> None:
        if self._has_changed:
            self._has_changed = False
            self.finished.emit()

    # ---- paint ---------------------------------------------------------------------------------

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The sheet, the axes, the way from A to B, the ring."""
        painter, square = QPainter(self), self.square()
        own_size = abs(square.width() * self.devicePixelRatioF() - self._sheet.width()) < 1.5
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not own_size)
        if self._sheet.isNull():
            painter.fillRect(square, QColor(theme().colors.panel))
        else:
            painter.drawImage(square, self._sheet)
        self.paint_axes(painter, square)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._sheet.isNull():
            painter.save()
            painter.setClipRect(square)
            self.paint_over(painter, square)
            painter.restore()
        painter.setClipRect(square.adjusted(-px(10), -px(10), px(10), px(10)))
        self._paint_path(painter)
        self._paint_ring(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme().colors.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(square.adjusted(-2.5, -2.5, 2.5, 2.5))

    def paint_axes(self, painter: QPainter, square: QRectF) -> None:
        """The figures beside the square."""
        paint_axes(painter, square, self._extent, self.names)

    def paint_over(self, painter: QPainter, square: QRectF) -> None:
        """What lies on the pictures, under the way and the ring; here nothing."""

    def _paint_path(self, painter: QPainter) -> None:
        if len(self._path) < 2:
            return
        colors = theme().colors
        points = self._points_of(self._path)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((SHADE, px(4)), (QColor(colors.latent), px(2))):
            painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPolyline(QPolygonF(points))
        painter.setFont(theme().font(11, bold=True))
        for point, name in ((points[0], "A"), (points[-1], "B")):
            painter.setPen(QPen(SHADE, 1))
            painter.setBrush(QColor(colors.latent))
            painter.drawEllipse(point, px(8), px(8))
            painter.setPen(QColor("#1B1F24"))
            painter.drawText(
                QRectF(point.x() - px(8), point.y() - px(8), px(16), px(16)), Qt.AlignmentFlag.AlignCenter, name
            )

    def _paint_ring(self, painter: QPainter) -> None:
        point = self.point_of(*self._z)
        outside = max(abs(self._z[0]), abs(self._z[1])) > self._extent
        style = Qt.PenStyle.DotLine if outside else Qt.PenStyle.SolidLine
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((SHADE, px(5)), (RING, px(2.5))):
            painter.setPen(QPen(color, width, style))
            painter.drawEllipse(point, px(11), px(11))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(RING)
        painter.drawEllipse(point, px(2), px(2))
