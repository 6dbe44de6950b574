"""Every sampler against its scheduler in diffusers: all states of a whole trajectory."""

import math
import sys

import pytest
import torch

from genstudio.core import levels, schedules
from genstudio.core.levels import CLEAN, Level
from genstudio.core.prediction import Prediction, noise_in, predictor
from genstudio.core.samplers import SAMPLERS, heun

diffusers = pytest.importorskip("diffusers")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # theirs, of numpy 2

SHAPE = (2, 3, 8, 8)
SCHEDULE = schedules.linear(1000)
VP = {"beta_schedule": "linear", "num_train_timesteps": 1000}


class Noise:
    """The same fresh noise for them and for us, one tensor a draw."""

    def __init__(self) -> None:
        self._rng = torch.Generator().manual_seed(7)

    def draw(self, shape):
        return torch.randn((SHAPE[0], *shape), generator=self._rng)


def network(x, t):
    """The noise in pictures like N(0, 0.5^2), bent a little: a smooth answer that depends on both."""
    level = SCHEDULE.level(t)
    exact = level.noise * x / (0.25 * level.signal**2 + level.noise**2)
    return exact + 0.1 * torch.sin(3 * x) * level.noise


def start():
    return torch.randn(SHAPE, generator=torch.Generator().manual_seed(1))


def theirs(oracle, steps, monkeypatch, **options):
    """Their states, as x at unit variance; noise is drawn as ours."""
    noise = Noise()
    module = __import__(type(oracle).__module__, fromlist=["randn_tensor"])
    if hasattr(module, "randn_tensor"):
        monkeypatch.setattr(module, "randn_tensor", lambda shape, **_: noise.draw(tuple(shape[1:])))
    oracle.set_timesteps(steps)
    x = start() * float(oracle.init_noise_sigma)
    states = []
    for t in oracle.timesteps:
        scaled = oracle.scale_model_input(x, t)
        states.append(scaled)
        x = oracle.step(network(scaled, float(t)), t, x, **options).prev_sample
    return oracle, [*states, x]


def check(wanted, name, grid, limit=None, close=1e-5, predict=None, **options):
    """All states."""
    predict = predict or predictor(network, "noise", limit)
    steps = SAMPLERS[name].run(predict, grid, wanted[0], Noise(), **options)
    found = [step.x_t for step in steps]
    assert len(found) == len(wanted) == len(grid)
    apart = [(mine - their.float()).abs().max().item() for mine, their in zip(found, wanted, strict=True)]
    assert max(apart) < close


@pytest.mark.parametrize("limit", [None, 1.0])
@pytest.mark.parametrize(("name", "variance"), [("ddpm", "fixed_small"), ("ddpm-wide", "fixed_large")])
@pytest.mark.parametrize(("steps", "close"), [(1000, 2e-4), (50, 1e-5)])  # their schedule is float32
def test_ddpm(name, variance, steps, close, limit, monkeypatch):
    oracle = diffusers.DDPMScheduler(**VP, clip_sample=limit is not None, variance_type=variance)
    oracle, wanted = theirs(oracle, steps, monkeypatch)
    grid = [*(SCHEDULE.level(int(t)) for t in oracle.timesteps), CLEAN]
    check(wanted, name, grid, limit, close)


@pytest.mark.parametrize("limit", [None, 1.0])
@pytest.mark.parametrize("eta", [0.0, 0.7, 1.0])
def test_ddim(eta, limit, monkeypatch):
    oracle = diffusers.DDIMScheduler(**VP, clip_sample=limit is not None, set_alpha_to_one=True)
    oracle, wanted = theirs(oracle, 25, monkeypatch, eta=eta, use_clipped_model_output=True)
    grid = [*(SCHEDULE.level(int(t)) for t in oracle.timesteps), CLEAN]
    check(wanted, "ddim", grid, limit, eta=eta)


@pytest.mark.parametrize("karras", [False, True])
@pytest.mark.parametrize(
    ("name", "scheduler"),
    [("euler", "EulerDiscreteScheduler"), ("heun", "HeunDiscreteScheduler")],
)
def test_sigma_form(name, scheduler, karras, monkeypatch):
    oracle = getattr(diffusers, scheduler)(**VP, use_karras_sigmas=karras, timestep_spacing="leading", steps_offset=1)
    oracle.set_timesteps(20)
    monkeypatch.setattr(sys.modules[heun.__module__], "MOST_SIGMA", math.inf)  # theirs mends any step
    _, wanted = theirs(oracle, 20, monkeypatch)
    stride = 2 if name == "heun" else 1  # theirs tells the guess in between, too
    sigmas, times = oracle.sigmas[::1], oracle.timesteps
    if name == "heun":
        sigmas, times, wanted = [*sigmas[:-1:stride], sigmas[-1]], times[::stride], [*wanted[:-1:stride], wanted[-1]]
    grid = [at(float(sigma), float(t)) for sigma, t in zip(sigmas, times, strict=False)] + [CLEAN]
    check(wanted, name, grid)


