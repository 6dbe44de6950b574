"""The game on points: what it tells of itself, in a session and alone."""

import dataclasses
import json
import math

import numpy as np
import pytest
import torch
from session_desk import last

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.core.families import FAMILIES
from genstudio.core.families.point_gan import ARROWS, FIELD, KERNEL, SHOWN, WARP, plane_of
from genstudio.core.points import PointData, points_of
from genstudio.core.points.raster import FAKE, PAPER, REAL, points_picture
from genstudio.session import Session
from genstudio.settings import PointGANSettings
from genstudio.settings.drawings import Stroke, name_of_drawing, strokes_of

SMALL = PointGANSettings(hidden=16, batch_size=64)


@pytest.fixture
def session(tmp_path):
    return Session("train", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)


def game(name="ring", settings=SMALL):
    return FAMILIES["point-gan"].trainer(settings, PointData(points_of(name), FLOAT32_CPU.device), FLOAT32_CPU)


def test_a_run_on_points_needs_no_dataset_and_repeats_itself(session):
    request = api.TrainRequest("point-gan", "grid", SMALL, iterations=12, preview=1)
    events = [last(session.stream(request)) for _ in range(2)]
    assert events[0].iteration == 12 and np.isfinite(events[0].rows).all()
    numbers = [event.numbers for event in events]
    assert all(np.array_equal(numbers[0][name], numbers[1][name]) for name in numbers[0])
    shapes = {name: array.shape for name, array in numbers[0].items()}
    assert shapes.items() >= {
        "real": (SHOWN, 2), "fake": (SHOWN, 2), "arrows": (ARROWS, 2), "field": (FIELD, FIELD), "best": (FIELD, FIELD),
        "warp": (WARP, WARP, 2), "quantiles": (WARP, WARP, 2), "noise": (SHOWN, 2),
        "js": (2,), "kl": (2,), "wasserstein": (2,), "modes": (3,), "islands": (25, 3), "spreads": (2,),
        "gradient_norms": (2,), "update_ratios": (2,), "real_outputs": (64,), "fake_outputs": (64,),
    }.items()  # fmt: skip
    assert events[0].samples[-1][1].shape == (1, 224, 224, 3)
    with pytest.raises(ValueError, match="a game on points has no pictures to save"):
        session.handle(api.SaveRequest("x.safetensors"))


def test_only_islands_are_counted_and_only_two_latents_are_bent():
    told = game("moons", PointGANSettings(latent_dim=3, hidden=16))
    told.run_iteration()
    assert not {"modes", "islands", "warp", "noise", "quantiles"} & told.numbers().keys()


def test_of_a_drawing_with_lines_the_strokes_are_counted():
    line, dot = Stroke(((-1.0, 1.0), (1.0, 1.0))), Stroke(((0.0, -1.0),))
    found = {}
    for strokes in ([line, dot], [line], [dot, Stroke(((1.0, 1.0),))]):
        trainer = game(name_of_drawing(strokes))
        trainer.run_iteration()
        found[len(found)] = {"modes", "strokes"} & trainer.numbers().keys()
        if len(found) == 1:
            assert trainer.numbers()["strokes"][2] == 2
    assert list(found.values()) == [{"strokes"}, set(), {"modes"}]


def test_the_arrows_are_the_slope_of_gs_loss_at_each_point():
    trainer = game()
    for _ in range(5):
        trainer.run_iteration()
    numbers = trainer.numbers()
    x, arrow = numbers["fake"][3], numbers["arrows"][3]
    small = 1e-3

    def loss(point):
        with torch.no_grad():
            return torch.nn.functional.softplus(-trainer.d(point[None].double().float())).item()

    by_hand = [(loss(x - small * axis) - loss(x + small * axis)) / (2 * small) for axis in torch.eye(2)]
    assert arrow.tolist() == pytest.approx(by_hand, abs=2e-3)


def test_field_and_best_are_drawn_from_the_top_row():
    places = plane_of(FIELD).view(FIELD, FIELD, 2)
    assert places[0, 0].tolist() == [-2, 2] and places[-1, -1].tolist() == [2, -2]
    trainer = game("two")
    trainer.run_iteration()
    numbers = trainer.numbers()
    at = trainer.d(places[7, 5][None]).sigmoid().item()
    assert numbers["field"][7, 5].item() == pytest.approx(at, abs=1e-6)


@pytest.mark.parametrize("name", ["ring", "grid", "line"])
def test_the_best_d_is_undecided_where_g_makes_what_is_real(name, monkeypatch):
    trainer = game(name, PointGANSettings(hidden=16, real_label=1.0))
    trainer.run_iteration()
    real = trainer.data.mixture.sample(4000, torch.Generator().manual_seed(3))
    monkeypatch.setattr(trainer, "generated", lambda count: real[:count])
    best = trainer.numbers()["best"]
    density = trainer.data.mixture.log_density(plane_of(FIELD)).view(FIELD, FIELD)
    there = density > density.max() - 2
    assert best[there].mean().item() == pytest.approx(0.5, abs=0.05)
    monkeypatch.setattr(trainer, "generated", lambda count: real[:count] + 10)
    assert trainer.numbers()["best"][there].min() > 0.99, "G makes nothing there"


