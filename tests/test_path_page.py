"""The mode "Interpolate": keys, the way between them, how even it is, and the way back from a file."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fakes import CATALOG, CLASSES, FakeSession, decode, sample
from page_desk import Desk, asked
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from genstudio import api
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.path import Interpolate
from genstudio.ui.latent.path_page import LEG_S
from genstudio.ui.latent.path_state import Key, PathState, blend
from genstudio.ui.tabs.vae_saved import SavedCode, SavedCodes
from genstudio.ui.theme import theme

LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


class PathSession(FakeSession):
    """Also answers for codes of pictures, ways through codes and pictures of the data."""

    def handle(self, request: Any) -> Any:
        match request:
            case api.EncodeRequest():
                self.requests.append(request)
                if request.images.max() == request.images.min():
                    raise ValueError("there is nothing in this picture: all of it has one shade")
                mu = np.full((1, 16), float(request.images.mean()) / 255, np.float32)
                small = np.zeros((1, 28, 28, 1), np.uint8)
                return api.EncodedEvent(request, mu, mu, small, small, mu[:, 0], "nats", "made grey", 1.0)
            case api.PathRequest():
                self.requests.append(request)
                legs = len(request.keys) if request.loop else len(request.keys) - 1
                places = np.linspace(0, legs, request.steps)
                stops = np.array([*request.keys, request.keys[0]])
                codes = np.stack([np.interp(places, range(len(stops)), column) for column in stops.T], 1)
                images = np.stack([decode(tuple(z)) for z in codes])
                distances = np.square(np.diff(images.astype(np.float32) / 255, axis=0)).mean((1, 2, 3))
                return api.PathEvent(request, images, codes.astype(np.float32), distances, 1.0)
        return super().handle(request)

    def stream(self, request: Any) -> Iterator[Any]:
        if isinstance(request, api.PickRequest):
            self.requests.append(request)
            label = max(request.label, 0)
            return iter([api.PickedEvent(request, sample(request.seed, 0, label)[None], (CLASSES[label],))])
        return super().stream(request)


@pytest.fixture
def desk(qtbot) -> Iterator[Desk]:
    def make(bridge) -> Interpolate:
        page = Interpolate(bridge, LatentDesk())
        qtbot.addWidget(page)
        return page

    made = Desk(make, PathSession())
    yield made
    made.close()


@pytest.fixture
def page(desk: Desk, qtbot) -> Interpolate:
    """Open, on mnist-vae-16, and standing still at the first key."""
    desk.page.set_parameters({"model": "mnist-vae-16"})
    opened: Interpolate = desk.open(dataclasses.replace(CATALOG))
    qtbot.waitUntil(opened.is_settled, timeout=30_000)
    if opened.is_playing():
        opened.toggle_play()
    opened._go_to(0.0)
    qtbot.waitUntil(lambda: shows(opened, opened._state.keys[0].z), timeout=30_000)
    return opened


def shows(page: Interpolate, z: tuple[float, ...]) -> bool:
    pictures = page.stage.pictures()
    return pictures is not None and len(pictures) == 1 and np.array_equal(pictures[0], decode(z))


def settle(page: Interpolate, qtbot) -> PathState:
    qtbot.waitUntil(lambda: page.is_settled() and page.row.count() == len(page._state.keys), timeout=30_000)
    return page._state


def test_it_opens_playing_and_follows_the_clock(desk: Desk, qtbot) -> None:
    page = desk.open()
    qtbot.waitUntil(page.is_settled, timeout=30_000)
    assert page.is_playing() and page.clock_runs() and page.tempo.is_playing()
    page.toggle_play()
    page._go_to(0.0)
    page.advance(LEG_S / 2)
    assert page._state.position == pytest.approx(0.5 / page._state.legs)
    page.tempo.set_speed(2.0)
    page.advance(LEG_S / 2)
    assert page._state.position == pytest.approx(1.5 / page._state.legs)


def test_the_stage_shows_the_place_in_the_way_chosen(page: Interpolate, qtbot) -> None:
    state = page._state
    page._go_to(0.5 / state.legs)
    qtbot.waitUntil(lambda: shows(page, tuple(page._state.code("slerp"))), timeout=30_000)
    page._word_clicked("lerp")
    qtbot.waitUntil(lambda: shows(page, tuple(page._state.code("lerp"))), timeout=30_000)
    page._word_clicked("pixels")
    a, b = (decode(state.keys[k].z) for k in (0, 1))
    qtbot.waitUntil(lambda: np.array_equal(page.stage.pictures()[0], blend(a, b, 0.5)), timeout=30_000)
    assert "both are seen at once" in page.caption.markup()
    assert page.code() == (), "a blend of pixels has no code to hand on"


def test_comparing_shows_three_rows_and_measures_all_three(page: Interpolate, desk: Desk, qtbot) -> None:
    assert {request.path for request in asked(desk, api.PathRequest)} == {"slerp"}
    QTest.keyClick(page.stage, Qt.Key.Key_C)
    settle(page, qtbot)
    wide = page.stage.columns
    qtbot.waitUntil(lambda: len(page.stage.pictures()) == 3 * wide() and wide() > 2, timeout=30_000)
    assert {request.path for request in asked(desk, api.PathRequest)} == {"slerp", "lerp", "pixels"}
    assert page.plot.words.text().count("<br>") == 2
    page.stage.cell_clicked.emit(2 * wide() + 2)  # the row of pixels, its second picture
    assert page._state.way == "pixels" and page._state.position > 0
    sheet = page.export_source()
    assert isinstance(sheet, api.PathSheetRequest), "all rows as they are seen"
    assert page.export_film_source().path == "pixels" and page.restores(sheet)
    QTest.keyClick(page.stage, Qt.Key.Key_C)
    assert page.export_source().path == "pixels"
    page.restore(api.RestoredEvent("a.png", sheet, api.GridLayout(), True, "Identical."))
    settle(page, qtbot)
    assert page.export_source() == sheet


def test_many_keys_share_the_strips_page_by_page(page: Interpolate, qtbot) -> None:
    page.resize(760, 800)
    for _ in range(5):
        page.add_key()
    page.controls.compares.setChecked(True)
    settle(page, qtbot)
    page._go_to(0.0)
    qtbot.waitUntil(lambda: page._columns[0] == 0, timeout=30_000)
    assert page._columns[-1] < page._state.steps - 1
    page._go_to(0.99)
    qtbot.waitUntil(lambda: page._columns[-1] == page._state.steps - 1, timeout=30_000)


def test_keys_are_added_moved_and_removed_within_their_limits(page: Interpolate, desk: Desk, qtbot) -> None:
    first = page._state.keys
    page.add_key()
    state = settle(page, qtbot)
    assert len(state.keys) == 4 and page.row.selected() == 3 and state.position == state.of_key(3)
    QTest.keyClick(page.row, Qt.Key.Key_Left, CTRL)
    assert page._state.keys[2] == state.keys[3] and page.row.selected() == 2
    for _ in range(6):
        page.add_key()
    assert len(page._state.keys) == 8 and desk.messages[-1] == "A way goes through at most 8 keys; remove one first."
    settle(page, qtbot)
    for _ in range(7):
        QTest.keyClick(page.row, Qt.Key.Key_Delete)
        settle(page, qtbot)
    assert len(page._state.keys) == 2 and desk.messages[-1].startswith("A way needs at least 2 keys")
    while page.can_undo() and page._state.keys != first:
        assert page.undo()
    assert page._state.keys == first


def test_undo_while_it_plays_takes_back_a_change_and_not_the_motion(page: Interpolate) -> None:
    page.toggle_play()
    page.advance(0.3)
    page._way_changed("slerp", 31, True, False)
    page.advance(0.3)
    assert page.undo() and page._state.steps == 25 and page.is_playing()
    page.advance(0.3)
    assert page.redo() and page._state.steps == 31


def test_a_key_is_dragged_to_another_place(page: Interpolate, qtbot) -> None:
    keys = page._state.keys
    start, end = (page.row.slot_rect(k).center().toPoint() for k in (0, 2))
    QTest.mousePress(page.row, LEFT, pos=start)
    QTest.mouseMove(page.row, QPointF(start.x() + 20, start.y()).toPoint())
    QTest.mouseMove(page.row, end)
    QTest.mouseRelease(page.row, LEFT, pos=end)
    assert page._state.keys == (keys[1], keys[2], keys[0]) and page.row.selected() == 2
    settle(page, qtbot)
    QTest.mouseClick(page.row, LEFT, pos=start)
    assert page.row.selected() == 0 and page._state.position == 0, "a click goes there and moves nothing"
    QTest.mouseClick(page.row, LEFT, pos=page.row.slot_rect(3).center().toPoint())
    assert len(page._state.keys) == 4, "the plus adds one"


def test_a_picture_of_the_data_becomes_the_chosen_key(page: Interpolate, desk: Desk, qtbot) -> None:
    page.row.set_selected(1)
    page.take_from_data(7)
    qtbot.waitUntil(lambda: page._state.keys[1].origin == "a 7 from the data", timeout=30_000)
    assert asked(desk, api.PickRequest)[0].label == 7 and asked(desk, api.EncodeRequest)[0].invert is False
    settle(page, qtbot)
    before = asked(desk, api.PickRequest)[0].seed
    page.take_from_data(7)
    qtbot.waitUntil(lambda: len(asked(desk, api.PickRequest)) == 2, timeout=30_000)
    assert asked(desk, api.PickRequest)[1].seed != before, "another picture each time"


def test_a_dropped_picture_becomes_a_key_and_one_without_content_changes_nothing(
    page: Interpolate, desk: Desk, qtbot
) -> None:
    before = page._state.keys
    assert page.offer_picture(np.zeros((40, 50, 3), np.uint8))
    picture = np.zeros((40, 50, 3), np.uint8)
    qtbot.waitUntil(lambda: page._encoding is None, timeout=30_000)
    assert page._state.keys == before
    picture[10:30, 10:30] = 255
    page.offer_picture(picture)
    qtbot.waitUntil(lambda: page._state.keys != before, timeout=30_000)
    assert page._state.keys[0].z[0] == pytest.approx(0.2) and page._state.keys[1:] == before[1:]
    assert "It was made grey." in desk.messages[-1]


def test_the_code_of_explore_is_offered_once_there_is_one(page: Interpolate) -> None:
    assert not page.controls.explore.isEnabled()
    page.deactivate()
    page.desk.put("mnist-vae-16", (0.25,) * 16)
    page.activate()
    assert page.controls.explore.isEnabled()
    page.controls.explore.click()
    assert page._state.keys[0] == Key((0.25,) * 16, "from Explore")
    page.deactivate()
    assert page.desk.z == pytest.approx(page._state.code())


def test_a_saved_code_becomes_the_chosen_key_and_one_of_another_size_is_refused(page: Interpolate, desk: Desk) -> None:
    menu, saved = page.controls.menu, SavedCodes()
    menu.fill()
    assert [action.isEnabled() for action in menu.actions()] == [False], "none yet"
    for name, model, latents in (("A five", "mnist-vae-16", 16), ("Other", "mnist-vae-2", 2), ("Third", "mine", 16)):
        saved.insert(0, SavedCode(name, model, (0.5,) * latents))
    menu.fill()
    third, other, five = menu.actions()
    five.trigger()
    assert page._state.keys[0] == Key((0.5,) * 16, "A five")
    kept = page._state
    other.trigger()
    assert page._state == kept
    assert desk.messages[-1] == (
        "Other is a code of 2 numbers for mnist-vae-2; mnist-vae-16 has 16 latents, so all stays as it is."
    )
    third.trigger()
    assert page._state.keys[0].origin == "Third of mine"


def test_a_file_brings_its_way_back(page: Interpolate, desk: Desk, qtbot) -> None:
    source = api.PathRequest("mnist-vae-16", tuple((float(k),) * 16 for k in range(4)), 31, "lerp", False)
    assert page.restores(source) and not page.restores(api.SampleRequest("mnist-vae-16"))
    page.restore(api.RestoredEvent("a.png", source, api.GridLayout(), True, "Identical."))
    settle(page, qtbot)
    assert page.export_source() == page.export_film_source() == source and not page.is_playing()
    long = dataclasses.replace(source, steps=1000)
    page.restore(api.RestoredEvent("a.mp4", long, api.GridLayout(), None, "A film."))
    assert page.export_film_source() == long and page.controls.steps.value() == 1000
    kept = page._state
    wrong = dataclasses.replace(source, keys=((1.0, 2.0), (0.0, 1.0)))
    page.restore(api.RestoredEvent("b.png", wrong, api.GridLayout(), True, "Identical."))
    assert page._state == kept and "do not fit mnist-vae-16" in desk.messages[-1]
    page.restore(api.RestoredEvent("b.mp4", dataclasses.replace(source, steps=1), api.GridLayout(), None, "A film."))
    assert page._state == kept and "4 keys and 1 pictures" in desk.messages[-1]


def test_picture_is_told_which_key_it_shall_draw(page: Interpolate, qtbot) -> None:
    page.row.set_selected(1)
    with qtbot.waitSignal(page.mode_wanted) as wanted:
        page.controls.draw.click()
    assert wanted.args == ["picture"] and page.desk.draw_for == "key 2 of the way"


def test_steps_go_from_picture_to_picture(page: Interpolate) -> None:
    page.step(1)
    assert page._state.position == pytest.approx(1 / (page._state.steps - 1))
    page.step(-1)
    page.step(-1)
    assert page._state.position == pytest.approx(23 / 24), "before the first of a loop comes the last but one"


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.5])
def test_no_word_of_the_controls_is_cut(page: Interpolate, qtbot, scale: float) -> None:
    theme().set_scale(scale)
    page.resize(1024, 612)  # what a window of 1024x768 has left for it
    page.show_inspector(True)
    viewport = page.inspector.viewport
    qtbot.waitUntil(lambda: page.inspector.widget().width() == viewport().width(), timeout=30_000)
    for button in page.inspector.findChildren(QPushButton):
        assert button.width() >= button.minimumSizeHint().width(), button.text()
    rows = [row for section in page.inspector.sections for row in section.rows]
    assert [r.label.text() for r in rows if r.label.width() < r.label.sizeHint().width()] == []
    assert page.width() == 1024, "the page grows no wider than the window"
    assert page.row.slot_rect(3).right() <= page.row.width(), "the plus has room"
