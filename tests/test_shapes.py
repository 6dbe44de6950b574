"""Generated sprites: the same for ever, and every factor moves what it names and nothing else."""

import numpy as np
import pytest

from genstudio.core import datasets
from genstudio.core.datasets import shapes


@pytest.fixture(scope="module")
def sprites():
    return shapes.load(count=3000)


def ink(images):
    """White pixels of every picture, fractions counted."""
    return images.sum(axis=(1, 2, 3)) / 255


def moments(images):
    """Centre of mass from the picture's middle, (N, 2) as x, y, and second moments xx, yy, xy about it, (N, 3)."""
    weight = images[..., 0] / ink(images)[:, None, None] / 255
    y, x = np.mgrid[: shapes.SIZE, : shapes.SIZE] - (shapes.SIZE - 1) / 2
    centre = np.stack([(weight * x).sum((1, 2)), (weight * y).sum((1, 2))], axis=1)
    dx, dy = x - centre[:, 0, None, None], y - centre[:, 1, None, None]
    second = [(weight * a * b).sum((1, 2)) for a, b in ((dx, dx), (dy, dy), (dx, dy))]
    return centre, np.stack(second, axis=1)


def test_a_picture_does_not_depend_on_how_many_are_drawn(sprites):
    chosen = np.array([2999, 3, 512, 77, 1024], dtype=np.uint64)
    alone = shapes.draw(chosen)
    assert np.array_equal(alone.images, sprites.images[chosen.astype(int)])
    assert np.array_equal(alone.factors, sprites.factors[chosen.astype(int)])
    assert np.array_equal(shapes.load(count=10).images, sprites.images[:10])


def test_seed_and_part_change_the_pictures(sprites):
    assert np.array_equal(shapes.load(count=50, seed=1).images, shapes.load(count=50, seed=1).images)
    assert not np.array_equal(shapes.load(count=50, seed=1).images, sprites.images[:50])
    assert not np.array_equal(shapes.load(train=False, count=50).images, sprites.images[:50])


def test_the_registry_draws_them(tmp_path, sprites):
    loaded = datasets.load("shapes", tmp_path, count=123)
    assert loaded.images.shape == (123, 32, 32, 1) and loaded.images.dtype == np.uint8
    assert loaded.title == "Shapes" and loaded.note
    assert loaded.classes == ("square", "ellipse", "heart") and loaded.counts() == (41, 41, 41)
    assert loaded.factor_names == shapes.FACTORS and np.array_equal(loaded.factors, sprites.factors[:123])
    smaller = datasets.load("shapes", tmp_path, size=28, count=123)
    assert np.array_equal(ink(smaller.images), ink(loaded.images)), "the smaller picture cuts no sprite"


def test_factors_lie_on_their_grids_and_are_independent(sprites):
    assert [np.unique(column).size for column in sprites.factors.T] == [3, 6, 40, 32, 32]
    low, high = sprites.factors.min(axis=0), sprites.factors.max(axis=0)
    assert np.allclose(low, [0, 0.5, 0, -7.75, -7.75]) and np.allclose(high, [2, 1, 351, 7.75, 7.75])
    assert np.abs(np.corrcoef(sprites.factors.T) - np.eye(5)).max() < 0.06
    assert np.array_equal(sprites.factors[:, 0], sprites.labels)


def test_x_and_y_are_the_centre_of_mass_and_scale_the_root_of_the_area(sprites):
    centre, _ = moments(sprites.images)
    assert np.abs(centre - sprites.factors[:, 3:]).max() < 0.03
    side = np.sqrt(ink(sprites.images))
    assert np.abs(side - shapes.SIDE_PX * sprites.factors[:, 1]).max() < 0.15


def test_rotation_turns_an_ellipses_long_axis_clockwise(sprites):
    mine = sprites.labels == shapes.CLASSES.index("ellipse")
    _, (xx, yy, xy) = (part.T for part in moments(sprites.images[mine]))
    axis = np.degrees(np.arctan2(2 * xy, xx - yy)) / 2  # y runs downwards: clockwise from the right
    error = (axis - sprites.factors[mine, 2] + 90) % 180 - 90
    assert np.abs(error).max() < 4


def test_symmetric_sprites_hide_their_rotation_and_hearts_do_not():
    stamps = shapes._stamps().astype(int)[:, -1, :, 0, 0]  # (shape, rotation, y, x)
    square, ellipse, heart = np.abs(stamps[:, [10, 20]] - stamps[:, :1]).max(axis=(2, 3))  # 90, 180 degrees
    assert square.max() < 8 and ellipse[1] < 8
    assert ellipse[0] == 255 and heart.min() == 255


def test_a_heart_stands_upright_at_zero():
    heart = shapes._inside()[shapes.CLASSES.index("heart"), -1, 0]
    assert np.array_equal(heart, heart[:, ::-1])
    widths = heart.sum(axis=1)[heart.any(axis=1)]
    assert widths[:10].mean() > 3 * widths[-10:].mean(), "lobes above, a tip below"


def test_sprites_are_white_on_black_with_soft_edges(sprites):
    images = sprites.images[..., 0]
    assert images[:, [0, 1, -2, -1]].max() == images[:, :, [0, 1, -2, -1]].max() == 0
    assert (images.max(axis=(1, 2)) == 255).all()
    soft = (images > 0) & (images < 255)
    assert (soft.sum(axis=(1, 2)) > 0).mean() > 0.95


def test_a_chosen_number_keeps_its_picture():
    """Published models were trained on these pictures."""
    drawn = shapes.draw(np.array([7, shapes.TEST_FIRST + 7], dtype=np.uint64))
    assert np.allclose(drawn.factors, [[1, 0.6, 54, 0.25, -6.25], [2, 0.6, 216, 3.25, -0.25]])
