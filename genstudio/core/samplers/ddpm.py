"""Ancestral sampling (Ho et al. 2020; arXiv:2006.11239), on any sequence of noise levels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from torch import Tensor

from genstudio.core.levels import Level, jumps
from genstudio.core.prediction import Predict
from genstudio.core.samplers.step import Step, last
from genstudio.core.seeding import ImageNoise


def ddpm(
    predict: Predict, levels: Sequence[Level], x: Tensor, rng: ImageNoise, *,
    first: int = 0, before: Tensor | None = None, eta: float = 0.0, widest: bool = False,
) -> Iterator[Step]:  # fmt: skip
    """Draws the next state from q(x_next | x_t, x0_hat), eq. 6 and 7.

    Args:
        widest: Variance beta_t, right for pictures that are pure noise, instead of beta~_t, right for a single
            picture (section 3.2).
    """
    eps_hat = None
    for index, here, after in jumps(levels, first):
        ratio = here.signal / after.signal  # sqrt(alpha_t) of the whole jump
        beta = here.noise**2 - ratio**2 * after.noise**2
        from_x0 = after.signal * beta / here.noise**2
        from_x = ratio * after.noise**2 / here.noise**2
        variance = beta if widest else beta * after.noise**2 / here.noise**2
        sigma = variance**0.5 if after.noise else 0.0
        x0_hat, eps_hat = predict(x, here)
        yield Step(
            index, here, x, x0_hat, eps_hat, index - first + 1,
            (("x", from_x), ("x0", from_x0), ("z", sigma)),
        )  # fmt: skip
        x = from_x0 * x0_hat + from_x * x
        if sigma > 0:
            x = x + sigma * rng.draw(tuple(x.shape[1:]))
    yield last(levels, x, eps_hat, len(levels) - 1 - first)
