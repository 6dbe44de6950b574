"""Processes that are changed on their way: branches repeat the trunk up to there, bit for bit, and then differ."""

from __future__ import annotations

import itertools

import pytest
import torch
from test_samplers import exact

from genstudio.api import Change
from genstudio.api.brush import Stroke, stroke_of, text_of
from genstudio.core import schedules
from genstudio.core.brush import covered
from genstudio.core.reverse import NOISE, PAINT, Point, Way, legs, reverse
from genstudio.core.samplers import SAMPLERS
from genstudio.core.seeding import ImageNoise

SCHEDULE = schedules.cosine(1000)
INDICES, SHAPE = range(3), (1, 8, 8)
WAY = Way("ddpm", 10, "uniform", 0.0, 0, 1.0)


def predict_of(way: Way):
    """Guidance moves the mean of the data, a class its width."""
    return exact(0.2 + 0.1 * way.label, mean=0.3 * (way.guidance - 1))


def start() -> Point:
    return Point(0, ImageNoise(5, INDICES, torch.device("cpu")).draw(SHAPE))


def gone(way: Way = WAY, *changes: Change, point: Point | None = None):
    return list(reverse(legs(SCHEDULE, way, changes), predict_of, 5, INDICES, point or start()))


def same(a, b) -> bool:
    return all(
        torch.equal(x.x_t, y.x_t) and torch.equal(x.x0_hat, y.x0_hat) and x.calls == y.calls and x.level == y.level
        for (x, _), (y, _) in zip(a, b, strict=True)
    )


CHANGES = {
    "guidance": [Change(4, "guidance", 3.0)],
    "class": [Change(4, "label", 2.0)],
    "sampler": [Change(4, "sampler", "heun")],
    "steps": [Change(4, "steps", 12.0)],
    "spacing": [Change(4, "spacing", "karras")],
    "noise": [Change(4, NOISE, 3.0)],
    "paint": [Change(4, PAINT, "[1,1,0.1,[0.2,0.2],[0.8,0.8]]")],
    "erase": [Change(4, PAINT, "[-1,null,0.2,[0.5,0.5]]")],
    "two": [Change(4, "guidance", 2.0), Change(4, "sampler", "ddim"), Change(6, NOISE, 1.0), Change(8, "label", 1.0)],
}


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("name", CHANGES)
def test_from_any_point_the_rest_is_the_same_bit_for_bit(sampler, name):
    way, changes = Way(sampler, 10, "uniform", 0.5, 0, 1.0), CHANGES[name]
    whole = gone(way, *changes)
    assert [step.index for step, _ in whole] == list(range(len(whole)))
    for first in (0, 3, 4, 5, 9):
        assert same(gone(way, *changes, point=whole[first][1]), whole[first:]), first


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_changes_what_comes_after_it_and_nothing_before(name):
    trunk, branch = gone(), gone(WAY, *CHANGES[name])
    assert same(trunk[:4], branch[:4])
    assert not torch.equal(trunk[-1][0].x_t, branch[-1][0].x_t)
    again = gone(WAY, *CHANGES[name], point=trunk[4][1])  # from the trunk's own point
    assert same(again, branch[4:])


def test_steps_are_those_from_there_on_and_noise_goes_back_up():
    more, noisier = gone(WAY, *CHANGES["steps"]), gone(WAY, *CHANGES["noise"])
    assert len(more) == 4 + 12 + 1 and more[4][0].level == gone()[4][0].level
    assert all(a.level.t > b.level.t for (a, _), (b, _) in itertools.pairwise(more))
    assert len(noisier) == 10 + 3 + 1
    assert noisier[4][0].level == noisier[1][0].level and noisier[4][0].level.t > noisier[3][0].level.t
    assert noisier[-1][0].calls == 13


def test_a_stroke_touches_its_picture_where_it_went_and_ends_as_bright():
    change = Change(4, PAINT, "[1,1,0.13,[0.5,0.0],[0.5,1.0]]")
    trunk, branch = gone()[4][0].x_t, gone(WAY, change)[4][0].x_t
    other = (trunk != branch)[:, 0]
    assert not other[0].any() and not other[2].any()
    assert other[1, :, 3:5].all() and not other[1, :, :2].any() and not other[1, :, 6:].any()
    erased = gone(WAY, Change(4, PAINT, "[1,null,2,[0.5,0.5]]"))[4][0]
    level = erased.level
    assert (erased.x_t[1] / level.noise).std().item() == pytest.approx(1, abs=0.2)


def test_a_dot_smaller_than_a_pixel_is_one():
    assert covered(Stroke(-1, 1.0, 0.001, ((0.3, 0.3),)), 8, 8).sum() == 1
    assert covered(Stroke(-1, 1.0, 9.0, ((0.3, 0.3),)), 8, 8).all()


