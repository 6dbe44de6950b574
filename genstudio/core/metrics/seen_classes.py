"""What a classifier sees in generated pictures, in single numbers: inception score and entropy of the classes."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class SeenClasses:
    """What is asked of the logits alone, so that any sample of the pictures is answered for quickly.

    Args:
        p: (N, K) float64, the shares of the classes in each picture.
        known: (N,), minus the entropy of each.
        seen: (N, K) float64, 1 at the class that a picture is taken for.
    """

    p: Tensor
    known: Tensor
    seen: Tensor

    @classmethod
    def of(cls, logits: Tensor) -> SeenClasses:
        """Of logits (N, K)."""
        log_p = logits.double().log_softmax(1).cpu()
        p = log_p.exp()
        return cls(p, (p * log_p).sum(1), F.one_hot(p.argmax(1), p.shape[1]).double())

    def score(self, counts: Tensor) -> float:
        """Inception score exp E KL(p(y|x) || p(y)) (Salimans et al. 2016, arXiv:1606.03498): 1 to K, higher is better.

        Args:
            counts: How often each picture is in the sample, (N,) float64.
        """
        n = counts.sum()
        gained = counts @ self.known / n + _entropy(counts @ self.p / n)
        return max(1.0, float(gained.exp()))  # rounding takes it below

    def entropy(self, counts: Tensor) -> float:
        """Of the classes that pictures are taken for, in nats: 0 to log K."""
        return max(0.0, float(_entropy(counts @ self.seen / counts.sum())))


def inception_score(logits: Tensor) -> float:
    """That of all pictures, of logits (N, K)."""
    return SeenClasses.of(logits).score(torch.ones(len(logits), dtype=torch.float64))


def _entropy(p: Tensor) -> Tensor:
    """In nats, of shares (K,) that sum to 1."""
    return -(p * p.clamp_min(1e-300).log()).sum()
