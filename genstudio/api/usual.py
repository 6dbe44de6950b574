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


def usual_way(family: str, settings: object = None) -> UsualWay:
    """Of models of a family; of one with these settings no more steps than it has noise levels."""
    way = WAYS.get(family, UsualWay())
    return way._replace(steps=min(way.steps, getattr(settings, "timesteps", way.steps)))


def is_foreign(sampler: str, family: str) -> bool:
    """Whether a sampler was never meant for models of a family: it is made for another kind alone, or they jump, and
    it does not."""
    special = {way.sampler for way in WAYS.values()}
    return sampler != usual_way(family).sampler and (sampler in special or family == "consistency")
