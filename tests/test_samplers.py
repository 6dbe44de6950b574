"""Every sampler against an exact answer: Gaussian data, whose best noise predictor is known in closed form."""

import itertools
import math

import numpy as np
import pytest
import torch

from genstudio.core import levels, schedules
from genstudio.core.prediction import Prediction, noise_in
from genstudio.core.samplers import SAMPLERS, ddim, ddpm, euler, euler_ancestral
from genstudio.core.samplers.inversion import invert
from genstudio.core.samplers.repaint import noisier, repaint
from genstudio.core.seeding import ImageNoise
from genstudio.ui.diffusion.compare_state import NOTATIONS

CPU = torch.device("cpu")
SHAPE = (1, 8, 8)


def exact(std, mean=0.0):
    """The best predictor for data N(mean, std^2): E[x0 | x_t] and E[eps | x_t]."""

    def predict(x, level):
        share = level.signal * std**2 / (level.signal**2 * std**2 + level.noise**2)
        x0 = mean + share * (x - level.signal * mean)
        return Prediction(x0, noise_in(x, x0, level))

    return predict


def run(name, schedule, steps, *, std=0.2, mean=0.0, indices=range(4), spacing="uniform", **options):
    rng = ImageNoise(5, indices, CPU)
    grid = levels.SPACINGS[spacing](schedule, steps)
    return list(SAMPLERS[name].run(exact(std, mean), grid, rng.draw(SHAPE), rng, **options))


@pytest.mark.parametrize("schedule", [schedules.cosine(1000), schedules.linear(1000), schedules.straight(1000)])
@pytest.mark.parametrize("name", [name for name in SAMPLERS if name != "consistency"])
@pytest.mark.parametrize("spacing", levels.SPACINGS)
def test_gaussian_data_comes_back_with_its_mean_and_variance(name, schedule, spacing):
    x = run(name, schedule, 1000, mean=0.3, indices=range(64), spacing=spacing)[-1].x_t
    assert x.mean().item() == pytest.approx(0.3, abs=0.02)
    assert x.std().item() == pytest.approx(0.2, rel=0.05)


@pytest.mark.parametrize("schedule", [schedules.cosine(1000), schedules.linear(1000), schedules.straight(1000)])
@pytest.mark.parametrize("spacing", levels.SPACINGS)
@pytest.mark.parametrize("steps", [1, 2, 50])
def test_gaussian_data_comes_back_in_each_jump_of_the_consistency_sampler(schedule, spacing, steps):
    """Of a network that knows where each way ends; the states in between have the noise of their levels."""
    mean, std = 0.3, 0.2

    def end(x, level):  # the way keeps its place among all, in units of their spread
        spread = math.hypot(level.signal * std, level.noise)
        x0 = mean + std * (x - level.signal * mean) / spread
        return Prediction(x0, noise_in(x, x0, level))

    rng = ImageNoise(5, range(64), CPU)
    for step in SAMPLERS["consistency"].run(end, levels.SPACINGS[spacing](schedule, steps), rng.draw(SHAPE), rng):
        assert step.x0_hat.mean().item() == pytest.approx(mean, abs=0.02)
        assert step.x0_hat.std().item() == pytest.approx(std, rel=0.05)
        assert step.x_t.std().item() == pytest.approx(math.hypot(step.level.signal * std, step.level.noise), rel=0.05)


def test_the_wider_variance_is_right_for_pictures_that_are_noise_themselves():
    x = run("ddpm-wide", schedules.linear(1000), 1000, std=1.0, indices=range(64))[-1].x_t
    assert x.std().item() == pytest.approx(1, rel=0.02)


def test_eta_one_has_the_variance_of_ddpm():
    x = run("ddim", schedules.cosine(1000), 200, eta=1.0, indices=range(64))[-1].x_t
    assert x.std().item() == pytest.approx(0.2, rel=0.06)


