"""Pictures up to their noise and down again, and the way between two noises: requests and what is told of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from genstudio.api.pictures import NO_CLASS, Pictures

STEPS = (10, 250)  # fewest and most of one way
MOST_CORRECTIONS = 5
FRAMES = (2, 64)  # fewest and most between two noises
STRIP = 11  # moments of a sheet
MOST_FRAMES = 200  # of a film
TIMES = 8  # how much stronger differences are shown than they are


@dataclass(frozen=True)
class InvertRequest:
    """A picture up to noise by DDIM backwards, and from there down again by DDIM; a stream.

    `picture` is a text of `pack`, of the model's size and channels; `corrections` are those of core.samplers.inversion.
    """

    model: str
    picture: str
    label: int = NO_CLASS
    steps: int = 100
    corrections: int = 0

    def frames(self) -> tuple[int, ...]:
        """The moments that a film of both ways shows."""
        last = 2 * self.steps
        return tuple(int(k) for k in np.unique(np.linspace(0, last, min(last + 1, MOST_FRAMES)).round()))

    def columns(self) -> tuple[int, ...]:
        """The levels that a sheet shows, from the picture at 0 to the noise at `steps`."""
        return tuple(int(k) for k in np.unique(np.linspace(0, self.steps, STRIP).round()))


@dataclass(frozen=True, eq=False)
class InvertStep:
    """The state at one level of one of the ways."""

    level: int  # 0 is the picture, the request's `steps` the noise
    is_back: bool
    picture: Pictures  # (H, W, C), as it looks
    share: float  # of the amplitude that is noise, 0 to 1
    calls: int  # of the network, until here
    error: float = math.nan  # of the way back: mean squared difference to the way up, of grey levels from 0 to 1
    spread: float = 0.0  # the standard deviation of the state's numbers; that of pure noise is 1
    compute_ms: float = 0.0  # until here


@dataclass(frozen=True, eq=False)
class InvertEvent:
    """New steps of an InvertRequest in their order; unread events join by appending."""

    request: InvertRequest
    steps: tuple[InvertStep, ...]

    def merge(self, newer: InvertEvent) -> InvertEvent:
        """This event with the steps of a newer one."""
        return InvertEvent(newer.request, self.steps + newer.steps)


@dataclass(frozen=True)
class SlerpRequest:
    """`count` pictures between two noises on the arc through both, each drawn by DDIM without fresh noise; a stream.

    The noise of an end is that into which its picture is inverted, or without one that of picture 0 of its seed.
    """

    model: str
    picture_a: str = ""
    picture_b: str = ""
    seed_a: int = 0
    seed_b: int = 1
    label: int = NO_CLASS
    steps: int = 50
    corrections: int = 0
    count: int = 16


@dataclass(frozen=True, eq=False)
class SlerpEvent:
    """All pictures of a SlerpRequest after `step` of its steps, (count, H, W, C); a newer one replaces it."""

    request: SlerpRequest
    step: int
    images: Pictures


def level_of(moment: int, steps: int) -> int:
    """The level of a moment of both ways: up from 0 to `steps`, and down again."""
    return moment if moment <= steps else 2 * steps - moment
