"""What a denoising network is asked for, and how one answer becomes another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from torch import Tensor

from genstudio.core.levels import Level

Objective = Literal["noise", "x0", "v", "flow"]
Model = Callable[[Tensor, float], Tensor]  # of x_t (B, ...) and the schedule's index: what the network was trained for
Scale = float | Tensor  # of one level, or of a batch of them, (B, 1, ...)


class Prediction(NamedTuple):
    """What the network says of x_t (B, ...): the clean picture, and the noise in it."""

    x0: Tensor
    eps: Tensor


Predict = Callable[[Tensor, Level], Prediction]


def target(objective: Objective, x0: Tensor, eps: Tensor, signal: Scale, noise: Scale) -> Tensor:
    """What the network is to answer for x_t = signal x0 + noise eps.

    "noise": eps (Ho et al. 2020); "x0": the picture; "v": signal eps - noise x0 (Salimans & Ho 2022,
    arXiv:2202.00512, eq. 5 ff.); "flow": eps - x0, the velocity of a straight path (Lipman et al. 2022).
    """
    if objective == "noise":
        return eps
    if objective == "x0":
        return x0
    if objective == "v":
        return signal * eps - noise * x0
    return eps - x0


def split(objective: Objective, answer: Tensor, x_t: Tensor, signal: Scale, noise: Scale) -> Prediction:
    """Picture and noise from the answer to `target`: x_t = signal x0 + noise eps holds for them."""
    if objective == "noise":
        return Prediction((x_t - noise * answer) / signal, answer)
    if objective == "x0":
        return Prediction(answer, (x_t - signal * answer) / noise)
    if objective == "v":
        total = signal**2 + noise**2
        return Prediction((signal * x_t - noise * answer) / total, (noise * x_t + signal * answer) / total)
    total = signal + noise
    return Prediction((x_t - noise * answer) / total, (x_t + signal * answer) / total)


def predictor(model: Model, objective: Objective, limit: float | None = 1.0) -> Predict:
    """A model as samplers ask it; pictures are clipped to [-limit, limit], the noise is what was predicted."""

    def predict(x_t: Tensor, level: Level) -> Prediction:
        x0, eps = split(objective, model(x_t, level.t), x_t, level.signal, level.noise)
        return Prediction(x0 if limit is None else x0.clamp(-limit, limit), eps)

    return predict


def noise_in(x_t: Tensor, x0: Tensor, level: Level) -> Tensor:
    """The noise that makes x_t of x0: other than the predicted one where x0 was clipped."""
    return (x_t - level.signal * x0) / level.noise


def min_snr_weight(objective: Objective, signal: Tensor, noise: Tensor, gamma: float) -> Tensor:
    """Weight of the loss at each level, (B, 1, ...): min(SNR, gamma) of the error of x0.

    Levels with little noise are easy and many; beyond SNR = gamma they count no more (Hang et al. 2023,
    arXiv:2303.09556, section 3.4). SNR = signal^2 / noise^2.
    """
    snr = (signal / noise) ** 2
    capped = snr.clamp(max=gamma)
    if objective == "noise":
        return capped / snr
    if objective == "x0":
        return capped
    return capped / (snr + 1) if objective == "v" else capped * noise**2
