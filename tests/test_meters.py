"""The errors beside the quality numbers are what other draws would differ by."""

import pytest
import torch

from genstudio.api.quality import counting_error
from genstudio.core.metrics import frechet_distance, moments
from genstudio.core.metrics.manifold import overlap
from genstudio.core.metrics.meters import FEWEST_COMPARED, measuring
from genstudio.core.seeding import generator
from genstudio.steps import finish

N, WIDTH, DRAWS = 200, 8, 24
NAMES = ("frechet", "precision", "recall", "coverage")


def meters(real, fake, logits=None):
    return finish(measuring(real, fake, torch.eye(3)[torch.arange(len(fake)) % 3] if logits is None else logits))


def pair(seed, n=N):
    x = torch.randn(2, n, WIDTH, generator=generator(seed))
    return x[0], 0.8 * x[1] + 0.3


@pytest.fixture(scope="module")
def draws():
    return [meters(*pair(seed)) for seed in range(DRAWS)]


def test_the_numbers_are_those_of_the_two_measures(draws):
    real, fake = pair(0)
    expected = overlap(real, fake)
    assert draws[0].frechet.value == pytest.approx(frechet_distance(moments(real), moments(fake)))
    assert (draws[0].precision.value, draws[0].recall.value) == (expected.precision, expected.recall)
    assert draws[0].coverage.value == expected.coverage


@pytest.mark.parametrize("name", NAMES)
def test_an_error_is_what_other_draws_differ_by(draws, name):
    values = torch.tensor([getattr(m, name).value for m in draws], dtype=torch.float64)
    errors = torch.tensor([getattr(m, name).error for m in draws], dtype=torch.float64)
    assert 0.7 < float(errors.mean() / values.std()) < 1.6


def test_more_pictures_have_a_smaller_error():
    assert meters(*pair(0, 800)).frechet.error < 0.8 * meters(*pair(0, 100)).frechet.error


def test_classes_that_come_in_turn_are_not_left_out_whole():
    """Ten far islands: without one of them the distance would jump."""
    centres = 50 * torch.eye(10, WIDTH)
    real, fake = (x + centres[torch.arange(N) % 10] for x in torch.randn(2, N, WIDTH, generator=generator(0)))
    found = meters(real, fake)
    assert found.frechet.error < found.frechet.value


def test_class_shares_are_counted():
    logits = torch.eye(4)[torch.tensor([0] * 50 + [1] * 150)]
    shares = meters(*pair(0), logits).class_shares
    assert [s.value for s in shares] == [0.25, 0.75, 0, 0]
    assert shares[0].error == pytest.approx((0.25 * 0.75 / N) ** 0.5, rel=0.05)
    assert 0 < shares[2].error < 0.02, "none of 200 may be one of some hundred"


def test_a_share_of_one_still_has_an_error():
    real, _ = pair(0)
    assert meters(real, real).precision.error >= counting_error(1, N) > 0


@pytest.mark.parametrize(("real", "fake"), [(20, 21), (FEWEST_COMPARED - 1, FEWEST_COMPARED - 1)])
def test_too_few_or_unequal_sets_are_a_sentence(real, fake):
    with pytest.raises(ValueError, match="give equally many, at least 12"):
        meters(torch.zeros(real, WIDTH), torch.zeros(fake, WIDTH))
