"""Which latent tells which factor: mutual information and its gap (Chen et al. 2018, arXiv:1802.04942)."""

from __future__ import annotations

import torch
from torch import Tensor

BINS = 20


def binned(x: Tensor, bins: int = BINS) -> Tensor:
    """Numbers of the equal-width bins between each column's least and largest value (Locatello et al. 2019).

    Args:
        x: (N, D), finite.
    Returns:
        (N, D) int64 in [0, bins); 0 in a constant column. Up to `bins` evenly spaced values stay apart.
    """
    x = x.double()
    low, high = x.amin(0), x.amax(0)
    width = torch.where(high > low, high - low, 1)
    return ((x - low) / width * bins).long().clamp_max(bins - 1)


def entropy(states: Tensor) -> Tensor:
    """-sum p log p in nats of the columns of discrete states (N, D): (D,) float64."""
    return torch.stack([_entropy(column) for column in states.T])


def mutual_information(factors: Tensor, codes: Tensor, bins: int = BINS) -> Tensor:
    """I(z_j; v_k) = H(z_j) + H(v_k) - H(z_j, v_k) in nats, from the table of counts.

    A latent that says nothing of a factor with V values still shows about (bins - 1) (V - 1) / 2N nats by chance.

    Args:
        factors: Known factors v, (N, K), discrete: every distinct value is a state; cut others with `binned` first.
        codes: Latents z, (N, D), cut into `bins`.
    Returns:
        (K, D) float64, a row a factor, never negative.
    Raises:
        ValueError: if the two have different numbers of rows.
    """
    if len(factors) != len(codes):
        raise ValueError(f"{len(factors)} rows of factors for {len(codes)} codes; one each is needed")
    v = torch.stack([column.unique(return_inverse=True)[1] for column in factors.T], 1)  # (N, K)
    z = binned(codes, bins)
    joint = torch.stack([torch.stack([_entropy(a * bins + b) for b in z.T]) for a in v.T])  # (K, D)
    return (entropy(v)[:, None] + entropy(z) - joint).clamp_min(0)


def mutual_information_gap(information: Tensor, factor_entropy: Tensor) -> float:
    """MIG, the mean over factors of (largest - second largest I) / H(v_k), 0 to 1 (eq. 6).

    1 if each factor can be read from one latent and from no other, 0 if two latents know it equally well.

    Args:
        information: (K, D) of `mutual_information`.
        factor_entropy: (K,) of `entropy`; factors that never vary are left out.
    Raises:
        ValueError: if no factor varies.
    """
    varies = factor_entropy > 0
    if not varies.any():
        raise ValueError("no factor varies, so there is nothing to find in the codes")
    nobody = information.new_zeros(len(information), 1)  # the rival of a single latent
    best = torch.cat([information, nobody], 1).topk(2, 1).values  # (K, 2)
    gaps = (best[:, 0] - best[:, 1])[varies] / factor_entropy[varies]
    return float(gaps.mean())


def _entropy(states: Tensor) -> Tensor:
    counts = states.unique(return_counts=True)[1].double()
    p = counts / len(states)
    return -(p * p.log()).sum()
