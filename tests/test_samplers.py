"""Every sampler against an exact answer, and against an independent implementation."""

import itertools

import pytest
import torch

from genstudio.core import samplers, schedules
from genstudio.core.seeding import ImageNoise

CPU = torch.device("cpu")
SHAPE = (1, 8, 8)


def exact_eps(schedule, std):
    """The best noise predictor for data N(0, std^2): E[eps | x_t] in closed form."""

    def eps_model(x, t):
        alpha_bar = schedule.alpha_bar(t)
        return (1 - alpha_bar) ** 0.5 * x / (alpha_bar * std**2 + 1 - alpha_bar)

    return eps_model


@pytest.mark.parametrize("name", samplers.SAMPLERS)
@pytest.mark.parametrize("eta", [0.0, 1.0])
def test_gaussian_data_comes_back_with_its_variance(name, eta):
    schedule, std = schedules.cosine(1000), 0.2
    rng = ImageNoise(0, range(64), CPU)
    timesteps = samplers.uniform_timesteps(1000, 200)
    *_, last = samplers.SAMPLERS[name].run(exact_eps(schedule, std), schedule, rng.draw(SHAPE), timesteps, rng, eta=eta)
    assert last.t == -1
    assert last.x_t.std().item() == pytest.approx(std, rel=0.06)


@pytest.mark.parametrize("name", samplers.SAMPLERS)
def test_contract(name):
    """Steps are counted, finite, reproducible; a picture ignores its neighbours; the input is left alone."""
    schedule = schedules.linear(100)
    timesteps = samplers.uniform_timesteps(100, 7)

    def run(indices):
        rng = ImageNoise(5, indices, CPU)
        x_T = rng.draw(SHAPE)
        kept = x_T.clone()
        steps = list(samplers.SAMPLERS[name].run(exact_eps(schedule, 0.5), schedule, x_T, timesteps, rng, eta=0.5))
        assert torch.equal(x_T, kept)
        return steps

    steps = run(range(4))
    assert [s.index for s in steps] == list(range(8))
    assert [s.t for s in steps] == [*timesteps, -1]
    assert all(torch.isfinite(s.x_t).all() and s.x0_hat.abs().max() <= 1 for s in steps[:-1])
    assert torch.equal(steps[-1].x_t, run(range(4))[-1].x_t)
    assert torch.equal(steps[-1].x_t[2:3], run(range(2, 3))[-1].x_t)


@pytest.mark.parametrize("name", samplers.SAMPLERS)
def test_coefficients_make_the_next_state(name):
    schedule = schedules.linear(100)
    rng = ImageNoise(1, range(2), CPU)
    x_T = rng.draw(SHAPE) * 0.1  # small, so that nothing is clipped
    timesteps = samplers.uniform_timesteps(100, 10)
    steps = list(samplers.SAMPLERS[name].run(exact_eps(schedule, 0.1), schedule, x_T, timesteps, rng, eta=0.0))
    for now, after in itertools.pairwise(steps):
        a, b, c = now.coefficients
        rest = after.x_t - a * now.x_t - b * now.eps_hat
        if c == 0:
            assert rest.abs().max() < 1e-4
        else:
            assert rest.std().item() == pytest.approx(c, rel=0.3)


@pytest.mark.parametrize("eta", [0.0, 0.7])
def test_ddim_step_equals_diffusers(eta):
    diffusers = pytest.importorskip("diffusers")
    oracle = diffusers.DDIMScheduler(
        beta_schedule="linear", clip_sample=True, set_alpha_to_one=True, timestep_spacing="leading", steps_offset=0
    )
    oracle.set_timesteps(20)
    _compare(samplers.ddim, oracle, eta=eta)


def test_ddpm_step_equals_diffusers():
    diffusers = pytest.importorskip("diffusers")
    oracle = diffusers.DDPMScheduler(beta_schedule="linear", clip_sample=True, variance_type="fixed_small")
    oracle.set_timesteps(1000)
    _compare(samplers.ddpm, oracle)


def _compare(sampler, oracle, **options):
    """The same x_t and eps_hat give the same next state, to 1e-5, at every tenth level or so."""
    schedule = schedules.linear(1000)
    timesteps = [int(t) for t in oracle.timesteps]
    rng = torch.Generator().manual_seed(0)
    for position in range(0, len(timesteps) - 1, max(1, len(timesteps) // 15)):
        t, t_next = timesteps[position], timesteps[position + 1]
        x, eps = torch.randn(2, *SHAPE, generator=rng), torch.randn(2, *SHAPE, generator=rng)
        noise = ImageNoise(3, range(2), CPU)
        first, second, *_ = sampler(lambda x, t, eps=eps: eps, schedule, x, [t, t_next], noise, **options)
        drawn = ImageNoise(3, range(2), CPU).draw(SHAPE)
        if "eta" in options:
            variance = {"eta": options["eta"], "use_clipped_model_output": True, "variance_noise": drawn}
            theirs = oracle.step(eps, t, x, **variance)
            assert torch.allclose(second.x_t, theirs.prev_sample, atol=1e-5)
        else:
            theirs = oracle.step(eps, t, x, generator=torch.Generator().manual_seed(1))
            their_noise = torch.randn(x.shape, generator=torch.Generator().manual_seed(1))
            sigma = first.coefficients[2]
            assert torch.allclose(second.x_t - sigma * drawn, theirs.prev_sample - sigma * their_noise, atol=1e-5)
        assert torch.allclose(first.x0_hat, theirs.pred_original_sample, atol=1e-5)


@pytest.mark.parametrize("steps", [0, 1001, -3])
def test_impossible_step_counts_are_refused(steps):
    with pytest.raises(ValueError, match="1 to 1000"):
        samplers.uniform_timesteps(1000, steps)


def test_timesteps_cover_the_whole_range_without_repeats():
    for steps in (2, 10, 50, 999, 1000):
        timesteps = samplers.uniform_timesteps(1000, steps)
        assert timesteps[0] == 999 and timesteps[-1] == 0 and len(set(timesteps)) == steps
