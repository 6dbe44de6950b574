"""Measured numbers in as many plain digits as mean something. No Qt."""

from __future__ import annotations


def milliseconds(ms: float) -> str:
    """0.04 ms, 0.4 ms, 4.3 ms, 43 ms, 430 ms, 4.3 s: never an exponent, never rounded to nothing."""
    if ms >= 999.5:
        return f"{ms / 1000:.1f} s"
    places = 0 if ms >= 9.95 else 1 if ms >= 0.095 else 2
    return f"{max(ms, 0.01):.{places}f} ms"


def signed(value: float, form: str) -> str:
    """A number in such a format with a true minus: −0.40, +0.40; never a sign before nothing."""
    text = f"{value:{form}}"
    return text.replace("-", "−") if float(text) else text.lstrip("+-")
