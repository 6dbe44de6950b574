"""Pictures over one another with a divider: the left ones up to it, the right ones beyond it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from genstudio.api import Pictures
from genstudio.ui.theme import DARK, px, theme
from genstudio.ui.widgets.canvas import SHADE
from genstudio.ui.widgets.picture_grid import Canvas, to_qimage
from genstudio.ui.widgets.stage import Stage

HANDLE = 9  # design px of its radius
LARGE = 10  # pixels of a picture that Shift and an arrow go
ACCENT = tuple(getattr(QColor(DARK.accent), part)() for part in ("red", "green", "blue"))
HELP = (
    "Drag the divider, or move it with ← and →, with Shift ten pixels; Home and End take it to the ends, Space lets "
    "it swing. A double click shows one picture of several alone."
)
LET_GO = "Let go to lay it on this side"


class WipeStage(Stage):
    """Takes both sides in by `show_sides`, and gives out by `moved` where a hand wants the divider.

    Signals:
        moved: the share of the width, 0 to 1, that the left pictures have.
    """

    moved = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, "Both sides")
        self.setAccessibleDescription(HELP)
        self.setToolTip(f"<p>{HELP}</p>")
        self._share, self._is_held, self._drop_side = 0.5, False, -1
        self._right: Pictures | None = None  # beyond the divider; None where there is no divider
        self._over: QImage | None = None  # the right pictures as they are laid out
        self._over_canvas: Canvas | None = None

    # ---- data in and out ------------------------------------------------------------------------------

    def show_sides(self, left: Pictures, right: Pictures | None) -> None:
        """Pictures of one shape over one another; without right ones no divider."""
        self._right, self._over = right, None
        self.set_pictures(left)
        self.setCursor(Qt.CursorShape.ArrowCursor if right is None else Qt.CursorShape.SplitHCursor)

    def share(self) -> float:
        """How much of the width the left pictures have."""
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

    def divider_x(self) -> float:
        """Where the divider is, in widget pixels; never within a pixel of the screen."""
        return self._origin().x() + round(self._share * self._fitted().size[0]) / self.devicePixelRatioF()

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
        left, right = (np.broadcast_to(side, (*side.shape[:2], 3)) for side in sides)
        cut = round(self._share * left.shape[1])
        page = np.concatenate([left[:, :cut], right[:, cut:]], axis=1)
        page[:, max(cut - 1, 0) : cut + 1] = ACCENT
        QGuiApplication.clipboard().setImage(to_qimage(page))
        return True

    # ---- hand -----------------------------------------------------------------------------------------

    def _share_at(self, point: QPointF) -> float:
        wide = self._fitted().size[0] / self.devicePixelRatioF()
        return min(max((point.x() - self._origin().x()) / max(wide, 1), 0.0), 1.0)

    def _move(self, share: float) -> None:
        self.set_share(share)
        self.moved.emit(self._share)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.has_divider():
            self._is_held = True
            self._move(self._share_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._is_held:
            self._move(self._share_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._is_held = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            event.ignore()
            return
        step = 0.0
        if self.has_divider():  # a pixel of the pictures, where the screen has room for all
            step = max(self.zoom(), 1.0) / self._fitted().size[0]
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
        """The left pictures, upon them the right ones and the divider, and where a file would be laid."""
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
        origin, ratio, x = self._origin(), self.devicePixelRatioF(), self.divider_x()
        wide, high = (length / ratio for length in self._fitted().size)
        painter.setClipRect(QRectF(x, origin.y(), origin.x() + wide - x, high))
        painter.drawImage(origin, self._over)
        painter.setClipping(False)
        top, bottom, radius = QPointF(x, origin.y()), QPointF(x, origin.y() + high), px(HANDLE)
        for colour, width in ((SHADE, 3.0), (QColor(DARK.accent), 1.5)):
            painter.setPen(QPen(colour, px(width)))
            painter.drawLine(top, bottom)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(x, (top.y() + bottom.y()) / 2)
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
