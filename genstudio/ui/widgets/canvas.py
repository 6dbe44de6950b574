"""A stage whose first picture can be drawn on, and whose second may have a box to drag."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from genstudio.api import Pictures
from genstudio.ui.theme import DARK, px, theme
from genstudio.ui.widgets.picture_grid import from_qimage, to_qimage
from genstudio.ui.widgets.stage import Stage

FINE_PX = 256  # a picture is drawn on at about this size, and then made small again
DESIGN = 28  # brush widths are in pixels of a picture of this size
SHADE = QColor(0, 0, 0, 190)
ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
HELP = (
    "Draw with the mouse or the pen; the right button erases. Arrow keys move the brush, with Shift they draw; "
    "Delete clears."
)


class Canvas(Stage):
    """Cell 0 is the canvas. It keeps a finer copy of its picture, so that strokes have soft edges.

    While a hand holds it the pictures stay where they are on the screen, whatever becomes of the room around them:
    else what lies under a resting pen would move, and a straight drag become bent.

    Signals:
        grabbed: a stroke or a drag of the box begins.
        stroked: the picture has changed under the hand.
        box_moved: left, top, right, bottom in shares of the picture.
        finished: the hand let go after a change.
        clear_wanted: Delete.
    """

    grabbed = Signal()
    stroked = Signal()
    box_moved = Signal(object)
    finished = Signal()
    clear_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, label="Canvas and what comes back")
        self._fine, self._factor, self._channels, self._side = QImage(), 1, 1, DESIGN
        self._brush, self._ink, self._ground, self._erases = 2.0, (255, 255, 255), 0, False
        self._last: QPointF | None = None  # of the stroke, in shares of the picture
        self._pen: QPointF | None = None  # where the brush hovers
        self._box: tuple[float, ...] | None = None
        self._frame: tuple[float, ...] | None = None
        self._hold: tuple[float, ...] | None = None  # the box and the point where the drag began
        self._still: QPointF | None = None  # where the pictures are on the screen while a hand holds them
        self._is_wiping = self._has_changed = False
        self.setAccessibleDescription(HELP)

    # ---- data in and out -----------------------------------------------------------------------------

    def set_canvas(self, picture: Pictures) -> None:
        """Put a picture (H, W, C) under the brush; `set_pictures` shows it."""
        self._side, self._channels = picture.shape[0], picture.shape[2]
        self._factor = max(FINE_PX // self._side, 1)
        fine = picture.repeat(self._factor, 0).repeat(self._factor, 1)
        self._fine = to_qimage(fine)
        if self._hold is None:  # a stroke on what was there ends without a word
            self._last, self._has_changed = None, False
            self._set_free()

    def picture(self) -> Pictures:
        """What has been drawn, (H, W, C), as large as the picture given."""
        fine = from_qimage(self._fine, self._channels)
        height, width, channels = fine.shape
        step = self._factor
        cells = fine.reshape(height // step, step, width // step, step, channels)
        return (cells.mean((1, 3), dtype=np.float32) + 0.5).astype(np.uint8)

    def has_canvas(self) -> bool:
        """Whether there is something to draw on."""
        return not self._fine.isNull()

    def set_brush(self, width: float, ink: tuple[int, int, int], ground: int, erases: bool) -> None:
        """Width in pixels of a picture of 28, colour, the colour of nothing, and which of them is used."""
        self._brush, self._ink, self._ground, self._erases = width, ink, ground, erases
        self.update()

    def set_box(self, box: tuple[float, ...] | None) -> None:
        """Where the second picture lacks a part; None where it lacks none."""
        if box != self._box:
            self._box = box
            self.update()

    def set_frame(self, frame: tuple[float, ...] | None) -> None:
        """The part of the first picture that counts, dashed; it may reach beyond. None where all of it does."""
        if frame != self._frame:
            self._frame = frame
            self.update()

    def is_held(self) -> bool:
        """Whether a stroke or a drag goes on."""
        return self._last is not None or self._hold is not None

    # ---- hand ----------------------------------------------------------------------------------------

    def share_at(self, cell: int, point: QPointF) -> QPointF:
        """A point of the widget in shares of a cell's picture."""
        box = QRectF(self.cell_rect(cell))
        return QPointF((point.x() - box.left()) / max(box.width(), 1), (point.y() - box.top()) / max(box.height(), 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke, or take hold of the box."""
        cell, button = self.index_at(event.position()), event.button()
        if cell == 0 and self.has_canvas() and button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._is_wiping = button == Qt.MouseButton.RightButton
            self._keep_still()
            self.grabbed.emit()
            self._last = self.share_at(0, event.position())
            self._line(self._last)
        elif cell == 1 and self._box is not None and button == Qt.MouseButton.LeftButton:
            self._keep_still()
            self.grabbed.emit()
            at = self.share_at(1, event.position())
            left, top, right, bottom = self._box
            inside = left <= at.x() <= right and top <= at.y() <= bottom
            self._hold = (at.x(), at.y(), *(self._box if inside else ()))
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on, move the box, or show the brush."""
        at = event.position()
        if self._last is not None:
            self._line(self.share_at(0, at))
        elif self._hold is not None:
            self._drag(self.share_at(1, at))
        self._show_pen(self.share_at(0, at) if self._last is not None or self.index_at(at) == 0 else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if self.is_held():
            self._let_go()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A second dot is a stroke."""
        self.mousePressEvent(event)

    def leaveEvent(self, event: object) -> None:
        """No brush without a pointer."""
        self._show_pen(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the brush, with Shift they draw; Delete clears."""
        key, mods = Qt.Key(event.key()), event.modifiers()
        others = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        if not self.has_canvas() or mods & others:
            event.ignore()
        elif key in ARROWS:
            old = self._pen or QPointF(0.5, 0.5)
            right, down = ARROWS[key]
            new = QPointF(*(min(max(x + d / self._side, 0.0), 1.0) for x, d in ((old.x(), right), (old.y(), down))))
            self._show_pen(new)
            if mods & Qt.KeyboardModifier.ShiftModifier:
                if not self._has_changed:
                    self.grabbed.emit()
                self._last, self._is_wiping = old, False
                self._line(new)
                self._last = None
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear_wanted.emit()
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A held arrow is one stroke."""
        if not event.isAutoRepeat():
            self._finish()
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Going away ends the stroke."""
        self._let_go()
        super().focusOutEvent(event)

    def _keep_still(self) -> None:
        self._fitted()
        self._still = QPointF(self.mapToGlobal(self._origin()))

    def _let_go(self) -> None:
        self._last = self._hold = None
        self._set_free()
        self._finish()

    def _set_free(self) -> None:
        """The pictures are where the room is."""
        if self._still is not None:
            self._still = None
            self._forget_layout()
            self.update()

    def _origin(self) -> QPointF:
        return super()._origin() if self._still is None else QPointF(self.mapFromGlobal(self._still))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Room that comes or goes during a stroke is for afterwards."""
        if self._still is None:
            super().resizeEvent(event)

    def _line(self, to: QPointF) -> None:
        side, start = self._fine.width(), self._last or to
        color = QColor(*(self._ground,) * 3) if self._erases or self._is_wiping else QColor(*self._ink)
        painter = QPainter(self._fine)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(color, self._brush / DESIGN * side, Qt.PenStyle.SolidLine, cap, join))
        end = to * side if to != start else to * side + QPointF(0.01, 0)
        painter.drawLine(start * side, end)
        painter.end()
        self._last, self._has_changed = to, True
        self.stroked.emit()

    def _drag(self, at: QPointF) -> None:
        assert self._hold is not None
        x, y, *start = self._hold
        if start:
            left, top, right, bottom = start
            dx, dy = min(max(at.x() - x, -left), 1 - right), min(max(at.y() - y, -top), 1 - bottom)
            box = (left + dx, top + dy, right + dx, bottom + dy)
        else:
            ends = (x, at.x()), (y, at.y())
            (left, right), (top, bottom) = (sorted(min(max(v, 0.0), 1.0) for v in pair) for pair in ends)
            box = (left, top, right, bottom)
        self._box, self._has_changed = tuple(round(v, 4) for v in box), True
        self.box_moved.emit(self._box)
        self.update()

    def _finish(self) -> None:
        if self._has_changed:
            self._has_changed = False
            self.finished.emit()

    def _show_pen(self, at: QPointF | None) -> None:
        if at != self._pen:
            self._pen = at
            self.setCursor(Qt.CursorShape.CrossCursor if at is not None else Qt.CursorShape.ArrowCursor)
            self.update()

    # ---- paint ---------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pictures, and upon them the brush and the box."""
        super().paintEvent(event)
        if self.pictures() is None or self._has_message:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.has_canvas() and (paper := self.cell_rect(0)).isValid():  # black would be lost on a dark stage
            painter.setPen(QPen(QColor(theme().colors.line), 1))
            painter.drawRect(QRectF(paper).adjusted(-0.5, -0.5, 0.5, 0.5))
        if self._pen is not None and self.has_canvas():
            cell = QRectF(self.cell_rect(0))
            center = QPointF(cell.left() + self._pen.x() * cell.width(), cell.top() + self._pen.y() * cell.height())
            radius = max(self._brush / DESIGN * cell.width() / 2, 2.0)
            painter.setClipRect(cell)
            for color, width in ((SHADE, 3), (QColor(DARK.accent), 1.5)):
                painter.setPen(QPen(color, px(width)))
                painter.drawEllipse(center, radius, radius)
            painter.setClipping(False)
        self._paint_box(painter, 0, self._frame, Qt.PenStyle.DashLine)
        self._paint_box(painter, 1, self._box, Qt.PenStyle.SolidLine)
        if self.hasFocus() and self._by_keys and (first := self.cell_rect(0)).isValid():
            painter.setPen(QPen(QColor(theme().colors.accent), px(1)))
            painter.drawRect(QRectF(first).adjusted(-2.5, -2.5, 2.5, 2.5))

    def _paint_box(self, painter: QPainter, number: int, box: tuple[float, ...] | None, style: Qt.PenStyle) -> None:
        """A frame of a cell, in shares of its picture."""
        cell = QRectF(self.cell_rect(number))
        if box is None or not cell.isValid():
            return
        left, top, right, bottom = box
        w, h = cell.width(), cell.height()
        painter.setClipRect(cell)
        for color, width in ((SHADE, 3), (QColor(DARK.accent), 1.5)):
            painter.setPen(QPen(color, px(width), style))
            painter.drawRect(
                QRectF(cell.left() + left * w, cell.top() + top * h, (right - left) * w, (bottom - top) * h)
            )
        painter.setClipping(False)
