"""Closed forms and the lectures' worked figures."""

import math

import pytest
import torch
from torch import distributions, nn

from genstudio.core import latents, prediction, schedules
from genstudio.core.families import vae
from genstudio.core.metrics import Moments, frechet_distance, inception_score, moments


def test_kl_is_torch_distributions():
    rng = torch.Generator().manual_seed(0)
    mu, log_var = torch.randn(5, 7, generator=rng), torch.randn(5, 7, generator=rng)
    q = distributions.Normal(mu, (0.5 * log_var).exp())
    expected = distributions.kl_divergence(q, distributions.Normal(0.0, 1.0)).sum(1)
    assert torch.allclose(vae.kl_per_latent(mu, log_var).sum(1), expected, atol=1e-5)


def test_kl_of_the_lecture():
    kl = vae.kl_per_latent(torch.tensor([[0.5, -1, 2]]), torch.tensor([[-0.5, 0, 0.5]])).sum(1)
    assert kl.item() == pytest.approx(2.7526, abs=1e-4)
    narrow = vae.kl_per_latent(torch.tensor([[2.0]]), torch.tensor([[2 * math.log(0.5)]]))
    assert narrow.item() == pytest.approx(2.318, abs=1e-3)


def test_recon_loss_of_a_coin():
    coin = vae.VAE(nn.Identity(), nn.Identity(), 1)
    logits = torch.zeros(2, 1, 4, 4)
    assert torch.allclose(-coin.log_likelihood(logits, torch.ones(2, 1, 4, 4)), torch.full((2,), 16 * math.log(2)))


def test_linear_schedule_of_the_lecture():
    alpha_bar = schedules.linear(1000).alphas_cumprod
    assert alpha_bar[0].item() == pytest.approx(0.9999, abs=1e-6)
    assert alpha_bar[499].item() == pytest.approx(0.0786, abs=1e-4)
    assert alpha_bar[999].item() == pytest.approx(4.04e-5, rel=1e-2)


def test_cosine_schedule_is_half_way_at_half_time():
    alpha_bar = schedules.cosine(1000).alphas_cumprod
    assert alpha_bar[499].item() == pytest.approx(0.4939, abs=2e-3)
    assert (alpha_bar.diff() < 0).all() and alpha_bar[-1] < 1e-4


@pytest.mark.parametrize("make", schedules.SCHEDULES.values())
@pytest.mark.parametrize("timesteps", [10, 100, 1000])
def test_every_schedule_ends_in_noise(make, timesteps):
    schedule = make(timesteps)
    assert len(schedule) == timesteps
    assert schedule.alphas_cumprod[-1] < 2e-3 and (schedule.betas <= 1).all() and (schedule.betas > 0).all()


def test_a_level_keeps_the_share_of_amplitude():
    schedule = schedules.of_betas(torch.tensor([0.95], dtype=torch.float64))  # alpha_bar = 0.05
    signal, noise = schedule.of_batch(torch.zeros(2, dtype=torch.int64), torch.ones(2, 1, 2, 2))
    assert torch.allclose(signal, torch.full((2, 1, 1, 1), 0.2236), atol=1e-4)
    assert torch.allclose(signal**2 + noise**2, torch.ones(2, 1, 1, 1))


@pytest.mark.parametrize("make", schedules.SCHEDULES.values())
def test_levels_between_two_indices_are_found_by_their_noise(make):
    schedule = make(100)
    for t in (0, 3.25, 50, 98.0):
        level = schedule.level(t)
        assert schedule.t_of(level.sigma) == pytest.approx(t, abs=1e-9)
    assert schedule.level(3.25).sigma == pytest.approx((schedule.level(3).sigma ** 3 * schedule.level(4).sigma) ** 0.25)
    assert schedule.t_of(1e-9) == 0 and schedule.t_of(1e30) >= 98  # the last level may have no signal at all
    assert schedule.level(-1).noise == 0


def test_x_t_of_unit_pictures_has_unit_variance():
    rng = torch.Generator().manual_seed(0)
    x0, eps = (torch.randn(8, 1, 64, 64, generator=rng) for _ in range(2))
    for name in ("linear", "cosine", "sigmoid"):
        signal, noise = schedules.SCHEDULES[name](1000).of_batch(torch.arange(8) * 142, x0)
        assert (signal * x0 + noise * eps).std(dim=(1, 2, 3)).tolist() == pytest.approx([1.0] * 8, abs=0.03)


