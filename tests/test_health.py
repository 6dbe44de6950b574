"""The alarms: each fires on its planted failure, and none on real data or on games that go well."""

import dataclasses
import random

import game_desk
import numpy as np
import pytest
import torch

from genstudio.api.health import RULES, Moment, lights, worst
from genstudio.api.remedies import needs_restart
from genstudio.core.points import POINTS
from genstudio.settings import (
    SETTINGS,
    ConditionalGANSettings,
    GANSettings,
    MLPGANSettings,
    PointGANSettings,
    check_settings,
    choices_of,
    setting_of,
)

EVERY = 25


def played(name, iterations, **settings):
    """The moments of a real game on points, and its settings."""
    chosen = PointGANSettings(**settings)
    return game_desk.played(name, chosen, iterations, EVERY), chosen


def levels(moments, settings):
    return {light.name: light.level for light in lights(moments, settings)}


def moment(iteration, *, d_fake=0.4, losses=(1.0, 1.0), sure=0.7, gradient=1.0, spreads=(1.0, 1.0), peak=0.0, **more):
    """One of a game that goes well, but for what is said."""
    right = np.where(np.arange(100) < 100 * sure, 1.0, -1.0).astype(np.float32)
    numbers = {
        "real_outputs": right, "fake_outputs": -right, "gradient_norms": np.float32([1, gradient]),
        "spreads": np.float32(spreads), **more,
    }  # fmt: skip
    trend = {"d_loss": losses[0], "g_loss": losses[1], "d_real": 0.6, "d_fake": d_fake}
    return Moment(iteration, trend, numbers, {"d_loss": peak} if peak else {})


