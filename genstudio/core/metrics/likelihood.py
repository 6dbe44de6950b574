"""How likely a VAE finds pictures: the importance-weighted bound (Burda et al. 2016, arXiv:1509.00519)."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from genstudio.core.seeding import generator

LogLikelihood = Callable[[Tensor, Tensor], Tensor]


class Encodes(Protocol):
    """A network with an encoder."""

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """mu and log_var of q(z|x) = N(mu, exp(log_var)), each (B, D)."""


@dataclass(frozen=True)
class Bounds:
    """Lower bounds of log p(x) in nats, one a picture, from the same k codes each, on the CPU."""

    weighted: Tensor  # (N,) float64, log of the mean weight: the bound L_k
    elbo: Tensor  # (N,) float64, mean of the log weights: L_1, never above L_k
    samples: int  # k

    def mean(self) -> tuple[float, float]:
        """L_k in nats per picture, and its standard error over the pictures (nan for one picture)."""
        return _mean(self.weighted)

    def mean_elbo(self) -> tuple[float, float]:
        """The ELBO in nats per picture, and its standard error."""
        return _mean(self.elbo)


def importance_weighted(
    network: Encodes, log_likelihood: LogLikelihood, x: Tensor, *, samples: int = 5000, seed: int = 0, rows: int = 500
) -> Generator[tuple[int, int], None, Bounds]:
    """log p(x) >= L_k = E log 1/k sum_i p(x|z_i) p(z_i) / q(z_i|x), z_i from q(z|x), p(z) = N(0, I) (eq. 8).

    The gap shrinks as k grows and is zero for any k where q(z|x) is the posterior. Yields after every `rows`
    decoded codes how many are done, and of how many; returns the bounds. The codes of picture n depend on
    (seed, n, samples) alone, not on the other pictures or on `rows`.

    Args:
        network: In evaluation mode; left without gradients.
        log_likelihood: log p(x|z) in nats, (B,), of pictures (B, ...) and codes (B, D), pair by pair.
        x: Pictures (N, ...) as the encoder takes them, on its device.
        samples: k, 1 and up.
        rows: Codes decoded at once.
    Raises:
        ValueError: without pictures or samples.
    """
    if len(x) == 0 or samples < 1 or rows < 1:
        raise ValueError(f"{len(x)} pictures, {samples} samples, {rows} rows; at least one of each is needed")
    weighted, elbo = [], []
    together = max(1, rows // samples)
    done, total = 0, len(x) * samples
    for start in range(0, len(x), together):
        part = x[start : start + together]
        mu, log_var = _encode(network, part)
        eps = torch.stack(
            [torch.randn(samples, mu.shape[1], generator=generator(seed, start + n)) for n in range(len(part))], 1
        )  # (k, B, D)
        log_sum = torch.full((len(part),), -math.inf, dtype=torch.float64)
        plain_sum = torch.zeros(len(part), dtype=torch.float64)
        for piece in eps.split(rows):
            log_weights = _log_weights(log_likelihood, part, mu, log_var, piece.to(mu)).double().cpu()
            log_sum = torch.logaddexp(log_sum, log_weights.logsumexp(0))
            plain_sum += log_weights.sum(0)
            done += log_weights.numel()
            yield done, total
        weighted.append(log_sum - math.log(samples))
        elbo.append(plain_sum / samples)
    return Bounds(torch.cat(weighted), torch.cat(elbo), samples)


@torch.no_grad()
def _encode(network: Encodes, x: Tensor) -> tuple[Tensor, Tensor]:
    return network.encode(x)


@torch.no_grad()
def _log_weights(log_likelihood: LogLikelihood, x: Tensor, mu: Tensor, log_var: Tensor, eps: Tensor) -> Tensor:
    """log p(x|z) + log p(z) - log q(z|x) at z = mu + sigma eps, (S, B), of noise (S, B, D)."""
    z = mu + torch.exp(0.5 * log_var) * eps
    log_ratio = 0.5 * (eps.square() + log_var - z.square()).sum(2)  # the 2 pi of prior and posterior cancel
    pictures = x.expand(len(eps), *x.shape).flatten(0, 1)  # (S * B, ...)
    return log_likelihood(pictures, z.flatten(0, 1)).view_as(log_ratio) + log_ratio


def _mean(bounds: Tensor) -> tuple[float, float]:
    n = len(bounds)
    error = float(bounds.std()) / math.sqrt(n) if n > 1 else math.nan
    return float(bounds.mean()), error
