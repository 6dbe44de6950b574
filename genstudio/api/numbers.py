"""Numbers in as many plain digits as mean something, as the window and files write them."""

from __future__ import annotations

import math

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def milliseconds(ms: float) -> str:
    """0.04 ms, 0.4 ms, 4.3 ms, 43 ms, 430 ms, 4.3 s: never an exponent, never rounded to nothing."""
    if ms >= 999.5:
        return f"{ms / 1000:.1f} s"
    places = 0 if ms >= 9.95 else 1 if ms >= 0.095 else 2
    return f"{max(ms, 0.01):.{places}f} ms"


def about_ms(ms: float) -> str:
    """In two digits, for a time that is not known better: 4.3 ms, 490 ms, 1.3 s."""
    return f"{float(f'{ms / 1000:.2g}'):g} s" if ms >= 995 else f"{float(f'{ms:.2g}'):g} ms"


def three_digits(value: float) -> str:
    """0.12, 1.23, 12.3, 123, 1234."""
    return f"{value:.0f}" if value >= 99.5 else f"{value:.1f}" if value >= 9.95 else f"{value:.2f}"


def percent(share: float, places: int = 0) -> str:
    """40 %, 98.8 %: a share with the blank that stands before a unit."""
    return f"{100 * share:.{places}f} %"


def signed(value: float, form: str) -> str:
    """A number in such a format with a true minus: −0.40, +0.40; never a sign before nothing."""
    text = f"{value:{form}}"
    return text.replace("-", "−") if float(text.replace(",", "")) else text.lstrip("+-")


def short(value: float) -> str:
    """A positive number in two or three digits that mean something: 123, 1.23, 0.0012, 3·10⁻⁵; never an "e"."""
    if not math.isfinite(value):
        return ""
    if value == 0:
        return "0"
    power = math.floor(math.log10(abs(value)))
    if -4 <= power < 4:
        return signed(value, f".{max(0, (2 if power >= 0 else 1) - power)}f")
    digit, raised = f"{value:.0e}".split("e")  # rounded before it is split: 9.6e-5 is 1·10⁻⁴
    return f"{signed(float(digit), '.0f')}·{power_of_ten(int(raised))}"


def power_of_ten(k: int) -> str:
    """A power of ten: 10⁻⁵."""
    return "10" + str(k).translate(SUPERSCRIPTS)
