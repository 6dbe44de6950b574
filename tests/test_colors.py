"""The colours of meanings are told apart, as discs and as words, in both themes."""

from __future__ import annotations

from itertools import combinations

import pytest

from genstudio.ui.colors import DARK, LIGHT, Colors, contrast
from genstudio.ui.widgets.help_sheet import MEANINGS

APART = 20  # of CIE 1976: some ten times what an eye can just see


def lab(color: str) -> tuple[float, float, float]:
    """CIE L*a*b* of #rrggbb under D65."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(a: str, b: str) -> float:
    return sum((p - q) ** 2 for p, q in zip(lab(a), lab(b), strict=True)) ** 0.5


@pytest.mark.parametrize("colors", [DARK, LIGHT], ids=["dark", "light"])
@pytest.mark.parametrize("kind", ["", "_text"], ids=["discs", "words"])
def test_no_two_meanings_look_the_same(colors: Colors, kind: str) -> None:
    made = {name: getattr(colors, name + kind) for name, _ in MEANINGS}
    near = {(a, b): round(distance(made[a], made[b])) for a, b in combinations(made, 2)}
    assert {pair: far for pair, far in near.items() if far < APART} == {}


@pytest.mark.parametrize("colors", [DARK, LIGHT], ids=["dark", "light"])
def test_words_of_every_meaning_can_be_read_everywhere(colors: Colors) -> None:
    for name, _ in MEANINGS:
        for ground in (colors.window, colors.panel, colors.raised, colors.stage):
            assert contrast(getattr(colors, f"{name}_text"), ground) >= 4.5, (name, ground)
