"""A stage with a few words under every picture."""

from __future__ import annotations

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


class ScoredStage(Stage):
    """Every cell is a picture and a strip in the colour of the stage below it, whole picture pixels high."""

    def __init__(self, parent: QWidget | None = None, label: str = "Pictures") -> None:
        super().__init__(parent, label)
        self._bare: Pictures | None = None  # without the strips
        self._words: tuple[str, ...] = ()

    def set_scored(self, images: Pictures, words: tuple[str, ...], columns: int = 0) -> None:
        """Show pictures (N, H, W, 3), each with its words; none show what `set_message` says."""
        is_same = self._bare is not None and images.shape == self._bare.shape and columns == self._columns
        self._bare, self._words = (images if len(images) else None), words
        if self._bare is None:
            self.set_pictures(images)
        elif is_same and self._layout is not None:
            self.set_pictures(self._padded(self._strip()), columns)
        else:
            self.set_pictures(images, columns)
            self._forget_layout()

    def words(self) -> tuple[str, ...]:
        """What stands under the pictures."""
        return self._words

    def picture_rect(self, index: int) -> QRect:
        """Where a picture is, without its words."""
        box = self.cell_rect(index)
        return box.adjusted(0, 0, 0, -round(self._strip() * self.zoom() / self.devicePixelRatioF()))

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

    def _padded(self, strip: int) -> Pictures:
        assert self._bare is not None
        count, height, width, channels = self._bare.shape
        ground = QColor(theme().colors.stage)
        padded = np.empty((count, height + strip, width, channels), np.uint8)
        padded[:, :height] = self._bare
        padded[:, height:] = (ground.red(), ground.green(), ground.blue())
        return padded

    def _fitted(self) -> Layout:
        if self._layout is None and self._bare is not None:
            count, height, width, _ = self._bare.shape
            need = px(WORDS) * self.devicePixelRatioF()
            for strip in range(1, 4 * height):
                self._layout, self._images = None, np.broadcast_to(np.uint8(0), (count, height + strip, width, 3))
                if strip * super()._fitted().zoom >= need:
                    break
            self._images = self._padded(strip)
        return super()._fitted()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._bare is None or self._has_message:
            return
        painter = QPainter(self)
        painter.setPen(QColor(theme().colors.text2))
        painter.setFont(self._font())
        high = self.cell_rect(0).bottom() - self.picture_rect(0).bottom()
        for index, words in enumerate(self._words):
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
