"""Noise schedules drawn by hand: a falling curve of what is left of a picture, and the name that carries it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

PEN = "drawn:"  # before the numbers, in the name of a drawn schedule
NAMED = ("linear", "cosine", "sigmoid")  # those that need no pen, and do not end in nothing but noise
TIMESTEPS = (10, 1000)  # fewest and most noise levels T
KNOTS = 17  # values of a drawn curve, evenly spaced from t = 0 to t = T
LEAST = 0.001  # by which the curve falls at least from one value to the next
Curve = tuple[float, ...]


def name_of_curve(curve: Sequence[float]) -> str:
    """The name by which `curve_of` gives this curve again.

    Raises:
        ValueError: if the curve does not fall from 1 to 0.
    """
    check_curve(curve)
    return PEN + ",".join(f"{value:.3f}" for value in curve)


def curve_of(name: str) -> Curve:
    """The values of sqrt(alpha_bar) of a drawn schedule's name, at evenly spaced t from 0 to T.

    Raises:
        ValueError: if the name is not one that `name_of_curve` gives.
    """
    try:
        curve = tuple(float(part) for part in name.removeprefix(PEN).split(","))
    except ValueError:
        raise ValueError("the drawn schedule cannot be read; draw it again") from None
    check_curve(curve)
    if name != name_of_curve(curve):
        raise ValueError("the drawn schedule is not written in thousandths; draw it again")
    return curve


def check_drawn(name: str) -> None:
    """Refuse what is no drawn schedule.

    Raises:
        ValueError: saying what is allowed, or what is wrong with the curve.
    """
    if not name.startswith(PEN):
        raise ValueError(f"schedule is {name!r}; allowed: {', '.join(NAMED)}, or a drawn one")
    curve_of(name)


def check_curve(curve: Sequence[float]) -> None:
    """Refuse a curve that is no schedule.

    Raises:
        ValueError: unless there are KNOTS values that fall from 1 to 0, each at least LEAST below the one before.
    """
    if len(curve) != KNOTS:
        raise ValueError(f"a drawn schedule has {KNOTS} values, not {len(curve)}")
    if (curve[0], curve[-1]) != (1.0, 0.0):
        raise ValueError(f"a drawn schedule falls from 1 to 0, not from {curve[0]:g} to {curve[-1]:g}")
    for number, (before, after) in enumerate(pairwise(curve), 1):
        if not round(before - after, 6) >= LEAST:  # not a number is refused, too
            raise ValueError(f"a drawn schedule falls all the way; value {number + 1} is not below the one before")


def straight_curve() -> Curve:
    """What a pad shows before anything is drawn: a straight line from 1 to 0."""
    return tuple(round(1 - k / (KNOTS - 1), 3) for k in range(KNOTS))


def bent(curve: Sequence[float], knot: int, value: float) -> Curve:
    """The curve with another value at a knot, which pushes its neighbours so far that it still falls from 1 to 0."""
    last = KNOTS - 1
    if not 0 < knot < last:
        return tuple(curve)
    value = round(min(max(value, (last - knot) * LEAST), 1 - knot * LEAST), 3)
    pushed = [
        max(old, value + (knot - k) * LEAST) if k < knot else min(old, value - (k - knot) * LEAST)
        for k, old in enumerate(curve)
    ]
    pushed[knot] = value
    inside = [min(max(new, (last - k) * LEAST), 1 - k * LEAST) for k, new in enumerate(pushed)]
    return tuple(round(new, 3) for new in (1.0, *inside[1:-1], 0.0))
