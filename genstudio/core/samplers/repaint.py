"""Painting into a picture whose rest is known (Lugmayr et al. 2022; arXiv:2201.09865)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from genstudio.core.levels import Level, jumps
from genstudio.core.prediction import Predict
from genstudio.core.samplers.ddpm import ddpm
from genstudio.core.samplers.step import Step, last
from genstudio.core.seeding import ImageNoise


def repaint(
    predict: Predict, levels: Sequence[Level], x: Tensor, rng: ImageNoise, known: Tensor, mask: Tensor, *,
    first: int = 0, repeats: int = 1,
) -> Iterator[Step]:  # fmt: skip
    """Algorithm 1: every step the known part is put in as it looks at that level, so the rest must fit to it.

    Args:
        known: Clean pictures, (B, C, H, W) in [-1, 1].
        mask: (B or 1, 1, H, W) bool, true where they are known; there the last state equals them.
        repeats: How often each step is gone, each time but the last with the noise put back in: the more, the better
            both parts fit (U in the paper, whose jumps are of one step here).
    """
    eps_hat, calls, shape = None, 0, tuple(x.shape[1:])
    for index, here, after in jumps(levels, first):
        for repeat in range(repeats if after.noise else 1):
            if repeat:
                x = noisier(x, after, here, rng)
            steps = ddpm(predict, (here, after), x, rng)
            now = next(steps)
            calls += 1
            eps_hat = now.eps_hat
            if repeat == 0:  # told before anything is drawn, as by every sampler, so that it can be gone again
                yield Step(index, here, x, now.x0_hat, eps_hat, calls, now.terms)
            fitting = after.signal * known + (after.noise * rng.draw(shape) if after.noise else 0.0)
            x = torch.where(mask, fitting, next(steps).x_t)
    yield last(levels, x, eps_hat, calls)


def noisier(x: Tensor, here: Level, goal: Level, rng: ImageNoise) -> Tensor:
    """A state at a level with more noise, of q(x_goal | x_here)."""
    ratio = goal.signal / here.signal
    fresh = (goal.noise**2 - ratio**2 * here.noise**2) ** 0.5
    return ratio * x + fresh * rng.draw(tuple(x.shape[1:]))
