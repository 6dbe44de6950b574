"""The traversal: rows by what they tell, and a base code that everything follows."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from fakes import CATALOG, decode
from latent_desk import LatentFake, picture, real_makers, train_tiny
from page_desk import Desk, asked
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from genstudio import api
from genstudio.core.compute import FLOAT32_CPU
from genstudio.session import Session
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.traverse import TraversePage
from genstudio.ui.latent.traverse_play import WAY_S
from genstudio.ui.latent.traverse_state import FEW
from genstudio.ui.widgets.export_target import columns_of, count_of, frames_of


@pytest.fixture
def desk(qtbot) -> Iterator[Desk]:
    shared = LatentDesk()
    made = Desk(partial(TraversePage, desk=shared), LatentFake())
    qtbot.addWidget(made.page)
    yield made
    made.close()


@pytest.fixture
def page(desk: Desk, qtbot) -> TraversePage:
    page = desk.open()
    qtbot.waitUntil(lambda: page.stage.pictures() is not None, timeout=30_000)
    return page


def shows(page: TraversePage, row: int, column: int) -> bool:
    """Whether a cell has the picture of its code."""
    state, pictures = page._state, page.stage.pictures()
    if state is None or pictures is None:
        return False
    z = list(state.z)
    z[state.dims(page.study())[row]] = state.values()[column]
    return np.array_equal(pictures[row * state.columns + column], decode(tuple(z)))


def test_a_row_is_a_latent_and_a_column_a_number(page: TraversePage) -> None:
    assert len(page.stage.pictures()) == 7 * 9 and page.stage.columns() == 9
    assert all(shows(page, row, column) for row in (0, 3, 6) for column in (0, 4, 8))
    assert page.tempo.label.text() == "latents 1 to 7 of 16"


def test_a_click_on_a_cell_makes_it_the_base_and_undo_takes_it_back(page: TraversePage, qtbot) -> None:
    before = page.code()
    page.stage.cell_clicked.emit(2 * 9 + 8)
    assert page.code()[2] == 3.0 and page.code()[:2] == before[:2]
    qtbot.waitUntil(lambda: shows(page, 0, 4), timeout=30_000)
    assert page.undo() and page.code() == before
    assert page.redo() and page.code()[2] == 3.0


@pytest.mark.parametrize("change", [{"columns": 7}, {"page": 1}])
def test_old_pictures_never_stand_under_new_titles(page: TraversePage, desk: Desk, qtbot, change) -> None:
    page.controls.moving.click()
    qtbot.waitUntil(lambda: page._now is not None, timeout=30_000)
    before, titles, known = page.stage.pictures(), page.stage._row_titles, page._state
    page.change(dataclasses.replace(known, **change))
    assert np.array_equal(page.stage.pictures(), before) and page.stage._row_titles == titles
    page.write()  # as the end of playing does
    qtbot.waitUntil(lambda: page._known_rows(page._state) is not None, timeout=30_000)
    first = page._state.dims(page.study())[0]
    assert page.stage._row_titles[0] == f"z{first + 1}" and page.stage.columns() == page._state.columns + 1


def test_a_drag_asks_for_few_pictures_and_ends_on_the_last_code(page: TraversePage, desk: Desk, qtbot) -> None:
    page._setting_changed("rows", 16)
    qtbot.waitUntil(lambda: len(page.stage.pictures()) == 16 * 9, timeout=30_000)
    sliders = page.controls.sliders
    sliders.grabbed.emit()
    for value in np.linspace(-2, 2, 20):
        z = np.array(page.code())
        z[1] = value
        sliders.changed.emit(z)
    sliders.finished.emit()
    qtbot.waitUntil(lambda: shows(page, 15, 0) and shows(page, 0, 8), timeout=30_000)
    assert page.code()[1] == 2.0
    sizes = [len(r.dims) * len(r.values) for r in asked(desk, api.TraverseRequest)]
    assert sizes[-1] == 144 and all(size <= FEW for size in sizes if size not in (63, 144))


def test_a_study_sorts_the_rows_by_what_they_tell(page: TraversePage, qtbot) -> None:
    assert "Study the codes" in page.caption.markup()
    page.controls.study.click()
    qtbot.waitUntil(lambda: page.study() is not None, timeout=30_000)
    qtbot.waitUntil(lambda: shows(page, 0, 8), timeout=30_000)
    assert page._state.dims(page.study())[:2] == (15, 14)
    assert page.stage._row_titles[0] == "z16 · 3.75 nats"
    assert "PC1" in [page.controls.axes.across.itemData(k) for k in range(page.controls.axes.across.count())]
    assert "1</b> of 16 latents are dead" in page.caption.markup()


def test_pages_hold_all_latents_once(page: TraversePage, qtbot) -> None:
    seen = list(page._state.dims(None))
    for _ in range(2):
        page.turn(1)
        seen += page._state.dims(None)
    assert sorted(seen) == list(range(16)) and not page.controls.pager.forward.isEnabled()
    QTest.keyClick(page.stage, Qt.Key.Key_PageDown)
    assert page._state.page == 2
    qtbot.waitUntil(lambda: len(page.stage.pictures()) == 2 * 9, timeout=30_000)


def test_playing_moves_a_column_there_and_back_as_time_passes(page: TraversePage, desk: Desk, qtbot) -> None:
    page.toggle_play()
    assert page.clock.runs() and page._state.moving and page._state.here() == 0
    page.toggle_play()
    assert not page.clock.runs()
    page.advance(WAY_S / 4)
    assert page._state.here() == pytest.approx(1.5)
    page.advance(WAY_S / 2)  # one late tick goes as far as many in time
    assert page._state.here() == pytest.approx(1.5) and page._direction == -1
    page.advance(3 * WAY_S / 4)
    assert page._state.here() == -3 and page.tempo.position() == 0
    qtbot.waitUntil(lambda: asked(desk, api.TraverseRequest)[-1].values == (-3.0,), timeout=30_000)
    z = page.code()
    qtbot.waitUntil(
        lambda: page._now is not None and np.array_equal(page._now[6], decode((*z[:6], -3.0, *z[7:]))), timeout=30_000
    )
    shown = page.stage.pictures()
    assert len(shown) == 7 * 10 and np.array_equal(shown[60], page._now[6]) and page.stage._titles[:2] == ["now", "−3σ"]
    page.stage.cell_clicked.emit(60)
    assert page.code()[6] == -3
    page.step(1)
    assert page._state.here() == -2.25
    page._setting_changed("moving", False)
    qtbot.waitUntil(lambda: len(page.stage.pictures()) == 7 * 9, timeout=30_000)


def test_undo_in_rows_keeps_what_a_hand_did_while_the_column_moved(page: TraversePage) -> None:
    before = page.code()
    page.toggle_play()
    page.advance(WAY_S / 8)
    page.controls.sliders.grabbed.emit()
    page.advance(WAY_S / 8)
    page.controls.sliders.changed.emit(np.array((2.5, *before[1:])))
    page.advance(WAY_S / 8)
    page.controls.sliders.finished.emit()
    page.advance(WAY_S / 8)
    assert page.clock.runs() and page.code()[0] == 2.5 and page.undo() and page.code() == before
    assert not page.undo()


def test_the_film_of_the_rows_comes_back(page: TraversePage) -> None:
    film = page.export_film_source()
    assert film.dims == tuple(range(7)) and (min(film.values), max(film.values)) == (-3, 3) and len(film.values) == 80
    assert (frames_of(film), count_of(film, film=True), columns_of(film, film=True)) == (80, 7, 3)
    page.random()
    page.restore(api.RestoredEvent("x.webp", film, api.GridLayout(), None, "A film."))
    assert page.export_film_source() == film and page._state.moving


def test_a_file_of_other_rows_shows_those(page: TraversePage) -> None:
    source = api.TraverseRequest("mnist-vae-16", page.code(), (4, 0, 9), page._state.values())
    page.restore(api.RestoredEvent("x.png", source, api.GridLayout(), True, ""))
    assert page.export_source() == source and page.tempo.label.text() == "3 of 16 latents"
    page._setting_changed("rows", 4)
    assert page._state.dims(None) == (0, 1, 2, 3)


def test_a_picture_of_ones_own_is_the_base(page: TraversePage, desk: Desk, qtbot) -> None:
    before = page.code()
    assert page.takes_pictures and page.offer_picture(picture(3))
    qtbot.waitUntil(lambda: page.code() != before, timeout=30_000)
    assert len(set(page.code())) == 1 and desk.messages[-1].endswith("your picture; it was made grey.")
    assert page.undo() and page.code() == before


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (api.TraverseRequest("mnist-vae-16", (0.0,) * 2, (0, 1)), "do not fit mnist-vae-16, which has 16 latents"),
        (api.PlaneRequest("mnist-vae-16", (0.0,) * 16, (1.0,), (1.0,)), "do not fit mnist-vae-16"),
        (api.TraverseRequest("mnist-vae-16", (0.0,) * 16, (16,)), "does not have"),
        (api.TraverseRequest("mnist-vae-16", (0.0,) * 16, (), ()), "does not have"),
        (api.TraverseRequest("elsewhere", (0.0,) * 16, (1,)), "elsewhere, which is not here"),
    ],
)
def test_a_file_that_does_not_fit_is_told_and_all_stays(
    page: TraversePage, desk: Desk, source: api.Source, words: str
) -> None:
    kept = page._state
    page.restore(api.RestoredEvent("x.webp", source, api.GridLayout(), None, "A film."))
    assert words in desk.messages[-1] and page._state == kept


@pytest.mark.parametrize("view", ["rows", "plane"])
def test_an_exported_file_brings_back_what_was_seen(page: TraversePage, view: str) -> None:
    page._setting_changed("view", view)
    page._setting_changed("reach", 2.0)
    source = page.export_source()
    page.random()
    page._setting_changed("reach", 4.0)
    assert page.restores(source) and page.export_source() != source
    page.restore(api.RestoredEvent("x.png", source, api.GridLayout(), True, ""))
    assert page.export_source() == source


def test_parameters_come_back_and_nonsense_is_left(page: TraversePage) -> None:
    page._setting_changed("columns", 5)
    kept = page.parameters()
    page._setting_changed("columns", 11)
    page.set_parameters({**kept, "reach": "far", "view": 7, "z": [1.0]})
    assert (page._state.columns, page._state.reach, page._state.view, len(page.code())) == (5, 3.0, "rows", 16)


def test_modes_hand_each_other_model_and_code(page: TraversePage, qtbot) -> None:
    page.deactivate()
    assert page.desk.model == "mnist-vae-16" and page.desk.z == (), "no hand has made a code"
    page.activate()
    page.random()
    page.deactivate()
    assert page.desk.z == page.code()
    page.desk.put("mnist-vae-16", (0.5,) * 16)
    page.activate()
    assert page.code() == (0.5,) * 16
    page.deactivate()
    page.desk.put("mnist-vae-2", (0.25, -1.0))
    page.activate()
    qtbot.waitUntil(lambda: page.code() == (0.25, -1.0), timeout=30_000)


def test_what_cannot_be_loaded_is_told_with_a_way_on(desk: Desk, qtbot) -> None:
    page = desk.page
    page.set_catalog(CATALOG)
    page.models.add("broken", CATALOG.models[0])
    page.open("broken", {})
    qtbot.waitUntil(lambda: "could not be opened" in page.stage._label.text(), timeout=30_000)
    assert page.stage._label.text().endswith("opened. Broken cannot be read: it was cut short.")
    assert page.stage._button.text() == "Try again" and page.export_source() is None


def test_with_a_real_model(qtbot, tmp_path: Path) -> None:
    train_tiny(tmp_path, "tiny-vae")
    bridge = Bridge(real_makers(tmp_path))
    page = TraversePage(bridge)
    qtbot.addWidget(page)
    bridge.event.connect(partial(_route, page))
    bridge.submit("play", "traverse.catalog", api.CatalogRequest())
    qtbot.waitUntil(lambda: page.stage.pictures() is not None, timeout=30_000)
    assert page.stage.pictures().shape == (4 * 9, 28, 28, 1)
    page.study_codes()
    qtbot.waitUntil(lambda: page.study() is not None, timeout=60_000)
    page._setting_changed("across", "PC1")
    page._setting_changed("up", "PC2")
    page._setting_changed("heat", True)
    page._setting_changed("view", "plane")
    qtbot.waitUntil(lambda: page._heat is not None and page.plane.has_map(), timeout=30_000)
    assert page._heat.shape == (20, 20) and (page._heat > 0).all()
    page._setting_changed("view", "rows")
    source, path = page.export_film_source(), tmp_path / "rows.png"
    session = Session("io", data_dir=tmp_path, model_dirs=[tmp_path], compute=FLOAT32_CPU)
    for _ in session.stream(api.ExportFilmRequest(source, api.GridLayout(2, 0, 1), str(path))):
        pass
    *_, restored = session.stream(api.RestoreRequest(str(path)))
    assert restored.source == source and restored.pictures.shape[:2] == (56, 56)
    low = session.handle(api.TraverseRequest(source.model, source.z, source.dims, (-3.0,))).images
    assert np.abs(restored.pictures[:28, 28:].astype(int) - low[1]).max() <= 1, "each frame is one column"
    page.close()
    assert bridge.close(timeout_s=20)


def _route(page: TraversePage, slot: str, event: object) -> None:
    if isinstance(event, api.CatalogEvent):
        page.set_catalog(event.catalog)
        page.activate()
    else:
        page.handle(slot.partition(".")[2], event)
