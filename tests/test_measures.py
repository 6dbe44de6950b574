"""Measures read off pictures: bars whose numbers are known by hand, and digits whose factors are."""

import numpy as np
import pytest

from genstudio.api.measures import MEASURES, measure
from genstudio.core.datasets import shapes, strokes


def bar(width, height, lean_deg=0.0, size=28, left=10):
    """A white bar (1, size, size, 1), antialiased, sheared about its middle row to lean right."""
    fine = (np.arange(16 * size) + 0.5) / 16
    x, y = np.meshgrid(fine, fine)
    x = x + np.tan(np.radians(lean_deg)) * (y - size / 2)
    inside = (x >= left) & (x < left + width) & (np.abs(y - size / 2) < height / 2)
    return (inside.reshape(size, 16, size, 16).mean((1, 3)) * 255).round().astype(np.uint8)[None, ..., None]


def ring(radius, width, size=32):
    """A white ring (1, size, size, 1), antialiased."""
    fine = (np.arange(16 * size) + 0.5) / 16 - size / 2
    inside = np.abs(np.hypot(fine, fine[:, None]) - radius) < width / 2
    return (inside.reshape(size, 16, size, 16).mean((1, 3)) * 255).round().astype(np.uint8)[None, ..., None]


def one(name, image):
    """One measure of one picture."""
    return measure(image, [name]).item()


@pytest.fixture(scope="module")
def digits():
    return strokes.load(count=3000)


def test_a_vertical_bar_by_hand():
    image = bar(3, 24)
    assert one("slant", image) == pytest.approx(0, abs=1e-4)
    assert one("height", image) == pytest.approx(24, abs=1e-3)
    assert one("size", image) == pytest.approx(np.sqrt(3 * 24), abs=1e-3)
    assert one("ink", image) == pytest.approx(3 * 24 / 28**2, abs=1e-6)
    assert one("stroke width", image) == pytest.approx(3 * 24 / (3 + 24), rel=0.03)  # its ends count


@pytest.mark.parametrize("lean", [-30, -10, 5, 20, 40])
def test_a_sheared_bar_shows_its_angle(lean):
    assert one("slant", bar(3, 20, lean, left=12.5)) == pytest.approx(lean, abs=0.3)


@pytest.mark.parametrize("width", [2, 3, 4.5])
def test_a_ring_without_ends_shows_its_width(width):
    assert one("stroke width", ring(9, width)) == pytest.approx(width, rel=0.05)


def test_measures_follow_by_fractions_of_a_pixel():
    assert one("height", bar(3, 20.5)) == pytest.approx(20.5, abs=0.3)
    assert one("height", bar(3, 21)) == one("height", bar(3, 21, left=4.0))
    widths = [one("stroke width", bar(width, 24)) for width in np.arange(1.5, 6, 0.25)]
    assert np.all(np.diff(widths) > 0)


def test_grey_levels_scale_the_ink_alone():
    image = bar(3, 20, 15)
    faint = image // 2
    names = ["slant", "stroke width", "size", "height"]
    assert np.allclose(measure(faint, names), measure(image, names), atol=0.1)
    assert one("ink", faint) == pytest.approx(one("ink", image) / 2, rel=0.02)


def test_colour_counts_by_the_mean_of_its_channels():
    grey = bar(3, 20, 10)
    assert np.allclose(measure(np.repeat(grey, 3, axis=3)), measure(grey))
    red = np.concatenate([grey, grey * 0, grey * 0], axis=3)
    assert one("ink", red) == pytest.approx(one("ink", grey) / 3)


def test_slant_is_the_digits_slant(digits):
    _, slant, rotation, *_ = digits.factors.T
    shown = measure(digits.images, ["slant"])[:, 0]
    each = [correlation(shown, slant + rotation, digits.labels == k) for k in range(10)]
    alone = [correlation(shown, slant, digits.labels == k) for k in range(10)]
    print("slant with slant + rotation, each digit:", np.round(each, 3), "all:", correlation(shown, slant + rotation))
    print("slant with slant alone, each digit:", np.round(alone, 3), "all:", correlation(shown, slant))
    assert min(each) > 0.8 and np.median(each) > 0.9


def test_stroke_width_is_the_pens_thickness(digits):
    thickness = digits.factors[:, strokes.FACTORS.index("thickness_px")]
    shown = measure(digits.images, ["stroke width"])[:, 0]
    each = [correlation(shown, thickness, digits.labels == k) for k in range(10)]
    print("stroke width with thickness, each digit:", np.round(each, 3), "all:", correlation(shown, thickness))
    assert min(each) > 0.9 and correlation(shown, thickness) > 0.9
    assert np.abs(shown - thickness).mean() < 0.3


def test_the_height_of_a_one_is_the_height_asked_for(digits):
    tall = digits.labels == 1
    height = digits.factors[tall, strokes.FACTORS.index("height_px")]
    shown = measure(digits.images[tall], ["height"])[:, 0]
    print("height with the height asked for, ones:", correlation(shown, height))
    assert correlation(shown, height) > 0.88


def test_ink_and_size_are_the_scale_of_sprites():
    sprites = shapes.load(count=600)
    size, ink = measure(sprites.images, ["size", "ink"]).T
    scale = sprites.factors[:, 1]
    print("size with scale:", correlation(size, scale), "root of ink with scale:", correlation(np.sqrt(ink), scale))
    assert correlation(size, scale) > 0.9 and correlation(np.sqrt(ink), scale) > 0.99


def correlation(a, b, where=slice(None)):
    """Pearson's, of the chosen rows."""
    return float(np.corrcoef(a[where], b[where])[0, 1])


def test_a_picture_without_ink_has_no_measures_and_spoils_no_other():
    batch = np.concatenate([np.zeros((1, 28, 28, 1), np.uint8), bar(3, 20)])
    values = measure(batch)
    assert np.isnan(values[0]).all()
    assert np.array_equal(values[1:], measure(batch[1:]))


def test_odd_pictures_are_measured_without_a_warning():
    white = np.full((1, 28, 28, 1), 255, np.uint8)
    assert np.allclose(measure(white), [0, 14, 28, 28, 1], atol=0.3)
    dot = np.zeros((1, 28, 28, 1), np.uint8)
    dot[0, 5, 7] = 9
    slant, width, size, height, ink = measure(dot)[0]
    assert np.isnan(slant) and height == size == pytest.approx(1) and 0 < width < 1 and ink > 0
    assert measure(white[:0]).shape == (0, len(MEASURES))
    assert measure(np.zeros((2, 1, 1, 1), np.uint8)).shape == (2, len(MEASURES))


def test_chunks_leave_no_seam(digits, monkeypatch):
    whole = measure(digits.images[:50])
    monkeypatch.setattr("genstudio.api.measures.CHUNK", 7)
    assert np.array_equal(measure(digits.images[:50]), whole)


def test_an_unknown_measure_is_named():
    with pytest.raises(ValueError, match=r"no measure 'colour'; known measures: slant, stroke width"):
        measure(bar(3, 20), ["colour"])


def test_every_measure_says_what_it_is():
    assert {"slant", "stroke width", "size", "height", "ink"} == set(MEASURES)
    assert all(entry.help.endswith(".") for entry in MEASURES.values())
