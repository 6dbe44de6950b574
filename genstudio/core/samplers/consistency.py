"""Multistep sampling with a consistency model (Song et al. 2023; arXiv:2303.01469)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from torch import Tensor

from genstudio.core.levels import Level, jumps
from genstudio.core.prediction import Predict
from genstudio.core.samplers.step import Step, last
from genstudio.core.seeding import ImageNoise


def consistency(
    predict: Predict, levels: Sequence[Level], x: Tensor, rng: ImageNoise, *,
    first: int = 0, before: Tensor | None = None, eta: float = 0.0,
) -> Iterator[Step]:  # fmt: skip
    """Algorithm 1: jump to the clean picture, add fresh noise up to the next level, jump again."""
    eps_hat = None
    for index, here, after in jumps(levels, first):
        x0_hat, eps_hat = predict(x, here)
        yield Step(
            index, here, x, x0_hat, eps_hat, index - first + 1,
            (("x0", after.signal), ("z", after.noise)),
        )  # fmt: skip
        x = after.signal * x0_hat
        if after.noise > 0:
            x = x + after.noise * rng.draw(tuple(x.shape[1:]))
    yield last(levels, x, eps_hat, len(levels) - 1 - first)
