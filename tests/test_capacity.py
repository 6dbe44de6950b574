"""The capacity mode: a ladder of VAEs along its rate-distortion curve, and one control that moves along it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from capacity_desk import LADDER, RUNGS, UNMEASURED, LadderFake, vae
from fakes import DATASETS, with_catalog
from latent_desk import real_makers, train_tiny
from page_desk import Desk, asked
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.capacity import CapacityPage
from genstudio.ui.latent.capacity_state import CapacityState, seed_of, sheet
from genstudio.ui.latent.desk import LatentDesk


@pytest.fixture
def desk(qtbot) -> Iterator[Desk]:
    made = Desk(partial(CapacityPage, desk=LatentDesk()), LadderFake())
    qtbot.addWidget(made.page)
    yield made
    made.close()


@pytest.fixture
def page(desk: Desk, qtbot) -> CapacityPage:
    page = desk.open(LADDER)
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    return page


def test_all_models_are_asked_at_once_and_moving_asks_for_nothing(page: CapacityPage, desk: Desk) -> None:
    assert {r.model for r in asked(desk, api.EncodeRequest)} == {info.name for info in RUNGS}
    count = len(desk.session.requests)
    pictures = []
    for place in range(4):
        page.view.slider.stop_chosen.emit(place)
        pictures.append(page.view.stage.pictures())
        assert page._state.model == RUNGS[place].name and page.tempo.position() == place
        assert f"{RUNGS[place].latent_dim} numbers" in page.caption.markup()
    assert len(desk.session.requests) == count
    columns = page.view.stage.columns()
    assert columns >= 6 and len(pictures[0]) == 4 * columns
    assert not np.array_equal(pictures[0][columns : 2 * columns], pictures[3][columns : 2 * columns])
    assert np.array_equal(pictures[0][:columns], pictures[3][:columns])


def test_the_slider_goes_by_keys_and_undo_goes_back(page: CapacityPage) -> None:
    page.go(0)
    page.view.slider.setFocus()
    QTest.keyClick(page.view.slider, Qt.Key.Key_Right)
    assert page.place() == 1
    page.step(1)
    assert page.place() == 2
    assert page.undo() and page.place() == 1
    assert page.undo() and page.place() == 0
    assert page.redo() and page.place() == 1


def test_a_dot_of_the_curve_chooses_its_model(page: CapacityPage) -> None:
    spot = page.plot.dot(0) + QPointF(3, -2)
    QTest.mouseClick(page.plot, Qt.MouseButton.LeftButton, pos=spot.toPoint())
    assert page.place() == 0 and page.view.slider.value() == 0
    xs, ys = zip(*((page.plot.dot(k).x(), page.plot.dot(k).y()) for k in range(4)), strict=True)
    assert list(xs) == sorted(xs) and ys[0] < ys[1] < ys[2], "right is more told, down is less lost"


def test_every_model_has_a_row_and_a_row_chooses_it(page: CapacityPage) -> None:
    page.views.chosen.emit("every")
    columns = page.view.stage.columns()
    assert len(page.view.stage.pictures()) == 5 * columns
    page.view.stage.cell_clicked.emit(1 * columns)
    assert page.place() == 0
    page.view.stage.cell_clicked.emit(0)
    assert page.place() == 0, "the row of real pictures is no model"


def test_a_model_that_was_replaced_is_asked_again(page: CapacityPage, desk: Desk, qtbot) -> None:
    before = len(asked(desk, api.EncodeRequest))
    page.set_catalog(LADDER)
    assert len(asked(desk, api.EncodeRequest)) == before
    page.set_catalog(with_catalog(models=(vae(2, sha256="f" * 64), *RUNGS[1:])))
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    assert len(asked(desk, api.EncodeRequest)) == before + 4


def test_playing_runs_up_the_ladder_and_stops_at_the_top(page: CapacityPage) -> None:
    page.go(3)
    page.toggle_play()
    assert page.place() == 0 and page.tempo.is_playing()
    for place in (1, 2, 3):
        page.clock.ticked.emit(5.0)
        assert page.place() == place
    assert not page.clock.runs() and not page.tempo.is_playing()


def test_undo_goes_back_to_the_model_that_was_chosen_and_not_through_those_that_played(page: CapacityPage) -> None:
    page.go(1)
    page.go(3)
    page.toggle_play()
    page.clock.ticked.emit(5.0)
    page.clock.ticked.emit(5.0)
    assert page.place() == 2 and page.undo() and page.place() == 1


def test_other_pictures_for_all(page: CapacityPage, desk: Desk, qtbot) -> None:
    page.random()
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    assert asked(desk, api.PickRequest)[-1].seed == 1
    assert page._random["vae-4"].request.z != asked(desk, api.DecodeRequest)[0].z
    assert page.undo() and page._state.seed == 0


def test_the_page_has_a_model_of_its_own_until_another_is_chosen_elsewhere(desk: Desk, qtbot) -> None:
    desk.page.desk.put("vae-32", (1.0,) * 32)
    page = desk.open(LADDER)
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    assert page.place() == 3
    page.go(1)
    page.deactivate()
    assert (page.desk.model, page.desk.z) == ("vae-32", (1.0,) * 32), "moving along the ladder is for this page"
    page.activate()
    assert page.place() == 1
    page.deactivate()
    page.desk.put("vae-2")
    page.activate()
    assert page.place() == 0


def test_a_model_of_the_ladder_is_opened_in_explore(page: CapacityPage, qtbot) -> None:
    page.go(1)
    with qtbot.waitSignal(page.mode_wanted) as wanted:
        page.explore_button.click()
    assert wanted.args == ["vae"] and page.desk.model == "vae-4"


def test_a_file_that_another_mode_has_opened_is_on_the_ladder(page: CapacityPage, qtbot) -> None:
    page.deactivate()
    page.desk.dropped["/x/vae-4"] = vae(4, name="mine", path="/x/vae-4", sha256="4")
    page.activate()
    assert [rung.info.name for rung in page.ladder().rungs].count("mine") == 1
    assert page.picker.value() == page.ladder().key and len(page.view.slider.names) == 5


def test_an_exported_sheet_comes_back(page: CapacityPage) -> None:
    page.random()
    page.random()
    source = sheet(page.rung(), np.zeros((8, 16), np.float32), 2, 8)
    assert seed_of(source) == 2 and page.restores(source) and len(source.z) == 24
    assert not page.restores(api.DecodeRequest("vae-4", ((0.0,) * 4,) * 3)) and not page.restores(api.MapRequest("x"))
    page.go(0)
    page.restore(api.RestoredEvent("a.png", source, api.GridLayout(8), True, "The picture is identical."))
    assert page._state.model == source.model and page._state.seed == 2
    lost = dataclasses.replace(source, model="gone")
    page.restore(api.RestoredEvent("a.png", lost, api.GridLayout(8), True, ""))
    assert page._state.model == source.model


def test_an_export_writes_what_is_shown(page: CapacityPage) -> None:
    export = page.export_source()
    columns = page.view.stage.columns()
    assert export.source.model == page._state.model and len(export.source.z) == 3 * columns
    assert export.layout.columns == columns
    shown = page._random[page._state.model].request.z
    assert export.source.z[columns : 2 * columns] == shown[:columns]


def test_pictures_that_are_not_here_give_way_to_strokes(desk: Desk, qtbot) -> None:
    absent = tuple(dataclasses.replace(one, available=one.name != "mnist") for one in DATASETS)
    page = desk.open(dataclasses.replace(LADDER, datasets=absent))
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    assert [r.dataset for r in asked(desk, api.PickRequest)] == ["strokes"]
    assert "MNIST is not on this computer" in page.caption.markup()
    assert page.view.stage._row_titles[0] == "Strokes"


def test_pictures_that_cannot_be_read_give_way_too(desk: Desk, qtbot) -> None:
    models = tuple(dataclasses.replace(info, dataset="unreadable") for info in RUNGS)
    page = desk.open(with_catalog(models=models))
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    assert [r.dataset for r in asked(desk, api.PickRequest)] == ["unreadable", "strokes"]
    assert "unreadable is not on this computer" in page.caption.markup() and page.view.stage.pictures() is not None


def test_too_few_models_say_what_to_do(desk: Desk, qtbot) -> None:
    page = desk.open(with_catalog(models=(RUNGS[0],)))
    wanted: list[str] = []
    page.mode_wanted.connect(wanted.append)
    assert "at least two" in page.view.stage._label.text()
    assert not page.plot_frame.isVisible() and not page.view.slider.isVisible()
    page.view.stage.button_clicked.emit()
    assert wanted == ["latent-train"] and page.export_source() is None
    page.toggle_play()
    assert not page.tempo.is_playing()


def test_models_without_numbers_are_measured_by_a_button(desk: Desk, qtbot) -> None:
    page = desk.open(UNMEASURED)
    assert "1 of 2 models" in page.view.stage._label.text() and page.measure_button.text() == "Measure 1 more"
    page.view.stage.button_clicked.emit()
    qtbot.waitUntil(lambda: len(page.ladder().rungs) == 2 and page.is_settled(), timeout=30_000)
    assert [r.model for r in asked(desk, api.RateRequest)] == ["vae-4"]
    assert page.plot_frame.isVisible() and not page.measure_button.isVisible()


def test_a_model_that_fails_says_so_and_the_others_stand(desk: Desk, qtbot) -> None:
    page = desk.open(with_catalog(models=(*RUNGS, vae(4, name="broken", sha256="b" * 64))))
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    page.go(page.ladder().place("broken"))
    assert "could not be opened" in page.view.stage._label.text()
    page.go(0)
    assert page.view.stage._label.text() == "" and page.view.stage.pictures() is not None


def test_a_damaged_model_does_not_take_the_pictures_from_the_others(desk: Desk, qtbot) -> None:
    page = desk.page
    page.desk.put("broken")
    desk.open(with_catalog(models=(*RUNGS, vae(4, name="broken", sha256="b" * 64))))
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    assert [r.dataset for r in asked(desk, api.PickRequest)] == ["mnist", "mnist"]
    page.go(0)
    assert "not on this computer" not in page.caption.markup()
    assert page.view.stage._row_titles[0] == "Held-out"


def test_parameters_come_back_and_what_is_gone_is_left(desk: Desk, qtbot) -> None:
    desk.page.set_parameters({"model": "vae-4", "seed": 3, "every": True, "ladder": 7})
    page = desk.open(LADDER)
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    assert page.parameters() == {"ladder": page.ladder().key, "model": "vae-4", "seed": 3, "every": True}
    page.set_parameters({"model": "gone", "seed": "x"})
    assert page.place() >= 0 and page._state.seed == 0 and not page._state.every
    assert CapacityState.from_dict({}, {}) == CapacityState()


def test_with_real_models_that_are_measured_first(qtbot, tmp_path: Path) -> None:
    train_tiny(tmp_path, "tiny-vae", "tiny-wide")
    bridge = Bridge(real_makers(tmp_path))
    page = CapacityPage(bridge)
    qtbot.addWidget(page)
    page.resize(1200, 800)
    bridge.event.connect(partial(_route, page))
    bridge.submit("play", "capacity.catalog", api.CatalogRequest())
    qtbot.waitUntil(lambda: page.ladder() is not None, timeout=60_000)
    page.measure()
    qtbot.waitUntil(lambda: len(page.ladder().rungs) == 2 and page.is_settled(), timeout=60_000)
    low, high = page.ladder().rungs
    assert min(low.rate, high.rate) > 0 and min(low.distortion, high.distortion) > 50
    page.go(1)
    assert "ELBO" in page.caption.markup() and page._given.keys() == page._random.keys() == {low.key, high.key}
    page.close()
    assert bridge.close(timeout_s=20)


def _route(page: CapacityPage, slot: str, event: object) -> None:
    if isinstance(event, api.CatalogEvent):
        page.set_catalog(event.catalog)
        page.activate()
    else:
        page.handle(slot.partition(".")[2], event)
