"""What a run of the game has told of itself: gradients, updates, quality; each run its own."""

from __future__ import annotations

import numpy as np
import pytest

from genstudio import api
from genstudio.settings import GANSettings
from genstudio.ui.signs import MOST, Signs
from genstudio.ui.tabs.training_run import TrainingRun

REQUEST = api.TrainRequest("gan", "strokes", GANSettings())
METERS = api.Meters(*(api.Band(0.5, 0.1),) * 4, (api.Band(0.1, 0.01),) * 10)
ROW, PICTURES = np.zeros((1, 4), np.float32), np.zeros((1, 8, 8, 1), np.uint8)


def event(iteration: int, measured: tuple[int, ...] = (), trouble: str = "", **numbers: object) -> api.TrainEvent:
    told = numbers or {"gradient_norms": np.float32([iteration, 2]), "update_ratios": np.float32([1e-3, 0])}
    found = tuple(api.Measured(at, 500, METERS, METERS) for at in measured)
    names = ("d_loss", "g_loss", "d_real", "d_fake")
    return api.TrainEvent(REQUEST, iteration, names, ROW, ((iteration, PICTURES),), 1.0, numbers=told,
                          measured=found, meter_trouble=trouble)  # fmt: skip


def told(*iterations: int) -> TrainingRun:
    run = TrainingRun()
    run.begin(REQUEST)
    for iteration in iterations:
        run.take(event(iteration, (iteration,)))
    return run


def test_gradients_and_updates_stand_at_the_iteration_of_their_samples():
    x, norms = told(10, 20, 35).signs.table("gradient_norms")
    assert x.tolist() == [10, 20, 35] and norms.tolist() == [[10, 2], [20, 2], [35, 2]]


def test_a_player_that_does_not_move_leaves_a_gap():
    _, ratios = told(10).signs.table("update_ratios")
    assert ratios[0, 0] == pytest.approx(1e-3) and np.isnan(ratios[0, 1])


def test_a_family_that_tells_nothing_of_the_kind_has_no_signs():
    signs = Signs()
    signs.take(event(5, kl_per_latent=np.ones(3, np.float32)))
    assert not len(signs.told) and signs.table("update_ratios")[0].shape == (0,)


def test_what_is_kept_stays_small_and_has_both_ends():
    signs = Signs()
    for iteration in range(1, 5 * MOST):
        signs.take(event(iteration, (iteration,)))
    x, _ = signs.table("gradient_norms")
    assert len(x) <= MOST and len(signs.measured) <= MOST
    assert x[0] == 1 and x[-1] == signs.measured[-1].iteration == 5 * MOST - 1
    gap = np.diff(x)[:-1].max()
    assert set(np.diff(x)[:-1]) <= {gap, gap / 2}, "evenly, and once more where there is room"


def test_an_event_that_comes_again_adds_nothing():
    signs = told(10, 20).signs
    before = signs.version
    signs.take(event(20, (10, 20)))
    assert signs.version == before and len(signs.told) == len(signs.measured) == 2


def test_a_run_that_goes_back_has_the_signs_until_then_and_the_one_it_left_keeps_all():
    left, fork = told(10, 20, 30), TrainingRun(1)
    left.signs.asked, left.signs.classes = 500, ("0", "1")
    fork.fork(left, 20)
    fork.take(event(20, (10, 20)))
    fork.take(event(25, (25,)))
    assert fork.signs.table("gradient_norms")[0].tolist() == [10, 20, 25]
    assert [found.iteration for found in fork.signs.measured.values()] == [10, 20, 25]
    assert (fork.signs.asked, fork.signs.classes) == (500, ("0", "1"))
    assert left.signs.table("gradient_norms")[0].tolist() == [10, 20, 30]


def test_a_moment_is_measured_by_the_newest_measurement_before_it():
    signs = told(10, 20, 30).signs
    assert signs.measured_at(9) is None
    assert [signs.measured_at(at).iteration for at in (10, 19, 20, 99)] == [10, 10, 20, 30]


def test_meters_that_stop_by_themselves_say_why():
    run = told(10)
    run.take(event(20, trouble="There is not enough memory."))
    run.take(event(30))
    assert run.signs.trouble == "There is not enough memory."
