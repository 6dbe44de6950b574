"""What the explorer knows of its codes: studies, sets of sliders, what other modes have learned."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from fakes import DATASETS, MODELS, study_of, with_catalog
from page_desk import asked, settle
from study_desk import shows, studied, studied_desks

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings import VAESettings
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.tabs.vae_study import COUNT


@pytest.fixture
def desk(qtbot):
    with studied_desks(qtbot) as make:
        yield make


def test_nothing_is_studied_until_the_button_is_pressed(desk, qtbot) -> None:
    d = desk()
    panel, controls = d.page.controls.study, d.page.controls
    settle(d, qtbot, "io")
    assert not asked(d, api.StudyRequest) and "not known" in panel.words.text() and panel.picker.isHidden()
    assert not controls.sets.button("principal").isEnabled() and controls.order.value() == "index"
    assert "Study the codes first" in controls.sets.button("measured").toolTip()
    tab = studied(d)
    assert asked(d, api.StudyRequest) == [api.StudyRequest("mnist-vae-16", "", COUNT)]
    assert controls.sets.button("principal").isEnabled() and controls.order.value() == "kl"
    assert "8 of 16 latents" in panel.words.text() and tab.desk.studies.keys() == {"mnist-vae-16"}


def test_a_study_can_be_cancelled_and_begun_again(desk) -> None:
    d = desk()
    d.session.holds = True
    panel = d.page.controls.study
    panel.button.click()
    d.until(lambda: bool(asked(d, api.StudyRequest)))
    assert panel.button.text() == "Cancel"
    panel.button.click()
    assert panel.button.text() == "Study the codes" and d.page.study() is None
    d.session.holds = False
    studied(d)
    assert panel.button.text() == "Study again"


def test_without_the_models_pictures_others_can_be_chosen(desk) -> None:
    gone = tuple(dataclasses.replace(d, available=False) if d.name == "mnist" else d for d in DATASETS)
    d = desk(with_catalog(datasets=gone))
    panel = d.page.controls.study
    assert "MNIST, from which it learned, is not here. Choose other pictures" in panel.words.text()
    assert [panel.picker.itemData(i) for i in range(panel.picker.count())] == ["strokes"], "shapes do not fit"
    studied(d)
    assert asked(d, api.StudyRequest)[0].dataset == "strokes"
    d.page.set_catalog(with_catalog(datasets=gone[1:2]))
    d.page._show_study()
    assert panel.picker.isHidden()


def test_sliders_are_in_the_order_of_their_kl_or_as_they_are(desk) -> None:
    d = desk()
    before = d.page.sliders.code()
    tab = studied(d)
    kl = tab.study().kl
    wanted = [f"z{k + 1}" for k in np.argsort(-kl, kind="stable")]
    assert [row.accessibleName() for row in tab.sliders.rows()] == wanted == list(tab.sliders.names())
    assert np.array_equal(tab.sliders.code(), before), "the code stays"
    last = tab.sliders.rows()[-1]
    assert last.face.dead and "Posterior collapse" in last.toolTip() and "nats" in tab.sliders.rows()[0].toolTip()
    tab.controls.order.button("index").click()
    assert [row.accessibleName() for row in tab.sliders.rows()] == [f"z{k + 1}" for k in range(16)]
    assert tab.undo() and tab.parameters()["order"] == "kl"
    assert [row.accessibleName() for row in tab.sliders.rows()] == wanted


def test_a_measured_slider_moves_the_picture_and_the_other_sets_follow(desk) -> None:
    d = desk()
    tab = studied(d)
    tab.controls.sets.button("measured").click()
    slant, z = tab.sliders.rows()[0], tab.sliders.code()
    others = [row.exact() for row in tab.sliders.rows()[1:]]
    before = slant.exact()
    slant.move_to(before + 0.5)
    slant.finish()
    axes = tab.study().measured
    moved = z + 0.5 * axes.scale[0] * axes.units[0].astype(float)
    assert tab.sliders.code() == pytest.approx(moved, abs=1e-6) and slant.exact() == before + 0.5
    assert [row.exact() for row in tab.sliders.rows()[1:]] == others
    d.until(lambda: shows(tab, tab.sliders.code()))
    tab.controls.sets.button("principal").click()
    axes = tab.study().principal
    wanted = (tab.sliders.code() - tab.study().mean) @ axes.units.T / axes.scale
    assert [row.exact() for row in tab.sliders.rows()] == pytest.approx(wanted, abs=1e-4)
    assert tab.undo() and tab.undo() and np.array_equal(tab.sliders.code(), z)


def test_moving_a_slider_lays_nothing_out_anew(desk) -> None:
    d = desk()
    tab = studied(d)
    for kind in ("raw", "principal", "measured"):
        tab.controls.sets.button(kind).click()
        laid_out = tab._drawn
        tab.sliders.rows()[0].move_to(1.0)
        assert tab._drawn is laid_out, kind


def test_a_mode_goes_on_where_the_other_was(desk) -> None:
    shared = LatentDesk()
    d = desk(latent_desk=shared)
    tab = d.page
    z = tab.parameters()["z"]
    tab.deactivate()
    assert shared.model == "mnist-vae-16" and list(shared.z) == z
    tab.activate()
    assert tab.parameters()["z"] == z
    tab.deactivate()
    shared.put("mnist-vae-16", (0.5,) * 16)
    tab.activate()
    d.until(lambda: shows(tab, (0.5,) * 16))
    tab.deactivate()
    shared.put("mnist-vae-2", (1.0, -1.0))
    tab.activate()
    d.until(lambda: shows(tab, (1.0, -1.0)) and tab.is_settled())
    assert tab.picker.value() == "mnist-vae-2" and not tab.is_playing()
    while tab.parameters()["z"] != z:
        assert tab.undo()
        d.until(tab.is_settled)
    assert tab.parameters()["model"] == "mnist-vae-16"


def test_a_study_made_in_another_mode_is_known_here(desk) -> None:
    shared = LatentDesk()
    d = desk(latent_desk=shared)
    shared.put_study(study_of("mnist-vae-2", 2))
    assert d.page.study() is None
    shared.put_study(study_of("mnist-vae-16", 16))
    assert d.page.controls.sets.button("measured").isEnabled() and d.page.controls.order.value() == "kl"


def test_the_real_session_studies_a_model_and_its_slant_slider_leans_the_pictures(desk, tmp_path) -> None:
    session = Session("io", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    train = api.TrainRequest("vae", "strokes", VAESettings(latent_dim=6, width=4, batch_size=64), 60, preview=0)
    for _ in session.stream(train):
        pass
    session.handle(api.SaveRequest(str(tmp_path / "tiny.safetensors")))
    *_, study = session.stream(api.StudyRequest("tiny", count=500))
    tab = desk(with_catalog(models=(*MODELS, session.handle(api.LoadRequest("tiny")).info))).page
    tab.desk.put_study(study)
    tab.desk.put("tiny", (0.0,) * 6)
    tab.activate()
    assert tab.picker.value() == "tiny"
    k = study.measured.names.index("ink")
    z = np.zeros(6)
    step = study.measured.scale[k] * study.measured.units[k]
    thin, fat = (session.handle(api.DecodeRequest("tiny", (tuple(map(float, z + s * step)),))).images for s in (-2, 2))
    assert thin.mean() < fat.mean()
