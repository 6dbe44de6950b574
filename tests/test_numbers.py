"""How numbers are read."""

from __future__ import annotations

import math

import pytest

from genstudio.ui.numbers import at_most, in_units, nice_ticks, short, signed


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (-0.4, ".2f", "−0.40"),
        (0.4, "+.2f", "+0.40"),
        (-0.001, ".1f", "0.0"),
        (-0.001, "+.2f", "0.00"),
        (-2, "+d", "−2"),
        (-2.5, "+g", "−2.5"),
        (-1234.5, ",.1f", "−1,234.5"),
    ],
)
def test_a_number_has_a_true_minus_and_nothing_has_no_sign(value: float, form: str, text: str) -> None:
    assert signed(value, form) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.25, "0.25"), (-12.345, "−12.35"), (-123.45, "−123.5"), (-12345.6, "−12346"), (-4e5, "−4·10⁵"), (-1e-9, "0.00")],
)
def test_large_scores_lose_places_before_they_lose_room(value: float, text: str) -> None:
    assert at_most(value, 2) == text


def test_an_axis_of_huge_numbers_has_a_short_way() -> None:
    ticks = nice_ticks(0, 6e29, 5)
    ways = in_units(ticks, ticks[1] - ticks[0])
    assert ways[-1] == ["0", "1·10²⁹", "2·10²⁹", "3·10²⁹", "4·10²⁹", "5·10²⁹", "6·10²⁹"]
    assert in_units([0, 0.5], 0.5)[0] == ["0.0", "0.5"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (9.4e-5, "9·10⁻⁵"), (9.6e-5, "1·10⁻⁴"), (3.2e-7, "3·10⁻⁷"), (-2.6e-9, "−3·10⁻⁹"),
        (1.2e-4, "0.00012"), (0.25, "0.25"), (12.34, "12.3"), (96_000, "1·10⁵"), (0.0, "0"), (math.nan, ""),
    ],
)  # fmt: skip
def test_a_small_number_is_rounded_before_it_is_split(value: float, text: str) -> None:
    assert short(value) == text
