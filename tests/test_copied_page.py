"""The search for copies with real engines and a deterministic session: light, pairs, one of them large, the plot."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from copied_fake import HEART, LINE, LITTLE, NOISE, OWN, SMOOTH, distances
from fakes import CATALOG, DATASETS, MODELS, FakeSession, with_catalog
from page_desk import Desk, asked, on_desk
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from genstudio import api
from genstudio.api.differences import difference
from genstudio.api.numbers import three_digits
from genstudio.ui.copied import words
from genstudio.ui.copied.page import CopiedPage
from genstudio.ui.theme import theme

MEMORY = dataclasses.replace(MODELS[0], name=HEART, path=f"/somewhere/{HEART}.safetensors")
RUINED = dataclasses.replace(MODELS[0], name=NOISE, path=f"/somewhere/{NOISE}.safetensors")
FLAT = dataclasses.replace(MODELS[0], name=SMOOTH, path=f"/somewhere/{SMOOTH}.safetensors")
YOUNG = dataclasses.replace(MODELS[0], name=LITTLE, path=f"/somewhere/{LITTLE}.safetensors")
ALL = with_catalog(models=(*MODELS, MEMORY, RUINED, FLAT, YOUNG))
NO_MNIST = with_catalog(datasets=tuple(dataclasses.replace(one, available=one.name != "mnist") for one in DATASETS))
HOLD_S = 20.0
LINE_CURVE = 3  # of the plot


class Held(FakeSession):
    """A session that waits before it says what is near, while `gate` is down."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()
        self.gate.set()

    def handle(self, request: Any) -> Any:
        if isinstance(request, api.LoadRequest) and request.model == MEMORY.path:
            self.requests.append(request)
            return api.ModelEvent(MEMORY)
        return super().handle(request)

    def stream(self, request: Any) -> Iterator[Any]:
        for event in super().stream(request):
            if isinstance(event, api.CopiedEvent):
                assert self.gate.wait(HOLD_S)
            yield event


@pytest.fixture
def desk(qtbot: Any) -> Iterator[Desk]:
    with on_desk(qtbot, CopiedPage, Held()) as made:
        yield made


def opened(desk: Desk, qtbot: Any, catalog: api.Catalog = ALL) -> CopiedPage:
    page: CopiedPage = desk.open(catalog)
    qtbot.waitUntil(page.is_settled)
    return page


def rest(page: CopiedPage, qtbot: Any) -> None:
    qtbot.waitUntil(page.is_settled)


def choose(page: CopiedPage, qtbot: Any, model: str) -> None:
    """As the picker does."""
    page.picker.chosen.emit(model)
    rest(page, qtbot)


def cells(page: CopiedPage) -> np.ndarray:
    """What the grid shows, without the strips of words."""
    shown = page.pairs._bare
    assert shown is not None
    return shown


# ---- the light ------------------------------------------------------------------------------------


def test_it_opens_with_new_pictures_over_the_nearest_and_a_light(desk: Desk, qtbot: Any) -> None:
    page = opened(desk, qtbot)
    (request,) = asked(desk, api.CopiedRequest)
    assert request == api.CopiedRequest("mnist-dcgan", 7, 48, sampler="ddpm", steps=50)
    found, far = page.found, distances(request)
    assert np.array_equal(cells(page)[:, :28, :, :1], found.images)
    assert np.array_equal(cells(page)[:, 29:, :, :1], found.nearest[:, 0])
    assert page.pairs.words() == tuple(three_digits(float(d)) for d in far)
    assert page.verdict.role == "real" and page.pairs.marked() == {1}, "picture 1 alone is too near"
    assert page.verdict.label.text() == (
        "1 of 48 is nearer to a training picture than 99 % of unseen ones of their class are: as new as real ones."
    )
    assert page.chosen == 1 == page.pairs.selected() and page.tempo.label.text() == "picture 2 · 6.00"
    said = page.caption.markup()
    for part in ("60,000 training", "MNIST", "400 unseen pictures", "grey levels of 255", "no better"):
        assert part in said


