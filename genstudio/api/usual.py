"""How a diffusion model is asked for pictures where nobody says otherwise, as measured in `pretrained/README.md`."""

from __future__ import annotations

from typing import NamedTuple


class UsualWay(NamedTuple):
    """Fields of a SampleRequest."""

    sampler: str = "ddpm"
    steps: int = 50
    spacing: str = "uniform"


WAYS = {
    "flow": UsualWay("heun-straight", 20),
    "consistency": UsualWay("consistency", 4, "trailing"),  # at which it was taught; uniform steps waste the last one
}


def usual_way(family: str) -> UsualWay:
    """Of models of a family."""
    return WAYS.get(family, UsualWay())
