"""What the explorer knows of its codes: studies, sets of sliders, locks, truncation, codes that were kept."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from fakes import CATALOG, DATASETS, MODELS, FakeSession, decode, study_of, with_catalog
from page_desk import Desk, asked
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings import VAESettings
from genstudio.ui.latent.axes import pulled
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.tabs.vae import VAETab
from genstudio.ui.tabs.vae_saved import KEY, MOST, SavedCode, SavedCodes
from genstudio.ui.tabs.vae_state import random_code
from genstudio.ui.tabs.vae_study import COUNT

KEEP_GOING = 10_000


class Studied(FakeSession):
    """Knows what codes are like; `holds` keeps a study from its end."""

    holds = False

    def stream(self, request):
        if not isinstance(request, api.StudyRequest):
            yield from super().stream(request)
            return
        self.requests.append(request)
        yield api.ProgressEvent("Encoding mnist", 0, COUNT)
        while self.holds:
            yield None
        yield dataclasses.replace(study_of(request.model, 2 if request.model.endswith("2") else 16), request=request)


@pytest.fixture
def desk(qtbot):
    made = []

    def make(catalog: api.Catalog = CATALOG, latent_desk: LatentDesk | None = None, **values) -> Desk:
        one = Desk(lambda bridge: VAETab(bridge, latent_desk), Studied())
        qtbot.addWidget(one.page)
        made.append(one)
        one.page.set_parameters(values)
        one.open(catalog)
        qtbot.waitUntil(one.page.is_settled, timeout=KEEP_GOING)
        if one.page.is_playing():
            one.page.toggle_play()
        one.until = lambda condition: qtbot.waitUntil(condition, timeout=KEEP_GOING)
        return one

    yield make
    for one in made:
        one.session.holds = False
        one.close()


def studied(desk: Desk) -> VAETab:
    tab = desk.page
    tab.controls.study.button.click()
    desk.until(lambda: tab.study() is not None and not tab.controls.study.is_busy())
    return tab


def shows(tab: VAETab, z) -> bool:
    pictures = tab.stage.pictures()
    return pictures is not None and len(pictures) == 1 and np.array_equal(pictures[0], decode(tuple(z)))


# ---- study ----------------------------------------------------------------------------------------


def test_nothing_is_studied_until_the_button_is_pressed(desk) -> None:
    d = desk()
    panel, controls = d.page.controls.study, d.page.controls
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


# ---- locks, truncation ----------------------------------------------------------------------------


def test_a_locked_slider_is_left_alone_by_random_reset_and_walk(desk) -> None:
    d = desk()
    tab = d.page
    row = tab.sliders.rows()[2]
    row.move_to(1.25)
    row.finish()
    QTest.keyClick(row, Qt.Key.Key_L)
    assert (row.is_locked() and tab.parameters()["locked"] == ("z3",)) or tab.parameters()["locked"] == ["z3"]
    tab.random()
    assert tab.sliders.code()[2] == pytest.approx(1.25) and tab.sliders.code()[0] != 0
    tab.to_centre()
    assert tab.sliders.code() == pytest.approx([0, 0, 1.25, *[0] * 13])
    for _ in range(9):
        tab.advance(0.7)
        assert tab.sliders.code()[2] == pytest.approx(1.25)
    tab.show_sheet()
    sheet = tab.export_source()
    assert isinstance(sheet, api.DecodeRequest) and all(z[2] == pytest.approx(1.25) for z in sheet.z)
    row.move_to(-1.0)
    assert tab.sliders.code()[2] == -1.0, "the hand may"
    QTest.mouseClick(row, Qt.MouseButton.LeftButton, pos=row.lock_box().center().toPoint())
    assert not row.is_locked()


def test_after_a_restart_a_lock_holds_its_value_or_is_gone(desk) -> None:
    first = desk().page
    row = first.sliders.rows()[2]
    row.move_to(1.25)
    row.finish()
    values = {**first.parameters(), "locked": ["z3", "slant", "PC 1"]}
    again = desk(**values).page
    assert list(again.parameters()["locked"]) == ["z3"], "what a slider of a study held is not known without one"
    again.random()
    again.advance(0.7)
    assert again.sliders.code()[2] == pytest.approx(1.25) and again.sliders.rows()[2].is_locked()


def test_the_way_from_a_to_b_keeps_a_locked_slider_where_it_stands(desk) -> None:
    d = desk()
    tab = d.page
    row = tab.sliders.rows()[2]
    ends = tab.parameters()["a"], tab.parameters()["b"]

    def held(value: float) -> bool:
        asked_for = [r for r in d.session.requests if isinstance(r, api.DecodeRequest) and len(r.z) == 13]
        return bool(asked_for) and all(z[2] == pytest.approx(value) for z in asked_for[-1].z)

    row.move_to(1.25)
    row.finish()
    QTest.keyClick(row, Qt.Key.Key_L)
    d.until(lambda: held(1.25))
    row.move_to(-1.0)
    row.finish()
    d.until(lambda: held(-1.0))
    tab.tempo.last.click()
    assert tab.sliders.code()[2] == pytest.approx(-1.0) and "at <a href='b'>B</a>" in tab.caption.markup()
    film, strip = tab.export_film_source(), dict(tab.export_sources())["Strip from A to B"]
    assert all(key[2] == pytest.approx(-1.0) for key in film.keys) and strip.layout.columns == 13
    QTest.keyClick(row, Qt.Key.Key_L)
    d.until(lambda: isinstance(d.session.requests[-1], api.InterpolateRequest))
    assert (tab.parameters()["a"], tab.parameters()["b"]) == ends, "the ends were only held, not changed"


def test_truncation_pulls_random_codes_and_the_way_and_comes_back(desk) -> None:
    d = desk()
    tab = studied(d)
    tab.draw_ends()
    before, mean = tab.parameters(), tab.study().mean.astype(float)
    controls = tab.controls
    controls.psi.setFocus()
    for psi in (0.9, 0.5):
        controls.psi.set_value(psi)
        controls.psi_moved.emit(psi)
    controls.psi_finished.emit()
    after = tab.parameters()
    for end in "ab":
        assert after[end] == pytest.approx(pulled(before[end], mean, 0.5))
    assert after["psi"] == 0.5 and "0.50" in controls._psi_row.label.text()
    d.until(lambda: any(getattr(r, "a", None) == tuple(after["a"]) for r in d.session.requests))
    drawn = after["drawn"]
    tab.random()
    assert tab.parameters()["z"] == pytest.approx(pulled(random_code(after["seed"], drawn, 16), mean, 0.5))
    tab.show_sheet()
    sheet = tab.export_source()
    assert isinstance(sheet, api.DecodeRequest)
    assert "at <b>0.50</b> of their distance" in tab.caption.markup()
    assert sheet.z[3] == pytest.approx(pulled(random_code(tab.parameters()["seed"], 3, 16), mean, 0.5))
    tab.stage.cell_double_clicked.emit(3)
    assert tab.parameters()["z"] == pytest.approx(list(sheet.z[3]))
    controls.psi_moved.emit(1.0)
    tab.show_sheet()
    assert isinstance(tab.export_source(), api.SampleRequest)


def test_truncation_to_nothing_and_back_loses_nothing(desk) -> None:
    tab = desk().page
    tab.random()
    z = tab.parameters()["z"]
    for psi in (0.6, 0.0, 0.4, 1.0):
        tab.controls.psi_moved.emit(psi)
        tab.controls.psi_finished.emit()
    assert tab.parameters()["z"] == z


# ---- from mode to mode ----------------------------------------------------------------------------


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


# ---- saved codes ----------------------------------------------------------------------------------


def test_a_code_is_kept_named_shown_deleted_and_brought_back(desk) -> None:
    d = desk()
    tab, panel = d.page, d.page.controls.saved
    d.until(lambda: shows(tab, tab.sliders.code()))
    z = tuple(tab.parameters()["z"])
    panel.save.click()
    assert [c.z for c in SavedCodes().codes] == [z] and SavedCodes().codes[0].png.startswith(b"\x89PNG")
    panel.list.item(0).setText("  seven, leaning ")
    assert [c.name for c in SavedCodes().codes] == ["seven, leaning"]
    panel.list.item(0).setText("")
    assert panel.list.item(0).text() == "seven, leaning"
    tab.random()
    panel.list.itemClicked.emit(panel.list.item(0))
    assert tuple(tab.parameters()["z"]) == z
    assert tab.undo() and tuple(tab.parameters()["z"]) != z
    panel.list.setCurrentRow(0)
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert panel.list.count() == 0 and not SavedCodes().codes and d.messages[-1] == "seven, leaning is deleted."
    d.offers[-1]()
    assert panel.list.item(0).text() == "seven, leaning" and len(SavedCodes().codes) == 1


def test_a_kept_code_of_another_size_gets_one_sentence(desk) -> None:
    d = desk()
    tab = d.page
    tab.keeper.keep("mnist-vae-2", (0.5, 1.0), None)
    before, said = tab.parameters(), len(d.messages)
    tab.controls.saved.chosen.emit(0)
    assert len(d.messages) == said + 1 and "2 numbers for mnist-vae-2; mnist-vae-16 has 16" in d.messages[-1]
    assert tab.parameters() == before


@pytest.mark.parametrize("text", ["", "{", "7", '[{"name": 1}]', '[{"name": "a", "model": "m", "z": [NaN]}]',
                                  '[{"name": "a", "model": "m", "z": [1], "png": "%%"}]'])  # fmt: skip
def test_a_damaged_list_is_read_as_far_as_it_goes(qtbot, text) -> None:
    from PySide6.QtCore import QSettings

    QSettings().setValue(KEY, text)
    saved = SavedCodes()
    assert saved.codes == []
    saved.insert(0, SavedCode("one", "m", (1.0, 2.5), b"x"))
    assert SavedCodes().codes == saved.codes and saved.fresh_name() == "Code 1" and len(saved.codes) < MOST


# ---- the real thing -------------------------------------------------------------------------------


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
