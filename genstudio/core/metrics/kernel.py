"""Kernel distance of two sets of features (Bińkowski et al. 2018, arXiv:1801.01401)."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import torch
from torch import Tensor

from genstudio.core.parts import by_parts
from genstudio.steps import finish

ROWS = 256  # of a table of kernel values from one yield to the next


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

    Unlike the Fréchet distance it does not depend on how many pictures there are.
    """
    return finish(kernel_terms(real, fake)).distance


def kernel_terms(real: Tensor, fake: Tensor, of_real: Tensor | None = None) -> Generator[None, None, KernelTerms]:
    """The terms of the distance, float64; yields between parts of a few milliseconds.

    MMD^2 = E k(x, x') + E k(y, y') - 2 E k(x, y) (eq. 4), each expectation over pairs of different pictures.

    Args:
        of_real: `own_means(real)`, if they are known.
    Raises:
        ValueError: if a set has fewer than two features.
    """
    if min(len(real), len(fake)) < 2:
        raise ValueError(f"{len(real)} real and {len(fake)} generated pictures; a distance needs two of each")
    x, y = real.double().cpu(), fake.double().cpu()
    of_x = (yield from own_means(x)) if of_real is None else of_real
    of_y = yield from own_means(y)
    to_y, to_x = yield from _sums_across(x, y)
    return KernelTerms(_term(of_x, to_y / len(y)), _term(of_y, to_x / len(x)))


def own_means(x: Tensor) -> Generator[None, None, Tensor]:
    """Mean of k(x_i, x_j) over all j but i, (N,), of features (N, F) float64."""
    sums = torch.zeros(len(x), dtype=x.dtype)

    def above(rows: Tensor) -> tuple[Tensor, Tensor]:
        """Of a band of the table and what is right of it: sums of its rows, and of its columns but the band's own."""
        table = _kernel(x[rows] @ x[rows[0] :].T, x.shape[1])
        return table.sum(1), table[:, len(rows) :].sum(0)

    for some in torch.arange(len(x)).split(ROWS):
        start = int(some[0])
        for of_rows, of_columns in by_parts(above, some):
            end = start + len(of_rows)
            sums[start:end] += of_rows
            sums[end:] += of_columns
            start = end
        yield
    return (sums - _kernel(x.square().sum(1), x.shape[1])) / (len(x) - 1)


def _sums_across(x: Tensor, y: Tensor) -> Generator[None, None, tuple[Tensor, Tensor]]:
    """Sums of k(x_i, y_j) over j, (N,), and over i, (M,)."""
    of_rows, of_columns = [], torch.zeros(len(y), dtype=y.dtype)

    def both(part: Tensor) -> tuple[Tensor, Tensor]:
        table = _kernel(part @ y.T, y.shape[1])
        return table.sum(1), table.sum(0)

    for some in x.split(ROWS):
        for row_sums, column_sums in by_parts(both, some):
            of_rows.append(row_sums)
            of_columns += column_sums
        yield
    return torch.cat(of_rows), of_columns


def _term(own: Tensor, other: Tensor) -> Tensor:
    term = own - other
    return 2 * term - term.mean()


def _kernel(products: Tensor, width: int) -> Tensor:
    return products.div_(width).add_(1).pow_(3)