def test_a_model_that_repeats_its_pictures_lights_up_and_they_are_framed(desk: Desk, qtbot: Any) -> None:
    page = opened(desk, qtbot)
    choose(page, qtbot, HEART)
    assert page.verdict.role == "error" and page.pairs.marked() == set(range(47))
    assert page.verdict.label.text().startswith("47 of 48 are nearer to a training picture than 99 % of unseen")
    assert page.verdict.label.text().endswith("this model has learnt its pictures by heart.")
    shot = page.pairs.grab().toImage()
    box, ratio = page.pairs.picture_rect(0), page.pairs.devicePixelRatioF()
    spot = shot.pixelColor(round((box.left() + 1) * ratio), round((box.top() + 1) * ratio))
    assert spot.red() > 150 > spot.blue(), "the frame is seen"


def test_of_few_unseen_pictures_the_light_stays_grey_and_nothing_is_framed(desk: Desk, qtbot: Any) -> None:
    page = opened(desk, qtbot)
    choose(page, qtbot, LITTLE)
    assert page.found.near.sum() == 16 and page.verdict.role == "line" and not page.pairs.marked()
    assert page.verdict.label.text().endswith("8 unseen pictures are too few to tell copies by.")


def test_what_is_farther_than_unseen_pictures_is_not_praised(desk: Desk, qtbot: Any) -> None:
    page = opened(desk, qtbot)
    choose(page, qtbot, NOISE)
    assert page.verdict.role == "generator" and not page.pairs.marked()
    assert page.verdict.label.text() == (
        "48 of 48 are farther from the training pictures than 99 % of the unseen ones of their class are: not copied, "
        "but less like the data than real ones."
    )
    page.pairs.opened.emit(5)
    assert page.detail.title.text().endswith(": that is far.")
    assert "it is no copy, and not like the data" in page.caption.markup()


def test_what_is_nearer_as_a_crowd_is_not_praised(desk: Desk, qtbot: Any) -> None:
    page = opened(desk, qtbot)
    choose(page, qtbot, SMOOTH)
    assert page.verdict.role == "generator" and page.pairs.marked() == {1}, "single ones are as near as ever"
    assert page.verdict.label.text() == (
        "46 of 48 are nearer to a training picture than half of the unseen ones of their class are, and only 1 than "
        "99 % of them: not copied, but smoother or less varied than real ones."
    )


def test_a_diffusion_model_is_asked_in_its_usual_way(desk: Desk, qtbot: Any) -> None:
    flow = dataclasses.replace(MODELS[3], name="flow", family="flow")
    page = opened(desk, qtbot, with_catalog(models=(flow,)))
    request = asked(desk, api.CopiedRequest)[0]
    way = api.usual_way("flow")
    assert (request.sampler, request.steps, request.spacing) == tuple(way)
    page.controls.label.chosen.emit("3")
    rest(page, qtbot)
    assert asked(desk, api.CopiedRequest)[-1].label == 3 and "of that class" in page.caption.markup()


# ---- order, one of them large ---------------------------------------------------------------------


def test_nearest_first_is_another_order_of_the_same_pictures(desk: Desk, qtbot: Any) -> None:
    page = opened(desk, qtbot)
    page.controls.orders.chosen.emit("distance")
    order = page.found.order("distance")
    assert len(asked(desk, api.CopiedRequest)) == 1, "nothing is computed for it"
    assert np.array_equal(cells(page)[:, :28, :, :1], page.found.images[list(order)])
    assert page.pairs.selected() == 0 and page.pairs.marked() == {0} and page.chosen == order[0] == 1
    apart = page.found.distances[:, 0] / [page.found.yardstick(k).middle for k in range(48)]
    assert [apart[k] for k in order] == sorted(apart), "by the measure of their class"
    page.step(1)
    assert page.chosen == order[1] and page.pairs.selected() == 1
    page.step(-1)
    page.step(-1)
    assert page.chosen == order[0]
    page.tempo.scrubbed.emit(47)
    assert page.chosen == order[47]
    assert page.plot.panel.cursor_x() == pytest.approx(float(page.found.distances[order[47], 0]))


