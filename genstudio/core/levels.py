"""The noise levels a sampler visits, from noise to the clean picture."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from genstudio.core.schedules import Schedule

MOST_SIGMA = 80.0  # beyond it a picture cannot be told from noise (Karras et al. 2022, arXiv:2206.00364, table 1)
RHO = 7.0


@dataclass(frozen=True)
class Level:
    """x = signal x0 + noise eps.

    Args:
        t: What the network is told: an index into its schedule, perhaps between two; -1 for the clean picture.
    """

    t: float
    signal: float
    noise: float

    @property
    def sigma(self) -> float:
        """Noise for each unit of signal; infinite if there is none."""
        return self.noise / self.signal if self.signal else math.inf


CLEAN = Level(-1, 1.0, 0.0)


def uniform_timesteps(timesteps: int, steps: int) -> list[int]:
    """`steps` different indices from timesteps - 1 down to 0, evenly spaced.

    Raises:
        ValueError: unless 1 <= steps <= timesteps.
    """
    if not 1 <= steps <= timesteps:
        raise ValueError(f"steps is {steps}; this model allows 1 to {timesteps}")
    if steps == 1:
        return [timesteps - 1]
    spaced = torch.linspace(timesteps - 1, 0, steps, dtype=torch.float64).round().to(torch.int64)
    return [int(t) for t in spaced]


def _levels(schedule: Schedule, top: int | None) -> int:
    return len(schedule) if top is None else top + 1


def uniform(schedule: Schedule, steps: int, top: int | None = None) -> list[Level]:
    """steps + 1 levels, evenly spaced in t, from index `top` on or the highest; the last is clean.

    Raises:
        ValueError: as `uniform_timesteps`.
    """
    return [*map(schedule.level, uniform_timesteps(_levels(schedule, top), steps)), CLEAN]


def karras(schedule: Schedule, steps: int, top: int | None = None) -> list[Level]:
    """steps + 1 levels, closer together the less noise there is (Karras et al. 2022, eq. 5); the last is clean.

    Raises:
        ValueError: as `uniform_timesteps`.
    """
    uniform_timesteps(_levels(schedule, top), steps)
    most, least = (schedule.level(t).sigma for t in (_levels(schedule, top) - 1, 0))
    ends = torch.tensor([min(most, MOST_SIGMA), least], dtype=torch.float64) ** (1 / RHO)
    sigmas = (ends[0] + torch.linspace(0, 1, steps, dtype=torch.float64) * (ends[1] - ends[0])) ** RHO
    return [*(schedule.level(schedule.t_of(float(sigma))) for sigma in sigmas), CLEAN]


def trailing_timesteps(timesteps: int, steps: int) -> list[int]:
    """`steps` different indices, evenly spaced: the first is timesteps - 1, the last one such step above the clean
    picture.

    Raises:
        ValueError: as `uniform_timesteps`.
    """
    uniform_timesteps(timesteps, steps)
    return [round(timesteps * (1 - k / steps)) - 1 for k in range(steps)]


def trailing(schedule: Schedule, steps: int, top: int | None = None) -> list[Level]:
    """steps + 1 levels, the clean one as far from the last as that from the one before (Lin et al. 2023,
    arXiv:2305.08891, table 2): no call is spent on a picture that is clean already.

    Raises:
        ValueError: as `uniform_timesteps`.
    """
    return [*map(schedule.level, trailing_timesteps(_levels(schedule, top), steps)), CLEAN]


SPACINGS = {"uniform": uniform, "trailing": trailing, "karras": karras}


def check_spacing(name: str) -> None:
    """Refuse a name that is none of SPACINGS.

    Raises:
        ValueError: naming it and what is allowed.
    """
    if name not in SPACINGS:
        raise ValueError(f"spacing is {name!r}; allowed: {', '.join(SPACINGS)}")


def jumps(levels: Sequence[Level], first: int) -> Iterator[tuple[int, Level, Level]]:
    """Number, level and next level of every update from the `first` on."""
    return ((first + k, here, after) for k, (here, after) in enumerate(pairwise(levels[first:])))
