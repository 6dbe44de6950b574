"""Stretching, smoothness and anomaly, where closed forms are known."""

import math

import pytest
import torch

from genstudio.core import latents
from genstudio.core.families.vae import conv_vae
from genstudio.core.geometry import magnification, percentile_of, smoothness
from genstudio.core.training import seeded
from genstudio.settings import VAESettings

RNG = torch.Generator().manual_seed(0)
W = torch.randn(2, 48, generator=RNG)


def linear(z):
    return (z @ W.to(z)).view(-1, 3, 4, 4)


def test_magnification_of_a_linear_decoder_is_its_determinant():
    z = torch.randn(150, 2, generator=RNG)  # more than one batch
    expected = torch.linalg.det((W @ W.T).double()).sqrt()
    assert torch.allclose(magnification(linear, z.double()), expected.expand(150), rtol=1e-6)
    assert torch.allclose(magnification(linear, z), expected.expand(150), rtol=1e-3), "float32"
    directions = torch.tensor([[1.0, 2], [0, 3]])
    assert torch.allclose(magnification(linear, z.double(), directions), 3 * expected.expand(150), rtol=1e-6)


def test_magnification_of_a_sphere():
    """Longitude and latitude: the area of a cell falls with the cosine of the latitude."""

    def sphere(z):
        a, b = z.unbind(1)
        return torch.stack([b.cos() * a.cos(), b.cos() * a.sin(), b.sin()], 1)

    z = (torch.rand(50, 2, generator=RNG).double() - 0.5) * math.pi
    assert torch.allclose(magnification(sphere, z), z[:, 1].cos(), atol=1e-6)


def test_magnification_of_a_vae_is_that_of_its_jacobian():
    net = seeded(0, lambda: conv_vae(VAESettings(latent_dim=5, width=4), 1, 28)).eval()
    z, directions = 3 * torch.randn(7, 5, generator=RNG), torch.randn(2, 5, generator=RNG)
    jacobians = [torch.autograd.functional.jacobian(net.decode, code[None]).view(784, 5) for code in z]
    j = torch.stack(jacobians) @ directions.T  # (7, 784, 2)
    expected = torch.linalg.det((j.mT @ j).double()).sqrt()
    assert torch.allclose(magnification(net.decode, z, directions, batch=3), expected, rtol=0.02)


def test_parallel_directions_have_no_area():
    assert magnification(linear, torch.zeros(1, 2), torch.ones(2, 2)).item() == 0
    with pytest.raises(ValueError, match=r"\(2, 3\) is needed"):
        magnification(linear, torch.zeros(1, 3))


def test_a_straight_line_through_a_linear_decoder_is_even():
    a, b = torch.zeros(2), torch.ones(2)
    path = smoothness(linear(latents.lerp(a, b, torch.linspace(0, 1, 11))))
    assert path.ratio == pytest.approx(1, abs=1e-4)
    assert path.mean == pytest.approx(((b - a) @ W).square().sum().item() / 100, rel=1e-4)
    assert path.total == pytest.approx(10 * path.mean)


def test_one_jump_has_the_largest_ratio():
    pictures = torch.zeros(9, 1, 2, 2)
    assert smoothness(pictures).ratio == 1, "standing still"
    pictures[4:] = 1
    path = smoothness(pictures)
    assert (path.total, path.ratio) == (4, 8)
    with pytest.raises(ValueError, match="at least two"):
        smoothness(pictures[:1])


def test_a_planted_outlier_is_above_the_99th_percentile():
    """Reconstruction errors of rows near a line, and one row off it."""
    rows = torch.randn(500, 1, generator=RNG) @ W[:1] + 0.1 * torch.randn(500, 48, generator=RNG)
    direction = W[0] / W[0].norm()

    def error(x):
        return (x - (x @ direction)[:, None] * direction).square().sum(1)

    held_out = error(rows[:400]).sort().values
    assert percentile_of(error(rows[400:401] + W[1]).item(), held_out) > 99
    usual = [percentile_of(e.item(), held_out) for e in error(rows[400:])]
    assert sum(usual) / 100 == pytest.approx(50, abs=10)


def test_percentiles_by_hand():
    scores = torch.tensor([1.0, 2, 2, 4])
    assert [percentile_of(v, scores) for v in (0, 1, 2, 3, 9)] == [0, 12.5, 50, 75, 100]
    with pytest.raises(ValueError, match="no held-out scores"):
        percentile_of(1.0, scores[:0])