def test_a_click_shows_a_picture_large_with_what_is_near(desk: Desk, qtbot: Any) -> None:
    page = opened(desk, qtbot)
    QTest.mouseClick(page.pairs, Qt.MouseButton.LeftButton, pos=page.pairs.cell_rect(5).center())
    found, detail = page.found, page.detail
    assert page.is_large and page.chosen == 5 and detail.isVisible() and not page.pairs.isVisible()
    new, near = found.images[5], found.nearest[5]
    shown = detail.stage.pictures()
    assert np.array_equal(shown[0, ..., :1], new) and np.array_equal(shown[1, ..., :1], near[0])
    assert np.array_equal(shown[2], difference(new[None], near[:1], "signed")[0])
    assert np.array_equal(detail.others._bare[..., :1], near) and len(detail.others.words()) == 5
    assert detail.others.words()[0] == f"{three_digits(float(found.distances[5, 0]))} · 5"
    assert detail.title.text().startswith("Picture 6: its nearest training picture, of class 5, is")
    said = page.caption.markup()
    assert said.startswith("Picture 6 is ") and "Above stands" not in said, "there is nothing above nor below"
    assert "400 unseen pictures" in said and f"nearer than <b>{three_digits(LINE)}</b>" in said
    page.step(1)
    assert np.array_equal(detail.stage.pictures()[0, ..., :1], found.images[6])
    assert page.caption.markup().startswith("Picture 7 is ")
    assert page.leave_detail() and page.pairs.isVisible() and page.pairs.selected() == 6
    assert page.caption.markup().startswith("Above stands")
    assert not page.leave_detail()


def test_keys_choose_a_pair_and_return_shows_it_large(desk: Desk, qtbot: Any) -> None:
    page = opened(desk, qtbot)
    page.pairs.setFocus()
    QTest.keyClick(page.pairs, Qt.Key.Key_Right)
    assert page.chosen == 2 and not page.is_large
    QTest.keyClick(page.pairs, Qt.Key.Key_Return)
    assert page.is_large and page.detail.title.text().startswith("Picture 3")
    QTest.mouseClick(page.detail.back, Qt.MouseButton.LeftButton)
    assert not page.is_large and page.pairs.isVisible()


# ---- the plot -------------------------------------------------------------------------------------


def test_the_plot_has_the_shares_of_both_and_the_line(desk: Desk, qtbot: Any) -> None:
    page = opened(desk, qtbot)
    panel = page.plot.panel
    for number, values in enumerate((page.found.distances[:, 0], page.found.unseen)):
        x, y = panel.lines[number].getOriginalDataset()
        inside = values <= x[-1]
        assert y[1:-1:2].sum() == pytest.approx(100 * inside.mean(), abs=0.3), "shares of all pictures"
    assert panel.cursor_x() == pytest.approx(6.0)
    assert _line(panel) == (pytest.approx(LINE), "too near")
    page.tempo.scrubbed.emit(OWN)
    assert _line(panel) == (pytest.approx(LINE / 2), f"too near for {OWN}"), "that of the class"
    panel.picked.emit(30.0)
    far = page.found.distances[:, 0]
    assert abs(far[page.chosen] - 30) == abs(far - 30).min()


def test_the_plot_is_empty_until_it_is_known_what_is_near(desk: Desk, qtbot: Any) -> None:
    page = opened(desk, qtbot)
    desk.session.gate.clear()
    page.picker.chosen.emit(HEART)
    qtbot.waitUntil(lambda: page.drawn is not None)
    panel = page.plot.panel
    assert page.plot_frame.isVisible(), "nothing jumps"
    assert all(line.getOriginalDataset()[0] is None for line in panel.lines) and panel.cursor_x() is None
    assert not [text for y, text, _ in panel.getPlotItem().getAxis("right")._labels if np.isfinite(y)]
    desk.session.gate.set()
    rest(page, qtbot)
    assert len(panel.lines[0].getOriginalDataset()[0]) and _line(panel) == (pytest.approx(LINE), "too near")


def _line(panel: Any) -> tuple[float, str]:
    """Where the line is, and what it is called at the right of the plot, where nothing crosses it."""
    x, y = panel.lines[LINE_CURVE].getOriginalDataset()
    assert x[0] == x[1] and y[0] == 0 < y[1]
    return float(x[0]), panel.getPlotItem().getAxis("right")._labels[LINE_CURVE][1]


def test_distances_can_be_those_of_features(desk: Desk, qtbot: Any) -> None:
    page = opened(desk, qtbot)
    page.controls.spaces.chosen.emit("classifier")
    rest(page, qtbot)
    assert asked(desk, api.CopiedRequest)[-1].space == "classifier"
    assert "features of the digit classifier" in page.caption.markup()
    assert "features of the digit classifier" in page.plot.panel.accessibleName()
    colour = dataclasses.replace(MODELS[0], name="colour", channels=3, size=32, dataset="shapes")
    page.set_catalog(with_catalog(models=(colour,)))
    rest(page, qtbot)
    assert asked(desk, api.CopiedRequest)[-1].space == "pixels"
    assert not page.controls.spaces.button("classifier").isEnabled()


