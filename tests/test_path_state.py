"""The mode "Interpolate" without its window: keys, the way between them, what it says of it, and the very codes."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings import VAESettings
from genstudio.ui.latent.path_state import Key, PathState, blend
from genstudio.ui.latent.path_view import columns_of
from genstudio.ui.latent.path_words import caption, evenness, evenness_words, nearest_norm, place_words


def line(*places: float, **more: Any) -> PathState:
    return PathState("m", tuple(Key((place, 1.0)) for place in places), **more)


def test_positions_go_from_key_to_key_and_in_a_loop_back_to_the_first() -> None:
    state = line(0, 2, 6, way="lerp")
    assert state.legs == 3 and [state.of_key(k) for k in range(3)] == [0, 1 / 3, 2 / 3]
    assert [state.code(position=p)[0] for p in (0, 1 / 6, 1 / 2, 1.0)] == pytest.approx([0, 1, 4, 0])
    straight = dataclasses.replace(state, loop=False)
    assert straight.legs == 2 and straight.code(position=1.0)[0] == 6


def test_a_loop_goes_round_and_a_way_with_two_ends_turns() -> None:
    state = line(0, 2, 6, position=0.9)
    assert state.advanced(0.6, 1)[0].position == pytest.approx(0.1)
    turned, direction = dataclasses.replace(state, loop=False).advanced(0.6, 1)
    assert (turned.position, direction) == (pytest.approx(0.8), -1)


def test_keys_move_and_the_others_make_room() -> None:
    state = line(0, 1, 2, 3)
    assert [key.z[0] for key in state.moved(0, 2).keys] == [1, 2, 0, 3]
    assert [key.z[0] for key in state.moved(3, 0).keys] == [3, 0, 1, 2]
    assert [key.z[0] for key in state.without(3).keys] == [0, 1, 2] and 0 <= state.without(3).position <= 1


def test_a_state_survives_json_and_a_foreign_one_is_refused() -> None:
    state = line(0, 1, 2, way="pixels", steps=9, loop=False, compares=True, position=0.5, label=3)
    values = state.to_dict()
    assert PathState.from_dict(values, "m", 2) == state
    assert PathState.from_dict(values, "m", 3) is None
    for wrong in ({"steps": 1}, {"way": "spline"}, {"position": 2}, {"keys": values["keys"][:1]}, {"loop": 1}):
        assert PathState.from_dict({**values, **wrong}, "m", 2) is None
    assert PathState.from_dict({}, "m", 2) is None and PathState.from_dict(None, "m", 2) is None


def test_pixels_blend_halfway_to_the_mean() -> None:
    a, b = np.array([[[0]]], np.uint8), np.array([[[200]]], np.uint8)
    assert blend(a, b, 0.5).item() == 100 and blend(a, b, 0.0).item() == 0 and blend(a, b, 1.0).item() == 200


def test_an_even_way_and_one_jump_are_told_apart() -> None:
    state = line(0, 1, 2, loop=False)
    assert evenness_words(np.array([1.0, 1.2, 0.8, 1.0]), state) == "even: steps are 0.8 to 1.2 times the mean"
    jump = np.array([1.0, 1, 1, 1, 1, 12, 1, 1])
    found = evenness(jump, 2)
    assert found is not None and found.jumps == 1 and found.leg == 1
    assert evenness_words(jump, state) == "one jump of 5.1 times the mean between keys 2 and 3"
    fourfold = np.array([0.5, 1.2, 1.3, 2.0])
    assert evenness_words(fourfold, state).startswith("uneven: steps are 0.4 to 1.6 times the mean")
    assert (
        evenness_words(np.array([1.0, 5, 1, 1]), state)
        == "uneven: steps are 0.5 to 2.5 times the mean, the largest between keys 1 and 2"
    )
    assert evenness_words(np.zeros(4), state) == "nothing changes along the way"


def test_the_line_is_told_to_pass_nearer_to_the_centre_than_the_arc() -> None:
    state = PathState("m", (Key((3.0, 0, 0, 0)), Key((0, 3.0, 0, 0))), loop=False, way="lerp", position=0.5)
    assert nearest_norm(state) == pytest.approx(3 / 2**0.5)
    assert np.linalg.norm(state.code("slerp")) == pytest.approx(3)
    assert "<latent>2.1</latent>" in caption(state) and "√4 = <b>2.0</b>" in caption(state)
    both = caption(dataclasses.replace(state, compares=True))
    assert "<latent>2.1</latent>" in both and "<latent>3.0</latent>" in both
    assert place_words(state) == "key 1 → 2, 50 %"


def test_strips_are_as_large_as_has_room_but_have_seven_pictures() -> None:
    assert columns_of(28, 960, 400) == 7  # 4 times
    assert columns_of(28, 560, 280) == 8  # 2 times: at 3 times only five have room


def test_the_window_shows_the_very_pictures_that_an_export_writes(tmp_path: Path) -> None:
    session = Session("io", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    for _ in session.stream(api.TrainRequest("vae", "strokes", VAESettings(latent_dim=4, width=4), 2, preview=0)):
        pass
    session.handle(api.SaveRequest(str(tmp_path / "tiny.safetensors")))
    state = PathState.first("tiny", 4)
    keys = session.handle(state.key_pictures()).images
    for way in ("slerp", "lerp", "pixels"):
        event = session.handle(state.request(way))
        for k in (0, 5, 12, 24):
            here = dataclasses.replace(state, way=way, position=k / 24)
            if way == "pixels":
                number, share = here.leg()
                shown = blend(*(keys[end] for end in here.ends(number)), share)
            else:
                assert np.allclose(here.code(), event.codes[k], atol=1e-5)
                shown = session.handle(here.moments()).images[0]
            assert np.abs(shown.astype(int) - event.images[k]).max() <= 1
        path = tmp_path / f"{way}.png"
        for _ in session.stream(api.ExportGridRequest(state.request(way), api.GridLayout(), str(path))):
            pass
        *_, restored = session.stream(api.RestoreRequest(str(path)))
        assert restored.identical and restored.source == state.request(way)