@pytest.mark.parametrize("name", NOTATIONS)
@pytest.mark.parametrize("make", [schedules.cosine, schedules.linear, schedules.straight])
@pytest.mark.parametrize("spacing", levels.SPACINGS)
def test_what_the_comparison_calls_one_method_makes_the_same_pictures(name, make, spacing):
    def states(sampler, eta=0.0):
        return torch.stack([step.x_t for step in run(sampler, make(1000), 10, spacing=spacing, eta=eta)])

    own, (other, eta) = states(name), NOTATIONS[name]
    assert torch.allclose(own, states(other, eta), atol=2e-4)
    for unlike in SAMPLERS:
        if NOTATIONS.get(unlike, (unlike, 0.0)) != (other, eta):
            assert not torch.allclose(own, states(unlike), atol=2e-4), f"{unlike} makes others"


@pytest.mark.parametrize("name", SAMPLERS)
def test_contract(name):
    """Steps are counted, finite, reproducible; a picture ignores its neighbours; the input is left alone."""
    schedule = schedules.linear(100)
    grid = levels.uniform(schedule, 7)

    def steps_of(indices):
        rng = ImageNoise(5, indices, CPU)
        x_T = rng.draw(SHAPE)
        kept = x_T.clone()
        steps = list(SAMPLERS[name].run(exact(0.5), grid, x_T, rng, eta=0.5))
        assert torch.equal(x_T, kept)
        return steps

    steps = steps_of(range(4))
    assert [step.index for step in steps] == list(range(8)) and [step.level for step in steps] == grid
    assert all(torch.isfinite(step.x_t).all() for step in steps)
    assert torch.equal(steps[-1].x_t, steps_of(range(4))[-1].x_t)
    assert torch.equal(steps[-1].x_t[2:3], steps_of(range(2, 3))[-1].x_t)
    assert steps[-1].terms == () and torch.equal(steps[-1].x0_hat, steps[-1].x_t)


@pytest.mark.parametrize("name", SAMPLERS)
def test_network_calls_are_counted(name):
    """Heun makes two a step, but one where it ends in no noise, and where it begins in nearly nothing else."""
    calls = []

    def predict(x, level):
        calls.append(level)
        return exact(0.3)(x, level)

    rng = ImageNoise(0, range(2), CPU)
    for step in SAMPLERS[name].run(predict, levels.uniform(schedules.linear(100), 10), rng.draw(SHAPE), rng):
        assert step.calls == len(calls) or step.index == 10
    assert step.calls == len(calls) == {"heun": 18, "heun-straight": 19}.get(name, 10)


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("make", [schedules.linear, schedules.straight])
def test_terms_make_the_next_state(name, make):
    """What is left over beside them is as much fresh noise as they say, be it none."""
    predict, grid, rng = exact(0.3), levels.uniform(make(100), 10), ImageNoise(1, range(40), CPU)
    steps = list(SAMPLERS[name].run(predict, grid, rng.draw(SHAPE), rng, eta=0.5))
    for before, now, after in zip([None, *steps], steps, steps[1:], strict=False):
        guess = after.level.signal * now.x0_hat + after.level.noise * now.eps_hat
        x0_after, eps_after = predict(guess, after.level) if after.level.noise else (math.nan, math.nan)
        parts = {
            "x": now.x_t, "x0": now.x0_hat, "eps": now.eps_hat, "v": now.eps_hat - now.x0_hat,
            "eps2": eps_after, "v2": eps_after - x0_after, "x0_before": before.x0_hat if before else math.nan,
        }  # fmt: skip
        sigma = dict(now.terms).get("z", 0.0)
        rest = after.x_t - sum(value * parts[part] for part, value in now.terms if part != "z")
        assert rest.std().item() == pytest.approx(sigma, rel=0.1, abs=2e-5)


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("first", [1, 4])
def test_going_on_from_a_step_repeats_the_rest_bit_for_bit(name, first):
    grid = levels.uniform(schedules.cosine(100), 8)
    rng = ImageNoise(3, range(3), CPU)
    whole = list(SAMPLERS[name].run(exact(0.4), grid, rng.draw(SHAPE), rng, eta=0.5))
    again = ImageNoise(3, range(3), CPU)
    for _ in range(1 + sum("z" in dict(step.terms) and dict(step.terms)["z"] > 0 for step in whole[:first])):
        again.draw(SHAPE)
    before = whole[first - 1].x0_hat
    rest = list(SAMPLERS[name].run(exact(0.4), grid, whole[first].x_t, again, first=first, before=before, eta=0.5))
    assert [step.index for step in rest] == list(range(first, 9))
    assert all(torch.equal(a.x_t, b.x_t) and a.terms == b.terms for a, b in zip(whole[first:], rest, strict=True))


