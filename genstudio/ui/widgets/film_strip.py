"""A way as a strip of pictures from one end to the other, with a playhead."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.picture_grid import to_qimage

HELP = "Click a picture to jump to it, drag to go along, or press ← → Home End."
MIN_GAP = 2  # px between pictures
HIGHEST = 64  # design px of a picture


class FilmStrip(QWidget):
    """Pictures from A (position 0) to B (position 1) over a line with a playhead.

    Args:
        ends: What stands before the first and after the last picture.
        label: What it is called.

    Signals:
        changed: the position in [0, 1] after each move by the hand.
        grabbed: a hand took hold.
        finished: a gesture has ended.
    """

    changed = Signal(float)
    grabbed = Signal()
    finished = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        ends: tuple[str, str] = ("A", "B"),
        label: str = "Film strip from A to B",
    ) -> None:
        super().__init__(parent)
        self._ends = ends
        self._images: list[QImage] = []
        self._fitted: tuple[tuple[float, ...], tuple[float, float, float]] = ((), (0.0, 0.0, 0.0))
        self._position: float | None = None
        self._is_held = False
        self._pressed_x: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(label)
        self.setAccessibleDescription(HELP)
        self.setToolTip(HELP)
        theme().changed.connect(self._restyle)

    def sizeHint(self) -> QSize:
        """As high as the pictures that fit the present width, and the line."""
        return QSize(px(400), round(self._layout()[0]) + px(28))

    def minimumSizeHint(self) -> QSize:
        """As high as wanted, as narrow as need be."""
        return QSize(px(120), self.sizeHint().height())

    # ---- data in -------------------------------------------------------------------------------

    def set_pictures(self, pictures: npt.NDArray[np.uint8]) -> None:
        """Show (N, H, W, C) pictures, A first; none empties the strip."""
        before, self._images = self._shape(), [to_qimage(picture) for picture in pictures]
        if before != self._shape():
            self.updateGeometry()
        self.update()

    def _shape(self) -> tuple[int, int]:
        """How many pictures there are, and how wide each is."""
        return len(self._images), self._images[0].width() if self._images else 0

    def count(self) -> int:
        """Pictures in the strip."""
        return len(self._images)

    def set_position(self, position: float | None) -> None:
        """Put the playhead, 0 at A and 1 at B; None where the code lies off the path."""
        if position != self._position:
            self._position = position
            self.update()

    def position(self) -> float | None:
        """Where the playhead is."""
        return self._position

    def is_held(self) -> bool:
        """Whether the playhead is being dragged just now."""
        return self._is_held

    # ---- geometry ------------------------------------------------------------------------------

    def cell(self, index: int) -> QRectF:
        """Where picture `index` is drawn."""
        side, pitch, left = self._layout()
        return QRectF(left + index * pitch, px(8), side, side)

    def _layout(self) -> tuple[float, float, float]:
        """Side, pitch and left end of the pictures; kept as long as it holds, for each of them asks."""
        key = (*self._shape(), self.width(), self.devicePixelRatioF(), theme().scale)
        if key != self._fitted[0]:
            self._fitted = key, self._fit()
        return self._fitted[1]

    def _fit(self) -> tuple[float, float, float]:
        count = max(len(self._images), 1)
        room, ratio = self.width() - px(72), self.devicePixelRatioF()
        own = (self._images[0].width() if self._images else 28) / ratio
        fits = min((room - (count - 1) * MIN_GAP) / count, px(HIGHEST))
        side = fits // own * own if fits >= own else max(fits, 1.0)
        gap = (room - count * side) / (count - 1) if count > 1 else 0.0
        gap = min(max(gap, 0.0), side * 0.4)
        used = count * side + (count - 1) * gap
        return side, side + gap, px(36) + (room - used) / 2

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may need another height."""
        super().resizeEvent(event)
        self.updateGeometry()

    def _x_of(self, position: float) -> float:
        first, last = self.cell(0).center().x(), self.cell(max(len(self._images) - 1, 0)).center().x()
        return first + position * (last - first)

    def _position_at(self, x: float) -> float:
        first, last = self._x_of(0.0), self._x_of(1.0)
        return min(max((x - first) / max(last - first, 1.0), 0.0), 1.0)

    def _nearest(self, position: float) -> int:
        return round(position * (len(self._images) - 1))

    # ---- hand ----------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump to the picture under the pointer; on the line below, to that very place."""
        if event.button() != Qt.MouseButton.LeftButton or len(self._images) < 2:
            return
        self._is_held, self._pressed_x = True, event.position().x()
        self.grabbed.emit()
        position = self._position_at(event.position().x())
        if event.position().y() <= self.cell(0).bottom():
            position = self._nearest(position) / (len(self._images) - 1)
        self._move_to(position)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer, once it has really moved."""
        if not self._is_held:
            return
        if self._pressed_x is not None and abs(event.position().x() - self._pressed_x) < px(4):
            return
        self._pressed_x = None
        self._move_to(self._position_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if self._is_held:
            self._is_held = False
            self.finished.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from picture to picture, Home to A, End to B."""
        last, key = len(self._images) - 1, event.key()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        here = 0 if self._position is None else self._nearest(self._position)
        places = {
            Qt.Key.Key_Left: max(here - 1, 0),
            Qt.Key.Key_Right: min(here + 1, last),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if last < 1 or not plain or key not in places:
            event.ignore()
            return
        self.grabbed.emit()
        self._move_to(places[Qt.Key(key)] / last)
        self.finished.emit()

    def _move_to(self, position: float) -> None:
        self.set_position(position)
        self.changed.emit(position)

    # ---- paint ---------------------------------------------------------------------------------

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pictures, the names of the ends, the line and the playhead."""
        painter = QPainter(self)
        if self.hasFocus():
            painter.setPen(QColor(theme().colors.accent_text))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), px(4), px(4))
        self._paint_ends(painter)
        if not self._images:
            return
        crisp = self.cell(0).width() * self.devicePixelRatioF() >= self._images[0].width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not crisp)
        for index, image in enumerate(self._images):
            painter.drawImage(self.cell(index), image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_line(painter)

    def _paint_ends(self, painter: QPainter) -> None:
        painter.setFont(theme().font(16, bold=True))
        painter.setPen(QColor(theme().colors.latent_text))
        box = self.cell(0)
        left, right = box.left(), self.cell(max(len(self._images) - 1, 0)).right()
        height = box.height() if self._images else self.height() - px(28)
        for x, name in zip((left - px(32), right), self._ends, strict=True):
            painter.drawText(QRectF(x, box.top(), px(32), height), Qt.AlignmentFlag.AlignCenter, name)

    def _paint_line(self, painter: QPainter) -> None:
        colors, y = theme().colors, self.cell(0).bottom() + px(10)
        first, last = self._x_of(0.0), self._x_of(1.0)
        painter.setPen(QPen(QColor(colors.line), px(2)))
        painter.drawLine(QPointF(first, y), QPointF(last, y))
        if self._position is None:
            return
        here = self._x_of(self._position)
        painter.setPen(QPen(QColor(colors.latent), px(2)))
        painter.drawLine(QPointF(first, y), QPointF(here, y))
        box = self.cell(self._nearest(self._position)).adjusted(-1.5, -1.5, 1.5, 1.5)
        painter.setPen(QPen(QColor(colors.accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.text))
        painter.drawEllipse(QPointF(here, y), px(5), px(5))
