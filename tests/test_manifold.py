"""Precision, recall, density and coverage: by hand, and of sets whose answer is known."""

import math

import pytest
import torch

from genstudio.core.metrics import manifold
from genstudio.core.metrics.manifold import Overlap, overlap
from genstudio.core.seeding import generator
from genstudio.steps import finish

N, WIDTH = 400, 16


def normal(seed: int, count: int = N) -> torch.Tensor:
    return torch.randn(count, WIDTH, generator=generator(seed))


def test_identical_sets_overlap_wholly():
    x = normal(0)
    found = overlap(x, x.clone())
    assert (found.precision, found.recall, found.coverage) == (1, 1, 1)
    assert found.density == pytest.approx((5 + 1) / 5), "a ball holds its k neighbours and its own centre"


def test_two_draws_of_one_distribution_overlap_as_expected():
    """Coverage of equal sets is 1 - (N-1)..(N-k) / ((2N-1)..(2N-k)), 0.97 for k = 5 (Naeem et al. 2020, lemma 3)."""
    found = overlap(normal(0, 1000), normal(1, 1000))
    assert found.density == pytest.approx(1, abs=0.15) and found.coverage == pytest.approx(1 - 0.5**5, abs=0.03)
    assert found.precision == pytest.approx(found.recall, abs=0.1)


def test_far_sets_share_nothing():
    assert overlap(normal(0), normal(1) + 1000) == Overlap(0, 0, 0, 0)


def test_a_collapsed_set_is_precise_and_covers_next_to_nothing():
    real = normal(0)
    fake = real[:1] + 1e-3 * normal(1)
    found = overlap(real, fake)
    assert found.precision == 1 and found.recall <= 1 / N and found.coverage < 0.1


def test_noise_all_around_is_not_precise_and_finds_the_real():
    real = 0.1 * normal(0)
    found = overlap(real, 3 * normal(1))
    assert found.precision < 0.05 and found.recall > 0.9 and found.coverage < 0.05


def test_a_few_points_by_hand():
    """Balls for k = 1 of the real: [-1, 1], [0, 2], [1, 7]; of the generated: [1, 2], [1.5, 2.5], [6, 9], [7.5, 10.5].

    All four shares differ, so none can stand for another.
    """
    real, fake = torch.tensor([[0.0], [1], [4]]), torch.tensor([[1.5], [2], [7.5], [9]])
    found = overlap(real, fake, k=1)
    assert found.precision == pytest.approx(2 / 4), "7.5 and 9 lie in no real ball"
    assert found.recall == pytest.approx(1 / 3), "0 and 4 lie in no generated ball"
    assert found.density == pytest.approx(4 / 4), "1.5 in two, 2 in two: on the rim is inside"
    assert found.coverage == pytest.approx(2 / 3), "no generated one in [-1, 1]"


def test_the_size_of_the_parts_does_not_matter(monkeypatch):
    real, fake = normal(0), 0.8 * normal(1, 300)
    whole = overlap(real, fake)
    assert finish(manifold.overlapping(real, fake, threads=1)) == whole
    monkeypatch.setattr(manifold, "CELLS", 1)
    assert overlap(real, fake) == whole
    assert sum(1 for _ in manifold.overlapping(real, fake, threads=1)) == 2 * len(real) + len(fake)
    slices = 2 * math.ceil(len(real) / manifold.BANDS) + math.ceil(len(fake) / manifold.BANDS)
    assert sum(1 for _ in manifold.overlapping(real, fake, threads=2)) == slices


@pytest.mark.parametrize("sizes", [(5, 20), (20, 5)])
def test_more_neighbours_than_there_are_is_a_sentence(sizes):
    with pytest.raises(ValueError, match="5 neighbours in a set of 5 features; 1 to 4 are there"):
        overlap(normal(0, sizes[0]), normal(1, sizes[1]))


def test_other_widths_are_a_sentence():
    with pytest.raises(ValueError, match="same width"):
        overlap(torch.zeros(9, 3), torch.zeros(9, 4))