def error_at(name, schedule, steps, spacing):
    """How far a deterministic sampler ends from the known solution of Gaussian data, at sigma = 0.05.

    x / signal goes as sqrt(std^2 + sigma^2) (Karras et al. 2022, eq. 4 for a Gaussian).
    """
    std = 0.5
    sigmas = spacing(steps)
    grid = [schedule.level(schedule.t_of(sigma)) for sigma in sigmas]
    y = torch.ones(1, *SHAPE, dtype=torch.float64)
    run = SAMPLERS[name].run(exact(std), grid, grid[0].signal * y, ImageNoise(0, range(1), CPU))
    *_, last = run
    wanted = math.sqrt((std**2 + sigmas[-1] ** 2) / (std**2 + sigmas[0] ** 2))
    return abs(last.x_t.mean().item() / grid[-1].signal - wanted)


@pytest.mark.parametrize(
    ("name", "order"), [("euler", 1), ("ddim", 1), ("heun", 2), ("heun-straight", 2), ("dpm-2m", 2)]
)
def test_order_of_convergence(name, order):
    """Twice the steps, 2^order times less error."""

    def geometric(steps):
        return [5 * (0.05 / 5) ** (k / steps) for k in range(steps + 1)]

    schedule = schedules.cosine(1000)
    errors = [error_at(name, schedule, steps, geometric) for steps in (40, 80, 160)]
    found = [math.log2(coarse / fine) for coarse, fine in itertools.pairwise(errors)]
    assert found == pytest.approx([order, order], abs=0.25)


def test_ddim_without_fresh_noise_is_euler_and_with_it_ddpm():
    """In exact arithmetic; here to some digits."""
    schedule = schedules.cosine(1000)

    def ends(sampler, **options):
        rng = ImageNoise(2, range(4), CPU)
        *_, last = sampler(exact(0.4), levels.uniform(schedule, 20), rng.draw(SHAPE), rng, **options)
        return last.x_t

    assert torch.allclose(ends(ddim), ends(euler), atol=1e-5)
    assert torch.allclose(ends(ddim, eta=1.0), ends(ddpm), atol=1e-4)
    assert torch.allclose(ends(ddim, eta=1.0), ends(euler_ancestral), atol=1e-5)
    assert not torch.allclose(ends(ddim, eta=1.0), ends(ddim), atol=1e-1)


def test_a_network_that_knows_the_end_needs_one_step_of_the_consistency_sampler():
    """The one picture there is comes at once, and again after each fresh noise."""
    picture = torch.linspace(-1, 1, 64).view(1, *SHAPE)

    def knows(x, level):
        return Prediction(picture.expand_as(x), noise_in(x, picture, level))

    schedule = schedules.cosine(1000)
    for steps in (1, 2, 4):
        rng = ImageNoise(0, range(2), CPU)
        states = list(SAMPLERS["consistency"].run(knows, levels.trailing(schedule, steps), rng.draw(SHAPE), rng))
        assert torch.equal(states[-1].x_t, picture.expand(2, *SHAPE)) and states[-1].calls == steps
        for state in states[:-1]:
            noise = (state.x_t - state.level.signal * picture) / state.level.noise
            assert noise.std().item() == pytest.approx(1, abs=0.15)


def test_trailing_spacing_spends_no_call_on_a_clean_picture():
    assert levels.trailing_timesteps(1000, 4) == [999, 749, 499, 249]
    assert levels.trailing_timesteps(1000, 1) == [999]
    assert levels.trailing_timesteps(10, 10) == list(range(9, -1, -1))
    with pytest.raises(ValueError, match="1 to 10"):
        levels.trailing_timesteps(10, 11)


def test_levels_that_end_before_the_clean_picture_end_in_the_state_there():
    schedule = schedules.cosine(100)
    for name, sampler in SAMPLERS.items():
        grid = levels.uniform(schedule, 8)
        whole, part = (
            list(sampler.run(exact(0.4), some, start(), ImageNoise(1, range(2), CPU))) for some in (grid, grid[:4])
        )
        assert part[-1].level == grid[3] and torch.equal(part[-1].x_t, whole[3].x_t), name


