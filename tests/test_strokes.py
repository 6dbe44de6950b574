"""Generated digits: the same for ever, whatever is drawn beside them, with factors that tell the truth."""

import numpy as np
import pytest

from genstudio.core import datasets
from genstudio.core.datasets import pen, skeletons, strokes


@pytest.fixture(scope="module")
def digits():
    return strokes.load(count=2000)


def moments_slant(image):
    """The lean of a picture's ink in degrees, from its second moments."""
    y, x = np.mgrid[: image.shape[0], : image.shape[1]].astype(float)
    weight = image / image.sum()
    x, y = x - (weight * x).sum(), y - (weight * y).sum()
    return np.degrees(np.arctan(-(weight * x * y).sum() / (weight * y * y).sum()))


def test_a_picture_does_not_depend_on_how_many_are_drawn(digits):
    chosen = np.array([1999, 3, 512, 77, 1024], dtype=np.uint64)
    alone = strokes.draw(chosen)
    assert np.array_equal(alone.images, digits.images[chosen.astype(int)])
    assert np.array_equal(alone.factors, digits.factors[chosen.astype(int)])
    assert np.array_equal(strokes.load(count=10).images, digits.images[:10])


def test_seed_and_part_change_the_pictures(digits):
    assert not np.array_equal(strokes.load(count=50, seed=1).images, digits.images[:50])
    assert not np.array_equal(strokes.load(train=False, count=50).images, digits.images[:50])
    assert np.array_equal(strokes.load(count=50, seed=1).images, strokes.load(count=50, seed=1).images)


def test_ten_classes_in_turn_in_mnists_format(digits):
    assert digits.images.shape == (2000, 28, 28, 1)
    assert digits.images.dtype == np.uint8
    assert digits.classes == tuple("0123456789")
    assert digits.counts() == (200,) * 10
    assert np.array_equal(digits.labels[:12], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1])


def test_every_style_is_written_about_as_often_as_its_share(digits):
    for digit in range(10):
        style = digits.factors[digits.labels == digit, 0].astype(int)
        share = np.bincount(style, minlength=len(skeletons.STYLES[digit])) / len(style)
        assert np.abs(share - skeletons.shares(digit)).max() < 0.12


def test_the_ink_is_inside_and_as_much_as_in_mnist(digits):
    images = digits.images[..., 0]
    edge = np.concatenate([images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]], axis=1)
    assert edge.max() == 0
    assert images.max(axis=(1, 2)).min() > 150
    assert 28 < images.mean() < 38  # MNIST has 33.3
    assert 0.77 < (images == 0).mean() < 0.84  # MNIST has 0.81
    y, x = np.mgrid[:28, :28]
    mass = images.sum(axis=(1, 2), dtype=float)
    assert np.abs((images * x).sum(axis=(1, 2)) / mass - 13.5).max() < 3
    assert np.abs((images * y).sum(axis=(1, 2)) / mass - 13.5).max() < 3


def test_slant_is_what_the_ones_show(digits):
    plain = (digits.labels == 1) & (digits.factors[:, 0] == 0)
    shown = np.array([moments_slant(image[..., 0]) for image in digits.images[plain]])
    slant = digits.factors[plain, strokes.FACTORS.index("slant_deg")]
    turned = digits.factors[plain, strokes.FACTORS.index("rotation_deg")]
    assert np.corrcoef(shown, slant + turned)[0, 1] > 0.9


def test_the_lean_of_a_path_is_what_its_picture_shows(digits):
    lean = strokes.lean_deg(np.arange(2000, dtype=np.uint64))
    shown = np.array([moments_slant(image[..., 0]) for image in digits.images])
    assert np.corrcoef(shown, lean)[0, 1] > 0.99
    assert np.array_equal(strokes.lean_deg(np.array([7, 1999], dtype=np.uint64)), lean[[7, 1999]])


def test_slant_adds_its_own_degrees_to_the_lean_of_a_bar(monkeypatch):
    index = np.arange(1, 4000, 10, dtype=np.uint64)
    monkeypatch.setattr(strokes, "DRIFT", 0)
    monkeypatch.setattr(strokes, "TREMOR", 0)
    monkeypatch.setattr(strokes, "_warped", lambda points, normal: points)
    style, slant, rotation, *_ = strokes.draw(index).factors.T
    plain = style == 0  # a stroke of its own small lean
    lean = strokes.lean_deg(index)
    assert np.corrcoef(lean[plain], (slant + rotation)[plain])[0, 1] > 0.999


