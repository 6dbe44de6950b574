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
    v, weights = _responsible(centres, variances, x, signal, noise)
    pull = weights / v
    away = x * pull.sum(1, True) - signal * (pull @ centres)  # (N, D): -score
    spread = pull * variances
    x0 = weights @ centres + signal * (x * spread.sum(1, True) - signal * (spread @ centres))
    return Prediction(x0, noise * away)


def _responsible(centres: Tensor, variances: Tensor, x: Tensor, signal: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
    """v_k and w_k of each point, (N, K) both."""
    v = signal**2 * variances + noise**2
    squares = x.square().sum(1, True) - 2 * signal * (x @ centres.T) + signal**2 * centres.square().sum(1)
    return v, torch.softmax(-squares / (2 * v) - centres.shape[1] / 2 * v.log(), 1)


def uncertainty(mixture: Mixture, x_t: Tensor, signal: Tensor, noise: Tensor) -> Tensor:
    """How much of x0 nobody can know: the variance of a coordinate of it, given x_t (N, D) at levels (N, 1); (N,).

    Under component k, x0 is Gaussian around c_k + g_k (x_t - signal c_k), g_k = signal sigma_k^2 / v_k, with variance
    sigma_k^2 noise^2 / v_k.
    """
    parts = (part.double().split(CHUNK) for part in (x_t, signal, noise))
    return torch.cat([_uncertainty(mixture, *rows) for rows in zip(*parts, strict=True)]).float()


def _uncertainty(mixture: Mixture, x: Tensor, signal: Tensor, noise: Tensor) -> Tensor:
    centres, variances = mixture.centres.double(), mixture.sigmas.double().square()
    v, weights = _responsible(centres, variances, x, signal, noise)
    gain = signal * variances / v
    kept = 1 - signal * gain
    squares = kept**2 * centres.square().sum(1) + 2 * kept * gain * (x @ centres.T) + gain**2 * x.square().sum(1, True)
    within = x.shape[1] * variances * noise**2 / v
    mean = (weights * kept) @ centres + (weights * gain).sum(1, True) * x
    return (((weights * (squares + within)).sum(1) - mean.square().sum(1)) / x.shape[1]).clamp(min=0)


def exact_predictor(mixture: Mixture) -> Predict:
    """The best there can be, as samplers ask it."""
    return lambda x_t, level: exact(mixture, x_t, level.signal, level.noise)


def score(mixture: Mixture, x: Tensor, level: Level) -> Tensor:
    """grad ln p_t at points (N, D)."""
    return -exact(mixture, x, level.signal, level.noise).eps / level.noise
