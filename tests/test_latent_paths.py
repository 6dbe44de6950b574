"""Traversals, planes, arithmetic and drawn paths through a latent space."""

import math

import pytest
import torch

from genstudio.core import latents

RNG = torch.Generator().manual_seed(0)


def test_slerp_of_prior_codes_keeps_the_norm_between_theirs():
    a, b = torch.randn(20, 32, generator=RNG), torch.randn(20, 32, generator=RNG)
    w = torch.linspace(0, 1, 9)
    expected = latents.lerp(a.norm(dim=1), b.norm(dim=1), w)
    assert torch.allclose(latents.slerp(a, b, w).norm(dim=2), expected, rtol=1e-5)


def test_a_traversal_changes_one_number_in_each_row():
    z, values = torch.randn(5, generator=RNG), torch.linspace(-3, 3, 7)
    codes = latents.traversal(z, [4, 0], values)
    assert codes.shape == (2, 7, 5)
    assert torch.equal(codes[0, :, 4], values) and torch.equal(codes[1, :, 0], values)
    changed = codes != z
    assert changed[0, :, :4].sum() == 0 and changed[1, :, 1:].sum() == 0


def test_arithmetic_gives_c_what_sets_a_apart_from_b():
    smiling, still, other = torch.tensor([1.0, 5]), torch.tensor([1.0, 2]), torch.tensor([-4.0, 2])
    assert latents.arithmetic(smiling, still, other).tolist() == [-4, 5]


def test_a_plane_along_the_axes_is_the_map():
    axes = torch.eye(2)
    assert torch.equal(latents.plane_through(torch.zeros(2), axes[0], axes[1], 6, 3.0), latents.plane(6, 3.0))


def test_a_plane_goes_through_its_point_right_along_u_and_up_along_v():
    z, u, v = torch.randn(3, 8, generator=RNG)
    codes = latents.plane_through(z, u, v, 5, 2.5).view(5, 5, 8)
    assert torch.allclose(codes[2, 2], z, atol=1e-6)
    assert torch.allclose(codes[2, 3], z + u, atol=1e-6) and torch.allclose(codes[1, 2], z + v, atol=1e-6)


def test_a_closed_path_has_constant_speed_and_no_seam():
    points = torch.tensor([[0.0, 0], [3, 0], [3, 1], [0, 1]])
    path = latents.smooth_closed_path(points, 200)
    steps = (path.roll(-1, 0) - path).norm(dim=1)  # the last one closes it
    assert torch.equal(path[0], points[0]) and steps.std() / steps.mean() < 0.01
    turns = 1 - torch.cosine_similarity(path.roll(-1, 0) - path, path - path.roll(1, 0))
    assert turns.max() < 0.05, "no corner, not even where it closes"


def test_a_closed_path_goes_through_its_points():
    points = torch.randn(6, 2, generator=RNG)
    path = latents.smooth_closed_path(points, 2000)
    assert torch.cdist(points, path).amin(1).max() < 0.01


def test_points_of_a_circle_give_a_circle():
    angle = torch.arange(12) / 12 * 2 * math.pi
    path = latents.smooth_closed_path(2 * torch.stack([angle.cos(), angle.sin()], 1), 50)
    assert torch.allclose(path.norm(dim=1), torch.full((50,), 2.0), atol=0.01)


@pytest.mark.parametrize("points", [[[1.0, 2]], [[1.0, 2]] * 3])
def test_a_path_of_one_place_stands_still(points):
    assert torch.equal(latents.smooth_closed_path(torch.tensor(points), 4), torch.tensor([[1.0, 2]] * 4))


def test_points_drawn_twice_do_no_harm():
    once = torch.tensor([[0.0, 0], [1, 0], [1, 1]])
    path = latents.smooth_closed_path(once.repeat_interleave(2, 0), 30)
    assert torch.isfinite(path).all() and torch.cdist(once, path).amin(1).max() < 0.1
