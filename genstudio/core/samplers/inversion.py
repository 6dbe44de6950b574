"""DDIM backwards: the noise from which a picture comes out again (Song et al. 2021; arXiv:2010.02502, section 4.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from torch import Tensor

from genstudio.core.levels import Level
from genstudio.core.prediction import Predict
from genstudio.core.samplers.step import Step, last


def invert(predict: Predict, levels: Sequence[Level], x0: Tensor) -> Iterator[Step]:
    """Euler's method from the clean picture up to the first of `levels`, which are those of the way down.

    The noise at the next level is taken to be what is predicted here, so few steps err; the predictor must not clip,
    or the way back is another. `index` counts from the clean picture, which is told as the least noisy level: there
    is no noise in it to be predicted.

    Args:
        levels: Falling, the last one clean, as samplers have them.
        x0: Pictures (B, C, H, W) in [-1, 1].
    """
    up, x, eps_hat = levels[::-1], x0, None
    for index, (here, after) in enumerate(pairwise(up)):
        asked = here if here.noise else after
        x0_hat, eps_hat = predict(x, asked)
        yield Step(index, here, x, x0_hat, eps_hat, index + 1, (("x0", after.signal), ("eps", after.noise)))
        x = after.signal * (x - here.noise * eps_hat) / here.signal + after.noise * eps_hat
    yield last(up, x, eps_hat, len(up) - 1)
