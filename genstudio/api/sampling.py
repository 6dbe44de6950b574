"""New pictures of any model: how they are drawn, and what is asked for of them."""

from __future__ import annotations

from dataclasses import dataclass

from genstudio.api.changes import Change
from genstudio.api.pictures import ALL_CLASSES
from genstudio.api.start import Start


@dataclass(frozen=True)
class Sampling:
    """How `count` new pictures are drawn. Picture k depends on the seed and k alone.

    `label` is a class, ALL_CLASSES or NO_CLASS; models without classes ignore it. The last five
    fields matter to diffusion models only.
    """

    model: str
    seed: int = 0
    count: int = 64
    label: int = ALL_CLASSES
    sampler: str = "ddpm"
    steps: int = 50
    guidance: float = 1.0
    eta: float = 0.0
    spacing: str = "uniform"


@dataclass(frozen=True)
class SampleRequest(Sampling):
    """The pictures, as they are in the end."""


@dataclass(frozen=True)
class DenoiseRequest(Sampling):
    """The reverse process of the pictures, every step kept, with `changes` on the way.

    It begins with pure noise, or with the picture of `start`; `steps` are those from there to the clean picture.
    A change counts before the update of the step that its `iteration` tells; their order is that of the steps. Its
    name is "label", "guidance", "sampler", "eta" or "spacing"; "steps", of which there are so many from there on;
    "noise", which goes so many steps back up; or "paint", a stroke of a brush as core.brush reads it.
    """

    count: int = 16
    sampler: str = "ddim"
    changes: tuple[Change, ...] = ()
    start: Start | None = None
