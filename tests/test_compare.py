"""Models side by side: the same pictures and the same noise for all, and what it teaches in words."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from fakes import CATALOG, DATASETS, MODELS, with_catalog
from latent_desk import LatentFake, real_makers, train_tiny
from page_desk import Desk, asked

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.settings import AESettings, PCASettings
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.compare import ComparePage
from genstudio.ui.latent.compare_state import CompareState, between, choose
from genstudio.ui.latent.compare_words import mean_error, spread, words
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
    qtbot.waitUntil(page.is_settled, timeout=10_000)
    return page


def known(**families: str) -> dict[str, api.ModelInfo]:
    settings = {"ae": AESettings(), "pca": PCASettings()}
    return {
        name: dataclasses.replace(MODELS[1], name=name, family=f, settings=settings.get(f, MODELS[1].settings))
        for name, f in families.items()
    }


def test_one_model_of_each_kind_is_chosen_and_the_vae_stands_last() -> None:
    infos = known(v="vae", a="ae", p="pca", second="vae")
    assert choose(infos) == ["a", "p", "v"]
    infos["a"] = dataclasses.replace(infos["a"], size=32)
    assert choose(infos) == ["p", "v"]
    assert choose(known(v="vae", second="vae")) == ["v", "second"]
    assert choose({}) == []


def of(info: api.ModelInfo, **settings: int) -> api.ModelInfo:
    return dataclasses.replace(info, settings=dataclasses.replace(info.settings, **settings))


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
    text = words(pair, errors, given, {0: 0.6, 1: 0.9})
    assert text.startswith("<b>a</b> gives") and "0.60 times as much as real ones (<b>a</b>)" in text
    assert "holes" in text and "KL" in text
    assert "holes" not in words(pair, errors, given, {0: 0.3, 1: 0.3}), "the VAE's are all the same, too"
    assert "holes" not in words(pair, errors, given, {0: 0.9, 1: 0.9})
    assert "holes" not in words(pair, errors, given, {}), "nothing is said of pictures that are not there"
    dead = words(pair, errors, {0: 0.0, 1: 0.8}, {0: 0.0, 1: 0.9})
    assert dead.startswith("<error>a</error> gives the same picture back") and "holes" not in dead
    assert "holes" not in words([infos["v"], infos["v"]], {}, {}, {})
    assert "One model" in words([infos["v"]], {}, {}, {})


def test_what_cannot_be_compared_is_said_first_and_not_ranked() -> None:
    infos = known(v="vae", a="ae")
    a, v = (of(infos[name], latent_dim=16) for name in "av")
    other = words([dataclasses.replace(a, dataset="strokes"), v], {0: 0.1, 1: 0.2}, {}, {0: 0.3, 1: 0.9})
    assert other.startswith("These models have <b>learnt different data</b> (strokes, MNIST)")
    fewer = words([a, of(v, latent_dim=2)], {0: 0.1, 1: 0.2}, {}, {0: 0.3, 1: 0.9})
    assert fewer.startswith("These models have <b>different numbers of latents</b> (2 and 16)")
    assert not any("best" in text or "holes" in text for text in (other, fewer))


def test_variety_is_the_mean_square_between_two_pictures() -> None:
    black, white = np.zeros((1, 4, 4, 1), np.uint8), np.full((1, 4, 4, 1), 255, np.uint8)
    assert spread(np.concatenate([black, white])) == pytest.approx(1)
    assert spread(np.concatenate([white, white, white])) == spread(white) == 0


def test_the_way_leads_to_another_class() -> None:
    request = between("m", np.eye(4, dtype=np.float32), ("4", "4", "5", "1"))
    assert request.a == (1, 0, 0, 0) and request.b == (0, 0, 1, 0) and request.path == "lerp"


def test_the_error_is_a_pixels_mean_square() -> None:
    black, white = np.zeros((2, 4, 4, 1), np.uint8), np.full((2, 4, 4, 1), 255, np.uint8)
    assert mean_error(black, white) == pytest.approx(1) and mean_error(white, white) == 0


def test_all_models_get_the_same_pictures_and_the_same_seed(page: ComparePage, desk: Desk) -> None:
    assert set(page._state.models) == {"mnist-vae-2", "mnist-vae-16"}
    given = [r.images for r in asked(desk, api.EncodeRequest)]
    assert len(given) == 2 and np.array_equal(*given)
    assert {r.seed for r in asked(desk, api.SampleRequest)} == {0}
    assert "error" in page.columns.numbers[0].text() and page.columns.real.pictures() is not None
    assert not page.columns.stages[2][0].isVisible()


def test_other_pictures_for_all_and_undo(page: ComparePage, desk: Desk, qtbot) -> None:
    page.random()
    qtbot.waitUntil(page.is_settled, timeout=10_000)
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
    qtbot.waitUntil(page.is_settled, timeout=10_000)


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
    qtbot.waitUntil(lambda: failed._label.text() == "cannot be shown", timeout=10_000)
    assert "cut short" in failed.toolTip()
    qtbot.waitUntil(lambda: page.columns.stages[0][2].pictures() is not None, timeout=10_000)


def test_without_the_dataset_its_download_is_one_press_away(desk: Desk, qtbot) -> None:
    gone = tuple(dataclasses.replace(one, available=one.name != "mnist") for one in DATASETS)
    page = desk.open(with_catalog(datasets=gone))
    qtbot.waitUntil(page.is_settled, timeout=10_000)
    assert not asked(desk, api.PickRequest) and "MNIST is not on this computer" in page.caption.markup()
    assert page.columns.real._button.text() == "Get MNIST"
    with qtbot.waitSignal(page.mode_wanted) as wanted:
        page.columns.real._button.click()
    assert wanted.args == ["latent-train"] and page.desk.wish == {"dataset": "mnist"}
    page.set_catalog(CATALOG)
    qtbot.waitUntil(lambda: page.columns.real.pictures() is not None, timeout=10_000)


def test_without_models_one_sentence_says_what_to_do(desk: Desk, qtbot) -> None:
    page = desk.open(with_catalog(models=()))
    real = page.columns.real
    assert real._label.text().startswith("There is no VAE here yet") and page.caption.text() == ""
    assert not page.columns._real_name.isVisible() and page.tempo.label.text() == ""
    with qtbot.waitSignal(page.mode_wanted):
        real._button.click()


def test_a_kept_run_is_called_as_where_it_was_trained(page: ComparePage) -> None:
    key = "last run (strokes, 1525)"
    page.set_catalog(with_catalog(models=(*CATALOG.models, dataclasses.replace(MODELS[1], name=key))))
    page.show_state(CompareState(("mnist-vae-16", key)))
    assert page.pickers[1].currentText() == page.columns.names[1].text() == "strokes at 1,525 (last run)"
    assert page.parameters()["models"][1] == key


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
    assert restored.pictures[:28, 28 * 12 : 28 * 13].max() == 255, "the name stands over the column"
    page.random()
    page.restore(restored)
    assert page._state == CompareState(source.models, 0)
    page.close()
    assert bridge.close(timeout_s=20)


def test_a_sheet_needs_models_of_the_same_pictures_that_find_codes(tmp_path: Path) -> None:
    train_tiny(tmp_path, "tiny-ae")
    session = Session("io", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    target = tmp_path / "sheet.png"
    for models, told in (((), "There is no model"), (("tiny-ae", "gone"), "gone"), (("tiny-ae",) * 9, "9 models")):
        with pytest.raises((ValueError, FileNotFoundError), match=told):
            list(session.stream(api.ExportGridRequest(api.CompareRequest(models), api.GridLayout(), str(target))))
    assert not target.exists()


def _route(page: ComparePage, slot: str, event: object) -> None:
    if isinstance(event, api.CatalogEvent):
        page.set_catalog(event.catalog)
        page.activate()
    else:
        page.handle(slot.partition(".")[2], event)


def test_no_model_is_not_called_one() -> None:
    assert words((), {}, {}, {}).startswith("No models are here. Train an")
