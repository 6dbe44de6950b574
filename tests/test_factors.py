"""The page of factors: the pictures that check the matrix, and the ways from it and to it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from factors_desk import MNIST, OTHER, SHAPES, FactorsFake, told
from fakes import decode, with_catalog
from latent_desk import real_makers, train_tiny
from page_desk import Desk, asked, settle
from PySide6.QtCore import QPointF, Qt

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.engine import Ended
from genstudio.session import Session
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent import factors_words as words
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.factors import FactorsPage
from genstudio.ui.latent.factors_state import COLUMNS, VALUES, FactorsState
from genstudio.ui.latent.train import TrainPage
from genstudio.ui.tabs.vae import VAETab


@pytest.fixture
def desk(qtbot) -> Iterator[Desk]:
    made = Desk(partial(FactorsPage, desk=LatentDesk()), FactorsFake())
    qtbot.addWidget(made.page)
    yield made
    made.close()


@pytest.fixture
def page(desk: Desk, qtbot) -> FactorsPage:
    page = desk.open(with_catalog(models=(MNIST, SHAPES, OTHER)))
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    return page


def shows(page: FactorsPage, factor: int, latent: int) -> bool:
    """Whether the row of a factor moves that latent."""
    pictures = page.stage.pictures()
    z = list(page.code())
    z[latent] = VALUES[0]
    return pictures is not None and np.array_equal(pictures[factor * len(VALUES)], decode(tuple(z)))


def test_a_model_of_known_factors_is_opened_and_measured(page: FactorsPage, desk: Desk) -> None:
    assert page.model == "shapes-vae" and asked(desk, api.FactorsRequest) == [api.FactorsRequest("shapes-vae")]
    assert page.view.number.text() == "0.31" and page.stage.columns() == len(VALUES)
    assert shows(page, 1, 5) and shows(page, 3, 2)
    assert page.matrix.cell == (3, 2), "the factor with the widest gap is looked at first"


def test_a_chosen_cell_moves_its_latent_and_undo_goes_back(page: FactorsPage, qtbot) -> None:
    row, place = 1, page.matrix.order.index(9)
    qtbot.mouseClick(page.matrix, Qt.MouseButton.LeftButton, pos=page.matrix.cell_rect(row, place).center().toPoint())
    assert page.matrix.cell == (1, 9) and page.stage is not None
    qtbot.waitUntil(lambda: shows(page, 1, 9), timeout=30_000)
    assert "Its best is z6" in page.caption.markup() and page.parameters()["cell"] == [1, 9]
    assert page.undo() and page.matrix.cell == (3, 2)
    qtbot.waitUntil(lambda: shows(page, 1, 5), timeout=30_000)


def test_keys_go_from_cell_to_cell(page: FactorsPage, qtbot) -> None:
    qtbot.keyClick(page.matrix, Qt.Key.Key_Up)
    assert page.matrix.cell == (2, 2)
    qtbot.keyClick(page.matrix, Qt.Key.Key_Right)
    assert page.matrix.cell == (2, page.matrix.order[4])
    page.step(-1)
    assert page.matrix.cell == (2, 2)
    page.tempo.scrubbed.emit(15)
    assert page.matrix.cell == (2, 15) and not page.tempo.forward.isEnabled()
    qtbot.keyClick(page.matrix, Qt.Key.Key_Delete)
    assert page.matrix.cell == (3, 2)


def test_the_frame_of_the_focus_has_all_its_edges(page: FactorsPage) -> None:
    matrix = page.matrix
    matrix.resize(matrix.width(), matrix.minimumHeight())
    assert matrix.focus_rect().bottom() <= matrix.height() - 0.5 and matrix.focus_rect().right() < matrix.width()
    assert matrix.focus_rect().left() > 0 and matrix.focus_rect().top() > 0


def test_hovering_tells_the_numbers(page: FactorsPage) -> None:
    matrix = page.matrix
    centre = matrix.cell_rect(1, 1).center()
    assert matrix.help_at(centre) == "z6 tells 1.20 of 1.79 nats of scale, 67 %."
    assert "gap 0.86" in matrix.help_at(QPointF(matrix.cell_rect(3, 0).left() - 5, matrix.cell_rect(3, 0).center().y()))
    assert "Explore" in matrix.help_at(matrix.cell_rect(-1, 0).center())
    assert matrix.help_at(QPointF(-5, -5)) == words.HELP


def test_the_name_of_a_latent_leads_to_explore(page: FactorsPage, qtbot) -> None:
    wanted: list[str] = []
    page.mode_wanted.connect(wanted.append)
    box = page.matrix.cell_rect(-1, page.matrix.order.index(5))
    qtbot.mouseClick(page.matrix, Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert wanted == ["vae"] and page.desk.latent == 5
    assert (page.desk.model, page.desk.z) == ("shapes-vae", page.code())


def test_explore_gives_the_keyboard_to_that_slider(qtbot) -> None:
    shared = LatentDesk()
    desk = Desk(partial(VAETab, desk=shared), FactorsFake())
    qtbot.addWidget(desk.page)
    shared.put("shapes-vae", (0.5,) * 16)
    shared.latent = 13
    page = desk.open(with_catalog(models=(MNIST, SHAPES)))
    qtbot.waitUntil(lambda: page.focusWidget() in page.controls.sliders.rows(), timeout=30_000)
    assert page.focusWidget().face.name == "z14" and shared.latent == -1 and not page.is_playing()
    desk.close()


def test_a_model_of_other_pictures_is_not_measured(page: FactorsPage, desk: Desk, qtbot) -> None:
    page.picker.set_value(MNIST.name)
    page.picker.chosen.emit(MNIST.name)
    qtbot.waitUntil(lambda: "nobody knows" in page.stage._label.text(), timeout=30_000)
    settle(desk, qtbot, "io")
    assert len(asked(desk, api.FactorsRequest)) == 1 and not page.matrix.isVisible() and page.export_source() is None
    wanted: list[str] = []
    page.mode_wanted.connect(wanted.append)
    page.stage.button_clicked.emit()
    assert wanted == ["latent-train"] and page.desk.wish["dataset"] == "shapes"


def test_train_takes_the_wish_and_undo_gives_it_back(qtbot) -> None:
    shared = LatentDesk()
    desk = Desk(partial(TrainPage, desk=shared), FactorsFake())
    qtbot.addWidget(desk.page)
    page = desk.open()
    page.remember()
    settings = {"vae": {**dataclasses.asdict(MNIST.settings), "beta": 4.0, "latent_dim": 10}}
    shared.wish = {"family": "vae", "dataset": "shapes", "settings": settings}
    page.activate()
    assert (page.data.name(), page.controls.form.value().beta, shared.wish) == ("shapes", 4.0, {})
    assert page.undo() and page.data.name() == "strokes"
    desk.close()


def test_its_model_is_its_own(desk: Desk, qtbot) -> None:
    desk.page.desk.put(MNIST.name, (0.0,) * 16)
    page = desk.open(with_catalog(models=(MNIST, SHAPES)))
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    page.deactivate()
    assert (page.desk.model, page.desk.z) == (MNIST.name, (0.0,) * 16), "Explore goes on where it was"


def test_a_model_chosen_here_stays_until_another_that_can_be_measured_is_chosen_elsewhere(desk: Desk, qtbot) -> None:
    other = dataclasses.replace(OTHER, dataset="shapes")
    desk.page.desk.put(SHAPES.name)
    page = desk.open(with_catalog(models=(MNIST, SHAPES, other)))
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    page.picker.set_value(other.name)
    page.picker.chosen.emit(other.name)
    for model, shown in ((SHAPES, other), (MNIST, other), (SHAPES, SHAPES), (other, other)):
        page.deactivate()
        page.desk.put(model.name)
        page.activate()
        assert page.model == shown.name and page.desk.model == model.name


def test_what_was_measured_is_kept(page: FactorsPage, desk: Desk, qtbot) -> None:
    page.open(MNIST.name, {})
    qtbot.waitUntil(lambda: "nobody knows" in page.stage._label.text(), timeout=30_000)
    page.open("shapes-vae", {"unit": "nats"})
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    settle(desk, qtbot, "io")
    assert len(asked(desk, api.FactorsRequest)) == 1 and page.matrix.unit == "nats"
    page.measure()
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    assert len(asked(desk, api.FactorsRequest)) == 2


def test_a_measurement_that_fails_or_is_stopped_can_be_tried_again(page: FactorsPage, desk: Desk, qtbot) -> None:
    page.open("strokes-vae", {})
    qtbot.waitUntil(lambda: page.stage._label.text() == "The disk is gone.", timeout=30_000)
    assert page.controls.measure.isEnabled() and page.stage._button.text() == "Measure"
    page._is_measuring = True
    page.handle("measure", Ended())
    assert "stopped" in page.stage._label.text()
    page.stage.button_clicked.emit()
    qtbot.waitUntil(lambda: len(asked(desk, api.FactorsRequest)) == 3, timeout=30_000)
    qtbot.waitUntil(lambda: page.stage._label.text() == "The disk is gone.", timeout=30_000)


def test_a_low_page_gives_the_pictures_room_to_be_twice_as_large(page: FactorsPage, qtbot) -> None:
    view = page.view
    view.resize(680, 529)
    images = np.zeros((5 * COLUMNS, 32, 32, 1), np.uint8)
    view.show_pictures(images, told(), page._state)
    view._share()
    view.layout().activate()
    assert view.stage.zoom() == 2 and view.matrix.height() >= view.matrix.minimumHeight()
    view.resize(680, 460)
    view.layout().activate()
    assert view.stage.zoom() == 1 and view.matrix.maximumHeight() == view.matrix.sizeHint().height()


def test_parameters_come_back_and_foreign_ones_are_left(page: FactorsPage) -> None:
    page.to_centre()
    assert page.code() == (0.0,) * 16
    kept = page.parameters()
    page.random()
    page.set_parameters({**kept, "cell": [1, 99], "unit": "miles", "drawn": -1})
    assert page.code() == (0.0,) * 16 and page.matrix.cell == (3, 2) and page.matrix.unit == "share"
    page.set_parameters({**kept, "cell": [9, 3]})
    assert page.matrix.cell == (3, 2), "there are five factors"


def test_a_sheet_is_exported_and_its_cell_comes_back(page: FactorsPage) -> None:
    page._cell_chosen(1, 9)
    sheet = page.export_source()
    assert isinstance(sheet, api.FactorSheetRequest) and sheet.dims[1] == 9 and sheet.columns == page.matrix.order
    assert api.natural_columns(sheet) == 1 + 16 + 1 + len(VALUES)
    assert api.picture_count(sheet) == 6 * api.natural_columns(sheet)
    page.to_best()
    page.random()
    event = api.RestoredEvent("sheet.png", sheet, api.GridLayout(), True, "", model=SHAPES)
    assert page.restores(sheet)
    page.restore(event)
    assert page.matrix.cell == (1, 9) and page.code() == sheet.z
    page.restore(dataclasses.replace(event, source=dataclasses.replace(sheet, dims=FactorsState(()).dims(told()))))
    assert page.matrix.cell == (3, 2), "each row had its best latent"


def test_with_a_real_model_of_strokes(qtbot, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("genstudio.ui.latent.factors_page.COUNT", 1000)
    train_tiny(tmp_path, "tiny-vae")
    bridge = Bridge(real_makers(tmp_path))
    page = FactorsPage(bridge)
    qtbot.addWidget(page)
    bridge.event.connect(partial(_route, page))
    bridge.submit("play", "factors.catalog", api.CatalogRequest())
    qtbot.waitUntil(page.is_settled, timeout=60_000)
    found = page.found()
    assert found is not None and found.information.shape == (6, 4) and float(found.information.max()) > 0.1
    assert page.stage.pictures().shape[0] == 6 * len(VALUES)
    sheet, file = page.export_source(), tmp_path / "sheet.png"
    session = Session("io", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    *_, saved = session.stream(api.ExportGridRequest(sheet, api.GridLayout(scale=1), str(file)))
    *_, restored = session.stream(api.RestoreRequest(str(file)))
    assert saved.bytes > 0 and restored.source == sheet and restored.identical
    with pytest.raises(ValueError, match="no dataset"):
        list(
            session.stream(
                api.ExportGridRequest(dataclasses.replace(sheet, dataset="../x"), api.GridLayout(), str(file))
            )
        )
    with pytest.raises(ValueError, match="columns"):
        list(
            session.stream(api.ExportGridRequest(dataclasses.replace(sheet, columns=(0,)), api.GridLayout(), str(file)))
        )
    page.close()
    assert bridge.close(timeout_s=20)


def _route(page: FactorsPage, slot: str, event: object) -> None:
    if isinstance(event, api.CatalogEvent):
        page.set_catalog(event.catalog)
        page.show()
        page.activate()
    else:
        page.handle(slot.partition(".")[2], event)