def test_the_best_d_sees_the_noise_on_both_and_follows_it():
    trainer = game("two", PointGANSettings(hidden=16, real_label=1.0, instance_noise=0.5))
    fake, (row, column) = torch.zeros(1, 2), (7, 5)
    told = trainer._fields(fake)["best"][row, column].item()
    x = plane_of(FIELD).view(FIELD, FIELD, 2)[row, column]

    def density(centres, variance):
        return (-(x - centres).square().sum(1) / (2 * variance)).exp().mean() / variance

    mixture, blur = trainer.data.mixture, 0.5**2 + KERNEL**2
    p, q = density(mixture.centres, mixture.sigma**2 + blur), density(fake, blur)
    assert told == pytest.approx((p / (p + q)).item(), abs=1e-4)
    trainer.settings = dataclasses.replace(trainer.settings, instance_noise=0.0)
    assert trainer._fields(fake)["best"][row, column].item() > 0.99 > told


def test_a_critic_has_no_best_probability():
    trainer = game(settings=PointGANSettings(hidden=16, loss="wasserstein"))
    trainer.run_iteration()
    assert "best" not in trainer.numbers()


@pytest.mark.parametrize("settings", [SMALL, PointGANSettings(hidden=16, d_norm="spectral")])
def test_looking_leaves_the_game_as_it_is(settings):
    trainer = game(settings=settings)
    trainer.run_iteration()
    before = {name: tensor.clone() for name, tensor in trainer.state().items()}
    trainer.numbers()
    trainer.preview(1)
    assert all(torch.equal(tensor, before[name]) for name, tensor in trainer.state().items())
    assert trainer.d.training


def test_a_game_learns_the_line():
    trainer = game("line", PointGANSettings(r1=1.0))
    trainer.run_iteration()
    before = trainer.numbers()
    for _ in range(600):
        trainer.run_iteration()
    after = trainer.numbers()
    assert after["wasserstein"][0] < 0.6 * before["wasserstein"][0]
    assert after["js"][0] < 0.6 * before["js"][0] and before["js"][0] <= math.log(2) + 1e-6


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("rings", "did you mean ring?"),
        ("mnist-of-old", "there are line, two, ring"),
        ("drawn:", "cannot be read"),
        ("drawn:[[[1]]]", "cannot be read"),
        ("drawn:[]", "nothing is drawn"),
        ("drawn:[[]]", "nothing is drawn"),
        ("drawn:[[0.1]]", "nothing is drawn"),
        ("drawn:3", "cannot be read"),
        ('drawn:[{"a":[0,0]}]', "cannot be read"),
        ("drawn:[[0.1,[0,0]]]", "one dot is too little"),
        ("drawn:[[9,[0,0],[1,1]]]", "spread is 9"),
        ("drawn:[[NaN,[0,0],[1,1]]]", "spread is nan"),
        ("drawn:[[[1e9, 0]]]", "outside the plane"),
        ("drawn:[[[NaN, 0]]]", "outside the plane"),
        ("drawn:" + "[" * 100_000, "cannot be read"),
        ("drawn:" + " " * 300_000, "too many points"),
        ("drawn:[[[1" + "0" * 400 + ", 0]]]", "cannot be read"),
        ("drawn:" + json.dumps([[[-2, -2], [2, 2]] * 100]), "the drawing is too long"),
    ],
)
def test_a_set_that_is_not_there_is_a_sentence(session, name, words):
    with pytest.raises(ValueError, match=words):
        next(session.stream(api.TrainRequest("point-gan", name, SMALL)))


def test_a_drawing_is_in_its_name():
    strokes = (Stroke(((0.0, 0.0), (0.5, 0.50004)), 0.1), Stroke(((1.0, 1.0),)))
    name = name_of_drawing(strokes)
    assert name == "drawn:[[0.1,[0.0,0.0],[0.5,0.5]],[0.05,[1.0,1.0]]]"
    assert strokes_of(name) == (Stroke(((0.0, 0.0), (0.5, 0.5)), 0.1), strokes[1])
    mixture = points_of(name).mixture
    assert mixture.centres[-1].tolist() == [1, 1] and mixture.sigmas[0].item() == pytest.approx(0.1)
    assert points_of("drawn:[[[0, 0], [0.5, 0.5]]]").mixture.sigmas[0].item() == pytest.approx(0.05)


def test_a_game_on_drawn_islands_knows_its_densities_and_counts_them():
    trainer = game("drawn:[[0.05,[-1,0]],[0.2,[1,0]]]", PointGANSettings(hidden=16))
    trainer.run_iteration()
    numbers = trainer.numbers()
    assert numbers["modes"][2] == 2 and numbers["best"].shape == (FIELD, FIELD)


def test_the_picture_has_generated_points_over_real_ones():
    real, fake = torch.tensor([[-2.0, 2.0], [0.0, 0.0], [9.0, 9.0]]), torch.tensor([[0.0, 0.0]])
    picture = points_picture(real, fake)
    assert tuple(picture[0, 0].tolist()) == REAL and tuple(picture[112, 112].tolist()) == FAKE
    assert tuple(picture[-1, -1].tolist()) == PAPER
