"""Directions that change one measure and hold the others: planted ones are found, and digits lean and thicken."""

import numpy as np
import pytest

from genstudio.api.measures import measure
from genstudio.core.datasets import strokes
from genstudio.core.directions import fit_directions


@pytest.fixture
def planted():
    """Codes (N, 6) made of three correlated factors (N, 3) along directions not at right angles, and a little noise."""
    rng = np.random.default_rng(0)
    true = rng.normal(size=(3, 6))
    factors = rng.normal(size=(4000, 3)) @ np.array([[1, 0.6, 0], [0, 0.8, 0.3], [0, 0, 1]]) * [1, 5, 0.2] + [0, 30, 7]
    codes = factors @ true + 0.001 * rng.normal(size=(4000, 6)) + 2
    return codes, factors, true


@pytest.fixture(scope="module")
def digits():
    return strokes.load(count=4000)


@pytest.fixture(scope="module")
def principal(digits):
    """Mean, components (128, 784) and codes (N, 128) of the digits' pixels by SVD."""
    pixels = digits.images.reshape(len(digits), -1) / 255
    mean = pixels.mean(0)
    components = np.linalg.svd(pixels - mean, full_matrices=False)[2][:128]
    return mean, components, (pixels - mean) @ components.T


def principal_codes(pixels, count):
    """Codes (N, count) of pictures by SVD."""
    centred = pixels - pixels.mean(0)
    return centred @ np.linalg.svd(centred, full_matrices=False)[2][:count].T


def angle_deg(a, b):
    """Between the rows of two matrices."""
    cosine = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def test_planted_directions_are_found(planted):
    codes, factors, true = planted
    found = fit_directions(codes, factors)
    assert angle_deg(found.units, true).max() < 0.5
    assert np.allclose(found.scale, np.linalg.norm(true, axis=1) * factors.std(0), rtol=1e-3)
    assert np.allclose(np.linalg.norm(found.units, axis=1), 1)
    assert found.r2.min() > 0.999
    assert np.allclose(found.predict(codes), factors, atol=0.02)
    assert np.allclose(found.mean_code, codes.mean(0)) and np.allclose(found.mean, factors.mean(0))


def test_a_slider_moves_its_measure_by_one_deviation_and_leaves_the_others(planted):
    codes, factors, _ = planted
    found = fit_directions(codes, factors)
    for k in range(3):
        moved = found.predict(found.move(codes[:50], np.eye(3)[k])) - found.predict(codes[:50])
        assert np.allclose(moved / found.std, np.eye(3)[k], atol=0.01)
    assert np.allclose(found.move(codes[:2], np.zeros(3)), codes[:2])
    assert found.move(codes[0], [[1, 0, 0], [0, 2, 0]]).shape == (2, 6)


def test_a_single_measure_would_drag_its_companions_along(planted):
    """What `jointly` is for: alone, the first factor's direction also moves the second, which goes along with it."""
    codes, factors, _ = planted
    together, alone = fit_directions(codes, factors), fit_directions(codes, factors[:, :1])
    moved = together.predict(alone.move(codes[:1], [1])) - together.predict(codes[:1])
    assert moved[0, 1] / together.std[1] > 0.5


def test_noise_explains_nothing():
    rng = np.random.default_rng(1)
    found = fit_directions(rng.normal(size=(5000, 8)), rng.normal(size=(5000, 2)))
    assert np.abs(found.r2).max() < 0.02
    assert found.scale.max() < 0.1, "and its slider goes nowhere"


def test_more_measures_than_dimensions_and_dead_dimensions_are_fine(planted):
    _, factors, _ = planted
    codes = np.stack([factors[:, 0], np.full(len(factors), 3.0)], axis=1)
    found = fit_directions(codes, factors)
    assert np.isfinite(found.units).all() and np.allclose(found.units[:, 1], 0, atol=1e-9)
    assert found.r2[0] == pytest.approx(1) and found.r2[2] < 0.2


@pytest.fixture
def collapsed():
    """Posterior means (N, 4), their variances (4,) and a measure (N, 1): two latents tell it, two are dead.

    The mean codes of the dead ones hardly vary, and what they vary goes along with the measure, as in a VAE whose
    encoder leaks a little of what its decoder does not read.
    """
    rng = np.random.default_rng(5)
    alive = rng.normal(size=(4000, 2))
    value = alive @ [8.0, -3.0] + 2 * rng.normal(size=4000)
    leak = 0.01 * (value[:, None] - alive @ [[8.0], [-3.0]]) @ [[1, -1]] + 0.01 * rng.normal(size=(4000, 2))
    return np.concatenate([alive, leak], 1), np.array([0.02, 0.1, 0.999, 0.999]), value[:, None]


def test_latents_that_tell_nothing_have_no_weight(collapsed):
    means, spread, value = collapsed
    found = fit_directions(means, value, spread=spread)
    assert np.allclose(found.weights[:, 0], [8 / 1.02, -3 / 1.1, 0, 0], atol=0.2)
    prior = np.random.default_rng(6).normal(size=(1000, 4))
    shown = prior[:, :2] @ [8.0, -3.0]  # the decoder does not read the dead ones
    assert np.abs(found.predict(prior)[:, 0] - shown).mean() < 0.5
    naive = fit_directions(means, value)
    assert np.abs(naive.predict(prior)[:, 0] - shown).mean() > 30, "which is what the spread is for"


