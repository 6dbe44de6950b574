"""Denoising diffusion implicit models (Song et al. 2021; arXiv:2010.02502)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from torch import Tensor

from genstudio.core.levels import Level, jumps
from genstudio.core.prediction import Predict, noise_in
from genstudio.core.samplers.step import Step, last
from genstudio.core.seeding import ImageNoise


def ddim(
    predict: Predict, levels: Sequence[Level], x: Tensor, rng: ImageNoise, *,
    first: int = 0, before: Tensor | None = None, eta: float = 0.0,
) -> Iterator[Step]:  # fmt: skip
    """Eq. 12: the predicted picture with the predicted noise of the next level; some of that may be fresh.

    eta 0 is deterministic, 1 has the variance of DDPM (eq. 16). Where x0_hat was clipped, the noise is that which
    agrees with it.
    """
    eps_hat = None
    for index, here, after in jumps(levels, first):
        fresh = eta * after.noise * (1 - (after.sigma / here.sigma) ** 2) ** 0.5
        kept = (after.noise**2 - fresh**2) ** 0.5
        x0_hat, eps_hat = predict(x, here)
        yield Step(
            index, here, x, x0_hat, eps_hat, index - first + 1,
            (("x0", after.signal), ("eps", kept), ("z", fresh)),
        )  # fmt: skip
        x = after.signal * x0_hat + kept * noise_in(x, x0_hat, here)
        if fresh > 0:
            x = x + fresh * rng.draw(tuple(x.shape[1:]))
    yield last(levels, x, eps_hat, len(levels) - 1 - first)
