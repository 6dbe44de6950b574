"""Measured numbers in as many plain digits as mean something. No Qt."""

from __future__ import annotations

import math


def milliseconds(ms: float) -> str:
    """0.04 ms, 0.4 ms, 4.3 ms, 43 ms, 430 ms, 4.3 s: never an exponent, never rounded to nothing."""
    if ms >= 999.5:
        return f"{ms / 1000:.1f} s"
    places = 0 if ms >= 9.95 else 1 if ms >= 0.095 else 2
    return f"{max(ms, 0.01):.{places}f} ms"


def signed(value: float, form: str) -> str:
    """A number in such a format with a true minus: −0.40, +0.40; never a sign before nothing."""
    text = f"{value:{form}}"
    return text.replace("-", "−") if float(text.replace(",", "")) else text.lstrip("+-")


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
