"""What a perfect network would say: of a mixture of Gaussians every noisy density is a mixture, too, and known."""

from __future__ import annotations

import torch
from torch import Tensor

from genstudio.core.levels import Level
from genstudio.core.points.mixture import CHUNK, Mixture
from genstudio.core.prediction import Predict, Prediction, Scale


def noised(mixture: Mixture, signal: float, noise: float) -> Mixture:
    """The density p_t of x_t = signal x0 + noise eps, for x0 of a mixture."""
    return Mixture(signal * mixture.centres, (signal * mixture.sigmas.double()).square().add(noise**2).sqrt().float())


def exact(mixture: Mixture, x_t: Tensor, signal: Scale, noise: Scale) -> Prediction:
    """E[x0 | x_t] and E[eps | x_t] of points (N, D) on the CPU, each at a level (N, 1), or all at one; float32.

    Component k of p_t has variance v_k = signal^2 sigma_k^2 + noise^2; with its responsibility w_k for x_t
    E[eps | x_t] = noise sum_k w_k (x_t - signal c_k) / v_k: -noise times the score, grad ln p_t (Vincent 2011).
    """
    centres, variances = mixture.centres.double(), mixture.sigmas.double().square()
    x = x_t.double()
    s, n = (torch.as_tensor(part, dtype=torch.float64).expand(len(x), 1) for part in (signal, noise))
    parts = [
        _exact(centres, variances, *rows) for rows in zip(x.split(CHUNK), s.split(CHUNK), n.split(CHUNK), strict=True)
    ]
    return Prediction(torch.cat([part.x0 for part in parts]).float(), torch.cat([part.eps for part in parts]).float())


def _exact(centres: Tensor, variances: Tensor, x: Tensor, signal: Tensor, noise: Tensor) -> Prediction:
    v = signal**2 * variances + noise**2  # (N, K)
    squares = x.square().sum(1, True) - 2 * signal * (x @ centres.T) + signal**2 * centres.square().sum(1)
    weights = torch.softmax(-squares / (2 * v) - centres.shape[1] / 2 * v.log(), 1)
    pull = weights / v
    away = x * pull.sum(1, True) - signal * (pull @ centres)  # (N, D): -score
    spread = pull * variances
    x0 = weights @ centres + signal * (x * spread.sum(1, True) - signal * (spread @ centres))
    return Prediction(x0, noise * away)


def exact_predictor(mixture: Mixture) -> Predict:
    """The best there can be, as samplers ask it."""
    return lambda x_t, level: exact(mixture, x_t, level.signal, level.noise)


def score(mixture: Mixture, x: Tensor, level: Level) -> Tensor:
    """grad ln p_t at points (N, D)."""
    return -exact(mixture, x, level.signal, level.noise).eps / level.noise
