"""What the three inversions show as one value, what they have found so far, and what is said of it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from fakes import MODELS, sample
from triptych_desk import CGAN, STUDENT

from genstudio import api
from genstudio.api.one_picture import PictureOrigin
from genstudio.ui.one_picture import words
from genstudio.ui.one_picture.state import GAN, OnePictureState, of_sheet
from genstudio.ui.one_picture.track import Back, Found

INFOS = {info.name: info for info in (*MODELS, CGAN, STUDENT)}
PICTURE = sample(0, 3, 3)
STATE = OnePictureState(("mnist-vae-2", "mnist-cgan", "mnist-ddpm")).with_end(picture=api.pack(PICTURE), label="3")


def test_a_state_comes_back_from_plain_values_as_far_as_it_makes_sense() -> None:
    assert OnePictureState.from_dict(STATE.to_dict(), INFOS) == STATE
    strange = {
        "models": ["mnist-ddpm", "gone", "student"], "end": {"picture": 7}, "label": "x", "seed": -1, "starts": 65,
        "descent": 9, "steps": True, "corrections": 6, "tool": "hammer", "brush": 99.0, "more": 1,
    }  # fmt: skip
    assert OnePictureState.from_dict(strange, INFOS) == OnePictureState(STATE.models), (
        "a model that jumps has no way up"
    )


def test_the_class_is_that_of_the_picture_unless_another_is_asked_for() -> None:
    assert STATE.invert(INFOS).label == 3
    assert STATE.with_end(label="zebra").invert(INFOS).label == api.NO_CLASS
    values = STATE.to_dict() | {"label": 5}
    assert OnePictureState.from_dict(values, INFOS).invert(INFOS).label == 5


def test_without_a_picture_or_a_model_nothing_is_asked() -> None:
    empty = OnePictureState(STATE.models)
    assert empty.project() is None and empty.invert(INFOS) is None and empty.sheet(INFOS) is None
    assert STATE.with_model(GAN, "").project() is None
    assert STATE.with_model(GAN, "").sheet(INFOS).models == ("mnist-vae-2", "mnist-ddpm")


def test_a_sheet_of_a_part_leaves_the_other_models() -> None:
    source = api.OnePictureRequest(("mnist-dcgan",), STATE.end.picture, 4, 8, 20)
    state = of_sheet(source, INFOS, STATE)
    assert state.models == ("mnist-vae-2", "mnist-dcgan", "mnist-ddpm") and state.project() == api.ProjectRequest(
        "mnist-dcgan", STATE.end.picture, 4, 8, 20
    )


def test_a_receipt_tells_where_the_picture_is_from_but_not_where_that_is() -> None:
    folder = "/home/somebody/faces#size=28,colour=grey"
    source = STATE.with_end(dataset=folder, number=4).sheet(INFOS)
    entry = api.request_entry(source)
    assert entry["origin"] == {"dataset": "faces#size=28,colour=grey", "number": 4, "label": "3", "converted": ""}
    back = api.request_from_dict(entry)
    assert back == dataclasses.replace(source, origin=PictureOrigin("faces#size=28,colour=grey", 4, "3"))
    older = {name: value for name, value in entry.items() if name != "origin"}
    assert api.request_from_dict(older) == dataclasses.replace(source, origin=None), "older files do not tell it"
    with pytest.raises(ValueError, match="origin is not what this version writes"):
        api.request_from_dict(entry | {"origin": {"dataset": 3}})


def test_all_that_move_are_known_as_far_as_the_slower_one() -> None:
    found = Found(PICTURE, descends=10, goes=2 * 10 + 2)
    assert found.known == 0 and not found.is_complete and found.by_gan(0.5) is None
    found.descent = [api.ProjectStep(k, PICTURE, 0.1, 3, 5.0 * k) for k in range(11)]
    found.ways = [api.InvertStep(k, False, PICTURE, 0.1 * k, k) for k in range(11)]
    assert found.known == 10 / 21 and not found.is_complete
    assert found.by_gan(0.5, CGAN.classes).words == "update 5 of 10 as “3”"
    assert found.by_diffusion(10 / 21).words == "up: step 10 of 10" and not found.by_diffusion(0.0).is_done
    found.ways += [api.InvertStep(10 - k, True, PICTURE, 1 - 0.1 * k, 11 + k, 0.0) for k in range(11)]
    assert found.known == 1 and found.is_complete
    end = found.by_diffusion(1.0)
    assert end.is_done and end.error == 0 and end.words == "back: step 10 of 10"


def test_what_shows_nothing_is_blank() -> None:
    assert Found(np.full((28, 28, 1), 7, np.uint8)).is_blank and not Found(PICTURE).is_blank


def backs(*errors: float) -> list[Back | None]:
    return [Back(PICTURE, error, "", 1, 1.0) for error in errors]


def test_what_an_error_says_goes_by_the_numbers_there_are() -> None:
    from genstudio.settings import LatentDiffusionSettings

    codes = dataclasses.replace(MODELS[3], name="codes", family="latent-ddpm", settings=LatentDiffusionSettings())
    infos = INFOS | {"codes": codes}

    def said(*models: str) -> str:
        state = dataclasses.replace(STATE, models=models)
        given = [Back(PICTURE, 0.1, "", 1, 1.0) if model else None for model in models]
        return words.caption(state, infos, given, 1.0, True)

    three = said("mnist-vae-2", "mnist-cgan", "codes")
    assert "Into the 2 numbers of the VAE, the 100 of the GAN and the 32 of the diffusion model fits only" in three
    assert "whatever it is comes back" not in three, "a noise of codes is small, too"
    alone = said("", "", "mnist-ddpm")
    assert alone.endswith("says nothing of what the model knows.") and "Into the" not in alone
    assert said("mnist-vae-2", "", "").endswith("Into the 2 numbers of the VAE fits only what is like the data.")


def test_the_caption_says_how_each_looks_for_it_and_in_the_end_who_is_nearest() -> None:
    on_the_way = words.caption(STATE, INFOS, backs(0.1, 0.2, 0.3), 0.5, True)
    assert on_the_way.startswith("One picture, 3 ways to find it again. The VAE: its encoder")
    for errors, nearest, farthest, why in (
        ((0.02, 0.001, 0.0), "diffusion model", "VAE", "the 100 of the GAN fits only"),
        ((0.001, 0.02, 0.002), "VAE", "GAN", "never asked"),
        ((0.001, 0.002, 0.02), "VAE", "diffusion model", "infinitely many steps"),
    ):
        text = words.caption(STATE, INFOS, backs(*errors), 1.0, True)
        assert f"The {nearest} comes nearest" in text and f"the {farthest} stays farthest" in text and why in text
        assert "The diffusion model's noise has <b>784</b> numbers, as many as the picture: whatever it is" in text
        assert "Into the 2 numbers of the VAE and the 100 of the GAN fits only what is like the data." in text
    only = words.caption(STATE, INFOS, [*backs(0.02), None, None], 1.0, True)
    assert only.startswith(
        "The VAE gives it back with a mean squared error of <real>0.020</real>; the GAN and the diff"
    )
    assert only.endswith("diffusion model cannot. Into the 2 numbers of the VAE fits only what is like the data.")
    assert words.caption(STATE, INFOS, [None] * 3, 1.0, True, is_drawing=True).startswith("Draw a picture")
    assert words.caption(OnePictureState(), {}, [None] * 3, 1.0, True) == ""
