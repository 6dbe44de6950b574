"""The arithmetic of codes: four slots, a shelf to fill them from, and a result that is always their sum."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from fakes import CATALOG, decode
from latent_desk import LatentFake, picture, real_makers, train_tiny
from page_desk import Desk, asked, settle
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QTextDocument
from PySide6.QtTest import QTest

from genstudio import api
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.arithmetic import LEG_S, ArithmeticPage
from genstudio.ui.latent.arithmetic_page import ON_SHELF
from genstudio.ui.latent.arithmetic_slot import FEW, MIME, SHELF_HELP
from genstudio.ui.latent.arithmetic_state import ArithmeticState
from genstudio.ui.latent.arithmetic_words import sum_words
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.tabs.vae_saved import SavedCode, SavedCodes
from genstudio.ui.tabs.vae_state import random_code


@pytest.fixture
def desk(qtbot) -> Iterator[Desk]:
    shared = LatentDesk()
    made = Desk(partial(ArithmeticPage, desk=shared), LatentFake())
    qtbot.addWidget(made.page)
    yield made
    made.close()


@pytest.fixture
def page(desk: Desk, qtbot) -> ArithmeticPage:
    page = desk.open()
    qtbot.waitUntil(lambda: page.is_settled() and page.equation.shelf.pictures() is not None, timeout=30_000)
    return page


def last(desk: Desk) -> api.DecodeRequest:
    return [r for r in asked(desk, api.DecodeRequest) if len(r.z) <= 4][-1]


def test_the_result_is_c_and_so_many_times_the_difference() -> None:
    state = ArithmeticState(((2.0, 1.0), (0.5, 1.0), (0.0, -1.0)), ("7", "1", "4"), 2.0)
    assert state.result() == (3.0, -1.0)
    assert state.swapped().result() == (-3.0, -1.0)
    assert sum_words(state) == "2.00 times (7 minus 1) plus 4"
    named = ArithmeticState(state.codes, ("T-shirt", "Bag", "Coat"), -0.5)
    assert sum_words(named) == "−0.50 times (T-shirt minus Bag) plus Coat"
    assert state.filled(1, (), "").result() == () and state.filled(1, (), "").places() == (0, 2)
    again = ArithmeticState.of_codes(state.decode("m").z)
    assert again is not None and again.strength == 2.0 and again.result() == state.result()
    assert ArithmeticState.of_codes(((1.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.0, 1.0))) is None


def test_one_request_has_all_four_pictures(page: ArithmeticPage, desk: Desk) -> None:
    codes = tuple(random_code(0, k, 16) for k in range(3))
    request = last(desk)
    assert request.z[:3] == codes and request.z[3] == page.code()
    assert page.code() == pytest.approx(np.subtract(codes[0], codes[1]) + codes[2], abs=1e-5)
    shown = page.equation.slots[3]._picture
    assert shown is not None and shown.pixelColor(14, 14).red() == decode(page.code())[14, 14, 0]


def test_clicks_on_the_shelf_fill_slot_after_slot(page: ArithmeticPage) -> None:
    shelf = page.equation.shelf
    for index in (5, 9, 2):
        QTest.mouseClick(shelf, Qt.MouseButton.LeftButton, pos=shelf.cell_rect(index).center())
    assert page._state.codes == tuple(random_code(0, k, 16) for k in (5, 9, 2))
    assert "code 6 minus code 10 plus code 3" in page.caption.markup()
    assert page.undo() and page._state.codes[2] == random_code(0, 2, 16) and page._state.names[2] == "code 3"


def test_a_slot_that_is_clicked_is_filled_next(page: ArithmeticPage) -> None:
    QTest.mouseClick(page.equation.slots[2], Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    page.equation.shelf.cell_clicked.emit(7)
    assert page._state.names == ("code 1", "code 2", "code 8")


def test_what_is_dropped_on_a_slot_fills_it(page: ArithmeticPage) -> None:
    slots = page.equation.slots
    slots[1].dropped.emit("shelf 4")
    assert page._state.names[1] == "code 5"
    slots[0].dropped.emit("slot 1")
    assert page._state.names[0] == "code 5"
    result = page.code()
    slots[2].dropped.emit("slot 3")
    assert page._state.codes[2] == result and page._state.names[2] == "the sum before"
    slots[2].dropped.emit("shelf 99")
    slots[2].dropped.emit("nonsense")
    assert page._state.codes[2] == result


def test_a_drag_from_the_shelf_is_taken_and_a_file_goes_to_the_window(page: ArithmeticPage) -> None:
    slot, here = page.equation.slots[1], QPoint(20, 20)
    ours, file = QMimeData(), QMimeData()
    ours.setData(MIME, b"shelf 6")
    file.setUrls([QUrl.fromLocalFile("/x.png")])
    left, none, copy = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    entering = QDragEnterEvent(here, copy, ours, left, none)
    slot.dragEnterEvent(entering)
    assert entering.isAccepted()
    slot.dropEvent(QDropEvent(here, copy, ours, left, none))
    assert page._state.names[1] == "code 7"
    foreign = QDragEnterEvent(here, copy, file, left, none)
    slot.dragEnterEvent(foreign)
    assert not foreign.isAccepted() and page._target == 1


def test_class_means_come_from_a_study(page: ArithmeticPage, qtbot) -> None:
    assert page.controls.study.text() == "Study the codes"
    page._shelf_chosen("means")
    assert "study" in page.equation.shelf._label.text()
    page.equation.shelf.button_clicked.emit()
    qtbot.waitUntil(lambda: len(page._items) == 10, timeout=30_000)
    for k in (7, 1, 4):
        page._shelf_clicked(k)
    assert page.caption.markup().startswith("<b>mean of 7 minus mean of 1 plus mean of 4</b>")
    assert page.controls.study.text() == "Study again"


def test_a_study_without_its_pictures_offers_their_download(desk: Desk, qtbot) -> None:
    absent = tuple(dataclasses.replace(one, available=False) for one in CATALOG.datasets)
    page = desk.open(dataclasses.replace(CATALOG, datasets=absent))
    qtbot.waitUntil(page.is_ready, timeout=30_000)
    page.controls.study.click()
    assert desk.messages[-1] == "MNIST, from which the model learned, is not on this computer; the study needs it."
    wanted: list[str] = []
    page.mode_wanted.connect(wanted.append)
    desk.offers[-1]()
    assert wanted == ["latent-train"] and page.desk.wish == {"dataset": "mnist"}
    settle(desk, qtbot, "io")
    assert not asked(desk, api.StudyRequest)


def test_saved_codes_lie_on_the_shelf(page: ArithmeticPage, desk: Desk, qtbot) -> None:
    shelf, saved = page.equation.shelf, SavedCodes()
    wanted: list[str] = []
    page.mode_wanted.connect(wanted.append)
    saved.insert(0, SavedCode("Flat", "mnist-vae-2", (0.5, 0.5)))
    page._shelf_chosen("saved")
    assert shelf._label.text() == "Your saved codes are of other sizes; mnist-vae-16 takes 16 numbers."
    shelf.button_clicked.emit()
    assert wanted == ["vae"]
    saved.insert(0, SavedCode("My seven", "mnist-vae-16", (0.25,) * 16))
    page.activate()
    qtbot.waitUntil(lambda: shelf.pictures() is not None, timeout=30_000)
    assert len(shelf.pictures()) == 1 and not page.controls.others.isEnabled()
    assert shelf.columns() == FEW and shelf._titles == ["My seven"], "no larger than others, and it has its name"
    page._shelf_clicked(0)
    assert page._state.names[0] == "My seven" and page._state.codes[0] == (0.25,) * 16
    page._shelf_chosen("saved")
    assert desk.messages[-1] == "1 saved code is of another size than mnist-vae-16's 16 latents, and left out."


def test_held_out_pictures_are_encoded(page: ArithmeticPage, desk: Desk, qtbot) -> None:
    page._shelf_chosen("data")
    qtbot.waitUntil(lambda: len(page._items) == ON_SHELF, timeout=30_000)
    assert asked(desk, api.PickRequest)[-1].held_out and page._items[3].name == "3"
    page._shelf_clicked(3)
    assert page._state.names[0] == "3" and page._state.codes[0] == page._items[3].code


def test_a_picture_of_ones_own_is_encoded_and_what_was_done_is_told(page: ArithmeticPage, desk: Desk, qtbot) -> None:
    page._target_chosen(1)
    assert page.offer_picture(picture(3))
    qtbot.waitUntil(lambda: page._state.names[1] == "your picture", timeout=30_000)
    assert desk.messages[-1] == "Your picture is B now; it was made grey."


def test_an_empty_slot_leaves_no_result(page: ArithmeticPage, qtbot) -> None:
    page.equation.slots[1].setFocus()
    QTest.keyClick(page.equation.slots[1], Qt.Key.Key_Delete)
    assert not page.code() and not page.equation.slots[3].has_picture() and not page.tempo.play.isEnabled()
    page.clear()
    assert page.export_source() is None and page._target == 0
    assert page.undo()
    assert page.undo() and page._state.is_full()


def test_the_strength_follows_the_scrubber_the_box_and_time(page: ArithmeticPage, desk: Desk, qtbot) -> None:
    page.tempo.scrubbed.emit(30)
    assert page._state.strength == 1.5 and page.controls.strength.value() == 1.5
    page.step(-1)
    assert page._state.strength == pytest.approx(1.4)
    page.controls.strength.setValue(-2.0)
    assert page._state.strength == -2.0 and page.tempo.position() == 0
    page.tempo.scrubbed.emit(20)
    page.toggle_play()
    assert page.tempo.is_playing() and page.clock.runs()
    page.toggle_play()
    assert not page.clock.runs()
    qtbot.waitUntil(lambda: last(desk).z[3] == page.code(), timeout=30_000)


def test_the_strength_goes_to_and_fro_as_time_passes_not_as_ticks_come(page: ArithmeticPage) -> None:
    page.tempo.scrubbed.emit(20)
    page.advance(LEG_S / 4)
    assert page._state.strength == pytest.approx(1.5)
    page.advance(LEG_S / 2)  # one late tick goes as far as many in time
    assert page._state.strength == pytest.approx(1.5) and page._direction == -1
    for _ in range(30):
        page.advance(LEG_S / 40)
    assert page._state.strength == pytest.approx(0.0, abs=0.01)
    page.tempo.set_speed(2.0)
    page.advance(LEG_S / 4)
    assert page._state.strength == pytest.approx(1.0, abs=0.01)


def test_the_row_of_four_is_exported_and_comes_back(page: ArithmeticPage) -> None:
    page.tempo.scrubbed.emit(20)
    target = page.export_source()
    assert target.layout.columns == 4 and page.restores(target.source)
    page._shelf_clicked(8)
    page.restore(api.RestoredEvent("x.png", target.source, api.GridLayout(), True, ""))
    assert page.export_source() == target
    film = page.export_film_source()
    assert film.a == pytest.approx(page._state.codes[2], abs=1e-5) and film.path == "lerp"


def test_codes_of_another_size_are_told_and_all_stays(page: ArithmeticPage, desk: Desk) -> None:
    kept = page._state
    source = api.DecodeRequest("mnist-vae-16", ((1.0, 0.0), (0.0, 0.0), (0.0, 0.0), (1.0, 0.0)))
    page.restore(api.RestoredEvent("x.png", source, api.GridLayout(), True, ""))
    assert page._state == kept and "do not fit mnist-vae-16" in desk.messages[-1]


def test_parameters_come_back_and_nonsense_is_left(page: ArithmeticPage) -> None:
    page._shelf_clicked(8)
    kept = page.parameters()
    page.clear()
    page.set_parameters(kept)
    assert page._state.names[0] == "code 9"
    page.set_parameters({**kept, "codes": [[1.0], [], 3], "strength": "much", "shelf": "none"})
    assert page._state == ArithmeticState.first(16)


def test_a_name_with_signs_of_markup_stands_in_the_tooltip_as_it_is(page: ArithmeticPage) -> None:
    shelf = page.equation.shelf
    shelf.set_names(("a < b & <b>c</b>", "plain"))
    shelf._hover(0)
    words = QTextDocument()
    words.setHtml(shelf.toolTip())
    assert words.toPlainText() == f"a < b & <b>c</b>. {SHELF_HELP}"
    shelf._hover(1)
    assert shelf.toolTip() == f"plain. {SHELF_HELP}"


def test_with_a_real_model(qtbot, tmp_path: Path) -> None:
    train_tiny(tmp_path, "tiny-ae")
    bridge = Bridge(real_makers(tmp_path))
    page = ArithmeticPage(bridge)
    qtbot.addWidget(page)
    bridge.event.connect(partial(_route, page))
    bridge.submit("play", "arithmetic.catalog", api.CatalogRequest())
    qtbot.waitUntil(lambda: page.is_settled(), timeout=30_000)
    page._shelf_chosen("data")
    qtbot.waitUntil(lambda: len(page._items) == ON_SHELF, timeout=60_000)
    for index in range(3):
        page._shelf_clicked(index)
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    assert np.isfinite(page.code()).all() and len(page.code()) == 4
    page.close()
    assert bridge.close(timeout_s=20)


def _route(page: ArithmeticPage, slot: str, event: object) -> None:
    if isinstance(event, api.CatalogEvent):
        page.set_catalog(event.catalog)
        page.activate()
    else:
        page.handle(slot.partition(".")[2], event)