# ---- on the way -----------------------------------------------------------------------------------


def test_new_pictures_are_seen_before_it_is_known_what_is_near(desk: Desk, qtbot: Any) -> None:
    desk.session.gate.clear()
    page = desk.open(ALL)
    qtbot.waitUntil(lambda: page.drawn is not None)
    assert np.array_equal(cells(page)[:, :28, :, :1], page.drawn.images)
    assert page.verdict.label.text() == "Copies are looked for …" and page.verdict.role == "line"
    assert page.export_source() is None and not page.is_settled()
    QTest.mouseClick(page.pairs, Qt.MouseButton.LeftButton, pos=page.pairs.cell_rect(5).center())
    assert not page.is_large
    desk.session.gate.set()
    rest(page, qtbot)
    assert page.verdict.role == "real"


def test_a_new_seed_keeps_the_old_pictures_without_their_light_until_the_new_ones_come(desk: Desk, qtbot: Any) -> None:
    page = opened(desk, qtbot)
    old = page.found.images
    page.random()
    assert page.verdict.role == "line" and page.export_source() is None and page.caption.markup() == ""
    rest(page, qtbot)
    assert asked(desk, api.CopiedRequest)[-1].seed == page._state.seed != 7
    assert not np.array_equal(page.found.images, old)
    assert page.undo() and page._state.seed == 7
    rest(page, qtbot)
    assert np.array_equal(page.found.images, old) and page.redo()


def test_it_can_be_stopped_and_asked_again(desk: Desk, qtbot: Any) -> None:
    desk.session.gate.clear()
    page = desk.open(ALL)
    qtbot.waitUntil(lambda: page.drawn is not None)
    page.stop("find")
    assert page.pairs._label.text() == words.STOPPED[0] and page.is_settled()
    desk.session.gate.set()
    page.pairs.button_clicked.emit()
    qtbot.waitUntil(lambda: page.found is not None)
    assert len(asked(desk, api.CopiedRequest)) == 2


def test_another_page_on_top_stops_it_and_what_was_found_stays(desk: Desk, qtbot: Any) -> None:
    desk.session.gate.clear()
    page = desk.open(ALL)
    qtbot.waitUntil(lambda: page.drawn is not None)
    page.deactivate()
    desk.session.gate.set()
    page.activate()
    rest(page, qtbot)
    assert len(asked(desk, api.CopiedRequest)) == 2
    page.deactivate()
    page.activate()
    rest(page, qtbot)
    assert len(asked(desk, api.CopiedRequest)) == 2, "it is there"


def test_a_failure_says_why_and_can_be_tried_again(desk: Desk, qtbot: Any) -> None:
    broken = dataclasses.replace(MODELS[2], name="broken")
    page = opened(desk, qtbot, with_catalog(models=(broken, MODELS[0])))
    assert "cut short" in page.pairs._label.text() and page.export_source() is None
    assert page.verdict.isHidden() and page.plot_frame.isHidden()
    page.pairs.button_clicked.emit()
    qtbot.waitUntil(lambda: len(asked(desk, api.CopiedRequest)) == 2)
    choose(page, qtbot, "mnist-vae-2")
    assert page.found is not None and not page.pairs._has_message


# ---- data -----------------------------------------------------------------------------------------


def test_data_that_can_be_downloaded_is_fetched_and_it_goes_on(desk: Desk, qtbot: Any) -> None:
    page = opened(desk, qtbot, NO_MNIST)
    stale: list[bool] = []
    page.catalog_stale.connect(lambda: stale.append(True))
    assert page.pairs._label.text().startswith("MNIST, from which mnist-dcgan has learnt, is not on this computer")
    assert page.pairs._button.text() == "Get MNIST" and not asked(desk, api.CopiedRequest)
    page.pairs.button_clicked.emit()
    qtbot.waitUntil(lambda: bool(stale))
    assert asked(desk, api.DownloadRequest) == [api.DownloadRequest("mnist")]
    page.set_catalog(CATALOG)
    qtbot.waitUntil(lambda: page.found is not None)


def test_it_opens_on_a_model_whose_data_is_here(desk: Desk, qtbot: Any) -> None:
    strokes = dataclasses.replace(MODELS[3], name="strokes-ddpm", dataset="strokes")
    page = opened(desk, qtbot, dataclasses.replace(NO_MNIST, models=(*MODELS, strokes)))
    assert page._state.model == "strokes-ddpm" and page.found is not None
    assert page.speed.text().endswith("2.0 ms per picture")
    choose(page, qtbot, "mnist-dcgan")
    assert page.found is None and page.pairs._button.text() == "Get MNIST"
    assert page.tempo.position() == 0 and "per picture" not in page.speed.text()


