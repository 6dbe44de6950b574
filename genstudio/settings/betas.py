"""Noise schedules as diffusers has them: betas from a start to an end, and the name that carries them."""

from __future__ import annotations

import math
from dataclasses import dataclass

BETAS = "betas:"  # before the numbers, in the name of such a schedule
ZERO = "zero"  # the last word of one that ends in nothing but noise
KINDS = ("linear", "scaled_linear", "squaredcos_cap_v2", "sigmoid")


@dataclass(frozen=True)
class Betas:
    """How betas go from `start` to `end`, as diffusers' schedulers call it; the squared cosine asks for neither.

    Args:
        zero: They are rescaled so that nothing of the picture is left at the end (Lin et al. 2023, algorithm 1).
    """

    kind: str
    start: float = 1e-4
    end: float = 0.02
    zero: bool = False


def name_of_betas(betas: Betas) -> str:
    """The name by which `betas_of` gives these again.

    Raises:
        ValueError: if they are no schedule.
    """
    check_betas(betas)
    return f"{BETAS}{betas.kind}:{betas.start!r}:{betas.end!r}" + (f":{ZERO}" if betas.zero else "")


def betas_of(name: str) -> Betas:
    """The betas of such a name.

    Raises:
        ValueError: if it is not one that `name_of_betas` gives.
    """
    try:
        kind, start, end, *rest = name.removeprefix(BETAS).split(":")
        betas = Betas(kind, float(start), float(end), rest == [ZERO])
    except ValueError:
        raise ValueError("the betas of the schedule cannot be read") from None
    if name != name_of_betas(betas):
        raise ValueError("the betas of the schedule are not written as they are read")
    return betas


def check_betas(betas: Betas) -> None:
    """Refuse what is no schedule.

    Raises:
        ValueError: saying what is allowed.
    """
    if betas.kind not in KINDS:
        raise ValueError(f"betas go along {betas.kind!r:.40}; read are {', '.join(KINDS)}")
    if not (math.isfinite(betas.end) and 0 < betas.start <= betas.end < 1):
        raise ValueError(f"betas go from {betas.start:g} to {betas.end:g}; they must rise between 0 and 1")
