"""Colours of the ground of a game on points, and the legend that says what they mean."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from genstudio.ui.numbers import signed
from genstudio.ui.theme import px, theme

Floats = npt.NDArray[np.float32]
STRENGTH = 0.4  # of the colours under the points
FLAT = 0.2  # score: a critic that varies less over the plane gets no full colours
BAR, HIGH, EDGE = 132, 8, 8  # design px of the legend's bar, and around it
SHARE = 0.42  # of the plane's width: no legend is wider


def ends_of(scores: Floats) -> tuple[float, float]:
    """The scores of a critic that have the full colours; of a flat one further apart than its own.

    Those that are no numbers, of a run that breaks, do not count.
    """
    finite = scores[np.isfinite(scores)]
    low, high = (float(end) for end in np.quantile(finite, (0.02, 0.98))) if len(finite) else (0.0, 0.0)
    wider = max(FLAT - (high - low), 0.0) / 2
    return low - wider, high + wider


def heat_image(shares: Floats) -> QImage:
    """Shares (H, W) as colours: from 0, that of generated points, over 0.5, the ground, to 1, that of real ones.

    What is no number is the ground.
    """
    colors = theme().colors
    lean = np.clip(np.nan_to_num(2 * shares - 1), -1, 1)[..., None]
    ground, fake, real = (_rgb(color) for color in (colors.panel, colors.generated, colors.real))
    towards = np.where(lean < 0, fake, real)
    shown = (ground + STRENGTH * np.abs(lean) * (towards - ground)).astype(np.uint32)
    packed = np.ascontiguousarray(0xFF000000 | shown[..., 0] << 16 | shown[..., 1] << 8 | shown[..., 2])
    high, wide = shares.shape
    return QImage(packed.data, wide, high, 4 * wide, QImage.Format.Format_RGB32).copy()


def legend(ends: tuple[float, float] | None, is_best: bool = False) -> tuple[str, str, str]:
    """What stands under the left end, the middle and the right end of the bar; no ends where D gives probabilities.

    Args:
        is_best: They are those of the best D there could be.
    """
    if ends is None:
        return "0 fake", "the best D" if is_best else "½", "1 real"
    low, high = (signed(end, "+.2f") for end in ends)
    return low, "score", high


def paint_legend(painter: QPainter, square: QRectF, ends: tuple[float, float] | None, is_best: bool = False) -> None:
    """In the corner at the bottom right of the plane, short of the middle, if that is large enough."""
    colors, font = theme().colors, theme().font(11)
    metrics = QFontMetricsF(font)
    texts = legend(ends, is_best)
    edges = 2 * px(EDGE)
    room, needed = SHARE * square.width() - edges, sum(metrics.horizontalAdvance(text) for text in texts) + px(16)
    if needed > room:
        return
    wide = max(min(px(BAR), room), needed)
    box = QRectF(0, 0, wide + edges, px(HIGH) + metrics.height() + 2.5 * px(EDGE))
    box.moveBottomRight(square.bottomRight())
    ground = QColor(colors.panel)
    ground.setAlphaF(0.85)
    painter.fillRect(box, ground)
    bar = QRectF(box.left() + px(EDGE), box.top() + px(EDGE), wide, px(HIGH))
    painter.drawImage(bar, _bar(colors.panel))
    painter.setFont(font)
    painter.setPen(QColor(colors.text2))
    below = QRectF(bar.left(), bar.bottom() + px(EDGE) / 2, wide, metrics.height())
    sides = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)
    for text, side in zip(texts, sides, strict=True):
        painter.drawText(below, side | Qt.AlignmentFlag.AlignVCenter, text)


@lru_cache(2)
def _bar(panel: str) -> QImage:
    """All the colours from one end to the other, of the theme with such a panel."""
    return heat_image(np.linspace(0, 1, 65, dtype=np.float32)[None])


def _rgb(color: str) -> Floats:
    own = QColor(color)
    return np.array((own.red(), own.green(), own.blue()), np.float32)
