"""Processes that begin with a picture: how far up the noise goes, what comes back, what a hole leaves as it is."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from test_samplers import exact

from genstudio import api
from genstudio.api.brush import Stroke, text_of
from genstudio.core import schedules
from genstudio.core.levels import SPACINGS
from genstudio.core.reverse import Point, Way, legs, reverse
from genstudio.core.samplers import SAMPLERS
from genstudio.core.seeding import ImageNoise
from genstudio.core.start import Hole, noised

CPU, SHAPE, T = torch.device("cpu"), (1, 8, 8), 1000
SCHEDULE = schedules.cosine(T)
PICTURE = torch.linspace(-0.8, 0.8, 64).view(1, *SHAPE)
LEFT = torch.zeros(1, 1, 8, 8, dtype=torch.bool)
LEFT[..., :4] = True


def gone(strength: float, sampler: str = "ddpm", seed: int = 5, hole: Hole | None = None, spacing: str = "uniform",
         point: Point | None = None, steps: int = 10):  # fmt: skip
    """The steps of a process on three pictures, each with its point."""
    parts = legs(SCHEDULE, Way(sampler, steps, spacing, 0.5, 0, 1.0), (), api.levels_left(strength, T) - 1)
    eps = ImageNoise(seed, range(3), CPU).draw(SHAPE)
    first = point or Point(0, noised(PICTURE, parts[0].grid[0], eps))
    return list(reverse(parts, lambda way: exact(0.4), seed, range(3), first, hole))


@pytest.mark.parametrize("spacing", SPACINGS)
@pytest.mark.parametrize(("strength", "t"), [(1.0, 999), (0.6, 599), (0.05, 49), (0.01, 9)])
def test_the_strength_is_the_share_of_the_levels_that_are_gone(spacing, strength, t):
    levels = [step.level for step, _ in gone(strength, spacing=spacing)]
    assert levels[0].t == pytest.approx(t, abs=10 if spacing == "karras" else 0.01)
    assert len(levels) == 11 and levels[-1].t == -1
    assert all(a.t > b.t for a, b in itertools.pairwise(levels))


def test_there_is_always_one_level_left():
    assert [api.levels_left(s, 40) for s in (0.001, 0.01, 0.5, 1.0)] == [1, 1, 20, 40]


def test_it_begins_with_the_closed_form():
    start = gone(0.6)[0][0]
    eps = ImageNoise(5, range(3), CPU).draw(SHAPE)
    assert torch.equal(start.x_t, start.level.signal * PICTURE + start.level.noise * eps)
    assert start.level == SCHEDULE.level(599)


@pytest.mark.parametrize("sampler", [name for name in SAMPLERS if name != "consistency"])
def test_the_less_strength_the_nearer_to_the_picture_and_none_returns_it(sampler):
    off = [(gone(s, sampler, steps=1 if s < 0.01 else 10)[-1][0].x_t - PICTURE).abs().mean() for s in (0.9, 0.3, 0.001)]
    assert off[0] > off[1] > off[2] and off[2] < 0.01


def test_seeds_and_pictures_side_by_side_differ_but_not_much_at_little_strength():
    a, b = (gone(0.5, seed=seed)[-1][0].x_t for seed in (5, 6))
    assert not torch.equal(a, b) and not torch.equal(a[0], a[1])
    far, near = (gone(s)[-1][0].x_t.std(0).mean() for s in (0.8, 0.03))
    assert far > 3 * near


@pytest.mark.parametrize("repeats", [1, 3])
@pytest.mark.parametrize("first", [0, 1, 4, 9])
def test_a_hole_is_filled_the_same_from_any_step_on(repeats, first):
    hole = Hole(PICTURE, LEFT, repeats)
    whole = gone(1.0, hole=hole)
    again = gone(1.0, hole=hole, point=whole[first][1])
    for (a, _), (b, _) in zip(again, whole[first:], strict=True):
        assert torch.equal(a.x_t, b.x_t) and torch.equal(a.x0_hat, b.x0_hat) and a.calls == b.calls


@pytest.mark.parametrize("strength", [1.0, 0.4])
def test_around_a_hole_the_picture_is_exact_at_the_end_and_inside_it_is_another(strength):
    end = gone(strength, hole=Hole(PICTURE, LEFT, 2))[-1][0].x_t
    known = LEFT.expand_as(end)
    assert torch.equal(end[known], PICTURE.expand_as(end)[known])
    assert not torch.isclose(end[~known], PICTURE.expand_as(end)[~known]).any(0).all()
    assert not torch.equal(end[0], end[1])


def test_a_hole_of_nothing_is_the_picture_and_of_all_is_as_from_noise():
    masks = torch.full_like(LEFT, True), torch.full_like(LEFT, False)
    nothing, everything = (gone(1.0, hole=Hole(PICTURE, mask))[-1][0] for mask in masks)
    assert torch.equal(nothing.x_t, PICTURE.expand_as(nothing.x_t))
    assert everything.x_t.std().item() == pytest.approx(0.4, rel=0.25)  # that of the data


def test_strokes_mark_and_take_back_in_their_order():
    half = text_of(Stroke(-1, None, 0.25, ((0.25, -0.5), (0.25, 1.5))))
    dot = text_of(Stroke(-1, 1.0, 0.01, ((0.06, 0.06),)))
    mask = api.hole_of((half,), 8, 8)
    assert mask[:, :4].all() and not mask[:, 4:].any()
    less = api.hole_of((half, dot), 8, 8)
    assert not less[0, 0] and less.sum() == mask.sum() - 1
    assert np.array_equal(api.hole_of((dot, half), 8, 8), mask) and not api.hole_of((), 8, 8).any()
    with pytest.raises(ValueError, match="a brush"):
        api.hole_of(("no",), 8, 8)