def test_drawings_of_the_data_folder_are_found_by_their_name(desk: Desk, qtbot: Any) -> None:
    own = dataclasses.replace(MODELS[0], name="mine", dataset="drawn faces")
    drawn = dataclasses.replace(DATASETS[0], name="/data/drawn/drawn faces", title="drawn faces", available=True)
    page = opened(desk, qtbot, with_catalog(models=(own, MODELS[1]), datasets=(*DATASETS, drawn)))
    choose(page, qtbot, "mine")
    rest(page, qtbot)
    assert page.found is not None and asked(desk, api.CopiedRequest)[-1].dataset == ""
    assert page.data.picker.findData(drawn.name) < 0, "it is there as the model's own"


def test_a_run_is_compared_with_the_folder_that_it_learns_from(desk: Desk, qtbot: Any, tmp_path: Any) -> None:
    own = dataclasses.replace(MODELS[0], name="mine", path="models/mine.safetensors", dataset="photos")
    page = opened(desk, qtbot, with_catalog(models=(own, MODELS[1])))
    page.compare("mine", str(tmp_path))
    page.take_model(own)
    rest(page, qtbot)
    asked_last = asked(desk, api.CopiedRequest)[-1]
    assert (asked_last.model, asked_last.dataset) == ("mine", str(tmp_path))
    page.compare("mnist-vae-16", "mnist")
    page.take_model(MODELS[1])
    rest(page, qtbot)
    assert asked(desk, api.CopiedRequest)[-1].dataset == "", "its own data is known"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # of offscreen windows
def test_pictures_of_ones_own_are_asked_for_and_remembered(
    desk: Desk, qtbot: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = dataclasses.replace(MODELS[0], name="mine", dataset="drawn faces")
    page = opened(desk, qtbot, with_catalog(models=(own, MODELS[1])))
    choose(page, qtbot, "mine")
    assert page.pairs._label.text() == "mine has learnt from drawn faces; say where they are."
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    page.pairs.button_clicked.emit()
    folder, _ = page.data.menu.actions()
    assert page.data.menu.isVisible() and page.data.menu.close()
    folder.trigger()
    rest(page, qtbot)
    assert asked(desk, api.CopiedRequest)[-1].dataset == str(tmp_path) and page.found is not None
    assert page.data.picker.value() == str(tmp_path) and page.parameters()["data"] == str(tmp_path)
    choose(page, qtbot, "mnist-vae-16")
    assert asked(desk, api.CopiedRequest)[-1].dataset == "", "another model has learnt other pictures"
    assert page.undo()
    rest(page, qtbot)
    assert asked(desk, api.CopiedRequest)[-1].dataset == str(tmp_path)


def test_a_zip_can_be_opened_too_where_they_are_asked_for(
    desk: Desk, qtbot: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "photos.zip").touch()
    page = opened(desk, qtbot, with_catalog(models=(dataclasses.replace(MODELS[0], dataset="photos.zip"),)))
    assert page.pairs._button.text() == "Open them…"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "photos.zip"), ""))
    page.data.menu.actions()[1].trigger()
    rest(page, qtbot)
    assert asked(desk, api.CopiedRequest)[-1].dataset == str(tmp_path / "photos.zip") and page.found is not None


@pytest.mark.parametrize(
    ("asked_for", "path", "is_answer"),
    [
        ("photos.zip", "/there/photos.zip", True),
        ("photos.zip#size=32", "/there/photos", True),
        ("/gone/photos", "/there/photos", True),
        ("", "/there/photos", True),
        ("photos.zip", "/there/flowers.zip", False),
        ("mnist", "/there/mnist.zip", False),
    ],
)
def test_what_is_dropped_answers_if_it_is_asked_for(
    desk: Desk, qtbot: Any, asked_for: str, path: str, is_answer: bool
) -> None:
    page = opened(desk, qtbot, with_catalog(models=(dataclasses.replace(MODELS[0], dataset=asked_for),)))
    assert page.use_of(path) == ("compare with" if is_answer else "")


