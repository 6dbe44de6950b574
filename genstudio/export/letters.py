"""Words in a grid of pictures, written when it is as large as it will be, so that they are sharp.

The font is the one that Pillow brings along; what it has no letters for is written in one of the computer's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from genstudio.api import Pictures

OTHER_FONTS = ("NotoSans-Regular.ttf", "DejaVuSans.ttf", "Arial Unicode.ttf", "arial.ttf", "DroidSansFallback.ttf")
ALIKE = str.maketrans("−–—×", "---x")  # what the font has no letters for, and what looks like it
UP = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
RAISED = str.maketrans(UP, "-0123456789")
SMALLER, HIGHER = 0.65, 0.35  # a raised letter: its size, and how much of a line it stands higher
LEADING = 1.3  # of a line, in sizes of its letters
LARGEST, SMALLEST, READABLE = 1 / 6, 1 / 10, 8  # size of letters: parts of a cell's height; and px
MARGIN = 0.04  # of a cell's height that stays free at both ends
NOT_A_LETTER = "\U0010fffe"


@dataclass(frozen=True)
class Words:
    """What stands in a cell of a grid in the stead of a picture.

    Args:
        lines: Below each other; without any the cell is empty.
        ground: The grey level behind them; they are black or white, whichever is farther from it.
        wide: Cells that they may cover; all but the first are EMPTY.
    """

    lines: tuple[str, ...] = ()
    ground: int = 0
    wide: int = 1


EMPTY = Words()
Tile = Pictures | Words
Tiles = Pictures | Sequence[Tile]  # pictures (N, H, W, C), or also words between them


def in_channels(tiles: Sequence[Tile], channels: int) -> list[Tile]:
    """The same tiles, their pictures (H, W, C) with so many channels: those of a film are all alike."""
    return [tile if isinstance(tile, Words) else np.broadcast_to(tile, (*tile.shape[:2], channels)) for tile in tiles]


class Box(NamedTuple):
    """A place on a page, in its pixels."""

    top: int
    left: int
    height: int
    width: int


def write(page: Pictures, places: Sequence[tuple[Words, Box]], cell_px: int) -> None:
    """Write words into their boxes of a page (H, W, C), all in letters of one size, but lines too long for that.

    Args:
        cell_px: The height of a cell, from which the size of the letters follows.
    """
    for words, box in places:
        if words.ground:
            page[box.top : box.top + box.height, box.left : box.left + box.width] = words.ground
    told = [(words, box) for words, box in places if any(words.lines)]
    low = max(cell_px * SMALLEST, READABLE)
    size = max(min((_fitting(words, box, cell_px) for words, box in told), default=low), low)
    for words, box in told:
        mask = _mask(words, box, min(size, max(_fitting(words, box, cell_px), READABLE)))
        area = page[box.top : box.top + box.height, box.left : box.left + box.width]
        ink = 255.0 if words.ground < 128 else 0.0
        area[:] = np.round(words.ground + mask[:, :, None] * (ink - words.ground)).astype(np.uint8)


def _fitting(words: Words, box: Box, cell_px: int) -> float:
    """The largest size at which all lines fit, in px."""
    size, room = cell_px * LARGEST, box.width - 2 * MARGIN * cell_px
    widest = max(_length(line, size) for line in words.lines)
    high = LEADING * size * len(words.lines)
    return size * min(1.0, room / max(widest, 1.0), box.height / high)


def _mask(words: Words, box: Box, size: float) -> np.ndarray:
    """How much ink is where, (height, width) from 0 to 1."""
    image = Image.new("L", (box.width, box.height))
    draw, pitch = ImageDraw.Draw(image), LEADING * size
    middle = (box.height - pitch * (len(words.lines) - 1)) / 2
    for number, line in enumerate(words.lines):
        left, y = (box.width - _length(line, size)) / 2, middle + number * pitch
        for run, is_raised in _runs(line):
            font = _font(run, size * (SMALLER if is_raised else 1))
            draw.text((left, y + size * (0.35 - HIGHER * is_raised)), run, 255, font, "ls")
            left += font.getlength(run)
    return np.asarray(image) / 255.0


def _length(line: str, size: float) -> float:
    return sum(_font(run, size * (SMALLER if up else 1)).getlength(run) for run, up in _runs(line))


def _runs(line: str) -> list[tuple[str, bool]]:
    """A line in parts, and whether each is raised."""
    runs: list[tuple[str, bool]] = []
    for letter in _spelled(line.translate(ALIKE)):
        plain, is_raised = letter.translate(RAISED), letter in UP
        if runs and runs[-1][1] == is_raised:
            runs[-1] = (runs[-1][0] + plain, is_raised)
        else:
            runs.append((plain, is_raised))
    return runs


@lru_cache(maxsize=256)
def _spelled(text: str) -> str:
    """A text as it can be written here: without the accents that no font has."""
    if _writes(_font(text.translate(RAISED), READABLE), text.translate(RAISED)):
        return text
    return "".join(one if one in UP else _plain(one) for one in text)


def _plain(letter: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(one))


@lru_cache(maxsize=256)
def _font(text: str, size: float) -> ImageFont.FreeTypeFont:
    """The bundled font, or another if that has letters for a text and the bundled one has not."""
    bundled = _bundled(size)
    if _writes(bundled, text):
        return bundled
    for name in OTHER_FONTS:
        try:
            other = ImageFont.truetype(name, size)
        except OSError:
            continue
        if _writes(other, text):
            return other
    return bundled


@lru_cache(maxsize=64)
def _bundled(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)  # Pillow's wheels have FreeType
    return font


def _writes(font: ImageFont.FreeTypeFont, text: str) -> bool:
    none = bytes(font.getmask(NOT_A_LETTER))
    return all(letter.isspace() or bytes(font.getmask(letter)) != none for letter in text)
