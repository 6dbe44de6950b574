"""DDIM backwards: the noise from which a picture comes out again (Song et al. 2021; arXiv:2010.02502, section 4.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from torch import Tensor

from genstudio.core.levels import Level
from genstudio.core.prediction import Predict
from genstudio.core.samplers.step import Step, Terms, last


def invert(predict: Predict, levels: Sequence[Level], x0: Tensor, corrections: int = 0) -> Iterator[Step]:
    """Euler's method from the clean picture up to the first of `levels`, which are those of the way down.

    The noise at the next level is taken to be what is predicted here, so few steps err; the predictor must not clip,
    or the way back is another. `index` counts from the clean picture, which is told as the least noisy level: there
    is no noise in it to be predicted.

    The step down from the next level is undone exactly by the state there whose own noise leads back here: a fixed
    point. Each correction predicts the noise anew at the state found so far, which comes nearer to it (Pan et al. 2023,
    arXiv:2309.04907, section 3.1; Garibi et al. 2024, arXiv:2403.14602, eq. 6).

    Beyond a sigma of some hundreds the way down divides by next to no signal and magnifies every error, so `levels`
    should begin lower: those of `karras` do.

    Args:
        levels: Falling, the last one clean, as samplers have them.
        x0: Pictures (B, C, H, W) in [-1, 1], or codes (B, D).
        corrections: Network calls of each step beside the first.
    """
    up, x, eps_hat, calls = levels[::-1], x0, None, 0
    for index, (here, after) in enumerate(pairwise(up)):
        x0_hat, eps_hat = predict(x, here if here.noise else after)
        calls += 1
        keeps = after.signal / here.signal
        adds = after.noise - keeps * here.noise
        terms: Terms = (("x", keeps), ("eps2" if corrections else "eps", adds))
        yield Step(index, here, x, x0_hat, eps_hat, calls, terms)
        goal = keeps * x + adds * eps_hat
        for _ in range(corrections):
            eps_hat = predict(goal, after).eps
            goal = keeps * x + adds * eps_hat
        x, calls = goal, calls + corrections
    yield last(up, x, eps_hat, calls)
