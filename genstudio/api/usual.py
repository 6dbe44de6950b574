"""How a diffusion model is asked for pictures where nobody says otherwise, as measured in `pretrained/README.md`."""

from __future__ import annotations

WAYS = {"flow": ("heun-straight", 20), "consistency": ("consistency", 4)}
WAY = ("ddpm", 50)


def usual_way(family: str) -> tuple[str, int]:
    """Sampler and number of steps."""
    return WAYS.get(family, WAY)
