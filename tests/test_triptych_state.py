"""What the triptych shows as one value, and what it says of it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from fakes import MODELS
from triptych_desk import CGAN, STUDENT

from genstudio import api
from genstudio.ui.triptych import words
from genstudio.ui.triptych.state import DIFFUSION, GAN, NONE, PLACES, VAE, TriptychState, choose, of_sheet
from genstudio.ui.triptych.times import (
    FEWEST,
    MANY,
    REMEMBERED,
    Times,
    Took,
    at_least,
    basis,
    of_quick,
    on_sheet,
    took,
)

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


def of(*times: float) -> Took:
    made = took(times)
    assert made is not None
    return made


def steady(ms: float, spread: float = 0.0) -> Took:
    return Took(ms, ms - spread, ms + spread, MANY)


MS = (of(0.3), of(0.5), of(210.0))
NONE_KNOWN = (None, None, None)


def test_grey_is_counted_among_what_is_not_black() -> None:
    assert words.grey_share(SHARP) == 0 and words.grey_share(SOFT) > 0.8
    assert words.grey_share(np.zeros_like(SHARP)) == 0


def test_the_caption_says_where_all_are_and_what_each_takes() -> None:
    text = words.caption(dataclasses.replace(STATE, position=0.25), INFOS, [SHARP] * 3, MS, True)
    assert text == (
        "All stand at <b>25 %</b> of the way from seed <latent>7</latent> to <latent>8</latent>. "
        "The VAE and the GAN take one pass each, <accent>under\u00a01\u00a0ms</accent> a picture, 6 at once; the "
        "diffusion model 50 steps and <accent>about\u00a0210\u00a0ms</accent>, <b>more than 300 times</b> "
        "as long as the VAE."
    )
    assert words.caption(TriptychState(), {}, [None] * 3, NONE_KNOWN, False) == ""
    assert words.caption(STATE, INFOS, [None] * 3, NONE_KNOWN, False) == "All stand at seed <latent>7</latent>."


def said(*times: Took | None) -> str:
    return words.caption(STATE, INFOS, [SHARP] * 3, times, True)


def test_how_many_times_as_long_is_said_of_single_answers_already_and_more_of_many() -> None:
    assert at_least(of(400.0), of(1.6)) == 100, "half of 250, rounded down"
    assert at_least(of(400.0, 400.0), of(*[1.6] * FEWEST)) == 200
    assert at_least(of(400.0, 400.0), steady(1.6, 0.9)) == 100, "of the slowest of most of them"
    assert at_least(steady(400.0, 300.0), steady(2.0)) == 50
    assert at_least(of(3.0), of(2.0)) == 0 and at_least(of(5.0), of(0.0)) > 0
    assert "<b>more than 100 times</b> as long as the VAE" in said(of(1.6), of(7.0), of(400.0))
    assert "as long as" not in said(of(1.6), of(7.0), of(4.0)), "hardly longer"
    assert "as long as" not in said(None, of(7.0), of(400.0))


@pytest.mark.parametrize(
    ("vae", "gan", "told"),
    [(7.2, 1.3, 10), (2.2, 2.3, 5), (4.8, 3.5, 5), (1.9, 1.2, 2), (0.88, 1.2, 2), (0.5, 0.9, 1), (14.0, 2.7, 20)],
)
def test_few_answers_never_rank_the_models_that_take_one_pass(vae: float, gan: float, told: int) -> None:
    for one, other in ((of(vae), of(gan)), (of(*[vae] * FEWEST), of(*[gan] * FEWEST))):
        assert of_quick(one, other) == (f"under {told} ms", f"under {told} ms"), "which is true of both numbers"
        assert on_sheet(one, other, of(486.3)) == (vae, gan, 490.0), "as the window has them"


def test_that_a_picture_takes_less_where_several_are_drawn_at_once_is_told() -> None:
    assert words.in_one_pass(1) == "a picture, in one pass" and words.in_one_pass(6).endswith(", 6 at once")
    assert "a picture, 6 at once" in words.caption(
        dataclasses.replace(STATE, count=6), INFOS, [SHARP] * 3, (of(0.88), of(1.2), None), True
    )
    assert basis(of(7.16), 6).endswith("6 pictures were drawn at once, which takes less for each than one alone.")


def test_models_that_surely_differ_are_told_apart_after_many_answers() -> None:
    assert of_quick(steady(3.21, 0.5), steady(0.4, 0.1)) == ("about 3.2 ms", "about 0.4 ms")
    assert on_sheet(steady(3.21, 0.5), steady(0.4, 0.1), None) == (3.2, 0.4, 0.0)
    assert on_sheet(of(3.21), None, None) == (3.2, 0.0, 0.0)
    assert "the GAN takes one pass, <accent>about\u00a00.4\u00a0ms</accent> a picture" in said(
        steady(3.0, 0.5), steady(0.4, 0.1), None
    )
    for vae, gan in (((3.0, 2.0), (1.2, 0.1)), ((3.0, 0.1), (2.0, 0.1))):
        assert of_quick(steady(*vae), steady(*gan)) == ("under 5 ms", "under 5 ms")
    assert of_quick(of(0.4), of(160.0)) == ("under 1 ms", "under 200 ms"), "no word of the one is said of the other"
    assert of_quick(of(12.0), None) == ("under 20 ms", "") and of_quick(None, None) == ("", "")


def test_a_model_that_answers_late_is_not_waited_for() -> None:
    assert said(of(3.0), None, None).endswith(
        "The VAE takes one pass, <accent>under\u00a05\u00a0ms</accent> a picture, 6 at once; "
        "the diffusion model 50 steps."
    )
    assert "The diffusion model takes 50 steps and <accent>about\u00a01.3\u00a0s</accent> a picture." in said(
        None, None, of(1290.0)
    )


def test_what_a_number_is_the_median_of_is_told() -> None:
    assert basis(None) == "" and basis(of(7.16)) == "Of the one time that it was drawn here: 7.2 ms a picture."
    assert basis(of(3.0, 2.0, 7.0)) == (
        "The median of the 3 times that it was drawn here is 3 ms a picture; all took 2 ms to 7 ms."
    )


def test_that_a_mean_is_soft_is_said_where_it_is_measured() -> None:
    assert "soft mean" in words.caption(STATE, INFOS, [SOFT, SHARP, SHARP], MS, True)
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


def test_the_newest_times_of_what_was_measured_are_told_and_no_others() -> None:
    times = Times()
    assert times.took("a") is None
    for ms in range(2 * REMEMBERED):
        times.add("a", float(ms))
        told = times.took("a")
        assert told is not None and told.count == min(ms + 1, REMEMBERED)
    assert told == took([float(ms) for ms in range(REMEMBERED, 2 * REMEMBERED)]) and times.took("b") is None
    times.clear()
    assert times.took("a") is None


def test_the_word_of_two_models_is_true_of_the_numbers_beside_it() -> None:
    for ms in (0.996, 1.97, 4.98, 9.97, 19.8):
        took_ms = of(ms)
        least = float(of_quick(took_ms, took_ms)[0].removeprefix("under ").split()[0])
        assert took_ms.about < least, "under 5 ms is never said beside 5 ms"
