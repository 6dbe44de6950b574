"""Measured numbers in as many plain digits as mean something. No Qt."""

from __future__ import annotations

import math

from genstudio.api.numbers import milliseconds as milliseconds
from genstudio.api.numbers import power_of_ten
from genstudio.api.numbers import short as short
from genstudio.api.numbers import signed as signed


def file_size(count: int) -> str:
    """A number of bytes: 12 kB, 3.4 MB."""
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(round(count / 1000), 1)} kB"


def it_per_s(rate: float) -> str:
    """How many iterations a second: 41 it/s, 3.1 it/s; "" as long as none are known."""
    return (f"{rate:.0f} it/s" if rate >= 10 else f"{rate:.1f} it/s") if rate else ""


def middle_of(part: int, parts: int, whole: float) -> float:
    """The middle of one of so many equal parts of what goes from 0 to `whole`."""
    return (part + 0.5) * whole / parts


def tick_text(value: float, spacing: float) -> str:
    """A tick in as few digits as its spacing needs, thousands apart, never "−0.0"."""
    places = max(0, -math.floor(math.log10(spacing) + 1e-9)) if spacing > 0 else 0
    return signed(value, f",.{places}f")


def nice_ticks(low: float, high: float, count: float) -> list[float]:
    """About `count` round numbers (1, 2 or 5 times a power of ten apart) from low to high."""
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    spacing = min((power * m for m in (1, 2, 5, 10)), key=lambda s: abs(math.log(s / rough)))
    first = math.ceil(low / spacing - 1e-9)
    return [k * spacing for k in range(first, math.floor(high / spacing + 1e-9) + 1)]


def at_most(value: float, places: int, chars: int = 6) -> str:
    """A number with so many decimal places, or with fewer, so that it stays short: 0.25, −12.34, −123.5, 12346."""
    texts = (signed(value, f".{k}f") for k in range(places, -1, -1))
    return next((text for text in texts if len(text) <= chars), "") or short(value)


def in_units(values: list[float], spacing: float) -> list[list[str]]:
    """Ticks written out, in thousands, and so on: "12,000", "12k" or "12·10³"."""
    units = ((1.0, ""), (1e3, "k"), (1e6, "M"), (1e9, "G"), _in_powers(spacing))
    return [[tick_text(v / size, spacing / size) + (unit if v else "") for v in values] for size, unit in units]


def _in_powers(spacing: float) -> tuple[float, str]:
    power = math.floor(math.log10(spacing) + 1e-9) if spacing > 0 else 0
    return 10.0**power, f"·{power_of_ten(power)}"


def with_error(value: float, error: float) -> str:
    """84.3 ± 3.5, 0.713 ± 0.021: as many digits as the error allows."""
    places = min(max(1 - math.floor(math.log10(error)), 0), 3) if error > 0 and math.isfinite(error) else 2
    return f"{signed(value, f',.{places}f')} ± {signed(error, f',.{places}f')}"


def log_ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Where the numbers of an axis from 10^low to 10^high stand, as logarithms, and how they are written."""
    powers = range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)
    if len(powers) > 1:
        apart = math.ceil(len(powers) / 5)
        return [(float(k), _plain(k) or power_of_ten(k)) for k in powers if k % apart == 0]
    steps = [(m, k) for k in range(math.floor(low), math.ceil(high) + 1) for m in (1, 2, 5)]
    ticks = [(k + math.log10(m), f"{m * 10.0**k:g}" if -4 < k < 4 else f"{m}·{power_of_ten(k)}") for m, k in steps]
    return [(place, text) for place, text in ticks if low - 1e-9 <= place <= high + 1e-9]


def log_ends(low: float, high: float) -> tuple[float, float]:
    """The nearest 1, 2 or 5 times a power of ten around numbers, all as logarithms."""
    steps = [k + math.log10(m) for k in range(math.floor(low) - 1, math.ceil(high) + 2) for m in (1, 2, 5)]
    return max(s for s in steps if s <= low + 1e-9), min(s for s in steps if s >= high - 1e-9)


def _plain(k: int) -> str:
    return f"{10**k:,}" if 0 <= k <= 3 else f"{10.0**k:.{-k}f}" if -3 <= k < 0 else ""
