"""What the number of a meter means, in the words that the window and the command line have in common."""

from __future__ import annotations

from genstudio.api.evaluation import METERS, Meter

BETTER = {"less": "Lower is better.", "more": "Higher is better.", "": ""}


def explained(meter: Meter) -> str:
    """Whether high or low is good, and what it says."""
    return f"{BETTER[meter.better]} {meter.help}".strip()


def explanation(name: str) -> str:
    """The same after what the meter is called and its unit."""
    meter = METERS[name]
    unit = f", in {meter.unit}" if meter.unit else ""
    return f"{meter.title}{unit}: {explained(meter)}"
