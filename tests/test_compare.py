"""Models side by side: the same pictures and the same noise for all, and what it teaches in words."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from compare_desk import known, of
from fakes import CATALOG, DATASETS, MODELS, with_catalog
from latent_desk import LatentFake, real_makers, train_tiny
from page_desk import Desk, asked, settle
from PySide6.QtGui import QTextDocument

from genstudio import api
from genstudio.api.compare import COLUMNS, HELD_OUT
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.compare import ComparePage
from genstudio.ui.latent.compare_state import CompareState
from genstudio.ui.latent.compare_words import CROWD
from genstudio.ui.latent.desk import LatentDesk


@pytest.fixture
def desk(qtbot) -> Iterator[Desk]:
    shared = LatentDesk()
    made = Desk(partial(ComparePage, desk=shared), LatentFake())
    qtbot.addWidget(made.page)
    yield made
    made.close()


@pytest.fixture
def page(desk: Desk, qtbot) -> ComparePage:
    page = desk.open()
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    return page


def test_all_models_get_the_same_pictures_and_the_same_seed(page: ComparePage, desk: Desk) -> None:
    assert set(page._state.models) == {"mnist-vae-2", "mnist-vae-16"}
    given = [r.images for r in asked(desk, api.EncodeRequest) if len(r.images) == HELD_OUT]
    assert len(given) == 2 and np.array_equal(*given)
    assert {r.seed for r in asked(desk, api.SampleRequest)} == {0}
    assert "error" in page.columns.numbers[0].text()
    assert not page.columns.stages[2][0].isVisible()


def test_where_codes_lie_is_measured_once_on_many_pictures_and_told(page: ComparePage, desk: Desk, qtbot) -> None:
    crowds = [r for r in asked(desk, api.EncodeRequest) if len(r.images) == CROWD]
    assert sorted(r.model for r in crowds) == sorted(page._state.models)
    assert all("× as far" in page.columns.numbers[k].text().replace("</b>", "") for k in (0, 1))
    page.random()
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    assert len([r for r in asked(desk, api.EncodeRequest) if len(r.images) == CROWD]) == 2


def test_real_pictures_stand_above_what_is_given_back_and_every_row_is_named(page: ComparePage) -> None:
    shown = page.columns.stages[0][0].pictures()
    assert len(shown) == 2 * COLUMNS and np.array_equal(shown[COLUMNS:], page._made["given"][0][:COLUMNS])
    page.resize(1008, 680)
    names = [words.text().partition("</b>")[0] for words in page.columns.row_words]
    assert names == ["<b>Real, and given back", "<b>Random codes", "<b>In between"]
    assert all(words.isVisible() and words.width() >= 40 for words in page.columns.row_words)


def test_the_distance_that_a_file_tells_stands_under_its_column(page: ComparePage) -> None:
    info = dataclasses.replace(MODELS[1], name="told", quality={"frechet": 132.7})
    page.set_catalog(with_catalog(models=(*CATALOG.models, info)))
    page.show_state(CompareState(("told", "mnist-vae-16")))
    told, silent = (page.columns.numbers[k].text() for k in (0, 1))
    assert "Fréchet distance <b>133</b>" in told
    assert ("Fréchet" in silent) == ("frechet" in MODELS[1].quality)


def test_other_pictures_for_all_and_undo(page: ComparePage, desk: Desk, qtbot) -> None:
    page.random()
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    assert asked(desk, api.PickRequest)[-1].seed == asked(desk, api.SampleRequest)[-1].seed == 1
    assert page.undo() and page._state.seed == 0
    page.step(-1)
    assert page._state.seed == 0


def test_a_picker_takes_a_model_away_and_brings_it_back(page: ComparePage, qtbot) -> None:
    first, second = page._state.models
    page.pickers[1].set_value("")
    page.pickers[1].chosen.emit("")
    assert page._state.models == (first,) and "One model" in page.caption.markup()
    page.pickers[3].set_value(second)
    page.pickers[3].chosen.emit(second)
    assert page._state.models == (first, second)
    qtbot.waitUntil(page.is_settled, timeout=30_000)


def test_the_column_that_was_clicked_is_opened_in_explore_and_only_then_handed_on(page: ComparePage, qtbot) -> None:
    page.desk.put("mnist-vae-2", (0.5, 1.0))
    page.columns.stages[1][1].cell_clicked.emit(0)
    assert page.export_source() == api.CompareRequest(page._state.models, 0)
    page.deactivate()
    assert (page.desk.model, page.desk.z) == ("mnist-vae-2", (0.5, 1.0))
    page.activate()
    with qtbot.waitSignal(page.mode_wanted) as wanted:
        page.explore_button.click()
    assert wanted.args == ["vae"] and page.desk.model == page._state.models[1]


def test_what_is_compared_is_not_what_another_mode_has_shown(page: ComparePage) -> None:
    three = {name: of(info, latent_dim=16) for name, info in known(a="ae", p="pca", v="vae").items()}
    three |= {name: of(info, latent_dim=16) for name, info in known(w="vae", u="vae").items()}
    strange = dataclasses.replace(MODELS[1], name="shapes", dataset="shapes")
    page.set_catalog(with_catalog(models=(*three.values(), strange, MODELS[0])))
    page.one_of_each()
    assert page._state.models == ("a", "p", "v")
    for other in ("shapes", MODELS[0].name):
        page.deactivate()
        page.desk.put(other)
        page.activate()
        assert page._state.models == ("a", "p", "v"), "it could not fairly stand beside these"
    page.deactivate()
    page.desk.put("w")
    page.activate()
    assert page._state.models == ("a", "p", "v", "w")
    page.show_state(CompareState(("shapes",)))
    assert "href='kinds'" in page.caption.markup() and "Train" not in page.caption.text()
    page.caption.word_clicked.emit("kinds")
    assert page._state.models == ("a", "p", "v")


def test_a_model_that_fails_says_so_in_its_column(page: ComparePage, qtbot) -> None:
    info = dataclasses.replace(MODELS[1], name="broken")
    page.set_catalog(with_catalog(models=(*CATALOG.models, info)))
    page.show_state(CompareState(("mnist-vae-16", "broken")))
    failed = page.columns.stages[1][1]
    qtbot.waitUntil(lambda: failed._label.text() == "cannot be shown", timeout=30_000)
    assert "cut short" in failed.toolTip()
    qtbot.waitUntil(page.is_settled)
    assert page.columns.stages[0][2].pictures() is not None
    assert [stage.pictures() for stage in page.columns.stages[1]] == [None] * 3
    given, _, between = (stage.toolTip() for stage in page.columns.stages[1])
    assert "cut short" in given and given == between, "without a code nothing lies in between"


def test_without_the_dataset_its_download_is_one_press_away(desk: Desk, qtbot) -> None:
    gone = tuple(dataclasses.replace(one, available=one.name != "mnist") for one in DATASETS)
    page = desk.open(with_catalog(datasets=gone))
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    settle(desk, qtbot, "io")
    assert not asked(desk, api.PickRequest) and "MNIST is not on this computer" in page.caption.markup()
    assert page.columns.notice._button.text() == "Get MNIST"
    with qtbot.waitSignal(page.mode_wanted) as wanted:
        page.columns.notice._button.click()
    assert wanted.args == ["latent-train"] and page.desk.wish == {"dataset": "mnist"}
    page.set_catalog(CATALOG)
    qtbot.waitUntil(lambda: page.columns.stages[0][0].pictures() is not None, timeout=30_000)
    assert page.columns.stages[0][0].isVisible() and not page.columns.notice.isVisible()


def test_what_becomes_of_models_and_data_under_another_mode_is_met_on_the_way_back(page: ComparePage, qtbot) -> None:
    sixteen = MODELS[1]
    page.deactivate()
    page.set_catalog(with_catalog(models=(sixteen,)))
    assert page.parameters()["models"] == ["mnist-vae-2", "mnist-vae-16"]
    page.activate()
    assert page._state.models == ("mnist-vae-16",)
    for change in ({"models": (dataclasses.replace(sixteen, sha256="1" * 64),)}, {}):
        qtbot.waitUntil(page.is_settled)
        page.deactivate()
        page.set_catalog(with_catalog(**change))
        page.activate()
        assert page._state.models == ("mnist-vae-16",) and not page.is_settled(), "of another file, asked anew"


def test_data_that_was_fetched_on_train_is_there_on_the_way_back(desk: Desk, qtbot) -> None:
    gone = tuple(dataclasses.replace(one, available=one.name != "mnist") for one in DATASETS)
    page = desk.open(with_catalog(datasets=gone))
    qtbot.waitUntil(page.is_settled)
    page.deactivate()
    page.set_catalog(CATALOG)
    page.activate()
    qtbot.waitUntil(lambda: page.columns.stages[0][0].pictures() is not None)
    assert page.columns.stages[0][0].isVisible() and "not on this computer" not in page.caption.markup()


def test_without_models_one_sentence_says_what_to_do(desk: Desk, qtbot) -> None:
    page = desk.open(with_catalog(models=()))
    notice = page.columns.notice
    assert notice._label.text().startswith("There is no VAE here yet") and page.caption.text() == ""
    assert page.is_settled(), "there is nothing to wait for"
    assert not page.columns.row_words[0].isVisible() and page.tempo.label.text() == ""
    with qtbot.waitSignal(page.mode_wanted):
        notice._button.click()


def test_a_kept_run_is_called_as_where_it_was_trained(page: ComparePage) -> None:
    key = "last run (strokes, 1525)"
    page.set_catalog(with_catalog(models=(*CATALOG.models, dataclasses.replace(MODELS[1], name=key))))
    page.show_state(CompareState(("mnist-vae-16", key)))
    assert page.pickers[1].currentText() == page.columns.names[1].text() == "strokes at 1,525 (last run)"
    assert page.parameters()["models"][1] == key


def test_a_name_with_signs_of_markup_stands_over_its_column_as_it_is(page: ComparePage) -> None:
    infos = [dataclasses.replace(MODELS[1], name=name) for name in ("a < b & <i>c</i>", "<b>d</b>")]
    page.columns.show_models(infos)
    for chosen in (0, 1):
        page.columns.choose(chosen)
        for k, info in enumerate(infos):
            words = QTextDocument()
            words.setHtml(page.columns.names[k].text())
            assert words.toPlainText() == info.name
            assert page.columns.names[k].text().startswith("<b>") == (k == chosen)


def test_what_is_missing_is_trained_in_a_click(page: ComparePage) -> None:
    wanted: list[str] = []
    page.mode_wanted.connect(wanted.append)
    assert "href='ae'" in page.caption.markup() and "href='pca'" in page.caption.markup()
    page.caption.word_clicked.emit("ae")
    assert wanted == ["latent-train"] and page.desk.wish == {"family": "ae", "dataset": "mnist"}


def test_parameters_come_back_and_models_that_are_gone_are_left(page: ComparePage) -> None:
    kept = page.parameters()
    page.random()
    page.set_parameters({**kept, "models": ["gone", "mnist-vae-2", 7]})
    assert page._state == CompareState(("mnist-vae-2",), 0)


def test_with_real_models_of_three_kinds(qtbot, tmp_path: Path) -> None:
    train_tiny(tmp_path, "tiny-vae", "tiny-ae", "tiny-pca")
    bridge = Bridge(real_makers(tmp_path))
    page = ComparePage(bridge)
    qtbot.addWidget(page)
    bridge.event.connect(partial(_route, page))
    bridge.submit("play", "compare.catalog", api.CatalogRequest())
    qtbot.waitUntil(page.is_settled, timeout=60_000)
    assert page._state.models == ("tiny-ae", "tiny-pca", "tiny-vae")
    assert all(0 < page._errors[k] < 0.2 for k in range(3)) and "times as much as real ones" in page.caption.markup()
    source, path = page.export_source(), tmp_path / "sheet.png"
    session = Session("io", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    for _ in session.stream(api.ExportGridRequest(source, api.GridLayout(0, 0, 1), str(path))):
        pass
    *_, restored = session.stream(api.RestoreRequest(str(path)))
    assert restored.identical and restored.source == source
    assert restored.pictures.shape == (9 * 28, 15 * 28, 1)
    vae = session.handle(api.SampleRequest("tiny-vae", 0, 12)).images
    assert np.array_equal(restored.pictures[3 * 28 : 4 * 28, 12 * 28 : 13 * 28], vae[0]), "below two rows given back"
    assert restored.pictures[:28, 28 * 12 : 28 * 13].any(), "the name stands over the column"
    page.random()
    page.restore(restored)
    assert page._state == CompareState(source.models, 0)
    page.close()
    assert bridge.close(timeout_s=20)


def test_a_sheet_needs_models_of_the_same_pictures_that_find_codes(tmp_path: Path) -> None:
    train_tiny(tmp_path, "tiny-ae")
    session = Session("io", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    target = tmp_path / "sheet.png"
    for models, told in (((), "0 models side by side"), (("tiny-ae", "gone"), "gone"), (("tiny-ae",) * 9, "9 models")):
        with pytest.raises((ValueError, FileNotFoundError), match=told):
            list(session.stream(api.ExportGridRequest(api.CompareRequest(models), api.GridLayout(), str(target))))
    assert not target.exists()


def _route(page: ComparePage, slot: str, event: object) -> None:
    if isinstance(event, api.CatalogEvent):
        page.set_catalog(event.catalog)
        page.activate()
    else:
        page.handle(slot.partition(".")[2], event)