def test_data_of_the_model_that_were_found_again_are_there_once(desk: Desk, qtbot: Any, tmp_path: Any) -> None:
    photos, others = tmp_path / "photos", tmp_path / "others"
    photos.mkdir()
    others.mkdir()
    own = dataclasses.replace(MODELS[0], name="mine", path="models/mine.safetensors", dataset="photos")
    page = opened(desk, qtbot, with_catalog(models=(own, MODELS[1])))
    picker = page.data.picker
    for folder, called in ((photos, ["photos"]), (others, ["photos", "others"])):
        page.compare("mine", str(folder))
        page.take_model(own)
        rest(page, qtbot)
        titles = [picker.itemText(k) for k in range(picker.count())]
        assert [title for title in titles if title in ("photos", "others")] == called
        assert picker.value() == str(folder) and asked(desk, api.CopiedRequest)[-1].dataset == str(folder)


def test_other_data_of_the_same_size_can_be_compared_with(desk: Desk, qtbot: Any) -> None:
    page = opened(desk, qtbot)
    there = [page.data.picker.itemData(k) for k in range(page.data.picker.count())]
    assert there[:2] == ["", "strokes"] and "cifar10" not in there and "shapes" not in there
    page.data.picker.chosen.emit("strokes")
    rest(page, qtbot)
    assert asked(desk, api.CopiedRequest)[-1].dataset == "strokes" and "strokes" in page.caption.markup()


def test_without_models_it_leads_to_a_page_that_trains(desk: Desk, qtbot: Any) -> None:
    page = opened(desk, qtbot, with_catalog(models=()))
    wanted: list[str] = []
    page.mode_wanted.connect(wanted.append)
    page.pairs.button_clicked.emit()
    page.random()
    page.step(1)
    assert wanted == ["gan"] and page.export_source() is None and page.pairs._button.text() == "Train a GAN"


# ---- what is remembered, files --------------------------------------------------------------------


def test_the_state_is_remembered(desk: Desk, qtbot: Any) -> None:
    page = opened(desk, qtbot)
    for name, value in (("counts", "24"), ("orders", "distance")):
        getattr(page.controls, name).chosen.emit(value)
    choose(page, qtbot, "mnist-ddpm")
    values = page.parameters()
    other = Desk(CopiedPage, Held())
    qtbot.addWidget(other.page)
    other.page.set_parameters(values)
    again = opened(other, qtbot)
    assert again._state == page._state and asked(other, api.CopiedRequest) == asked(desk, api.CopiedRequest)[-1:]
    other.page.set_parameters({"count": 7, "seed": -1, "order": [], "model": 3, "label": "cat", "space": None})
    rest(again, qtbot)
    assert again._state.model == "mnist-dcgan" and again._state.count == 48, "what makes no sense is as at first"
    other.close()


def test_the_export_is_restored_with_model_seed_and_order(desk: Desk, qtbot: Any) -> None:
    page = opened(desk, qtbot)
    page.controls.orders.chosen.emit("distance")
    source = page.export_source()
    assert source == api.CopiedRequest("mnist-dcgan", 7, 48, order="distance") and page.restores(source)
    assert page.export_film_source() is None
    choose(page, qtbot, HEART)
    page.random()
    page.restore(api.RestoredEvent("sheet.png", source, api.GridLayout(), True, ""))
    rest(page, qtbot)
    assert page.export_source() == source


def test_a_dropped_model_is_looked_at(desk: Desk, qtbot: Any) -> None:
    page = opened(desk, qtbot, CATALOG)
    assert page.takes(MEMORY) and page.offer_model(MEMORY.path)
    qtbot.waitUntil(lambda: page._state.model == MEMORY.path)
    rest(page, qtbot)
    assert asked(desk, api.CopiedRequest)[-1].model == MEMORY.path and page.verdict.role == "error"


@pytest.mark.parametrize(("width", "height", "scale"), [(1440, 800, 1.0), (1024, 660, 1.0), (1024, 660, 1.5)])
def test_all_pairs_and_the_sentence_have_room(desk: Desk, qtbot: Any, width: int, height: int, scale: float) -> None:
    page = opened(desk, qtbot)
    theme().set_scale(scale)
    page.resize(width, height)
    qtbot.waitUntil(lambda: page.width() == width and page.pairs.cell_rect(47).isValid())
    last = page.pairs.cell_rect(47)
    assert page.pairs.rect().contains(last) and page.pairs.zoom() >= 1
    label = page.verdict.label
    assert label.heightForWidth(label.width()) <= label.height()
