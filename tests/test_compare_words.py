"""What a comparison says and shows, by itself: which models, in which words, how many pictures."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from compare_desk import known, of

from genstudio.ui.latent.compare_room import room_for, some
from genstudio.ui.latent.compare_state import CompareState, between, choose
from genstudio.ui.latent.compare_words import mean_error, reach, spread, words


def test_one_model_of_each_kind_is_chosen_and_the_vae_stands_last() -> None:
    infos = known(v="vae", a="ae", p="pca", second="vae")
    assert choose(infos) == ["a", "p", "v"]
    infos["a"] = dataclasses.replace(infos["a"], size=32)
    assert choose(infos) == ["p", "v"]
    assert choose(known(v="vae", second="vae")) == ["v", "second"]
    assert choose({}) == []


@pytest.mark.parametrize("foreign", [5, None, {"a": 1}, [["a"], 7, None]])
def test_foreign_values_of_a_file_are_left(foreign: object) -> None:
    found = CompareState.from_dict({"models": foreign, "seed": foreign}, known(v="vae", a="ae"))
    assert found == CompareState(("a", "v"), foreign if foreign == 5 else 0)
    assert CompareState.from_dict({"seed": True}, {}) == CompareState(())


def test_models_of_the_same_data_and_as_many_latents_come_first() -> None:
    infos = known(v2="vae", strokes="ae", s="vae", a="ae", p="pca", v="vae")
    infos["v2"], infos["a"] = of(infos["v2"], latent_dim=2), of(infos["a"], latent_dim=infos["v"].latent_dim)
    infos["p"] = of(infos["p"], latent_dim=infos["v"].latent_dim)
    for name in ("strokes", "s"):
        infos[name] = dataclasses.replace(of(infos[name], latent_dim=16), dataset="strokes")
    assert choose(infos) == ["a", "p", "v"], "the largest fair company"
    assert choose(infos, "strokes") == choose(infos, "v2") == ["a", "p", "v"], "whatever was looked at"
    del infos["p"]
    assert choose(infos, "s") == ["strokes", "s"] and choose(infos, "v2") == ["a", "v"], "two kinds of either data"


def test_the_words_follow_from_what_is_seen() -> None:
    infos = known(v="vae", a="ae")
    infos["a"] = of(infos["a"], latent_dim=infos["v"].latent_dim)
    pair, errors, given = [infos["a"], infos["v"]], {0: 0.01, 1: 0.02}, {0: 0.8, 1: 0.8}
    text = words(pair, errors, given, {0: 0.6, 1: 0.9}, {})
    assert text.startswith("<b>a</b> gives") and "0.60 times as much as real ones (<b>a</b>)" in text
    far, seen = {0: 1.62, 1: 1.04}, {0: 0.6, 1: 0.9}
    text = words(pair, errors, given, seen, far)
    assert "<b>1.6×</b> (a) as far from the codes of pictures" in text and "holes" in text
    assert "KL term" in text and text.endswith("<b>1.0×</b> (v).")
    for random, reaches in (
        ({0: 0.3, 1: 0.3}, far),  # the VAE's are all the same, too
        ({0: 0.9, 1: 0.9}, far),
        ({}, far),  # nothing is said of pictures that are not there
        (seen, {}),  # nor of codes that were not measured
        (seen, {0: 1.1, 1: 1.0}),
        (seen, {0: 1.6, 1: 1.5}),
    ):
        assert "holes" not in words(pair, errors, given, random, reaches)
    dead = words(pair, errors, {0: 0.0, 1: 0.8}, {0: 0.0, 1: 0.9}, {0: 1.6, 1: 1.0})
    assert dead.startswith("<error>a</error> gives back one picture, whatever") and "holes" not in dead
    both = words(pair, errors, {0: 0.0, 1: 0.1}, {0: 0.0, 1: 0.0}, {})
    assert both.startswith("<error>a and v</error> give back one picture, whatever")
    assert "holes" not in words([infos["v"], infos["v"]], {}, {}, {}, {})
    assert words([infos["v"]], {}, {}, {}, {}).startswith("One model is here. Train an")


def test_what_cannot_be_compared_is_said_first_and_not_ranked() -> None:
    infos = known(v="vae", a="ae")
    a, v = (of(infos[name], latent_dim=16) for name in "av")
    other = words([dataclasses.replace(a, dataset="strokes"), v], {0: 0.1, 1: 0.2}, {}, {0: 0.3, 1: 0.9}, {})
    assert other.startswith("These models have <b>learnt different data</b> (strokes, MNIST)")
    fewer = words([a, of(v, latent_dim=2)], {0: 0.1, 1: 0.2}, {}, {0: 0.3, 1: 0.9}, {})
    assert fewer.startswith("These models have <b>different numbers of latents</b> (2 and 16)")
    assert not any("best" in text or "holes" in text for text in (other, fewer))


def test_variety_is_the_mean_square_between_two_pictures() -> None:
    black, white = np.zeros((1, 4, 4, 1), np.uint8), np.full((1, 4, 4, 1), 255, np.uint8)
    assert spread(np.concatenate([black, white])) == pytest.approx(1)
    assert spread(np.concatenate([white, white, white])) == spread(white) == 0


def test_random_codes_are_as_far_off_as_codes_that_fill_the_prior_and_farther_from_a_thread_of_them() -> None:
    rng = np.random.default_rng(1)
    normal = rng.standard_normal((300, 8)).astype(np.float32)
    thread = rng.standard_normal((300, 1)).astype(np.float32) * np.ones(8, np.float32)
    still = np.zeros_like(normal)
    assert reach(normal, still) == pytest.approx(1, abs=0.05)
    assert reach(still, still + 1) == pytest.approx(1, abs=0.05), "a VAE whose codes tell nothing: all noise"
    assert reach(thread, still) > 5, "as wide as the prior in every number, and yet elsewhere"
    assert reach(still, still) is None


def test_large_pictures_come_before_many_and_words_stand_before_every_row() -> None:
    assert room_for(3, 28, 1000, 520, 8, 1.0) == (4, 2, 220), "all of them"
    assert room_for(3, 28, 617, 400, 8, 1.0) == (2, 2, 56), "fewer, but 56 pixels wide"
    assert room_for(4, 28, 617, 400, 8, 1.0)[:2] == (4, 2), "too narrow for large ones"
    assert list(some(6, 1)) == [0, 2, 5] and list(some(6, 2)) == list(range(6))


def test_the_way_leads_to_another_class() -> None:
    request = between("m", np.eye(4, dtype=np.float32), ("4", "4", "5", "1"))
    assert request.a == (1, 0, 0, 0) and request.b == (0, 0, 1, 0) and request.path == "lerp"


def test_the_error_is_a_pixels_mean_square() -> None:
    black, white = np.zeros((2, 4, 4, 1), np.uint8), np.full((2, 4, 4, 1), 255, np.uint8)
    assert mean_error(black, white) == pytest.approx(1) and mean_error(white, white) == 0


def test_of_no_models_nothing_is_said() -> None:
    assert words((), {}, {}, {}, {}) == words((), {}, {}, {}, {}, has_more=True) == ""