def at(sigma, t):
    return Level(t, 1 / math.hypot(1, sigma), sigma / math.hypot(1, sigma))


@pytest.mark.parametrize("steps", [10, 30])
@pytest.mark.parametrize("karras", [False, True])
def test_dpm_solver(steps, karras, monkeypatch):
    oracle = diffusers.DPMSolverMultistepScheduler(
        **VP, algorithm_type="dpmsolver++", solver_order=2, solver_type="midpoint", use_karras_sigmas=karras,
        final_sigmas_type="zero",
    )  # fmt: skip
    oracle, wanted = theirs(oracle, steps, monkeypatch)
    grid = [at(float(sigma), float(t)) for sigma, t in zip(oracle.sigmas, oracle.timesteps, strict=False)] + [CLEAN]
    check(wanted, "dpm-2m", grid)


def test_euler_ancestral(monkeypatch):
    oracle, wanted = theirs(diffusers.EulerAncestralDiscreteScheduler(**VP), 25, monkeypatch)
    grid = [at(float(sigma), float(t)) for sigma, t in zip(oracle.sigmas, oracle.timesteps, strict=False)] + [CLEAN]
    check(wanted, "euler-a", grid)


def velocity(x, t):
    """What `network` is for straight paths, eps - x0; level t is (t + 1) / 1000 of the way to noise."""
    noise = (t + 1) / 1000
    exact = (noise - 0.25 * (1 - noise)) * x / (0.25 * (1 - noise) ** 2 + noise**2)
    return exact + 0.1 * torch.sin(3 * x)


@pytest.mark.parametrize("limit", [None, 1.0])
@pytest.mark.parametrize("steps", [1, 2, 20])
def test_heun_straight(steps, limit):
    """Theirs never clips, so here the network does it for them."""
    oracle = diffusers.FlowMatchHeunDiscreteScheduler()
    oracle.set_timesteps(steps)
    grid = [*(Level(float(t) - 1, 1 - float(t) / 1000, float(t) / 1000) for t in oracle.timesteps[::2]), CLEAN]
    predict, x, wanted = predictor(velocity, "flow", limit), start(), []
    for k, t in enumerate(oracle.timesteps):
        if k % 2 == 0:  # theirs tells the guess in between, too
            wanted.append(x)
        level = grid[(k + 1) // 2]
        x0 = predict(x, level).x0
        x = oracle.step(noise_in(x, x0, level) - x0, t, x).prev_sample
    check([*wanted, x], "heun-straight", grid, close=1e-4, predict=predict)  # one divides by the last noise, 1e-3


@pytest.mark.parametrize("clip", [False, True])
@pytest.mark.parametrize("steps", [1, 2, 5])
def test_consistency(steps, clip, monkeypatch):
    """Theirs counts fresh noise from sigma_min on, where its pictures end, and ours from none."""
    oracle = diffusers.CMStochasticIterativeScheduler(clip_denoised=clip)
    noise = Noise()
    module = sys.modules[type(oracle).__module__]
    monkeypatch.setattr(module, "randn_tensor", lambda shape, **_: noise.draw(tuple(shape[1:])))
    oracle.set_timesteps(steps)
    y, states = start() * oracle.init_noise_sigma, []
    for t in oracle.timesteps:
        states.append(y)
        y = oracle.step(torch.sin(2 * oracle.scale_model_input(y, t) + t / 1000), t, y).prev_sample
    told = {float(t): sigma for t, sigma in zip(oracle.timesteps, oracle.sigmas, strict=False)}

    def predict(x, level):
        y, sigma = x / level.signal, told[level.t]
        skip, out = oracle.get_scalings_for_boundary_condition(sigma)
        x0 = out * torch.sin(2 * y / (sigma**2 + oracle.config.sigma_data**2) ** 0.5 + level.t / 1000) + skip * y
        x0 = x0.clamp(-1, 1) if clip else x0
        return Prediction(x0, noise_in(x, x0, level))

    least = oracle.config.sigma_min
    first, *later = told.items()
    grid = [at(float(first[1]), first[0]), *(at((float(s) ** 2 - least**2) ** 0.5, t) for t, s in later), CLEAN]
    wanted = [y * level.signal for y, level in zip([*states, y], grid, strict=True)]
    check(wanted, "consistency", grid, predict=predict)


def test_karras_spacing():
    """Their sigmas, and the times between two levels that belong to them."""
    oracle = diffusers.EulerDiscreteScheduler(**VP, use_karras_sigmas=True, sigma_max=80.0)
    oracle.set_timesteps(18)
    grid = levels.karras(SCHEDULE, 18)
    assert [level.sigma for level in grid[:-1]] == pytest.approx(oracle.sigmas[:-1].tolist(), rel=1e-4)
    assert [level.t for level in grid[:-1]] == pytest.approx(oracle.timesteps.tolist(), abs=0.05)
    assert all(level.signal**2 + level.noise**2 == pytest.approx(1) for level in grid)
