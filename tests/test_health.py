"""The alarms: each fires on its planted failure, and none on real data or on games that go well."""

import dataclasses

import game_desk
import numpy as np
import pytest
import torch

from genstudio.api.health import RULES, Moment, lights
from genstudio.core.points import POINTS
from genstudio.settings import GANSettings, PointGANSettings

EVERY = 25


def played(name, iterations, **settings):
    """The moments of a real game on points, and its settings."""
    chosen = PointGANSettings(**settings)
    return game_desk.played(name, chosen, iterations, EVERY), chosen


def levels(moments, settings):
    return {light.name: light.level for light in lights(moments, settings)}


def moment(iteration, *, d_fake=0.4, losses=(1.0, 1.0), sure=0.7, gradient=1.0, spreads=(1.0, 1.0)):
    """One of a game that goes well, but for what is said."""
    right = np.where(np.arange(100) < 100 * sure, 1.0, -1.0).astype(np.float32)
    numbers = {
        "real_outputs": right, "fake_outputs": -right, "gradient_norms": np.float32([1, gradient]),
        "spreads": np.float32(spreads),
    }  # fmt: skip
    return Moment(iteration, {"d_loss": losses[0], "g_loss": losses[1], "d_real": 0.6, "d_fake": d_fake}, numbers)


WELL = [moment(100 * k) for k in range(1, 11)]
PLANTED = {
    "balance": [moment(1000 + k, sure=1.0) for k in range(6)],
    "gradient": [moment(1000 + k, gradient=1e-3) for k in range(6)],
    "oscillation": [moment(1000 + k, d_fake=0.9 if k // 3 % 2 else 0.1) for k in range(24)],
    "collapse": [moment(1000 + k, spreads=(1.0, 0.1)) for k in range(6)],
    "divergence": [moment(1001, losses=(55.0, 3.0))],
}


def test_nothing_is_said_before_anything_is_known():
    assert set(levels([], GANSettings()).values()) == {"good"}
    assert set(levels([Moment(1, {}, {})], GANSettings()).values()) == {"good"}


@pytest.mark.parametrize("name", RULES)
def test_each_alarm_fires_on_its_own_failure_alone_and_brings_a_remedy_that_can_be_set(name):
    settings = GANSettings()
    assert set(levels(WELL, settings).values()) == {"good"}
    found = {light.name: light for light in lights(WELL + PLANTED[name], settings)}
    assert {light.name for light in found.values() if light.level != "good"} == {name}
    assert found[name].level == "bad" and found[name].reason.endswith(".") and found[name].remedy
    assert dataclasses.replace(settings, **found[name].remedy) != settings


def test_a_critic_is_never_too_sure():
    critic = GANSettings(loss="wasserstein", d_norm="layer", gradient_penalty=10.0)
    assert set(levels(WELL + PLANTED["balance"] + PLANTED["oscillation"], critic).values()) == {"good"}


def test_a_loss_that_is_no_number_is_a_divergence():
    assert levels([*WELL, moment(1100, losses=(float("nan"), 1.0))], GANSettings())["divergence"] == "bad"


def test_real_data_in_place_of_the_generated_is_no_collapse():
    points = POINTS["ring"].mixture.sample(256, torch.Generator().manual_seed(0)).numpy()
    spread = points.std(0).mean()
    assert (
        levels([*WELL, moment(1100, spreads=(spread, points[:128].std(0).mean()))], GANSettings())["collapse"] == "good"
    )


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("ring", {"r1": 0.05}),
        ("moons", {"r1": 0.05}),
        ("two", {}),
        ("ring", {"loss": "wasserstein", "gradient_penalty": 1.0, "beta1": 0.0, "beta2": 0.9, "d_updates": 5}),
    ],
)
def test_a_game_that_goes_well_ends_in_silence(name, settings):
    moments, settings = played(name, 500, **settings)
    assert set(levels(moments, settings).values()) == {"good"}


@pytest.mark.parametrize(
    ("alarm", "settings"),
    [
        ("collapse", {"lr_g": 5e-3, "g_updates": 3}),
        ("gradient", {"loss": "wasserstein", "clip": 0.003, "optimizer": "rmsprop", "lr_g": 5e-4, "lr_d": 5e-4}),
    ],
)
def test_a_real_failure_rings_its_alarm(alarm, settings):
    moments, settings = played("ring", 400, **settings)
    assert levels(moments, settings)[alarm] == "bad"
