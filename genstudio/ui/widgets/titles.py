"""Headings of columns, of which none runs into the next."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics

from genstudio.ui.theme import px, theme

GAP = 6  # design px between two
SMALLEST = 8  # pixels of letters that can be read
Spot = tuple[int, str]  # a column and the words over it


def legible(titles: Sequence[str], centres: Sequence[float], is_scale: bool) -> list[Spot]:
    """The titles as they have room over columns with these middles, in pixels.

    Of a scale as many are left as fit, at even distances with the middle one among them; a word before it, like
    "now", always stays. Other titles are cut to the width of a column.
    """
    metrics, spots = QFontMetrics(theme().font(11)), [(k, title) for k, title in enumerate(titles) if title]
    if _fit(spots, centres, metrics):
        return spots
    if not is_scale:
        room = int(min(b - a for a, b in pairwise(centres))) - px(GAP)
        return [(k, metrics.elidedText(title, Qt.TextElideMode.ElideRight, room)) for k, title in spots]
    first = int(spots[0][1].isalpha())
    words, scale = spots[:first], spots[first:]
    for step in range(1, len(scale)):
        chosen = [spot for i, spot in enumerate(scale) if (i - len(scale) // 2) % step == 0]
        if _fit(chosen, centres, metrics):
            break
    else:
        chosen = scale[len(scale) // 2 :][:1]
    return words + [spot for spot in chosen if _fit([*words, spot], centres, metrics)]


def low_font(high: int) -> QFont:
    """Of a title that has so many pixels of height: as large as the others, or so small that it is not cut."""
    font = theme().font(11)
    while QFontMetrics(font).height() > high and font.pixelSize() > SMALLEST:
        font.setPixelSize(font.pixelSize() - 1)
    return font


def _fit(spots: Sequence[Spot], centres: Sequence[float], metrics: QFontMetrics) -> bool:
    half = [(centres[k], metrics.horizontalAdvance(title) / 2) for k, title in spots]
    return all(x + wide + px(GAP) <= after - half_after for (x, wide), (after, half_after) in pairwise(half))
