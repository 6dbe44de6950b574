"""Kernel distance of two sets of features (Bińkowski et al. 2018, arXiv:1801.01401)."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import torch
from torch import Tensor

from genstudio.steps import finish

CELLS = 1 << 21  # of a table of kernel values that are in memory at once


@dataclass(frozen=True)
class KernelTerms:
    """What each picture adds: the distance is the mean of both together, and moves by their spread.

    A picture is in both places of the kernel, so its term counts twice about the mean (Hoeffding 1948, section 5):
    the standard error of the distance is that of the mean of these terms.
    """

    real: Tensor  # (N,)
    fake: Tensor  # (M,)

    @property
    def distance(self) -> float:
        """MMD^2, without bias: of equal distributions it is 0 on average, and below 0 half of the time."""
        return float(self.real.mean() + self.fake.mean())


def kernel_distance(real: Tensor, fake: Tensor) -> float:
    """Squared maximum mean discrepancy of features (N, F) and (M, F) with the kernel (x y / F + 1)^3, unbiased.

    Its value does not depend on how many pictures there are, other than the Fréchet distance's.
    """
    return finish(kernel_terms(real, fake)).distance


def kernel_terms(real: Tensor, fake: Tensor) -> Generator[None, None, KernelTerms]:
    """The terms of the distance, float64; yields between parts of a few milliseconds.

    MMD^2 = E k(x, x') + E k(y, y') - 2 E k(x, y) (eq. 4), each expectation over pairs of different pictures.

    Raises:
        ValueError: if a set has fewer than two features.
    """
    if min(len(real), len(fake)) < 2:
        raise ValueError(f"{len(real)} real and {len(fake)} generated pictures; a distance needs two of each")
    x, y = real.double().cpu(), fake.double().cpu()
    terms = []
    for own, other in ((x, y), (y, x)):
        to_own = yield from _row_sums(own, own)
        to_other = yield from _row_sums(own, other)
        itself = _kernel((own * own).sum(1), own.shape[1])
        term = (to_own - itself) / (len(own) - 1) - to_other / len(other)
        terms.append(2 * term - term.mean())
    return KernelTerms(*terms)


def _row_sums(a: Tensor, b: Tensor) -> Generator[None, None, Tensor]:
    """Sum over b of k(a_i, b_j), (len(a),)."""
    sums = []
    for part in a.split(max(1, CELLS // len(b))):
        sums.append(_kernel(part @ b.T, a.shape[1]).sum(1))
        yield
    return torch.cat(sums)


def _kernel(products: Tensor, width: int) -> Tensor:
    return (products / width + 1) ** 3