def test_strokes_are_text_and_back():
    stroke = Stroke(2, None, 0.125, ((0.1, 0.25), (0.5, 0.75)))
    assert stroke_of(text_of(stroke)) == stroke
    for bad in ("", "[]", "[1,2]", "{}", "[0,1,0.1]", "[0,1,-1,[0,0]]", "[0,1,NaN,[0,0]]", '["a",1,1,[0,0]]'):
        with pytest.raises(ValueError, match="a brush"):
            stroke_of(bad)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (Change(10, "guidance", 2.0), "step 10 is not on the way, which has 10 steps"),
        (Change(4, NOISE, 5.0), "1 to 4 steps, not for 5"),
        (Change(4, "seed", 5.0), "seed cannot be changed on the way"),
        (Change(4, "spacing", "x"), "spacing is 'x'; allowed: uniform, trailing, karras"),
        (Change(4, "label", float("nan")), "at step 4 label cannot become nan"),
        (Change(4, "steps", float("inf")), "at step 4 steps cannot become inf"),
        (Change(4, "guidance", "much"), "at step 4 guidance cannot become 'much'"),
    ],
)
def test_what_cannot_be_is_refused(change, says):
    with pytest.raises(ValueError, match=says):
        legs(SCHEDULE, WAY, [change])


@pytest.mark.parametrize("name", ["two", "paint", "erase"])
def test_a_picture_goes_alone_as_it_goes_with_the_others(name):
    way = Way("euler-a", 10, "trailing", 0.0, 0, 1.0)
    alone = Point(0, start().x[1:2])
    steps = reverse(legs(SCHEDULE, way, CHANGES[name]), predict_of, 5, range(1, 2), alone)
    *_, (last, _) = steps
    assert torch.equal(last.x_t[0], gone(way, *CHANGES[name])[-1][0].x_t[1])


@pytest.mark.parametrize("spacing", ["uniform", "trailing", "karras"])
def test_noise_falls_also_where_other_steps_begin_between_two_levels(spacing):
    way = Way("euler-a", 19, "karras", 0.5, 0, 1.0)
    for index, count in itertools.product(range(1, 19), (1, 12, 990)):
        changes = [Change(index, "spacing", spacing), Change(index, "steps", float(count))]
        levels = [level.t for level in legs(SCHEDULE, way, changes)[-1].grid]
        assert levels == sorted(set(levels), reverse=True), (index, count)


def test_noise_falls_also_where_it_is_put_back_twice():
    for again in range(3, 10):  # 3 to 5 lie on what is gone once more
        most = max(again - 3, 1)  # levels with more noise than that of this step: it was at 0, 1, 2, then at 0 again
        for back in range(1, most + 1):
            changes = [Change(3, NOISE, 3.0), Change(again, NOISE, float(back))]
            if again == 3:  # there is nothing above the highest level
                with pytest.raises(ValueError, match="no noise can be put back"):
                    legs(SCHEDULE, WAY, changes)
                continue
            twice = legs(SCHEDULE, WAY, changes)[-1]
            levels = [level.t for level in twice.grid[again:]]
            assert levels == sorted(set(levels), reverse=True) and levels[-1] == -1
            assert len(twice.grid) == 10 + 1 + 3 + back  # so many steps more
            assert levels[back] == legs(SCHEDULE, WAY, changes[:1])[-1].grid[again].t
    end = gone(WAY, Change(4, NOISE, 3.0), Change(5, NOISE, 1.0))[-1][0].x_t
    assert end.isfinite().all() and end.dtype == torch.float32  # less noise than there is cannot be put back


def test_a_step_tells_for_how_many_steps_noise_can_be_put_back():
    back = Change(3, NOISE, 3.0)
    whole = gone(WAY, back)
    assert [step.above for step, _ in whole] == [0, 1, 2, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert [step.above for step, _ in gone(WAY, back, point=whole[5][1])] == [2, 3, 4, 5, 6, 7, 8, 9, 10]
    for step, _ in whole[3:-1]:
        for more in range(1, step.above + 1):
            legs(SCHEDULE, WAY, [back, Change(step.index, NOISE, float(more))])
        with pytest.raises(ValueError, match="noise can be put back"):
            legs(SCHEDULE, WAY, [back, Change(step.index, NOISE, step.above + 1.0)])


@pytest.mark.parametrize("back", [1.0, 3.0])
def test_two_step_samplers_go_on_after_noise_was_put_back(back):
    end = gone(Way("dpm-2m", 10, "uniform", 0.0, 0, 1.0), Change(4, NOISE, back))[-1][0]
    assert end.level.t == -1 and torch.isfinite(end.x_t).all() and end.x_t.abs().max() < 5
