"""Measured sliders do what they say: on decoders whose answer is known by hand, and on one that has learned strokes."""

import numpy as np
import pytest

from genstudio.api.measures import MEASURES, measure
from genstudio.core.calibration import LONGEST, calibrate
from genstudio.core.datasets import strokes
from genstudio.core.directions import fit_directions

RNG = np.random.default_rng(0)
CODES = RNG.normal(size=(4000, 6)) @ RNG.normal(size=(6, 6))
JACOBIAN = RNG.normal(size=(6, 3))  # of the measures of decoded pictures by the code


def tangled(shown):
    """Directions by regression from what real pictures have: noise hides part of it, the measures go along."""
    real = shown(CODES) @ np.array([[1, 0.5, 0], [0, 1, 0.4], [0.3, 0, 1]])
    return fit_directions(CODES, real + 0.5 * real.std(0) * RNG.normal(size=real.shape))


def linear(z):
    """Measures of a decoder with a known Jacobian."""
    return z @ JACOBIAN + [1, 2, 3]


def response(directions, show, start, reach=1.0):
    """Own change and cross-talk, (K, K), by deviations of the measures: row k when slider k is moved by one."""
    sliders = reach * np.eye(len(directions.scale))
    moved = [show(directions.move(start, s)) - show(directions.move(start, -s)) for s in sliders]
    return np.array([np.nanmean(change, axis=0) for change in moved]) / (2 * reach * directions.std)


def test_a_linear_decoder_does_as_the_sliders_say_and_holds_the_others():
    found = tangled(linear)
    before = response(found, linear, CODES[:50])
    assert np.diag(before).max() < 0.8, "the regression alone promises more than it does"
    made = calibrate(found, CODES, CODES[:32], linear)
    after = response(made.directions, linear, CODES[:50])
    assert np.diag(after) == pytest.approx(1, abs=1e-6)
    assert np.abs(after - np.eye(3)).max() < 0.06
    assert made.answer == pytest.approx(np.array([[-1.0] * 3, [1.0] * 3]), abs=1e-6)
    assert made.spill == pytest.approx(np.sqrt(((after - np.eye(3)) ** 2).sum(1) / 2), abs=1e-6)


def test_only_the_moves_change():
    found = tangled(linear)
    made = calibrate(found, CODES, CODES[:32], linear).directions
    for name in ("mean_code", "mean", "std", "r2", "weights", "low", "high"):
        assert np.array_equal(getattr(made, name), getattr(found, name))
    assert np.allclose(np.linalg.norm(made.units, axis=1), 1)


def test_a_measure_that_the_decoder_cannot_move_has_no_answer_and_stays_among_the_codes():
    def stuck(z):
        return linear(z) * [1, 0, 1]

    found = tangled(linear)
    made = calibrate(found, CODES, CODES[:32], stuck)
    assert made.answer[:, 1] == pytest.approx(0, abs=1e-9)
    assert made.answer[:, [0, 2]] == pytest.approx(np.array([[-1, -1], [1, 1]]), abs=1e-6)
    steps = made.directions.units * made.directions.scale[:, None]
    length = np.sqrt((steps @ np.linalg.inv(np.cov(CODES.T)) * steps).sum(1))
    assert np.isfinite(steps).all() and length.max() <= LONGEST * 1.001
    before = found.units[1] * found.scale[1]
    assert length[1] <= np.sqrt(before @ np.linalg.inv(np.cov(CODES.T)) @ before) * 1.001, "no longer than it was"


def test_a_decoder_that_goes_down_but_not_up_errs_least():
    def capped(z):
        return np.minimum(linear(z), linear(CODES[:1]))

    found = tangled(linear)
    made = calibrate(found, CODES, np.repeat(CODES[:1], 4, 0), capped)
    assert made.answer[0] == pytest.approx(-1, abs=1e-6), "down it goes all the way that it can"
    assert made.answer[1] == pytest.approx(0, abs=0.05)


def test_more_measures_than_dimensions_share_the_moves_there_are():
    flat = CODES[:, :2]

    def shown(z):
        return z @ np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])

    noise = RNG.normal(size=(len(flat), 3))
    made = calibrate(fit_directions(flat, shown(flat) + noise), flat, flat[:32], shown)
    after = response(made.directions, shown, flat[:50])
    assert np.diag(after) == pytest.approx(1, abs=1e-6)
    assert made.spill.min() > 0.2, "and what cannot be held is told"


def test_pictures_without_ink_do_not_count():
    def some(z):
        return np.where((z[:, :1] > CODES[:5, 0].max()) & (z[:, :1] < 100), np.nan, linear(z))

    found = tangled(linear)
    made = calibrate(found, CODES, CODES[:32], some)
    assert np.diag(response(made.directions, linear, CODES[:50])) == pytest.approx(1, abs=1e-6)
    never = calibrate(found, CODES, CODES[:32], lambda z: np.full((len(z), 3), np.nan))
    assert np.array_equal(never.answer, np.zeros((2, 3))) and np.isfinite(never.directions.units).all()


def test_sliders_over_strokes_move_pictures_as_far_as_they_say():
    """PCA of digits as the decoder: pictures follow the regression half-way, and the calibrated sliders as far."""
    images = strokes.load(count=4000).images
    pixels = images.reshape(len(images), -1) / 255
    centre = pixels.mean(0)
    components = np.linalg.svd(pixels - centre, full_matrices=False)[2][:32]
    codes = (pixels - centre) @ components.T

    def show(z):
        decoded = (z @ components + centre).clip(0, 1)
        return measure((decoded * 255).round().astype(np.uint8).reshape(-1, 28, 28, 1))

    found = fit_directions(codes[:3000], measure(images[:3000]))
    made = calibrate(found, codes[:3000], codes[:32], show)
    unseen = codes[3000:3200]
    before, after = (response(d, show, unseen) for d in (found, made.directions))
    off = 1 - np.eye(len(MEASURES))
    print(before.round(2), after.round(2), sep="\n")
    assert np.diag(before).min() < 0.3
    assert np.abs(np.diag(after) - 1)[[0, 1, 3, 4]].max() < 0.25
    assert 0.5 < after[2, 2] < 1.2 and abs(before[2, 2]) < 0.2, "size: a sum of fixed pictures can hardly change it"
    assert np.sqrt((after**2 * off).mean()) < np.sqrt(((before / np.diag(before)[:, None]) ** 2 * off).mean())
    assert np.array_equal(made.directions.r2, found.r2)
