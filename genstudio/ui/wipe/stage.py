"""Pictures over one another, each with a divider: the left one up to it, the right one beyond it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from genstudio.api import GridLayout, Pictures
from genstudio.ui.theme import DARK, px, theme
from genstudio.ui.widgets.canvas import SHADE
from genstudio.ui.widgets.picture_grid import Canvas, to_qimage
from genstudio.ui.widgets.stage import Stage

GAP = GridLayout().gap  # pixels between the pictures of a copy
HANDLE = 9  # design px of its radius
ROOMY = 8  # radii of the handle that a picture is at least wide, to have one
LARGE = 10  # pixels of a picture that Shift and an arrow go
ACCENT = tuple(getattr(QColor(DARK.accent), part)() for part in ("red", "green", "blue"))
HELP = (
    "Drag the divider, or move it with ← and →, with Shift ten pixels; Home and End take it to the ends, Space lets "
    "it swing. Of several pictures each has one, all at the same place. A double click shows one alone, A all."
)
LET_GO = "Let go to lay it on this side"


class WipeStage(Stage):
    """Takes both sides in by `show_sides`, and gives out by `moved` where a hand wants the divider.

    Signals:
        moved: the share of its width, 0 to 1, that every left picture has.
    """

    moved = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, "Both sides")
        self.setAccessibleDescription(HELP)
        self.setToolTip(f"<p>{HELP}</p>")
        self._share, self._drop_side = 0.5, -1
        self._held = -1  # the column of the divider that a hand has; -1 none
        self._before = 0.5  # the share before the divider was pressed last
        self._right: Pictures | None = None  # beyond the divider; None where there is no divider
        self._over: QImage | None = None  # the right pictures as they are laid out
        self._over_canvas: Canvas | None = None

    # ---- data in and out ------------------------------------------------------------------------------

    def show_sides(self, left: Pictures, right: Pictures | None, columns: int = 0) -> None:
        """Pictures of one shape over one another, in so many columns if that is said; without right ones no divider."""
        self._right, self._over = right, None
        self.set_pictures(left, columns)
        self.setCursor(Qt.CursorShape.ArrowCursor if right is None else Qt.CursorShape.SplitHCursor)

    def share(self) -> float:
        """How much of its width every left picture has."""
        return self._share

    def set_share(self, share: float) -> None:
        """Put the divider elsewhere; no signal follows."""
        share = min(max(share, 0.0), 1.0)
        if share != self._share:
            self._share = share
            self.update()

    def has_divider(self) -> bool:
        """Whether two sides are seen."""
        return self._right is not None and self._images is not None and not self._has_message

    def divider_x(self, cell: int = 0) -> float:
        """Where the divider of a picture is, in widget pixels; never within a pixel of the screen."""
        layout, ratio = self._fitted(), self.devicePixelRatioF()
        left = (cell % layout.columns) * (layout.cell[0] + layout.gap)
        return self._origin().x() + (left + round(self._share * layout.cell[0])) / ratio

    def show_drop(self, side: int) -> None:
        """Say on which side, 0 or 1, a file would be laid; -1 on none."""
        if side != self._drop_side:
            self._drop_side = side
            self.update()

    def copy(self) -> bool:
        """What is seen, with the divider, to the clipboard."""
        if not self.has_divider():
            return super().copy()
        assert self._images is not None and self._right is not None
        sides = [self.sheet(images, self.columns()) for images in (self._images, self._right)]
        page, right = (np.broadcast_to(side, (*side.shape[:2], 3)).copy() for side in sides)
        columns, (high, wide) = self.columns(), self._images.shape[1:3]
        times = page.shape[1] // (columns * wide + (columns - 1) * GAP)
        high, wide, gap = high * times, wide * times, GAP * times
        cut = round(self._share * wide)
        for k in range(len(self._images)):
            top, left = k // columns * (high + gap), k % columns * (wide + gap)
            beyond = np.s_[top : top + high, left + cut : left + wide]
            page[beyond] = right[beyond]
            page[top : top + high, left + max(cut - 1, 0) : left + min(cut + 1, wide)] = ACCENT
        QGuiApplication.clipboard().setImage(to_qimage(page))
        return True

    # ---- hand -----------------------------------------------------------------------------------------

    def _column_at(self, point: QPointF) -> int:
        """The column whose picture is nearest to a point."""
        layout = self._fitted()
        x = (point.x() - self._origin().x()) * self.devicePixelRatioF() + layout.gap / 2
        return min(max(int(x // (layout.cell[0] + layout.gap)), 0), layout.columns - 1)

    def _share_at(self, point: QPointF) -> float:
        """Where in the picture whose divider is held."""
        layout, ratio = self._fitted(), self.devicePixelRatioF()
        left = self._origin().x() + self._held * (layout.cell[0] + layout.gap) / ratio
        return min(max((point.x() - left) * ratio / layout.cell[0], 0.0), 1.0)

    def _move(self, share: float) -> None:
        self.set_share(share)
        self.moved.emit(self._share)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.has_divider():
            self._held, self._before = self._column_at(event.position()), self._share
            self._move(self._share_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held >= 0:
            self._move(self._share_at(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Opens a picture; the divider, which its first press has moved, is where it was."""
        if event.button() == Qt.MouseButton.LeftButton and self.has_divider():
            self._move(self._before)
        super().mouseDoubleClickEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = -1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            event.ignore()
            return
        step = 0.0
        if self.has_divider():  # a pixel of the pictures, where the screen has room for all
            step = max(self.zoom(), 1.0) / self._fitted().cell[0]
        step *= LARGE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        moves = {
            Qt.Key.Key_Left: self._share - step,
            Qt.Key.Key_Right: self._share + step,
            Qt.Key.Key_Home: 0.0,
            Qt.Key.Key_End: 1.0,
        }
        if event.key() in moves and step:
            self._move(moves[Qt.Key(event.key())])
        else:
            event.ignore()

    # ---- paint ----------------------------------------------------------------------------------------

    def _forget_layout(self) -> None:
        super()._forget_layout()
        self._over = self._over_canvas = None

    def paintEvent(self, event: QPaintEvent) -> None:
        """The left pictures, upon them the right ones and the dividers, and where a file would be laid."""
        super().paintEvent(event)
        painter = QPainter(self)
        if self.has_divider():
            self._paint_right(painter)
        if self._drop_side >= 0:
            self._paint_drop(painter)

    def _paint_right(self, painter: QPainter) -> None:
        assert self._right is not None
        if self._over is None:
            if self._over_canvas is None:
                self._over_canvas = self._paper()
            self._over = self._laid(self._right, self._over_canvas)
        layout, origin, ratio = self._fitted(), self._origin(), self.devicePixelRatioF()
        (wide, high), cut = layout.cell, round(self._share * layout.cell[0])
        has_handle = wide / ratio >= ROOMY * px(HANDLE)
        for k in range(len(self._right)):
            row, column = divmod(k, layout.columns)
            left, top = column * (wide + layout.gap) + cut, row * (high + layout.gap)
            part = QRectF(left, top, wide - cut, high)  # device pixels of all
            place = QRectF(origin.x() + left / ratio, origin.y() + top / ratio, (wide - cut) / ratio, high / ratio)
            painter.drawImage(place, self._over, part)
            self._paint_divider(painter, place, has_handle)

    def _paint_divider(self, painter: QPainter, right: QRectF, has_handle: bool) -> None:
        """At the left end of the place of a right picture."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for colour, width in ((SHADE, 3.0), (QColor(DARK.accent), 1.5)):
            painter.setPen(QPen(colour, px(width)))
            painter.drawLine(right.topLeft(), right.bottomLeft())
        if not has_handle:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, radius = QPointF(right.left(), right.center().y()), px(HANDLE)
        painter.setPen(QPen(SHADE, px(1)))
        painter.setBrush(QColor(DARK.accent))
        painter.drawEllipse(middle, radius, radius)
        painter.setPen(QPen(QColor(DARK.on_accent), px(1.5), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for way in (-1, 1):
            tip = middle + QPointF(way * radius * 0.6, 0)
            for end in (-1, 1):
                painter.drawLine(tip, tip + QPointF(-way * radius * 0.3, end * radius * 0.3))

    def _paint_drop(self, painter: QPainter) -> None:
        colors, edge = theme().colors, px(4)
        half = QRectF(self._drop_side * self.width() / 2, 0, self.width() / 2, self.height())
        ground = QColor(colors.window)
        ground.setAlphaF(0.85)
        painter.setPen(QPen(QColor(colors.accent), px(2), Qt.PenStyle.DashLine))
        painter.setBrush(ground)
        painter.drawRoundedRect(half.adjusted(edge, edge, -edge, -edge), px(8), px(8))
        painter.setPen(QColor(colors.text))
        painter.setFont(theme().font(15))
        painter.drawText(half, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, LET_GO)
