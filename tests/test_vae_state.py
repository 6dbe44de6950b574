"""The state of Explore: codes along a path, the words for a place in the prior, what is remembered."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from genstudio.core.latents import PATHS
from genstudio.ui.tabs.vae_state import VaeState, along
from genstudio.ui.tabs.vae_words import mean_distance, place_sentence, rare, share_farther


@pytest.mark.parametrize("path", ["lerp", "slerp"])
def test_the_window_goes_the_way_the_compute_side_goes(path) -> None:
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=16), rng.normal(size=16)
    w = torch.linspace(0, 1, 9, dtype=torch.float64)
    theirs = PATHS[path](torch.from_numpy(a), torch.from_numpy(b), w).numpy()
    assert np.allclose([along(a, b, float(k), path) for k in w], theirs)


def test_slerp_of_parallel_and_zero_codes_is_a_straight_line() -> None:
    a, zero = np.ones(4), np.zeros(4)
    assert np.allclose(along(a, 2 * a, 0.5, "slerp"), 1.5 * a)
    assert np.allclose(along(zero, a, 0.25, "slerp"), 0.25 * a)
    assert np.allclose(along(a, -a, 0.5, "slerp"), zero)
    theirs = PATHS["slerp"](torch.zeros(4), torch.ones(4), torch.tensor([0.25]))
    assert torch.equal(theirs, torch.full((1, 4), 0.25))


@pytest.mark.parametrize("latents", [1, 2, 3, 16, 100, 256])
def test_the_share_farther_out_is_the_upper_gamma_function(latents) -> None:
    for distance in (0.0, 0.01, 0.5, 1, 2, 4, 7, 12, 20, 30):
        s, x = (torch.tensor(v, dtype=torch.float64) for v in (latents / 2, distance**2 / 2))
        assert share_farther(distance, latents) == pytest.approx(float(torch.special.gammaincc(s, x)), abs=1e-12)


def test_the_mean_distance_is_that_of_many_random_codes() -> None:
    codes = np.random.default_rng(0).normal(size=(200_000, 16))
    assert mean_distance(16) == pytest.approx(np.linalg.norm(codes, axis=1).mean(), abs=0.005)
    assert mean_distance(2) == pytest.approx(math.sqrt(math.pi / 2))


def test_the_words_tell_a_usual_code_from_one_that_the_prior_never_draws() -> None:
    usual, far, near = np.full(16, 1.0), np.full(16, 1.8), np.full(16, 0.02)
    assert "lies <b>4.0 σ</b>" in place_sentence(usual) and "<b>45 %</b>" in place_sentence(usual)
    assert "may be of nothing at all" in place_sentence(far)
    assert "comes so near" in place_sentence(near)
    assert "3.9 σ" in place_sentence(np.zeros(16))
    assert rare(0.0004) == "only 1 in 2,500 random codes"


def test_a_wanderer_goes_on_from_b_to_a_new_code() -> None:
    start = VaeState.first("m", 16)
    half, _ = start.advanced(0.5, 1)
    later, _ = half.advanced(0.75, 1)
    assert half.position == 0.5 and later.position == 0.25
    assert later.a == start.b and later.b != start.b and later.drawn == start.drawn + 1


def test_one_that_turns_back_bounces_between_a_and_b() -> None:
    start = VaeState.first("m", 4)
    state = VaeState("m", start.a, start.a, start.b, at_b="turn")
    seen, direction = [], 1
    for _ in range(9):
        state, direction = state.advanced(0.4, direction)
        seen.append(round(state.position, 6))
    assert seen == [0.4, 0.8, 0.8, 0.4, 0.0, 0.4, 0.8, 0.8, 0.4]
    assert (state.a, state.b) == (start.a, start.b)


def test_off_the_path_a_wanderer_sets_out_from_where_it_stands() -> None:
    lost = VaeState.first("m", 4).at([1.0, 0.0, 0.0, 0.0])
    assert lost.position is None
    on, _ = lost.advanced(0.0, 1)
    assert on.a == lost.z and on.z == pytest.approx(lost.z)


@pytest.mark.parametrize(
    "wrong", [{"z": [1.0]}, {"z": [float("nan")] * 4}, {"path": "zigzag"}, {"steps": 1}, {"steps": 10**9},
              {"position": 2}, {"extra": 1}, {"model": 5}, {"a": None}, {"seed": -1}, {"axes": "odd"}, {"order": 1},
              {"locked": "z1"}, {"locked": [1]}, {"psi": 2}, {"psi": float("nan")}]
)  # fmt: skip
def test_a_damaged_state_is_refused(wrong) -> None:
    good = VaeState.first("m", 4).to_dict()
    assert VaeState.from_dict(good, 4) == VaeState.first("m", 4)
    assert VaeState.from_dict(good | wrong, 4) is None
    assert VaeState.from_dict(good, 5) is None
    assert VaeState.from_dict("nonsense", 4) is None
