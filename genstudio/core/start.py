"""A reverse process that begins with a picture in the stead of pure noise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from torch import Tensor

from genstudio.core.levels import Level
from genstudio.core.prediction import Predict
from genstudio.core.samplers import Step
from genstudio.core.samplers.repaint import repaint
from genstudio.core.seeding import ImageNoise


def noised(x0: Tensor, level: Level, eps: Tensor) -> Tensor:
    """A picture as it is at a level, q(x_t | x_0); with it SDEdit begins (Meng et al. 2022, arXiv:2108.01073).

    Args:
        x0: One picture or code, (1, ...).
        eps: Standard normal noise for each state, (B, ...).
    """
    return level.signal * x0 + level.noise * eps


@dataclass(frozen=True, eq=False)
class Hole:
    """What is known of a picture, and what is to be made anew.

    Args:
        known: (1, C, H, W) in [-1, 1].
        mask: (1, 1, H, W) bool, true where the picture stays as it is.
        repeats: How often each step is gone.
    """

    known: Tensor
    mask: Tensor
    repeats: int = 1

    def run(
        self, predict: Predict, levels: Sequence[Level], x: Tensor, rng: ImageNoise, *,
        first: int = 0, before: Tensor | None = None, eta: float = 0.0,
    ) -> Iterator[Step]:  # fmt: skip
        """RePaint, to be called as a sampler is."""
        return repaint(predict, levels, x, rng, self.known, self.mask, first=first, repeats=self.repeats)
