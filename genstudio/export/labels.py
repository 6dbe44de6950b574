"""Words as small pictures, as coarse as those that they stand beside in the window."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from genstudio.api import Pictures

HIGH = 5  # px of a letter; each is 3 px wide, a row an octal digit of three of them
GLYPHS = {
    "0": "75557", "1": "26227", "2": "71747", "3": "71317", "4": "55711", "5": "74717", "6": "74757", "7": "71122",
    "8": "75757", "9": "75717", "a": "25755", "b": "65656", "c": "34443", "d": "65556", "e": "74647", "f": "74644",
    "g": "34553", "h": "55755", "i": "72227", "j": "11152", "k": "55655", "l": "44447", "m": "57755", "n": "65555",
    "o": "25552", "p": "65644", "q": "25563", "r": "65655", "s": "34216", "t": "72222", "u": "55557", "v": "55552",
    "w": "55775", "x": "55255", "y": "55222", "z": "71247", ".": "00002", "-": "00700", " ": "00000",
}  # fmt: skip


def label(text: str, size: int, ground: int = 0) -> Pictures:
    """Text in the middle of a grey square (size, size, 1), twice as large where it fits, cut off where it does not.

    Args:
        text: Lower case; a character without a glyph is a space.
        ground: The grey level behind it; the text is black or white, whichever is farther from it.
    """
    dots = _dots(text, size)
    if 2 * dots.shape[1] <= size and size >= 2 * HIGH:
        dots = dots.repeat(2, 0).repeat(2, 1)
    tile = np.full((size, size, 1), ground, np.uint8)
    high, wide = (min(length, size) for length in dots.shape)
    top, left = (size - high) // 2, (size - wide) // 2
    tile[top : top + high, left : left + wide, 0][dots[:high, :wide]] = 255 if ground < 128 else 0
    return tile


def _dots(text: str, size: int) -> npt.NDArray[np.bool_]:
    """Where a text is, (HIGH, W), as far as it fits."""
    fits = max((size + 1) // 4, 1)
    rows = [[int(GLYPHS.get(c, GLYPHS[" "])[y], 8) for c in text[:fits]] for y in range(HIGH)]
    dots = np.array([[bit for row in rows[y] for bit in (row >> 2 & 1, row >> 1 & 1, row & 1, 0)] for y in range(HIGH)])
    return dots[:, :-1].astype(bool) if dots.size else np.zeros((HIGH, 1), bool)
