"""How sure precision, recall, density and coverage are: their errors beside what other draws of both sets differ by."""

import pytest
import torch

from genstudio.core.metrics.manifold import balls, membership, overlap
from genstudio.core.metrics.overlap_bands import density_error, overlap_bands
from genstudio.core.seeding import generator
from genstudio.steps import finish

N, DRAWS = 200, 60  # a spread of sixty is known to a tenth


def pair(seed: int, width: int, apart: float = 0.3) -> tuple[torch.Tensor, torch.Tensor]:
    real, fake = torch.randn(2, N, width, generator=generator(seed), dtype=torch.float64)
    return real, fake + apart


@pytest.mark.parametrize("width", [8, 32, 64])
def test_the_errors_are_what_other_draws_differ_by(width):
    """The real pictures are drawn anew as well: with their balls where they are the errors of 64 are half of that."""
    draws = [finish(overlap_bands(*pair(k, width), generator(k))) for k in range(DRAWS)]
    for name in ("precision", "recall", "density", "coverage"):
        values, errors = (
            torch.tensor([getattr(one[name], part) for one in draws], dtype=torch.float64)
            for part in ("value", "error")
        )
        assert 0.7 < float(errors.mean() / values.std()) < 1.45, name


def test_the_numbers_are_those_of_all_pictures():
    real, fake = pair(0, 8)
    found, whole = finish(overlap_bands(real, fake, generator(0))), overlap(real, fake)
    assert {name: band.value for name, band in found.items()} == {
        name: getattr(whole, name) for name in ("precision", "recall", "density", "coverage")
    }
    assert finish(overlap_bands(real, fake, generator(0), finish(balls(real)))) == found


def test_the_error_of_density_is_that_of_leaving_out_each_picture():
    """The slow way: everything is measured again without it."""
    real, fake = (x[:30] for x in pair(1, 8))
    around = finish(balls(real))
    told = density_error(finish(membership(real, fake, of_real=around)), around)
    without_real, without_fake = ([without(real, fake, k, side) for k in range(30)] for side in (0, 1))
    variance = sum(
        29 * torch.tensor(part, dtype=torch.float64).var(correction=0) for part in (without_real, without_fake)
    )
    assert told == pytest.approx(float(variance) ** 0.5, rel=0.02), "of the generated the factor is 29 and not 30"


def without(real: torch.Tensor, fake: torch.Tensor, left_out: int, side: int) -> float:
    rows = [k for k in range(30) if k != left_out]
    return overlap(real[rows] if side == 0 else real, fake[rows] if side == 1 else fake).density


def test_shares_of_all_or_none_have_an_error():
    real, fake = pair(0, 8, apart=1000.0)
    found = finish(overlap_bands(real, fake, generator(0)))
    assert found["precision"].value == 0 and 0 < found["precision"].error < 0.02
