"""What the two players minimise, from D's outputs on real pictures and on generated ones.

For the first two D's output is a logit: its sigmoid is the probability that the picture is real. For the
others it is an unbounded score, and D is called a critic.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Loss:
    """One pair of losses: `d(real, fake, real_label)` and `g(fake)`, each from outputs (B,) to (), in nats where the
    outputs are logits."""

    d: Callable[[Tensor, Tensor, float], Tensor]
    g: Callable[[Tensor], Tensor]
    is_logit: bool = False

    def confidence(self, outputs: Tensor) -> Tensor:
        """What D says of pictures (B,): probabilities where its outputs are logits, else the scores themselves."""
        return outputs.sigmoid() if self.is_logit else outputs

    def mean_confidence(self, **outputs: Tensor) -> dict[str, Tensor]:
        """The mean of that over each batch, ()."""
        return {name: self.confidence(o).mean() for name, o in outputs.items()}


def log_loss(real: Tensor, fake: Tensor, real_label: float = 1.0) -> Tensor:
    """-E[log D(x)] - E[log(1 - D(G(z)))] from logits, the real term with one-sided smoothing.

    Goodfellow et al. 2014 (arXiv:1406.2661), eq. 1; smoothing: Salimans et al. 2016 (arXiv:1606.03498), section 3.4.
    """
    right = real_label * F.softplus(-real) + (1 - real_label) * F.softplus(real)
    return right.mean() + F.softplus(fake).mean()


def saturating(fake: Tensor) -> Tensor:
    """E[log(1 - D(G(z)))] from logits: flat where D is sure, just when G needs a slope (same paper, eq. 1)."""
    return -F.softplus(fake).mean()


def non_saturating(fake: Tensor) -> Tensor:
    """-E[log D(G(z))] from logits: steep where D is sure (Goodfellow et al. 2014, section 3)."""
    return F.softplus(-fake).mean()


def least_squares(real: Tensor, fake: Tensor, real_label: float = 1.0) -> Tensor:
    """E[(D(x) - 1)^2] / 2 + E[D(G(z))^2] / 2 (Mao et al. 2017, arXiv:1611.04076, eq. 9)."""
    return 0.5 * (real - real_label).square().mean() + 0.5 * fake.square().mean()


def least_squares_g(fake: Tensor) -> Tensor:
    """E[(D(G(z)) - 1)^2] / 2 (Mao et al. 2017, eq. 9)."""
    return 0.5 * (fake - 1).square().mean()


def hinge(real: Tensor, fake: Tensor, real_label: float = 1.0) -> Tensor:
    """E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))] (Lim & Ye 2017, arXiv:1705.02894; Miyato et al. 2018, eq. 16)."""
    return torch.relu(1 - real).mean() + torch.relu(1 + fake).mean()


def wasserstein(real: Tensor, fake: Tensor, real_label: float = 1.0) -> Tensor:
    """E[D(G(z))] - E[D(x)]: less the distance that the critic sees (Arjovsky et al. 2017, arXiv:1701.07875, eq. 3)."""
    return fake.mean() - real.mean()


def raise_score(fake: Tensor) -> Tensor:
    """-E[D(G(z))], what G minimises against a critic with hinge or Wasserstein loss."""
    return -fake.mean()


LOSSES: dict[str, Loss] = {
    "non-saturating": Loss(log_loss, non_saturating, is_logit=True),
    "minimax": Loss(log_loss, saturating, is_logit=True),
    "least-squares": Loss(least_squares, least_squares_g),
    "hinge": Loss(hinge, raise_score),
    "wasserstein": Loss(wasserstein, raise_score),
}