def start():
    return ImageNoise(9, range(2), CPU).draw(SHAPE)


def test_inverted_and_generated_a_picture_comes_back_the_nearer_the_more_steps():
    schedule, predict = schedules.cosine(1000), exact(0.4)
    picture = 0.4 * start()
    errors = []
    for steps in (10, 40, 160):
        grid = levels.uniform(schedule, steps)
        up = list(invert(predict, grid, picture))
        assert [step.level for step in up] == grid[::-1] and up[-1].calls == steps
        *_, back = euler(predict, grid, up[-1].x_t, ImageNoise(0, range(2), CPU))
        errors.append((back.x_t - picture).abs().mean().item())
    assert errors[2] < errors[1] / 2 < errors[0] / 4 and errors[2] < 0.02
    assert torch.allclose(up[-1].x_t, picture / 0.4, atol=0.05)  # Gaussian data only grow to noise of unit variance


def test_corrections_undo_the_steps_down_and_say_what_they_do():
    schedule, predict = schedules.cosine(1000), exact(0.4)
    picture, grid = 0.4 * start(), levels.karras(schedule, 10)
    errors = []
    for corrections in (0, 1, 30):
        up = list(invert(predict, grid, picture, corrections))
        assert up[-1].calls == 10 * (1 + corrections)
        *_, back = euler(predict, grid, up[-1].x_t, ImageNoise(0, range(2), CPU))
        errors.append((back.x_t - picture).abs().mean().item())
    assert errors[1] < 0.6 * errors[0] and errors[2] < 1e-3
    for here, after in itertools.pairwise(up):
        parts = {"x": here.x_t, "eps2": predict(after.x_t, after.level).eps}
        told = sum(number * parts[part] for part, number in here.terms)
        assert torch.allclose(told, after.x_t, atol=1e-4)


@pytest.mark.parametrize("repeats", [1, 3])
def test_repaint_leaves_the_known_part_as_it_is_and_fits_the_rest_to_it(repeats):
    """Data whose pixels are all equal: what is known of one tells the others."""

    def flat(x, level):  # x0 is one number for the whole picture, N(0, 1)
        n = x[0].numel()
        gain = level.signal / (level.signal**2 * n + level.noise**2)
        x0 = (gain * x.sum(dim=(1, 2, 3), keepdim=True)).expand_as(x)
        return Prediction(x0, noise_in(x, x0, level))

    known, mask = torch.full((8, *SHAPE), 0.7), torch.zeros(1, 1, 8, 8, dtype=torch.bool)
    mask[..., :4] = True
    calls = []

    def counted(x, level):
        calls.append(level)
        return flat(x, level)

    grid, rng = levels.uniform(schedules.cosine(1000), 50), ImageNoise(4, range(8), CPU)
    steps = list(repaint(counted, grid, rng.draw(SHAPE), rng, known, mask, repeats=repeats))
    end = steps[-1].x_t
    assert torch.equal(end[mask.expand_as(end)], known[mask.expand_as(end)])
    assert (end[~mask.expand_as(end)] - 0.7).abs().mean() < (0.2 if repeats == 1 else 0.05)
    assert steps[-1].calls == len(calls) == 49 * repeats + 1


def test_more_noise_makes_the_state_of_a_noisier_level():
    schedule, rng = schedules.cosine(1000), ImageNoise(0, range(64), CPU)
    low, high = schedule.level(200), schedule.level(700)
    x = low.signal * 0.5 + low.noise * rng.draw(SHAPE)
    raised = noisier(x, low, high, rng)
    assert raised.mean().item() == pytest.approx(high.signal * 0.5, abs=0.05)
    assert raised.std().item() == pytest.approx(high.noise, rel=0.04)


def test_noise_that_is_drawn_ahead_is_that_of_one_draw_after_the_other() -> None:
    for shape in ((1, 28, 28), (3,)):
        rng = ImageNoise(4, (2, 7), CPU)
        streams = [np.random.default_rng((4, index)) for index in (2, 7)]
        for k in range(1, 20):
            wanted = np.stack([stream.standard_normal(shape, dtype=np.float32) for stream in streams])
            assert np.array_equal(rng.draw(shape).numpy(), wanted) and rng.draws == k