def test_thickness_is_what_the_ones_show(digits):
    plain = (digits.labels == 1) & (digits.factors[:, 0] == 0)
    ink = digits.images[plain].sum(axis=(1, 2, 3)) / 255
    _, slant, rotation, thickness, height, _ = digits.factors[plain].T
    length = height / np.cos(np.radians(slant + rotation))
    assert np.corrcoef(ink / length, thickness)[0, 1] > 0.95


def test_factors_have_a_column_a_name(digits):
    assert digits.factor_names == strokes.FACTORS
    assert digits.factors.shape == (2000, len(strokes.FACTORS))
    assert np.isfinite(digits.factors).all()


def test_uniforms_are_uniform_and_independent():
    u = strokes.uniforms(0, np.arange(20_000, dtype=np.uint64), 8)
    assert u.min() > 0
    assert u.max() < 1
    assert np.abs(u.mean(axis=0) - 0.5).max() < 0.01
    assert np.abs(u.var(axis=0) - 1 / 12).max() < 0.002
    assert np.abs(np.corrcoef(u.T) - np.eye(8)).max() < 0.03
    assert np.abs(np.corrcoef(u[:-1, 0], u[1:, 0])[0, 1]) < 0.03


def test_spline_passes_through_its_points_and_keeps_straight_lines():
    knots = np.array([0.0, 0.3, 0.5, 1.2])
    assert np.allclose(skeletons.spline_matrix(knots, knots), np.eye(4))
    at = np.linspace(0, 1.2, 17)
    assert np.allclose(skeletons.spline_matrix(knots, at) @ (3 * knots - 1), 3 * at - 1)
    assert np.allclose(skeletons.spline_matrix(np.array([0.0, 2.0]), np.array([0.5])), [[0.75, 0.25]])


def test_spline_has_no_kink_at_a_point():
    knots, step = np.array([0.0, 0.4, 1.0, 1.3]), 1e-5
    around = np.array([0.4 - step, 0.4, 0.4 + step])
    before, there, after = skeletons.spline_matrix(knots, around) @ np.array([0.0, 1.0, -1.0, 0.5])
    assert abs((after - there) / step - (there - before) / step) < 1e-2


def test_skeletons_join_their_segments():
    for styles in skeletons.skeletons():
        for skeleton in styles:
            path = skeleton.basis @ skeleton.points
            assert np.hypot(*(path[skeleton.ends] - path[skeleton.starts]).T).max() < 0.15
            assert skeleton.along.min() == 0
            assert skeleton.along.max() == 1
            assert path.min() > -0.1
            assert path.max() < 1.1


def test_pen_draws_a_bar_of_the_right_width_and_place():
    a = np.array([[[4.0, 10.0]]], dtype=np.float32)
    b = np.array([[[20.0, 10.0]]], dtype=np.float32)
    radius = np.full((1, 1), 1.5, dtype=np.float32)
    (image,) = pen.ink(a, b, radius, radius, 28)
    assert image[10, 12] == 255
    assert abs(image[:, 12].sum() / 255 - 3) < 0.05
    assert np.array_equal(image[10 - np.arange(5), 12], image[10 + np.arange(5), 12])
    assert image[:, :2].max() == image[:, 23:].max() == 0


def test_pen_may_touch_the_border():
    a = np.array([[[0.0, 0.0], [27.0, 0.0]]], dtype=np.float32)
    b = np.array([[[27.0, 27.0], [27.0, 27.0]]], dtype=np.float32)
    radius = np.full((1, 2), 2.0, dtype=np.float32)
    (image,) = pen.ink(a, b, radius, radius, 28)
    assert image[0, 0] == image[27, 27] == image[0, 27] == 255
    assert image[27, 0] == 0


def test_the_registry_draws_as_many_as_asked_for(tmp_path):
    assert len(datasets.load("strokes", tmp_path, count=123)) == 123
    larger = datasets.load("strokes", tmp_path, train=False, size=32, count=5)
    assert larger.images.shape == (5, 32, 32, 1)
    assert larger.factors.shape == (5, 6)
    assert np.array_equal(larger.images[:, 2:-2, 2:-2], strokes.load(train=False, count=5).images)
