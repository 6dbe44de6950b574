"""What a VAE's codes carry and what is lost: the two terms of the ELBO (Alemi et al. 2018, arXiv:1711.00464)."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import torch
from torch import Tensor

from genstudio.core.families.vae import kl_per_latent
from genstudio.core.metrics.likelihood import Encodes, LogLikelihood
from genstudio.core.seeding import image_noise


@dataclass(frozen=True)
class RateDistortion:
    """Means over pictures, in nats per picture; -(rate + distortion) is the ELBO."""

    rate: float  # KL(q(z|x) || N(0, I))
    distortion: float  # -log p(x|z), z from q(z|x); below 0 where p is a density
    count: int  # pictures


def rate_distortion(
    network: Encodes, log_likelihood: LogLikelihood, x: Tensor, *, seed: int = 0, rows: int = 500
) -> Generator[tuple[int, int], None, RateDistortion]:
    """Rate and distortion of pictures, one code each; yields how many are done, and of how many.

    The code of picture n depends on (seed, n) alone, not on `rows`.

    Args:
        network: In evaluation mode; left without gradients.
        log_likelihood: log p(x|z) in nats, (B,), of pictures (B, ...) and codes (B, D), pair by pair.
        x: Pictures (N, ...) as the encoder takes them, on its device.
    Raises:
        ValueError: without pictures.
    """
    if len(x) == 0 or rows < 1:
        raise ValueError(f"{len(x)} pictures, {rows} rows; at least one of each is needed")
    rate = distortion = 0.0
    for start in range(0, len(x), rows):
        part = x[start : start + rows]
        with torch.no_grad():
            mu, log_var = network.encode(part)
            eps = image_noise(seed, range(start, start + len(part)), mu.shape[1:]).to(mu)
            lost = -log_likelihood(part, mu + torch.exp(0.5 * log_var) * eps)
        rate += float(kl_per_latent(mu, log_var).double().sum())
        distortion += float(lost.double().sum())
        yield start + len(part), len(x)
    return RateDistortion(rate / len(x), distortion / len(x), len(x))
