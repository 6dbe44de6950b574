"""The key pictures of a path in a row of slots: choose, move and remove them, and one slot more to add another."""

from __future__ import annotations

from html import escape

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
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from genstudio.api import Pictures
from genstudio.ui.latent.path_state import KEYS
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.picture_grid import to_qimage

HELP = (
    "The key pictures. Click one to go there and to change it; drag it, or press Ctrl and ← or →, to move it; "
    "Delete removes it, + adds one."
)
SIDE, GAP, NUMBER = 56, 10, 16  # design px of a slot, between two, and of the number above


class KeyRow(QWidget):
    """Two to eight slots and, as long as there is room, one with a plus.

    Signals:
        chosen: the slot that was clicked or reached with the arrow keys.
        moved: a slot and the place it was dragged or pushed to.
        removed: a slot.
        add_wanted: one more.
    """

    chosen = Signal(int)
    moved = Signal(int, int)
    removed = Signal(int)
    add_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: list[QImage] = []
        self._origins: list[str] = []
        self._selected, self._hovered = 0, -1
        self._place: float | None = None  # of the playhead, in slots
        self._pressed: QPointF | None = None
        self._drag_x: float | None = None  # of the pointer, while the selected slot is dragged
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Key pictures")
        self.setAccessibleDescription(HELP)
        self.setToolTip(HELP)
        theme().changed.connect(self._restyle)

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(px(320), px(SIDE + NUMBER + 8))

    def minimumSizeHint(self) -> QSize:
        """As high as wanted, as narrow as need be."""
        return QSize(px(120), self.sizeHint().height())

    # ---- data in ---------------------------------------------------------------------------------

    def set_keys(self, pictures: Pictures, origins: list[str]) -> None:
        """The pictures (N, H, W, C) of the keys and where each came from."""
        self._images, self._origins = [to_qimage(picture) for picture in pictures], list(origins)
        self._selected = min(self._selected, max(len(self._images) - 1, 0))
        self._name()
        self.update()

    def set_selected(self, index: int) -> None:
        """The slot that the controls change."""
        if index != self._selected:
            self._selected = index
            self._name()
            self.update()

    def set_place(self, leg: int, share: float) -> None:
        """Where on the way the picture shown is."""
        place = leg + share
        if place != self._place:
            self._place = place
            self.update()

    def count(self) -> int:
        """Keys in the row."""
        return len(self._images)

    def selected(self) -> int:
        """The slot that the controls change."""
        return self._selected

    def _name(self) -> None:
        if self._selected < len(self._images):
            origin = self._origins[self._selected]
            self.setAccessibleName(f"Key pictures: key {self._selected + 1} of {len(self._images)}, {origin}")

    # ---- geometry --------------------------------------------------------------------------------

    def slot_rect(self, index: int) -> QRectF:
        """Where a slot is; the one after the last is the plus."""
        side, gap = self._measures()
        return QRectF(px(8) + index * (side + gap), px(NUMBER), side, side)

    def _measures(self) -> tuple[float, float]:
        slots = min(len(self._images) + 1, KEYS[1])
        gap = float(px(GAP))
        return min(float(px(SIDE)), max((self.width() - px(16) - (slots - 1) * gap) / slots, 8.0)), gap

    def slot_at(self, point: QPointF) -> int:
        """The slot under a point, the number of keys for the plus, -1 for none."""
        slots = len(self._images) + (len(self._images) < KEYS[1] and bool(self._images))
        return next((k for k in range(slots) if self.slot_rect(k).contains(point)), -1)

    def _target(self) -> int:
        """Where the dragged slot would come to stand."""
        assert self._drag_x is not None
        side, gap = self._measures()
        place = (self._drag_x - px(8) - side / 2) / (side + gap)
        return min(max(round(place), 0), len(self._images) - 1)

    # ---- hand ------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a slot, or add one."""
        index = self.slot_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or index < 0:
            return
        if index == len(self._images):
            self.add_wanted.emit()
            return
        self._pressed = event.position()
        self.set_selected(index)
        self.chosen.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the slot, once the pointer has really moved."""
        if self._pressed is None:
            self._hover(self.slot_at(event.position()))
        elif self._drag_x is not None or abs(event.position().x() - self._pressed.x()) >= px(6):
            self._drag_x = event.position().x()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let it go at its new place."""
        target = self._target() if self._drag_x is not None else self._selected
        self._pressed = self._drag_x = None
        self.unsetCursor()
        self.update()
        self._move(target)

    def leaveEvent(self, event) -> None:
        """Nothing is under the pointer."""
        self._hover(-1)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """A drag that is interrupted changes nothing."""
        self._pressed = self._drag_x = None
        self.unsetCursor()
        self.update()
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, with Ctrl they move; Delete removes, + adds."""
        key, last = event.key(), len(self._images) - 1
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        pushes = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if last < 0:
            event.ignore()
        elif key in steps and pushes:
            self._move(self._selected + steps[Qt.Key(key)])
        elif key in steps or key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
            target = ends.get(Qt.Key(key), self._selected + steps.get(Qt.Key(key), 0))
            if 0 <= target <= last:
                self.set_selected(target)
                self.chosen.emit(target)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(self._selected)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Insert) and not pushes:
            self.add_wanted.emit()
        else:
            event.ignore()

    def _move(self, target: int) -> None:
        if target != self._selected and 0 <= target < len(self._images):
            before = self._selected
            self.set_selected(target)
            self.moved.emit(before, target)

    def _hover(self, index: int) -> None:
        if index == self._hovered:
            return
        self._hovered = index
        words = HELP
        if 0 <= index < len(self._origins):
            words = f"<p>Key {index + 1}: {escape(self._origins[index])}. Drag it to move it; Delete removes it.</p>"
        elif index == len(self._origins) and index:
            words = "One key picture more (+), drawn at random; then change it."
        self.setToolTip(words)
        if index < 0:
            QToolTip.hideText()
        self.update()

    # ---- paint -----------------------------------------------------------------------------------

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The slots share the width."""
        super().resizeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Numbers, pictures, the plus, and under them how far the way has been gone."""
        painter, colors = QPainter(self), theme().colors
        if self.hasFocus():
            painter.setPen(QColor(colors.accent_text))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), px(4), px(4))
        painter.setFont(theme().font(11))
        dragged = self._drag_x is not None
        order = list(range(len(self._images)))
        if dragged:
            order.remove(self._selected)
            order.insert(self._target(), self._selected)
        for place, index in enumerate(order):
            box = self.slot_rect(place)
            is_selected = index == self._selected
            painter.setPen(QColor(colors.text if is_selected else colors.text2))
            above = QRectF(box.left(), 0, box.width(), px(NUMBER))
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, f"{place + 1}")
            if is_selected and dragged:
                painter.setOpacity(0.6)
            painter.drawImage(box, self._images[index])
            painter.setOpacity(1.0)
            painter.setPen(QPen(QColor(colors.accent if is_selected else colors.line), px(2 if is_selected else 1)))
            painter.drawRect(box.adjusted(-1, -1, 1, 1))
        if self._images and len(self._images) < KEYS[1]:
            self._paint_plus(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_playhead(painter)

    def _paint_plus(self, painter: QPainter) -> None:
        colors, box = theme().colors, self.slot_rect(len(self._images))
        tint = QColor(colors.text if self._hovered == len(self._images) else colors.text2)
        painter.setPen(QPen(tint, px(1), Qt.PenStyle.DashLine))
        painter.drawRect(box)
        arm, middle = px(7), box.center()
        painter.setPen(QPen(tint, px(2)))
        painter.drawLine(middle - QPointF(arm, 0), middle + QPointF(arm, 0))
        painter.drawLine(middle - QPointF(0, arm), middle + QPointF(0, arm))

    def _paint_playhead(self, painter: QPainter) -> None:
        if self._place is None or not self._images or self._drag_x is not None:
            return
        count, leg = len(self._images), int(self._place)
        share = self._place - leg
        a, b = (self.slot_rect(key % count).center().x() for key in (leg, leg + 1))
        x, y = a + share * (b - a), self.slot_rect(0).bottom() + px(5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme().colors.latent))
        painter.drawEllipse(QPointF(x, y), px(3), px(3))
