"""What a sampler yields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from genstudio.core.levels import Level

Part = Literal["x", "x0", "eps", "z", "v", "eps2", "v2", "x0_before"]
Terms = tuple[tuple[Part, float], ...]


@dataclass(frozen=True)
class Step:
    """The state before update `index`: x_t at a level, and what the network says of it.

    `terms` make the next state, apart from the clipping of x0_hat: the sum of each part times its number. x is x_t,
    x0 and eps are the estimates, v is eps - x0, z is fresh noise, eps2 and v2 are what is predicted where a first
    guess leads to, x0_before is the estimate of the step before. The last step, where the levels end, asks
    nothing more: x0_hat = x_t, the noise is that of the step before, and there are no terms.

    Args:
        calls: Network calls until the estimates are there, from where the sampler began.
        above: Levels on the way until here with more noise, which a sampler does not tell, see `core.reverse`.
    """

    index: int
    level: Level
    x_t: Tensor
    x0_hat: Tensor
    eps_hat: Tensor
    calls: int
    terms: Terms = ()
    above: int = 0


def last(levels: Sequence[Level], x: Tensor, eps_hat: Tensor | None, calls: int) -> Step:
    """The state at the end: the clean picture, or where the levels end before."""
    return Step(len(levels) - 1, levels[-1], x, x, torch.zeros_like(x) if eps_hat is None else eps_hat, calls)
