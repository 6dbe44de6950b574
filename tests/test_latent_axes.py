"""Sliders over codes: raw numbers, principal axes and measures move a code as they say, and locks hold."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from fakes import study_of

from genstudio.ui.latent.axes import (
    Face,
    axes_of,
    by_kl,
    measured_axes,
    nats,
    principal_axes,
    pulled,
    raw_axes,
)
from genstudio.ui.latent.locks import held, holder, under_locks

RNG = np.random.default_rng(0)


@pytest.fixture
def study():
    return study_of("mnist-vae-16", 16)


@pytest.mark.parametrize("kind", ["raw", "principal", "measured"])
def test_moving_a_slider_moves_the_code_by_its_step_and_nothing_else(study, kind) -> None:
    axes, z = axes_of(kind, 16, study), RNG.normal(size=16)
    places = axes.positions(z)
    moved = axes.moved(z, 1, places[1], places[1] + 0.75)
    assert moved - z == pytest.approx(0.75 * axes.steps[1])
    if kind != "measured":
        wanted = places + 0.75 * (np.arange(len(places)) == 1)
        assert axes.positions(moved) == pytest.approx(wanted, abs=1e-5)


def test_a_principal_slider_is_a_projection_and_a_measured_one_a_prediction(study) -> None:
    z = RNG.normal(size=16)
    axes = study.principal
    assert principal_axes(study).positions(z) == pytest.approx((z - study.mean) @ axes.units.T / axes.scale, abs=1e-5)
    axes = study.measured
    told = axes.mean + (z - study.mean) @ axes.weights
    sliders = measured_axes(study)
    assert sliders.positions(z) * axes.std + axes.mean == pytest.approx(told, abs=1e-4)
    assert sliders.positions(study.mean) == pytest.approx(0, abs=1e-9)


def test_a_measure_is_shown_in_its_unit() -> None:
    slant = Face("slant", mean=2.0, std=10.0, unit="°", is_measure=True)
    assert [slant.words(s) for s in (1.0, -1.0, -0.2)] == ["12°", "−8°", "0°"]
    assert slant.value_of("−8") == -1.0 and slant.value_of("7,0") == 0.5
    width = Face("stroke width", mean=2.5, std=0.4, unit="px", is_measure=True)
    assert width.words(0.5) == "2.7 px" and width.typed(0.5) == "2.7"


def test_a_measure_beyond_what_was_seen_is_told_as_that(study) -> None:
    size = Face("size", mean=15.0, std=2.0, unit="px", is_measure=True, low=9.0, high=20.0)
    assert [size.words(s) for s in (0.0, 2.5, 2.6, -9.0)] == ["15 px", "20 px", ">20 px", "<9 px"]
    assert size.typed(3.0) == "21"
    assert [size.measured(s) for s in (2.6, -9.0, np.nan)] == ["20 px", "−3 px", "–"], "of a picture all is told"
    height = Face("height", mean=18.0, std=1.0, unit="px", is_measure=True, low=9.4, high=20.0)
    assert [height.words(s) for s in (2.0, 3.0, -9.0)] == ["20.0 px", ">20 px", "<9.4 px"]
    assert not any("pictures studied" in face.help for face in measured_axes(study).faces)
    ends = dataclasses.replace(study.measured, low=study.measured.mean - 1, high=study.measured.mean + 1)
    faces = measured_axes(dataclasses.replace(study, measured=ends)).faces
    assert all("The pictures studied had" in face.help and face.words(99).startswith(">") for face in faces)


def test_latents_are_in_the_order_of_their_kl_and_dead_ones_say_why(study) -> None:
    order = by_kl(study, 16)
    assert (np.diff(study.kl[order]) <= 0).all() and by_kl(None, 3) == [0, 1, 2]
    faces = raw_axes(16, study).faces
    dead = [bool(face.dead) for face in faces]
    assert dead == list(study.kl < 0.01) and any(dead) and not all(dead)
    assert "Posterior collapse" in faces[order[-1]].dead and faces[order[0]].bar == 1.0
    assert f"KL {nats(float(study.kl[0]))}" in faces[0].help


def test_a_model_whose_codes_are_points_has_no_dead_latents() -> None:
    study = study_of("ae", 6, kl=0.0)
    assert by_kl(study, 6) == [0, 1, 2, 3, 4, 5]
    assert not any(face.dead or face.bar is not None for face in raw_axes(6, study).faces)


def test_a_measured_slider_says_what_decoded_pictures_made_of_it(study) -> None:
    assert not any("Asked" in face.help for face in measured_axes(study).faces)
    answer = np.array([[-1.0, -1.1, -0.2], [0.98, 0.2, 0.3]], np.float32)
    tried = dataclasses.replace(study.measured, score=np.full(3, 0.9, np.float32), answer=answer, spill=np.zeros(3))
    slant, width, ink = measured_axes(dataclasses.replace(study, measured=tried)).faces
    assert "Asked for 10° less or more, decoded pictures changed by −10° or +10° on average." in slant.help
    assert "changed by −0.4 px or +0.1 px" in width.help, "further down than up"
    assert not slant.dead and not width.dead and "hardly follow" in ink.dead
    mixed = dataclasses.replace(tried, spill=np.array([0.7, 0.2, 0.7]))
    faces = measured_axes(dataclasses.replace(study, measured=mixed)).faces
    assert "other measures too" in faces[0].dead and not faces[1].dead and "hardly follow" in faces[2].dead


def test_a_measure_that_the_code_hardly_tells_is_greyed_with_words(study) -> None:
    weak = [face.name for face in measured_axes(study).faces if face.dead]
    assert weak == [name for name, r2 in zip(study.measured.names, study.measured.score, strict=True) if r2 < 0.3]
    assert weak and all("R² " in face.note for face in measured_axes(study).faces)


@pytest.mark.parametrize("locked", [["z3"], ["PC 1", "PC 4"], ["slant"], ["z1", "PC 2", "ink"]])
def test_locked_sliders_stay_where_they_are(study, locked) -> None:
    sets = [axes_of(kind, 16, study) for kind in ("raw", "principal", "measured")]
    here, wanted = RNG.normal(size=16), RNG.normal(size=16)
    code = held(wanted, here, holder(locked, sets))
    assert not np.allclose(code, wanted) and not np.allclose(code, here)
    for axes in sets:
        for name in locked:
            if (k := axes.index(name)) >= 0:
                assert axes.positions(code)[k] == pytest.approx(axes.positions(here)[k], abs=1e-6)


def test_without_locks_and_for_unknown_names_nothing_is_held(study) -> None:
    z = RNG.normal(size=16)
    for locked in ([], ["slant"]):
        assert np.array_equal(held(z, np.zeros(16), holder(locked, [raw_axes(16)])), z)


def test_truncation_moves_a_code_towards_the_mean() -> None:
    z, mean = RNG.normal(size=4), RNG.normal(size=4)
    assert pulled(z, mean, 0.0) == pytest.approx(mean) and pulled(z, mean, 1.0) == pytest.approx(z)
    assert np.linalg.norm(pulled(z, mean, 0.5) - mean) == pytest.approx(np.linalg.norm(z - mean) / 2)


@pytest.mark.parametrize("kind", ["raw", "principal", "measured"])
@pytest.mark.parametrize("locked", [["z4"], ["z4", "z1", "z9"], ["PC 2", "z4"], ["slant", "z4"]])
def test_no_slider_of_any_set_moves_what_is_locked_and_each_still_does_what_it_says(study, kind, locked) -> None:
    sets = [axes_of(one, 16, study) for one in ("raw", "principal", "measured")]
    free = axes_of(kind, 16, study)
    axes = under_locks(free, locked, holder(locked, sets))
    z = RNG.normal(size=16)
    for k, face in enumerate(axes.faces):
        moved = axes.moved(z, k, 0.0, 2.0) if kind != "raw" else axes.moved(z, k, z[k], z[k] + 2.0)
        for one in sets:
            for name in locked:
                if (held_one := one.index(name)) >= 0:
                    assert one.positions(moved)[held_one] == pytest.approx(one.positions(z)[held_one], abs=1e-6)
        assert moved[3] == z[3], "to the last bit"
        told, asked = (moved - z) @ free.reads[:, k], 2.0 * free.steps[k] @ free.reads[:, k]
        if face.name in locked:
            assert "locked" in face.stop and np.array_equal(moved, z)
        elif not face.stop:
            assert told == pytest.approx(asked, rel=1e-4), face.name
    assert sum(not face.stop for face in axes.faces) > len(axes.faces) - 4


def test_a_slider_that_has_nothing_left_to_move_says_so(study) -> None:
    sets = [axes_of(kind, 16, study) for kind in ("raw", "principal", "measured")]
    latents = [f"z{k + 1}" for k in range(16)]
    measured = under_locks(sets[2], latents, holder(latents, sets))
    assert not measured.steps.any() and all("nothing" in face.stop for face in measured.faces)
    principal = under_locks(sets[1], ["PC 3"], holder(["PC 3"], sets))
    assert [bool(face.stop) for face in principal.faces] == [k == 2 for k in range(16)]
    assert under_locks(sets[2], [], holder([], sets)) is sets[2]
