"""What the triptych shows as one value, and what it says of it."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from fakes import MODELS
from triptych_desk import CGAN, STUDENT

from genstudio import api
from genstudio.ui.triptych import words
from genstudio.ui.triptych.state import DIFFUSION, GAN, NONE, PLACES, VAE, TriptychState, choose, of_sheet

INFOS = {info.name: info for info in (*MODELS, CGAN, STUDENT)}
STATE = TriptychState(("mnist-vae-2", "mnist-cgan", "mnist-ddpm"), 7, 8)


def other(info: api.ModelInfo, name: str, dataset: str = "strokes", **changes: object) -> api.ModelInfo:
    return dataclasses.replace(info, name=name, dataset=dataset, **changes)


# ---- models ---------------------------------------------------------------------------------------


def test_the_models_are_of_the_data_that_most_kinds_know() -> None:
    assert choose({}) == NONE
    assert choose(INFOS) == STATE.models
    few = {"a": other(MODELS[1], "a"), **{m.name: m for m in MODELS[2:]}}
    assert choose(few) == ("a", "mnist-dcgan", "mnist-ddpm"), "other data where there is nothing else"
    best = {**INFOS, "better": dataclasses.replace(CGAN, name="better", quality={"frechet": 1.5})}
    assert choose(best)[GAN] == "better", "by what was measured"
    both = {"a": other(MODELS[1], "a"), "b": other(MODELS[2], "b"), "c": other(MODELS[3], "c"), **INFOS}
    assert choose(both) == ("a", "b", "c"), "the first of data on which there are all"


def test_a_class_goes_by_its_name() -> None:
    clothes = other(MODELS[3], "clothes", "fashion-mnist", classes=("shirt", "bag", "3"))
    infos = {**INFOS, "clothes": clothes}
    state = dataclasses.replace(STATE, models=("mnist-vae-2", "mnist-cgan", "clothes"), label="3")
    assert [state.panel(k, infos).label for k in range(3)] == [api.ALL_CLASSES, 3, 2]
    assert state.classes(infos) == (*CGAN.classes, "shirt", "bag")
    bag = dataclasses.replace(state, label="bag")
    assert bag.panel(GAN, infos).label == api.ALL_CLASSES
    assert words.class_note(bag, CGAN) == "knows no “bag”: all in turn" and words.class_note(bag, clothes) == ""


def test_the_first_answer_is_the_same_in_fewer_steps() -> None:
    full, draft = STATE.request(DIFFUSION, INFOS), STATE.draft(INFOS)
    assert full.panel.steps == 50 and draft == dataclasses.replace(full, panel=dataclasses.replace(full.panel, steps=5))
    short = dataclasses.replace(STATE, steps=3)
    assert short.draft(INFOS) == short.request(DIFFUSION, INFOS)
    few = {**INFOS, "mnist-ddpm": dataclasses.replace(
        MODELS[3], settings=dataclasses.replace(MODELS[3].settings, timesteps=20)
    )}  # fmt: skip
    assert STATE.request(DIFFUSION, few).panel.steps == 20
    student = STATE.with_model(DIFFUSION, "student")
    assert [(r.panel.sampler, r.panel.steps) for r in (student.draft(INFOS), student.request(DIFFUSION, INFOS))] == [
        ("consistency", 1), ("consistency", 4)
    ]  # fmt: skip
    assert TriptychState().draft(INFOS) is None and TriptychState().sheet(INFOS, (0.0,) * 3) is None


def test_a_state_comes_back_from_plain_values_as_far_as_it_makes_sense() -> None:
    state = dataclasses.replace(STATE, position=0.4, count=12, label="7", sampler="heun", preview=2)
    assert TriptychState.from_dict(state.to_dict(), INFOS) == state
    strange = {
        "models": ["mnist-ddpm", "gone", 7], "seed_a": -1, "seed_b": True, "position": 1.5, "count": 4,
        "label": "zebra", "sampler": "ddpm", "steps": 0, "preview": "5", "guidance": float("nan"), "more": 1,
    }  # fmt: skip
    assert TriptychState.from_dict(strange, INFOS) == TriptychState(STATE.models)
    assert (
        TriptychState.from_dict({"models": "abc"}, INFOS) == TriptychState(STATE.models)
        and TriptychState.from_dict({}, {}).models == NONE
    )


def test_a_sheet_of_a_part_leaves_the_rest_as_it_is() -> None:
    source = api.TriptychRequest((api.Panel("mnist-dcgan"),), 1, 2, 7.0, 5, (0.5,))
    state = of_sheet(source, INFOS, dataclasses.replace(STATE, label="3", steps=20))
    assert state.models == ("mnist-vae-2", "mnist-dcgan", "mnist-ddpm") and state.label == "" and state.steps == 20
    assert (state.position, state.count) == (0.0, 6), "of a file that was made by hand"


def test_stops_end_at_both_ends() -> None:
    assert STATE.moved(-3).position == 0 and STATE.moved(PLACES + 1).position == 1
    assert dataclasses.replace(STATE, position=0.3333).moved(1).position == 68 / PLACES


# ---- words ----------------------------------------------------------------------------------------

SHARP = np.repeat(np.array([0, 255], np.uint8), 50).reshape(1, 10, 10, 1)
SOFT = np.linspace(0, 255, 100).astype(np.uint8).reshape(1, 10, 10, 1)
MS = (api.Band(0.3, 0.03), api.Band(0.5, 0.05), api.Band(210.0, 0.0))
NONE_KNOWN = (None, None, None)


def test_grey_is_counted_among_what_is_not_black() -> None:
    assert words.grey_share(SHARP) == 0 and words.grey_share(SOFT) > 0.8
    assert words.grey_share(np.zeros_like(SHARP)) == 0


def test_the_caption_says_where_all_are_and_what_each_takes() -> None:
    text = words.caption(dataclasses.replace(STATE, position=0.25), INFOS, [SHARP] * 3, MS, True)
    assert text == (
        "All stand at <b>25 %</b> of the way from seed <latent>7</latent> to <latent>8</latent>. "
        "A picture takes the VAE <accent>0.3\u00a0ms</accent> and the GAN <accent>0.5\u00a0ms</accent>, one pass each; "
        "the diffusion model takes 50 steps and <accent>210\u00a0ms</accent>, about <b>700×</b> as long as the VAE."
    )
    assert words.caption(TriptychState(), {}, [None] * 3, NONE_KNOWN, False) == ""
    assert words.caption(STATE, INFOS, [None] * 3, NONE_KNOWN, False) == "All stand at seed <latent>7</latent>."


def said(vae: api.Band, gan: api.Band, diffusion: api.Band, is_whole: bool = True) -> str:
    return words.caption(STATE, INFOS, [SHARP] * 3, (vae, gan, diffusion), is_whole)


def test_how_many_times_as_long_is_always_beside_the_vae_and_only_of_the_same_place() -> None:
    slow, quick = api.Band(5.0, 0.1), api.Band(2.0, 0.1)
    for vae, gan in ((slow, quick), (quick, slow)):
        assert f"about <b>{1000 / vae.value:,.0f}×</b> as long as the VAE" in said(vae, gan, api.Band(1000.0, 0.0))
    assert "as long as" not in said(slow, quick, api.Band(1000.0, 0.0), is_whole=False), "that time is of before"


def test_restless_times_have_no_ratio() -> None:
    gan, diffusion = api.Band(9.0, 0.1), api.Band(1400.0, 0.0)
    assert "<b>600×</b>" in said(api.Band(2.4, 0.5), gan, diffusion)
    assert "as long as" not in said(api.Band(2.4, 0.7), gan, diffusion)
    assert "as long as" not in said(api.Band(2.4, math.inf), gan, diffusion), "of a few answers nobody knows"
    assert "as long as" not in said(api.Band(2.4, 0.1), gan, api.Band(1400.0, 500.0))
    assert "as long as" not in said(api.Band(2.4, 0.1), gan, api.Band(3.0, 0.0)), "it is no longer"


def test_times_that_are_too_near_each_other_are_said_to_be() -> None:
    words_ = "one pass each, not to be told apart;"
    diffusion = api.Band(1400.0, 0.0)
    assert words_ in said(api.Band(12.0, 3.0), api.Band(13.0, 4.0), diffusion)
    assert words_ not in said(api.Band(2.0, 0.1), api.Band(4.0, 0.1), diffusion)
    assert words_ not in said(api.Band(2.0, math.inf), api.Band(2.1, math.inf), diffusion), (
        "too few answers say nothing"
    )


def test_that_a_mean_is_soft_is_said_where_it_is_measured() -> None:
    assert "a mean is soft" in words.caption(STATE, INFOS, [SOFT, SHARP, SHARP], MS, True)
    for pictures, is_whole in (
        ([SHARP, SOFT, SOFT], True), ([SOFT, SOFT, SHARP], True), ([SOFT, SHARP, SHARP], False),
        ([SOFT, None, SHARP], True),
    ):  # fmt: skip
        assert "soft" not in words.caption(STATE, INFOS, pictures, MS, is_whole)


def test_models_of_different_data_are_not_compared() -> None:
    infos = {**INFOS, "mnist-vae-2": other(MODELS[0], "mnist-vae-2")}
    text = words.caption(STATE, infos, [SOFT, SHARP, SHARP], MS, True)
    assert "learnt different data</b> (strokes, MNIST)" in text and "soft" not in text


@pytest.mark.parametrize(("position", "label"), [(0.0, "seed 7"), (1.0, "seed 8"), (0.375, "37.5 % to seed 8")])
def test_the_place_is_told_beside_the_control(position: float, label: str) -> None:
    assert words.place_label(dataclasses.replace(STATE, position=position)) == label


def test_a_column_without_a_model_names_its_kind() -> None:
    assert words.missing(VAE) == ("There is no VAE here.", "Train a VAE")
    assert words.missing(DIFFUSION) == ("There is no diffusion model here.", "Train a diffusion model")
