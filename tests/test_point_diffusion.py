"""Diffusion of points: the field that is learnt against the one that is known, and the run that learns it."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import torch
from session_desk import last

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.families import FAMILIES
from genstudio.core.metrics.point_divergence import Slices
from genstudio.core.points import LINES, POINTS, Mixture, PointData, points_of
from genstudio.core.points.exact import exact, exact_predictor, noised, score, uncertainty
from genstudio.core.points.sight import MOMENTS, CloudNoise, flow, moments_of
from genstudio.core.samplers import SAMPLERS
from genstudio.core.schedules import SCHEDULES, linear
from genstudio.core.seeding import generator
from genstudio.session import Session
from genstudio.settings import SETTINGS, PointDiffusionSettings, check_settings, choices_of, settings_from

SMALL = PointDiffusionSettings(width=16, depth=2, batch_size=64, steps=6)


@pytest.fixture
def session(tmp_path):
    return Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)


def trainer_of(name="two", settings=SMALL):
    return FAMILIES["point-ddpm"].trainer(settings, PointData(points_of(name), FLOAT32_CPU.device), FLOAT32_CPU)


def taught(name, iterations, **settings):
    trainer = trainer_of(name, PointDiffusionSettings(**settings))
    for _ in range(iterations):
        trainer.run_iteration()
    return trainer


# ---- what is known ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["two", "modes", "spiral"])
def test_the_score_is_the_slope_of_the_log_density(name):
    mixture, level = points_of(name).mixture, linear(100).level(30)
    x = mixture.sample(50, generator(1)).double().requires_grad_(True)
    scale = noised(mixture, level.signal, level.noise)
    (slope,) = torch.autograd.grad(scale.log_density(x).sum(), x)
    assert torch.allclose(score(mixture, x.detach(), level).double(), slope, atol=1e-4)


def test_of_one_gaussian_the_guess_is_the_textbooks():
    """E[x0 | x_t] = m + s v / (s^2 v + n^2) (x_t - s m)."""
    mixture, (s, n) = Mixture(torch.tensor([[0.5, -1.0]]), 0.7), (0.6, 0.8)
    x_t = torch.randn(9, 2, generator=generator(2))
    found = exact(mixture, x_t, s, n)
    mean = torch.tensor([0.5, -1.0])
    assert torch.allclose(found.x0, mean + s * 0.49 / (s**2 * 0.49 + n**2) * (x_t - s * mean), atol=1e-6)
    assert torch.allclose(s * found.x0 + n * found.eps, x_t, atol=1e-6)


@pytest.mark.parametrize("name", ["modes", "ring"])
def test_what_nobody_can_know_is_what_the_best_guess_misses(name):
    mixture = points_of(name).mixture
    x0, eps = mixture.sample(40_000, generator(5)), torch.randn(40_000, mixture.dimension, generator=generator(6))
    for index in (2, 40, 80):
        level = linear(100).level(index)
        x_t, s, n = level.signal * x0 + level.noise * eps, *torch.tensor([[level.signal], [level.noise]])
        s, n = s.expand(40_000, 1), n.expand(40_000, 1)
        missed = (exact(mixture, x_t, s, n).x0 - x0).square().mean()
        assert uncertainty(mixture, x_t, s, n).mean().item() == pytest.approx(missed.item(), rel=0.05)


def test_the_lectures_mixture_is_on_a_line():
    mixture = LINES["modes"].mixture
    x = mixture.sample(50_000, generator(0))
    assert x.shape == (50_000, 1) and mixture.dimension == 1 and mixture.reach == 5
    assert x.mean().item() == pytest.approx(0, abs=0.05) and x.abs().mean().item() == pytest.approx(3, abs=0.01)
    peak = 0.5 / (0.5 * math.sqrt(2 * math.pi))
    assert mixture.log_density(torch.tensor([[3.0], [-3.0]])).exp().tolist() == pytest.approx([peak, peak], rel=1e-5)
    with pytest.raises(ValueError, match="modes lies on a line"):
        FAMILIES["point-gan"].trainer(
            SETTINGS["point-gan"](), PointData(LINES["modes"], FLOAT32_CPU.device), FLOAT32_CPU
        )


@pytest.mark.parametrize("sampler", [name for name in SAMPLERS if name not in ("consistency", "ddpm-wide")])
@pytest.mark.parametrize("name", ["two", "modes"])
def test_with_the_exact_field_particles_return_the_mixture(name, sampler):
    points, count = points_of(name), 2000
    noise = CloudNoise(count, generator(3), torch.device("cpu"))
    x = noise.draw((points.mixture.dimension,))
    ways = flow(exact_predictor(points.mixture), linear(1000), sampler, 300, x, noise)
    assert ways.shape == (MOMENTS + 1, count, points.mixture.dimension)
    found, mixture = ways[-1], points.mixture
    spread = (mixture.centres.var(0, correction=0) + float(mixture.sigma) ** 2).sqrt()
    assert found.std(0).tolist() == pytest.approx(spread.tolist(), rel=0.07)
    right = found[found[:, 0] > 0, 0]
    centre = float(points.mixture.centres[:, 0].max())
    assert len(right) / count == pytest.approx(0.5, abs=0.04)
    assert right.mean().item() == pytest.approx(centre, abs=0.05 * centre)
    assert right.std().item() == pytest.approx(float(points.mixture.sigma), rel=0.12)


def test_the_moments_of_a_way_are_spread_over_it():
    assert moments_of(3) == [0, 1, 2, 3] and moments_of(100)[::6] == [0, 25, 50, 75, 100]
    assert all(len(moments_of(steps)) <= MOMENTS + 1 for steps in range(1, 200))


# ---- what is learnt ---------------------------------------------------------------------------------------


def test_the_field_that_is_learnt_is_that_of_two_gaussians():
    """Noise times score, of a mean square of about 1, to 0.006 on average over t, after a second."""
    told = taught("two", 500).numbers()
    assert told["error"].mean() < 0.006, "it is about 0.002"
    assert told["error"].max() < 0.03
    near = told["noise"] > 0.3  # where the noise reaches all of the plane the field is known everywhere
    missed = (told["field"] - told["true_field"])[near]
    assert missed.square().mean() < 0.02 * told["true_field"][near].square().mean()
    assert told["wasserstein"][0] < 0.12 and told["modes"][0] == 2


@pytest.mark.parametrize(
    ("schedule", "objective"), [("cosine", "v"), ("straight", "flow"), ("sigmoid", "x0"), ("linear", "noise")]
)
def test_every_objective_comes_near_the_least_loss_there_can_be(schedule, objective):
    told = taught("modes", 500, schedule=schedule, objective=objective).numbers()
    assert (told["loss"] > 0.5 * told["floor"]).all(), "one batch may be lucky"
    assert told["loss"].mean() < 1.5 * told["floor"].mean() + 0.05
    assert told["modes"][0] == 2 and told["modes"][1] > 0.8


def test_without_lessons_the_field_is_wrong_and_nothing_was_lost_yet():
    told = trainer_of().numbers()
    assert told["error"].mean() > 0.1 and told["loss"].isnan().all()


# ---- what is told -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ring", "modes", "moons"])
def test_what_is_told_fits_together(name):
    trainer = trainer_of(name, dataclasses.replace(SMALL, steps=50))
    trainer.run_iteration()
    told, dimension = trainer.numbers(), points_of(name).mixture.dimension
    assert told["particles"].shape == (MOMENTS + 1, 400, dimension) and told["real"].shape == (400, dimension)
    assert told["field"].shape == told["true_field"].shape == ((25, 15, 15, 2) if dimension == 2 else (25, 65, 1))
    assert told["t"][0] == 100 and told["t"][-1] == 0 and (told["t"].diff() < 0).all()
    assert ("density" in told, "modes" in told) == (name == "modes", name != "moons")
    again = trainer.numbers()
    assert all(torch.equal(again[key], told[key]) for key in told), "always from the same noise"
    assert trainer.preview(1).shape == (1, 224, 224, 3)


def test_the_densities_along_the_line_are_whole():
    told = trainer_of("modes").numbers()
    width = float(told["axis"][1] - told["axis"][0])
    assert (told["density"].sum(1) * width).tolist() == pytest.approx([1.0] * len(told["t"]), abs=1e-3)


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("settings", [SMALL, PointDiffusionSettings("straight", "flow", 10, 16, 1, steps=200)])
def test_every_sampler_moves_the_particles(sampler, settings):
    trainer = trainer_of("modes", dataclasses.replace(settings, sampler=sampler))
    trainer.run_iteration()
    ways = trainer.numbers()["particles"]
    assert ways.isfinite().all() and not torch.equal(ways[0], ways[-1])


def test_the_settings_know_all_samplers_and_refuse_what_tells_nothing():
    assert set(choices_of(PointDiffusionSettings, "sampler")) == set(SAMPLERS)
    assert set(choices_of(PointDiffusionSettings, "schedule")) == set(SCHEDULES)
    with pytest.raises(ValueError, match="a straight path ends in nothing but noise"):
        check_settings(PointDiffusionSettings("straight", "noise"))
    assert settings_from(PointDiffusionSettings, dataclasses.asdict(SMALL)) == SMALL


# ---- runs -------------------------------------------------------------------------------------------------


def test_a_run_repeats_itself_bit_for_bit_whatever_its_sampler_is(session):
    request = api.TrainRequest("point-ddpm", "grid", SMALL, iterations=12, preview=1)
    other = dataclasses.replace(request, settings=dataclasses.replace(SMALL, sampler="heun", steps=3))
    first, second, third = (last(session.stream(each)) for each in (request, request, other))
    assert all(np.array_equal(first.numbers[name], second.numbers[name]) for name in first.numbers)
    assert np.array_equal(first.numbers["loss"], third.numbers["loss"]), "the way of the particles teaches nothing"
    assert not np.array_equal(first.numbers["particles"], third.numbers["particles"])
    with pytest.raises(ValueError, match="no pictures to save"):
        session.handle(api.SaveRequest("x.safetensors"))


def test_a_state_goes_on_as_if_nothing_had_happened():
    whole, half = trainer_of("modes"), trainer_of("modes")
    for _ in range(10):
        half.run_iteration()
    state = {name: tensor.clone() for name, tensor in half.state().items()}
    other = trainer_of("modes")
    other.load_state(state)
    other.iteration = 10
    for trainer, more in ((whole, 20), (other, 10)):
        for _ in range(more):
            trainer.run_iteration()
    told, expected = other.numbers(), whole.numbers()
    assert all(torch.equal(told[name], expected[name]) for name in expected)


def test_a_run_that_goes_back_comes_to_the_same_end(session):
    stream = session.stream(api.TrainRequest("point-ddpm", "two", SMALL, iterations=60, preview=1))
    events = [event for event in stream if event is not None]
    back = min(events[-1].rewinds, key=lambda iteration: abs(iteration - 20))
    again = [event for event in session.stream(api.RewindRequest(back, 0, 1)) if event is not None]
    assert again[-1].iteration == 60
    assert all(np.array_equal(again[-1].numbers[name], events[-1].numbers[name]) for name in events[-1].numbers)


def test_a_change_of_the_way_is_seen_at_once_and_of_the_rate_later(session):
    stream = session.stream(api.TrainRequest("point-ddpm", "two", SMALL, preview=1))
    first = next(stream)
    answer = session.handle(api.TuneRequest(dataclasses.replace(SMALL, steps=3, lr=1e-4)))
    assert {change.name for change in answer.changes} == {"steps", "lr"}
    assert len(first.numbers["t"]) == 7 and len(answer.numbers["t"]) == 4 and answer.samples[0][0] == 0
    with pytest.raises(ValueError, match="schedule cannot change"):
        session.handle(api.TuneRequest(dataclasses.replace(SMALL, schedule="linear")))
    stream.close()


def test_a_set_that_there_is_not_is_refused(session):
    with pytest.raises(ValueError, match="is not a set of points"):
        next(session.stream(api.TrainRequest("point-ddpm", "mnist", SMALL)))


def test_on_a_line_the_distance_is_the_earth_movers():
    real = torch.linspace(0, 1, 100)[:, None]
    assert Slices.of(real, generator(0)).distance(real + 0.5).value == pytest.approx(0.5, abs=1e-6)
    assert set(POINTS).isdisjoint(LINES)