def test_the_weights_are_those_of_codes_drawn_from_the_posterior(collapsed):
    means, spread, value = collapsed
    found = fit_directions(means, value, spread=spread)
    many = np.repeat(means, 25, 0)
    drawn = many + np.sqrt(spread) * np.random.default_rng(7).normal(size=many.shape)
    sampled = fit_directions(drawn, np.repeat(value, 25, 0))
    assert np.allclose(found.weights, sampled.weights, atol=0.1)
    assert found.r2 == pytest.approx(sampled.r2, abs=0.01)
    assert found.r2[0] < fit_directions(means, value).r2[0], "a code of the posterior tells less than the mean code"


def test_without_spread_it_is_ordinary_least_squares(planted):
    codes, factors, _ = planted
    plain, zero = fit_directions(codes, factors), fit_directions(codes, factors, spread=np.zeros(6))
    assert np.array_equal(plain.weights, zero.weights) and np.array_equal(plain.r2, zero.r2)
    assert np.array_equal(plain.low, factors.min(0)) and np.array_equal(plain.high, factors.max(0))
    for spread in (np.ones(5), -np.ones(6), np.full(6, np.inf)):
        with pytest.raises(ValueError, match="spread must be 6 finite numbers"):
            fit_directions(codes, factors, spread=spread)


def test_rows_without_a_measure_are_left_out(planted):
    codes, factors, _ = planted
    spoilt, codes_too = factors.copy(), codes.copy()
    spoilt[::7, 1] = np.nan
    codes_too[::7] = 1e6
    found, clean = (
        fit_directions(codes_too, spoilt),
        fit_directions(np.delete(codes, np.s_[::7], 0), np.delete(factors, np.s_[::7], 0)),
    )
    assert np.array_equal(found.units, clean.units) and np.array_equal(found.r2, clean.r2)


def test_the_seed_chooses_the_rows_held_out(planted):
    codes, factors, _ = planted
    codes = codes + np.random.default_rng(2).normal(size=codes.shape)
    assert np.array_equal(fit_directions(codes, factors).r2, fit_directions(codes, factors).r2)
    assert not np.array_equal(fit_directions(codes, factors).r2, fit_directions(codes, factors, seed=1).r2)


def test_codes_tell_the_measured_slant_and_stroke_width(digits, principal):
    found = fit_directions(principal[2], measure(digits.images))
    print("R2 of slant, stroke width, size, height, ink:", found.r2.round(3))
    assert found.r2[0] > 0.9 and found.r2[1] > 0.87 and found.r2[4] > 0.99


@pytest.mark.parametrize("digit", range(10))
def test_codes_recover_the_slant_and_thickness_a_digit_was_drawn_with(digit):
    """Digit by digit, because a linear rule over all of them would have to know which one it looks at."""
    index = np.arange(digit, 15_000, 10, dtype=np.uint64)
    drawn = strokes.draw(index)
    pixels = drawn.images.reshape(len(drawn), -1) / 255
    codes = principal_codes(pixels, 48)
    thickness = drawn.factors[:, strokes.FACTORS.index("thickness_px")]
    found = fit_directions(codes, np.stack([strokes.lean_deg(index), thickness], axis=1))
    assert found.r2.min() > 0.9, found.r2


def test_moved_digits_lean_and_hold_their_stroke(digits, principal):
    mean, components, codes = principal
    found = fit_directions(codes, measure(digits.images))

    def shown(sliders):
        pixels = found.move(codes[:500], sliders) @ components + mean
        return measure((pixels.clip(0, 1) * 255).round().astype(np.uint8).reshape(-1, 28, 28, 1))

    change = np.array([(shown(s) - shown(-s)).mean(0) / found.std / 2 for s in np.eye(5)])
    print("shown change a slider unit (rows: slider; columns: slant, stroke width, size, height, ink)")
    print(change.round(2))
    assert change[0, 0] > 0.4 and np.abs(change[0, 1:]).max() < 0.2
    assert change[1, 1] > 0.2 and abs(change[1, 0]) < 0.1


@pytest.mark.parametrize(
    ("codes", "values", "message"),
    [
        (np.zeros((30, 2)), np.zeros((29, 1)), r"codes are \(30, 2\) and values \(29, 1\)"),
        (np.zeros(30), np.zeros(30), r"must be \(N, D\) and \(N, K\)"),
        (np.zeros((19, 2)), np.zeros((19, 1)), "19 pictures have all measures; 2 dimensions need at least 20"),
        (np.zeros((40, 2)), np.full((40, 1), np.nan), "0 pictures have all measures"),
        (np.zeros((100, 64)), np.zeros((100, 1)), "64 dimensions need at least 130"),
        (np.full((40, 2), np.inf), np.arange(40.0)[:, None], "must be finite"),
        (np.eye(40)[:, :2], np.full((40, 1), 0.1), "measure 0 is the same in all pictures"),
        (np.eye(40)[:, :2], np.arange(40.0)[:, None] * [1, 2], "determined by the others"),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_a_sentence(codes, values, message):
    with pytest.raises(ValueError, match=message):
        fit_directions(codes, values)
