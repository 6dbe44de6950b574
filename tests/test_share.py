"""The share of the training time that meters may take, by a simulated clock."""

import random

import pytest

from genstudio.core.share import Share


def simulate(share: Share, iterations: list[float], slices: list[float]) -> tuple[float, float, list[float]]:
    """Seconds of training, seconds of slices, and what the ratio was after each slice."""
    trained = spent = 0.0
    ratios, waiting = [], iter(slices)
    for seconds in iterations:
        share.trained(seconds)
        trained += seconds
        while share.allows:
            took = next(waiting)
            share.spent(took)
            spent += took
            ratios.append(spent / trained)
    return trained, spent, ratios


@pytest.mark.parametrize("iteration_s", [0.0005, 0.01, 0.04, 3.0])
@pytest.mark.parametrize("slice_s", [0.001, 0.02, 0.5])
def test_slices_of_one_length_never_take_more_than_the_share(iteration_s, slice_s):
    iterations = [iteration_s] * max(300, int(60 / iteration_s))
    *_, ratios = simulate(Share(0.05), iterations, [slice_s] * 1_000_000)
    assert max(ratios[1:]) <= 0.05 + 1e-9, "of the first one nobody knew how long it is"


def test_the_share_is_used():
    trained, spent, _ = simulate(Share(0.05), [0.04] * 5000, [0.015] * 100_000)
    assert spent / trained == pytest.approx(0.05, rel=0.02)


def test_slices_of_any_length_keep_to_the_share_in_the_long_run():
    random_s = random.Random(0)
    slices = [random_s.uniform(0.001, 0.03) * (20 if random_s.random() < 0.01 else 1) for _ in range(100_000)]
    trained, spent, _ = simulate(Share(0.05), [random_s.uniform(0.01, 0.1) for _ in range(20_000)], slices)
    assert 0.04 < spent / trained <= 0.05


def test_nothing_runs_before_training_has_earned_it():
    share = Share()
    assert not share.allows
    share.trained(0.39)
    assert not share.allows
    share.trained(0.02)
    assert share.allows


def test_an_hour_of_one_iteration_is_not_followed_by_a_burst():
    share = Share(0.05, saved_s=0.1)
    share.trained(3600)
    _, spent, _ = simulate(share, [0.001], [0.02] * 1000)
    assert spent <= 0.1 + 0.05 * 0.001


def test_a_slice_that_took_too_long_is_paid_back():
    share = Share(0.05)
    share.trained(1.0)
    share.spent(1.0)
    waited = 0
    while not share.allows:
        share.trained(1.0)
        waited += 1
    assert waited >= 19, "what it owes is 0.95 s, and the next may take as long"
