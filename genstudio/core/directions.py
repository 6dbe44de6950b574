"""Directions in a code space that change one measured property of the pictures and hold the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

HELD_OUT = 5  # every fifth row, in random order, judges the prediction
MIN_ROWS = 20


@dataclass(frozen=True, eq=False)
class Directions:
    """K measures as directions in a code space of D dimensions, all float64.

    Attributes:
        units: The directions, (K, D), each of length 1.
        scale: How far along it one slider unit goes, one standard deviation of the measure, (K,).
        mean_code: The average code, (D,).
        mean, std: Of the measures in their own units, (K,).
        r2: How much of each measure's variance a linear function of a code of the posterior explains, expected
            over those codes, on rows that it has not seen, (K,): 1 is all, 0 no more than the mean does, below 0 less.
        weights: Change of the predicted measures, in their units, by the code, (D, K).
        low, high: The smallest and the largest measure there was, (K,); a prediction beyond them is a guess.
    """

    units: Array
    scale: Array
    mean_code: Array
    mean: Array
    std: Array
    r2: Array
    weights: Array
    low: Array
    high: Array

    def move(self, codes: npt.ArrayLike, sliders: npt.ArrayLike) -> Array:
        """Codes (..., D) moved by sliders (..., K) in standard deviations of the measures."""
        return np.asarray(codes, dtype=np.float64) + (np.asarray(sliders) * self.scale) @ self.units

    def predict(self, codes: npt.ArrayLike) -> Array:
        """What the measures of pictures with these codes (..., D) are expected to be, (..., K)."""
        return self.mean + (np.asarray(codes, dtype=np.float64) - self.mean_code) @ self.weights


def fit_directions(
    codes: npt.ArrayLike, values: npt.ArrayLike, seed: int = 0, spread: npt.ArrayLike | None = None
) -> Directions:
    """Linear regression between codes (N, D) and the measures of their pictures (N, K), by least squares.

    A prediction shall hold for any code z = mu + sigma eps that a picture may have, not only for its mean code mu.
    The weights w with the least squared error, expected over eps, are in closed form

        w = (C + diag(s))^-1 cov(mu, v),    C = cov(mu),  s = mean sigma^2 of each latent,

    because E[z z'] = C + diag(s) and E[z v'] = E[mu v']. A latent that has collapsed has mean codes that hardly
    vary and s = 1: without s whatever little its mean codes tell gets a huge weight, and random codes, where it
    varies by 1, are read as nonsense; with s it gets none. Codes that are points (s = 0) have ordinary least squares.

    A direction comes from regressing the codes on all measures jointly: moving along it gives the code
    expected of a picture with one measure larger and the others the same. It stays among the codes there
    are, also where a measure is hard to predict or there are more measures than dimensions; the gradient of
    a prediction does neither, and changes whatever goes along with the measure. How well a picture follows
    is for `r2` to say. Rows with a NaN are left out.

    Args:
        seed: Chooses the rows held out for `r2`.
        spread: Mean variance of the posterior, s, (D,); None where codes are points.

    Raises:
        ValueError: if shapes do not fit, codes are not finite, rows are too few, or measures are constant or
            determine each other.
    """
    z, v = np.asarray(codes, dtype=np.float64), np.asarray(values, dtype=np.float64)
    if z.ndim != 2 or v.ndim != 2 or len(z) != len(v) or not z.shape[1] or not v.shape[1]:
        raise ValueError(f"codes are {z.shape} and values {v.shape}; they must be (N, D) and (N, K)")
    s = np.zeros(z.shape[1]) if spread is None else np.asarray(spread, dtype=np.float64)
    if s.shape != z.shape[1:] or not (np.isfinite(s).all() and (s >= 0).all()):
        raise ValueError(f"spread must be {z.shape[1]} finite numbers, none below 0")
    rows = ~np.isnan(v).any(1)
    z, v = z[rows], v[rows]
    least = max(MIN_ROWS, 2 * (z.shape[1] + v.shape[1]))
    if len(z) < least:
        raise ValueError(f"{len(z)} pictures have all measures; {z.shape[1]} dimensions need at least {least}")
    if not (np.isfinite(z).all() and np.isfinite(v).all()):
        raise ValueError("codes and values must be finite")
    mean_code, mean, std = z.mean(0), v.mean(0), v.std(0)
    if (std <= 1e-9 * np.maximum(np.abs(mean), 1e-9)).any():
        raise ValueError(f"measure {int(std.argmin())} is the same in all pictures; leave it out")
    standard = (v - mean) / std
    steps, _, rank, _ = np.linalg.lstsq(standard, z - mean_code, rcond=1e-9)  # (K, D)
    if rank < v.shape[1]:
        raise ValueError("a measure is determined by the others, so they cannot be held; leave one out")
    scale = np.linalg.norm(steps, axis=1)
    units = steps / np.maximum(scale, 1e-300)[:, None]
    r2, weights = _held_out_r2(z, standard, s, seed), _slopes(z, v, s)
    return Directions(units, scale, mean_code, mean, std, r2, weights, v.min(0), v.max(0))


def _slopes(z: Array, v: Array, s: Array) -> Array:
    """(C + diag(s))^-1 cov(z, v) of v (N, K) on z (N, D) with a constant, without it: (D, K).

    Rows sqrt(N s_k) e_k with v = 0 add N diag(s) to the normal equations, and lstsq also takes a singular C.
    """
    more = np.diag(np.sqrt(len(z) * s))
    left = np.concatenate([z - z.mean(0), more])
    right = np.concatenate([v - v.mean(0), np.zeros((len(more), v.shape[1]))])
    slopes: Array = np.linalg.lstsq(left, right, rcond=None)[0]
    return slopes


def _held_out_r2(z: Array, v: Array, s: Array, seed: int) -> Array:
    """1 - SSE / SST of v (N, K) predicted from codes around z (N, D), on a fifth of the rows, fitted to the others.

    Expected over the codes of the posterior, each error gains the variance of its prediction, sum_k s_k w_k^2.
    """
    order = np.random.default_rng(seed).permutation(len(z))
    is_held = np.arange(len(z)) % HELD_OUT == 0
    held, seen = order[is_held], order[~is_held]
    slopes = _slopes(z[seen], v[seen], s)
    predicted = v[seen].mean(0) + (z[held] - z[seen].mean(0)) @ slopes
    error = ((v[held] - predicted) ** 2).sum(0) + len(held) * (s @ slopes**2)
    spread = ((v[held] - v[held].mean(0)) ** 2).sum(0)
    r2: Array = 1 - error / np.maximum(spread, 1e-300)
    return r2
