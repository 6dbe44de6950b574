"""Frechet distance (Heusel et al. 2017, arXiv:1706.08500)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Moments:
    """Mean (F,) and covariance (F, F) of features, float64."""

    mean: Tensor
    covariance: Tensor


def moments(features: Tensor) -> Moments:
    """Moments of features (N, F); the covariance divides by N - 1."""
    x = features.double().cpu()
    return Moments(x.mean(0), torch.cov(x.T))


def frechet_distance(a: Moments, b: Moments) -> float:
    """|mu_a - mu_b|^2 + tr(C_a + C_b - 2 (C_a C_b)^(1/2)) (Dowson & Landau 1982), in squared feature units.

    The trace of the root is taken as that of (C_a^(1/2) C_b C_a^(1/2))^(1/2), which is symmetric.
    """
    root_a = _sqrt(a.covariance)
    eigenvalues = torch.linalg.eigvalsh(root_a @ b.covariance @ root_a)
    trace_root = eigenvalues.clamp_min(0).sqrt().sum()
    difference = (a.mean - b.mean).square().sum()
    return float(difference + a.covariance.trace() + b.covariance.trace() - 2 * trace_root)


def _sqrt(matrix: Tensor) -> Tensor:
    values, vectors = torch.linalg.eigh(matrix)
    return vectors @ torch.diag(values.clamp_min(0).sqrt()) @ vectors.T
