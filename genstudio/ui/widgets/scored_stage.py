"""A stage with a few words under every picture."""

from __future__ import annotations

import math
import re

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from genstudio.api import Pictures
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.picture_grid import Layout
from genstudio.ui.widgets.stage import Stage
from genstudio.ui.widgets.titles import SMALLEST, low_font

WORDS = 14  # design px of height under a picture
APART = 6  # design px between the words of two pictures
DECIMAL = re.compile(r"\d+\.\d+")


class ScoredStage(Stage):
    """Every cell is a picture and a strip in the colour of the stage below it, whole picture pixels high; where its
    words are wider than it and there is room, it has such a margin on both sides as well."""

    def __init__(self, parent: QWidget | None = None, label: str = "Pictures") -> None:
        super().__init__(parent, label)
        self._bare: Pictures | None = None  # without the strips
        self._words: tuple[str, ...] = ()

    def set_scored(self, images: Pictures, words: tuple[str, ...], columns: int = 0) -> None:
        """Show pictures (N, H, W, 3), each with its words; none show what `set_message` says."""
        is_same = self._bare is not None and images.shape == self._bare.shape and columns == self._columns
        is_same = is_same and max(map(len, words), default=0) <= max(map(len, self._words), default=0)
        self._bare, self._words = (images if len(images) else None), words
        if self._bare is None:
            self.set_pictures(images)
        elif is_same and self._layout is not None:
            self.set_pictures(self._padded(self._strip(), self._side()), columns)
        else:
            self.set_pictures(images, columns)
            self._forget_layout()

    def words(self) -> tuple[str, ...]:
        """What stands under the pictures."""
        return self._words

    def written(self) -> tuple[str, ...]:
        """The words as they stand there: numbers that would touch have no decimals."""
        metrics, room = QFontMetrics(self._font()), self.cell_rect(0).width() + self._fitted().gap - px(APART)
        if max(map(metrics.horizontalAdvance, self._words), default=0) <= room:
            return self._words
        return tuple(f"{float(word):.0f}" if DECIMAL.fullmatch(word) else word for word in self._words)

    def picture_rect(self, index: int) -> QRect:
        """Where a picture is, without its words."""
        box, unit = self.cell_rect(index), self.zoom() / self.devicePixelRatioF()
        side = round(self._side() * unit)
        return box.adjusted(side, 0, -side, -round(self._strip() * unit))

    def seen(self) -> Pictures | None:
        """The pictures without the strips."""
        return None if self._has_message else self._bare

    def copy(self) -> bool:
        """The pictures without the strips."""
        shown = self._images
        self.columns()
        self._images = self._bare
        try:
            return super().copy()
        finally:
            self._images = shown

    def _strip(self) -> int:
        """How many picture pixels a strip has now."""
        assert self._images is not None and self._bare is not None
        return self._images.shape[1] - self._bare.shape[1]

    def _side(self) -> int:
        """How many picture pixels a margin has now."""
        assert self._images is not None and self._bare is not None
        return (self._images.shape[2] - self._bare.shape[2]) // 2

    def _padded(self, strip: int, side: int) -> Pictures:
        assert self._bare is not None
        count, height, width, channels = self._bare.shape
        ground = QColor(theme().colors.stage)
        padded = np.empty((count, height + strip, width + 2 * side, channels), np.uint8)
        padded[:] = (ground.red(), ground.green(), ground.blue())
        padded[:, :height, side : side + width] = self._bare
        return padded

    def _fitted(self) -> Layout:
        if self._layout is None and self._bare is not None:
            need = px(WORDS) * self.devicePixelRatioF()
            for strip in range(1, 4 * self._bare.shape[1]):
                zoom = self._zoom_with(strip, 0)
                if strip * zoom >= need:
                    break
            sides = self._sides(zoom)
            side = next((side for side in sides if self._zoom_with(strip, side) >= zoom), 0)
            self._layout, self._images = None, self._padded(strip, side)
        return super()._fitted()

    def _zoom_with(self, strip: int, side: int) -> float:
        """How large pictures with such strips and margins are."""
        assert self._bare is not None
        count, height, width, _ = self._bare.shape
        self._layout = None
        self._images = np.broadcast_to(np.uint8(0), (count, height + strip, width + 2 * side, 3))
        return super()._fitted().zoom

    def _sides(self, zoom: float) -> list[int]:
        """Margins with which words are as wide as their cells, those of large letters first."""
        assert self._bare is not None
        font, sides = low_font(px(WORDS)), list[int]()
        longest, unit = max(self._words, key=len, default=""), zoom / self.devicePixelRatioF()
        while font.pixelSize() >= SMALLEST:
            wide = QFontMetrics(font).horizontalAdvance(longest) + px(APART)
            sides.append(max(math.ceil((wide / unit - self._bare.shape[2]) / 2), 0))
            font.setPixelSize(font.pixelSize() - 1)
        return sides

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._bare is None or self._has_message:
            return
        painter = QPainter(self)
        painter.setPen(QColor(theme().colors.text2))
        painter.setFont(self._font())
        told = self.written()
        high = self.cell_rect(0).bottom() - self.picture_rect(0).bottom()
        for index, words in enumerate(told):
            box = self.cell_rect(index)
            painter.drawText(
                QRect(box.left() - px(6), box.bottom() - high, box.width() + px(12), high),
                Qt.AlignmentFlag.AlignCenter, words,
            )  # fmt: skip

    def _font(self) -> QFont:
        """As large as the others, or so small that the longest words fit."""
        font, room = low_font(px(WORDS)), self.cell_rect(0).width() + self._fitted().gap - 2
        longest = max(self._words, key=len, default="")
        while QFontMetrics(font).horizontalAdvance(longest) > room and font.pixelSize() > SMALLEST:
            font.setPixelSize(font.pixelSize() - 1)
        return font