@pytest.mark.parametrize("objective", ["noise", "x0", "v", "flow"])
@pytest.mark.parametrize(("signal", "noise"), [(0.8, 0.6), (0.3, 0.7)])
def test_what_a_network_answers_becomes_picture_and_noise_again(objective, signal, noise):
    rng = torch.Generator().manual_seed(0)
    x0, eps = (torch.randn(2, 1, 4, 4, generator=rng) for _ in range(2))
    answer = prediction.target(objective, x0, eps, signal, noise)
    found = prediction.split(objective, answer, signal * x0 + noise * eps, signal, noise)
    assert torch.allclose(found.x0, x0, atol=1e-5) and torch.allclose(found.eps, eps, atol=1e-5)


@pytest.mark.parametrize("objective", ["noise", "x0", "v", "flow"])
def test_min_snr_weighs_the_error_of_x0_by_at_most_gamma(objective):
    """An error of the answer, carried over to x0, counts min(SNR, gamma) times, whatever was asked for."""
    rng = torch.Generator().manual_seed(0)
    signal, noise = torch.tensor([0.99, 0.8, 0.1]).view(3, 1), torch.tensor([0.141, 0.6, 0.995]).view(3, 1)
    if objective == "flow":
        noise = 1 - signal
    x0, eps, wrong = (torch.randn(3, 5, generator=rng) for _ in range(3))
    x_t = signal * x0 + noise * eps
    answer = prediction.target(objective, x0, eps, signal, noise)
    off = prediction.split(objective, answer + wrong, x_t, signal, noise).x0 - x0
    weight = prediction.min_snr_weight(objective, signal, noise, 5.0)
    snr = (signal / noise) ** 2
    assert torch.allclose(weight * wrong**2, snr.clamp(max=5) * off**2, rtol=1e-2)


def test_slerp_keeps_the_length_and_lerp_does_not():
    a, b, w = torch.tensor([3.0, 0]), torch.tensor([0.0, 3]), torch.linspace(0, 1, 5)
    assert torch.allclose(latents.slerp(a, b, w).norm(dim=1), torch.full((5,), 3.0), atol=1e-5)
    assert latents.lerp(a, b, w)[2].norm().item() == pytest.approx(3 / math.sqrt(2), abs=1e-5)


def test_slerp_of_equal_opposite_and_zero_codes_is_finite():
    a, w = torch.tensor([1.0, 2]), torch.linspace(0, 1, 3)
    for b in (a, -a, torch.zeros(2)):
        path = latents.slerp(a, b, w)
        assert torch.isfinite(path).all()
        assert torch.allclose(path[0], a) and torch.allclose(path[-1], b, atol=1e-6)


def test_many_paths_at_once_are_the_same_as_one_by_one():
    rng = torch.Generator().manual_seed(0)
    a, b, w = torch.randn(4, 3, generator=rng), torch.randn(4, 3, generator=rng), torch.linspace(0, 1, 5)
    b[1] = 2 * a[1]  # parallel: this one goes straight
    for path in latents.PATHS.values():
        together = path(a, b, w)
        assert together.shape == (5, 4, 3)
        for k in range(4):
            assert torch.allclose(together[:, k], path(a[k], b[k], w), atol=1e-6)


def test_plane_starts_at_the_top_left():
    z = latents.plane(4, 2.0)
    assert z[0].tolist() == [-1.5, 1.5] and z[3].tolist() == [1.5, 1.5] and z[-1].tolist() == [1.5, -1.5]


def test_frechet_distance_of_gaussians():
    eye = torch.eye(3, dtype=torch.float64)
    a, b = Moments(torch.zeros(3), eye), Moments(torch.ones(3) * 2, 4 * eye)
    assert frechet_distance(a, b) == pytest.approx(12 + 3 * (2 - 1) ** 2)
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-9)


def test_frechet_distance_sees_a_missing_mode():
    rng = torch.Generator().manual_seed(0)
    x = torch.randn(4000, 8, generator=rng)
    x[:2000] += 5
    whole, half = moments(x[::2]), moments(x[:2000])
    assert frechet_distance(moments(x[1::2]), whole) < 0.2 < 10 < frechet_distance(half, whole)


def test_inception_score_of_sure_and_even_answers():
    assert inception_score(torch.eye(10).repeat(5, 1) * 100) == pytest.approx(10, rel=1e-4)
    assert inception_score(torch.zeros(50, 10)) == pytest.approx(1)
