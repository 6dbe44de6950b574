"""New pictures, below each the nearest training picture, and how far it is."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from genstudio.api import NO_PICTURES, Pictures
from genstudio.ui.theme import px, readable, theme
from genstudio.ui.widgets.scored_stage import ScoredStage

HELP = (
    "Above a new picture, below the training picture that is nearest to it, and how far it is. What is too near has a "
    "frame. A click shows a pair large (Return), arrow keys choose one."
)


class PairStage(ScoredStage):
    """A click opens a pair; arrows choose one.

    Signals:
        opened: the cell of a pair that is to be shown large.
    """

    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, "New pictures, and the nearest training pictures")
        self.setToolTip(f"<p>{HELP}</p>")
        self._pairs: tuple[Pictures, Pictures | None, tuple[str, ...]] | None = None
        self._marked: frozenset[int] = frozenset()
        self.cell_double_clicked.connect(self.opened)
        theme().changed.connect(self._recolor)

    def set_pairs(
        self, images: Pictures, nearest: Pictures | None, words: tuple[str, ...], marked: Collection[int] = ()
    ) -> None:
        """Show new pictures (N, H, W, C) over the nearest ones, if these are known; cells `marked` are framed."""
        self._pairs, self._marked = (images, nearest, words), frozenset(marked)
        ground = QColor(theme().colors.stage)
        rule = QColor(theme().colors.rule)
        count, high, wide, _ = images.shape
        both = np.empty((count, 2 * high + 1, wide, 3), np.uint8)
        both[:, :high] = images
        both[:, high] = (rule.red(), rule.green(), rule.blue())
        both[:, high + 1 :] = (ground.red(), ground.green(), ground.blue()) if nearest is None else nearest
        self.set_scored(both, words)

    def clear(self) -> None:
        """Nothing is to be seen."""
        self._pairs, self._marked = None, frozenset()
        self.set_scored(NO_PICTURES, ())

    def marked(self) -> frozenset[int]:
        """The cells that are framed."""
        return self._marked

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click is meant for what it shows, not for choosing alone."""
        if event.button() == Qt.MouseButton.LeftButton and (index := self.index_at(event.position())) >= 0:
            self.opened.emit(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The first click has opened it."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.pictures() is None or self._has_message:
            return
        colors, painter = theme().colors, QPainter(self)
        color, width = QColor(readable(colors.error, "#000000", "#FFFFFF", 3.0)), px(2)
        painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.MiterJoin))
        for index in self._marked:
            inset = width / 2
            painter.drawRect(QRectF(self.picture_rect(index)).adjusted(inset, inset, -inset, -inset))

    @Slot()
    def _recolor(self) -> None:
        if self._pairs is not None and not self._has_message:
            self.set_pairs(*self._pairs, self._marked)  # their ground is that of the theme
