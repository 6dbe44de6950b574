"""Damage, differences, posteriors and the state of the picture page. No Qt."""

from __future__ import annotations

import json

import numpy as np
import pytest
from picture_desk import study

from genstudio import api
from genstudio.api import pack, unpack
from genstudio.ui.latent.picture_state import (
    PictureState,
    corrupt,
    difference,
    is_empty,
    posterior,
    share_easier,
    two_largest,
)
from genstudio.ui.latent.picture_words import back_sentence, corrupt_sentence, percent

RAMP = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)


def encoded(mu: list[float], sigma: list[float]) -> api.EncodedEvent:
    codes = np.array([mu], np.float32), np.array([sigma], np.float32)
    request = api.EncodeRequest("m", RAMP[None])
    return api.EncodedEvent(request, *codes, RAMP[None], RAMP[None], np.zeros(1, np.float32), "nats", "", 1.0)


def test_a_state_comes_back_from_json_with_its_picture() -> None:
    state = PictureState("m", picture=pack(RAMP), view="corrupt", box=(0.1, 0.2, 0.3, 0.4), seed=5)
    again = PictureState.from_dict(json.loads(json.dumps(state.to_dict())))
    assert again == state
    assert np.array_equal(unpack(again.picture, RAMP.shape), RAMP)


@pytest.mark.parametrize(
    "change", [{"view": "upside down"}, {"noise": 7}, {"box": [0, 1]}, {"seed": -1}, {"foreign": 1}, {"brush": "wide"}]
)
def test_what_is_no_state_is_refused(change: dict) -> None:
    assert PictureState.from_dict({**PictureState("m").to_dict(), **change}) is None


@pytest.mark.parametrize("text", ["", "16x16x1:", "16x16x1:%%%", "8x8x1:eJw=", pack(RAMP[:8]), pack(RAMP)[:-12]])
def test_what_is_no_packed_picture_is_none(text: str) -> None:
    assert unpack(text, (16, 16, 1)) is None


def test_the_same_seed_does_the_same_damage_and_leaves_the_picture_alone() -> None:
    state, before = PictureState("m", noise=0.2, missing="share", share=0.25, seed=3), RAMP.copy()
    spoilt = corrupt(RAMP, state, 7)
    assert np.array_equal(spoilt, corrupt(RAMP, state, 7)) and np.array_equal(RAMP, before)
    assert not np.array_equal(spoilt, corrupt(RAMP, PictureState("m", noise=0.2, missing="share", seed=4), 7))


def test_scattered_pixels_are_as_many_as_asked_for() -> None:
    light = np.full((20, 20, 3), 200, np.uint8)
    spoilt = corrupt(light, PictureState("m", noise=0.0, missing="share", share=0.3), 0)
    assert (spoilt == 0).all(axis=2).sum() == 120 and (spoilt[(spoilt != 0).any(axis=2)] == 200).all()


def test_a_box_takes_away_what_is_inside_and_nothing_else() -> None:
    light = np.full((20, 20, 1), 200, np.uint8)
    spoilt = corrupt(light, PictureState("m", noise=0.0, missing="box", box=(0.5, 0.0, 1.0, 0.25)), 9)
    assert (spoilt[:5, 10:] == 9).all() and (spoilt == 9).sum() == 50


def test_a_difference_is_grey_where_there_is_none_and_shows_its_sign() -> None:
    black, white = np.zeros((1, 1, 1), np.uint8), np.full((1, 1, 1), 255, np.uint8)
    assert difference(white, white)[0, 0, 0] == 128
    assert difference(black, white)[0, 0, 0] == 255 and difference(white, black)[0, 0, 0] == 0


def test_codes_drawn_have_the_posteriors_mean_and_spread() -> None:
    codes = np.array(posterior(encoded([1.0, -2.0], [0.1, 0.5]), seed=1, count=4000))
    assert np.allclose(codes.mean(0), [1, -2], atol=0.03) and np.allclose(codes.std(0), [0.1, 0.5], rtol=0.05)
    assert posterior(encoded([1.0, -2.0], [0.1, 0.5]), 1, 3) == tuple(map(tuple, codes[:3].tolist()))


def test_the_two_numbers_farthest_from_nought_are_shown() -> None:
    assert two_largest(np.array([0.1, -3.0, 0.2, 2.0], np.float32)) == (1, 3)
    assert two_largest(np.array([0.4], np.float32)) == (0, 0)


def test_a_planted_outlier_is_harder_than_all_others() -> None:
    errors = np.sort(np.random.default_rng(0).normal(100, 10, 2000)).astype(np.float32)
    assert share_easier(errors, 400.0) == 1.0 and percent(1.0) == "over 99 %"
    assert share_easier(errors, float(np.median(errors))) == pytest.approx(0.5, abs=0.01)


def test_the_hardest_picture_is_harder_than_over_99_per_cent() -> None:
    wide, one = np.zeros((1, 4), np.float32), np.zeros((1, 2, 2, 1), np.uint8)
    event = api.EncodedEvent(
        api.EncodeRequest("m", one), wide, wide, one, one, np.array([9.0], np.float32), "nats", "", 1.0
    )
    easy = study(api.StudyRequest("m"))
    easy.errors[:] = 1.0
    for converted in ("", "inverted"):
        words = back_sentence(event, easy, converted)
        assert "harder" in words and "than over 99 % of" in words and "more than over" not in words


def test_a_picture_of_one_shade_shows_nothing() -> None:
    assert is_empty(np.full((8, 8, 1), 40, np.uint8)) and not is_empty(RAMP)


@pytest.mark.parametrize(
    ("left", "words"), [(20.9, "as far from the clean one as"), (9.0, "is nearer to"), (40.0, "no nearer to")]
)
def test_a_restored_picture_is_called_nearer_only_where_the_numbers_say_so(left, words) -> None:
    assert words in corrupt_sentence(21.0, left)