WELL = [moment(100 * k) for k in range(1, 11)]
PLANTED = {
    "balance": [moment(1000 + k, sure=1.0) for k in range(6)],
    "gradient": [moment(1000 + k, gradient=1e-3) for k in range(6)],
    "oscillation": [moment(1000 + k, d_fake=0.9 if k // 3 % 2 else 0.1) for k in range(24)],
    "collapse": [moment(1000 + k, spreads=(1.0, 0.1)) for k in range(6)],
    "divergence": [moment(1001, losses=(55.0, 3.0))],
}


def test_nothing_is_said_before_anything_is_known():
    assert set(levels([], GANSettings()).values()) == {"early"}
    assert set(levels([Moment(1, {}, {})], GANSettings()).values()) == {"early"}


def test_before_anything_can_be_judged_it_is_too_early_but_what_is_hopeless_is_said():
    planted = [moment(50 + k, sure=1.0, spreads=(1.0, 0.1)) for k in range(6)]
    assert set(levels(planted, GANSettings()).values()) == {"early"}
    assert levels([moment(50, gradient=0.0)], GANSettings())["gradient"] == "bad"
    assert levels([moment(50, losses=(55.0, 1.0))], GANSettings())["divergence"] == "bad"
    assert levels([moment(150, sure=1.0)] * 6, PointGANSettings())["balance"] == "bad", "points need fewer"


def test_before_g_has_taken_a_step_there_is_no_gradient_to_judge():
    nothing = [moment(0, gradient=np.nan)] * 4
    assert levels(nothing, PointGANSettings())["gradient"] == "early"
    assert levels([*nothing, moment(1)], PointGANSettings())["gradient"] == "early", "nor is it one of those before"
    assert levels([*nothing, moment(300)], PointGANSettings())["gradient"] == "good"
    assert levels([moment(300, gradient=np.nan)], PointGANSettings())["gradient"] == "early", "only D has learnt"


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


def test_a_short_peak_of_a_loss_is_a_divergence_whatever_the_trend():
    assert levels([*WELL, moment(1100, peak=13.0), moment(1101)], GANSettings())["divergence"] == "bad"
    assert levels([*WELL, moment(1100, peak=3.0)], GANSettings())["divergence"] == "good"
    critic = GANSettings(loss="wasserstein", d_norm="layer", gradient_penalty=10.0)
    assert levels([*WELL, moment(1100, losses=(3.0, 60.0))], critic)["divergence"] == "good", "its scores may wander"


def test_a_loss_that_has_burst_is_not_forgotten():
    burst = [moment(5, peak=2.5e11), moment(170)]
    found = {light.name: light for light in lights(burst, PointGANSettings(lr_g=10.0, lr_d=10.0))}["divergence"]
    assert found.level == "bad" and "A loss has been 2.5e+11" in found.reason
    assert found.remedy == {"lr_d": 1e-3, "lr_g": 1e-3}
    assert levels([moment(5, peak=2.5e11), *WELL], PointGANSettings())["divergence"] == "bad"


def test_points_outside_the_plane_and_far_too_wide_ones_are_a_divergence():
    fake = np.zeros((10, 2), np.float32)
    fake[:6] = 3.0
    outside = [moment(1000 + k, fake=fake) for k in range(6)]
    found = {light.name: light for light in lights([*WELL, *outside], PointGANSettings())}["divergence"]
    assert found.level == "bad" and found.reason == "60 % of what G makes is outside the plane."
    inside = np.zeros((10, 2), np.float32)
    jumping = [*WELL, moment(1000, fake=inside), moment(1007, fake=inside + 3), moment(1014, fake=inside)]
    now, then = (lights(jumping[:end], PointGANSettings())[-1] for end in (-1, None))
    assert (now.level, now.reason) == ("bad", "100 % of what G makes is outside the plane.")
    assert (then.level, then.reason) == ("bad", "Lately 100 % of what G made was outside the plane.")
    assert levels([moment(60, fake=inside + 3)], PointGANSettings())["divergence"] == "early"
    wide = [moment(1000 + k, spreads=(1.0, 4.0)) for k in range(6)]
    assert levels([*WELL, *wide], GANSettings())["divergence"] == "bad"


def test_no_island_at_all_is_said_in_one_word():
    lost = [moment(1000 + k, modes=np.float32([0, 0.0, 8])) for k in range(6)]
    found = {light.name: light for light in lights([*WELL, *lost], PointGANSettings())}["collapse"]
    assert found.level == "bad" and found.reason == "Lately G finds none of the 8 islands."


def test_islands_that_noise_has_found_are_no_diversity():
    noise = [moment(1000 + k, modes=np.float32([8, 0.05, 8])) for k in range(6)]
    found = {light.name: light for light in lights([*WELL, *noise], PointGANSettings())}["collapse"]
    said = "finds 8 of 8 islands on average, with 5 % of its points on one: the rest went astray."
    assert found.level == "bad" and said in found.reason
    early = [moment(300 + k, modes=np.float32([8, 0.12, 8])) for k in range(6)]
    assert levels(early, PointGANSettings())["collapse"] == "early", "neither well nor a failure yet"


@pytest.mark.parametrize("name", ["modes", "strokes"])
def test_what_is_spread_wide_enough_and_misses_a_piece_is_not_well(name):
    def found(share, iteration, pieces=3):
        counted = {name: np.float32([share, 0.9, pieces])}
        told = [moment(iteration + k, spreads=(1.0, 1.03), **counted) for k in range(6)]
        return levels([*WELL, *told], PointGANSettings())["collapse"]

    assert [found(share, 1000) for share in (1, 2, 3)] == ["bad", "watch", "good"]
    assert found(24, 1000, 25) == "good" and found(22, 1000, 25) == "watch", "one of many may be on its way"


def test_islands_are_counted_on_average_over_the_last_hundred_iterations():
    jumping = [moment(1000 + 7 * k, modes=np.float32([1, 0.9, 8] if k % 3 == 0 else [0, 0, 8])) for k in range(15)]
    said = {lights([*WELL, *jumping[:end]], PointGANSettings())[3].reason for end in (13, 14, 15)}
    assert all("on average" in reason for reason in said)
    shares = [int(reason.split(" %")[0].split()[-1]) for reason in said]
    assert max(shares) - min(shares) <= 6, "one telling more or less changes little"


def test_a_run_that_broke_says_so():
    found = {light.name: light for light in lights(WELL, GANSettings(lr_d=10.0), broke_at=1234)}
    assert "1,234" in found["divergence"].reason and found["divergence"].remedy == {"lr_d": 2e-4}
    assert worst(tuple(found.values())) == found["divergence"] and worst(lights(WELL, GANSettings())) is None


def test_with_batch_norm_a_remedy_is_live_or_brings_another_norm():
    clipped = GANSettings(loss="wasserstein", clip=0.01)
    found = {light.name: light for light in lights(WELL + PLANTED["gradient"], clipped)}["gradient"]
    assert found.remedy == {"gradient_penalty": 10.0, "clip": 0.0, "d_norm": "layer"} and found.begins_anew
    found = {light.name: light for light in lights(WELL + PLANTED["gradient"], GANSettings())}["gradient"]
    assert found.remedy == {"instance_noise": 0.2} and not found.begins_anew


def odd(cls, rng):
    """Settings that are allowed, whatever they are."""
    while True:
        drawn = {}
        for field in dataclasses.fields(cls):
            note, usual = setting_of(cls, field.name), getattr(cls(), field.name)
            if note is None or field.name in ("latent_dim", "width", "d_width", "hidden", "batch_size", "seed"):
                continue
            if words := choices_of(cls, field.name):
                drawn[field.name] = rng.choice(words)
            else:
                drawn[field.name] = rng.choice([usual, usual, max(note.low, -1e6), min(note.high, 1e6)])
        settings = cls(**drawn)
        try:
            check_settings(settings)
        except ValueError:
            continue
        return settings


@pytest.mark.parametrize("cls", [GANSettings, ConditionalGANSettings, MLPGANSettings, PointGANSettings])
def test_every_remedy_can_be_set_and_changes_something(cls):
    assert cls in SETTINGS.values()
    rng = random.Random(0)
    for _ in range(300):
        settings = odd(cls, rng)
        for name, planted in PLANTED.items():
            for light in lights(WELL + planted, settings):
                if light.is_ill:
                    helped = dataclasses.replace(settings, **light.remedy)
                    check_settings(helped)
                    assert light.remedy and helped != settings, (name, settings)
                    assert light.begins_anew or not needs_restart(settings, light.remedy)


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
