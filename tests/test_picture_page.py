"""The picture page with real engines and a session of numpy pictures."""

from __future__ import annotations

import dataclasses
from itertools import cycle
from typing import Any

import numpy as np
import pytest
from page_desk import asked, settle
from picture_desk import DIGITS, LEFT, Pictures, agree, draw, picture_desks, shown, study
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from genstudio import api
from genstudio.ui.latent.picture import PictureTab
from genstudio.ui.latent.picture_frame import frame_of
from genstudio.ui.latent.picture_words import NEAREST_LATER, NO_NEAREST, NO_POSTERIOR
from genstudio.ui.theme import theme


@pytest.fixture
def desk(qtbot):
    with picture_desks(qtbot) as make:
        yield make


def test_it_opens_on_a_held_out_picture_with_what_comes_back_and_the_difference(desk) -> None:
    page = desk().page
    images = shown(page)
    assert page.canvas._titles == ["input", "reconstruction", "difference, grey = 0"]
    assert np.array_equal(images[0], DIGITS[0]) and np.array_equal(images[1], DIGITS[0] // 2)
    assert images[2][DIGITS[0] == 0].min() == 128 > images[2][DIGITS[0] > 100].max()


def test_while_the_lane_is_busy_only_the_newest_picture_waits(desk, qtbot) -> None:
    d = desk()
    session, page = d.session, d.page
    page.clear()
    session.gate.clear()
    session.entered.clear()
    before = len(asked(d, api.EncodeRequest))
    draw(page, (0.2, 0.2), (0.3, 0.3))
    assert session.entered.wait(10)
    draw(page, (0.3, 0.3), (0.4, 0.6), (0.6, 0.6), (0.8, 0.3))
    session.gate.set()
    qtbot.waitUntil(lambda: agree(page))
    sent = asked(d, api.EncodeRequest)[before:]
    assert len(sent) <= 3 and np.array_equal(sent[-1].images[0], page.seen(page.canvas.picture()))
    assert all(request.invert is False for request in sent)


def test_strokes_are_taken_back_one_by_one(desk, qtbot) -> None:
    page = desk().page
    page.clear()
    empty = shown(page)[0].copy()
    draw(page, (0.2, 0.2), (0.8, 0.2))
    one = shown(page)[0].copy()
    draw(page, (0.2, 0.8), (0.8, 0.8))
    two = shown(page)[0].copy()
    assert (empty == 0).all() and one.any() and (two != one).any()
    page.undo_stroke()
    assert np.array_equal(shown(page)[0], one)
    page.undo()
    assert np.array_equal(shown(page)[0], empty)
    page.redo()
    page.redo()
    assert np.array_equal(shown(page)[0], two) and np.array_equal(page.canvas.picture(), two)
    qtbot.waitUntil(lambda: agree(page))


def test_an_empty_canvas_says_what_to_do_and_asks_for_nothing(desk, qtbot) -> None:
    d = desk()
    before = len(asked(d, api.EncodeRequest))
    d.page.clear()
    settle(d, qtbot, "play")
    assert "canvas is empty" in d.page.caption.markup() and len(asked(d, api.EncodeRequest)) == before
    assert d.page.export_source() is None and not d.page.controls.explore.isEnabled()


def test_a_dropped_picture_is_converted_and_the_caption_says_so(desk, qtbot) -> None:
    page = desk().page
    page._picked(4)
    assert page.takes_pictures and page.offer_picture(np.arange(75, dtype=np.uint8).reshape(5, 5, 3))
    qtbot.waitUntil(lambda: "resized from 5×5 px" in page.caption.markup())
    assert np.array_equal(shown(page)[0], DIGITS[0])
    draw(page, (0.2, 0.8), (0.8, 0.8))
    qtbot.waitUntil(lambda: agree(page) and "resized" not in page.caption.markup())


def test_a_picture_of_nothing_leaves_everything_as_it_was(desk, qtbot) -> None:
    d = desk()
    before = d.page.parameters()
    failures: list[Any] = []
    d.bridge.event.connect(lambda slot, event: failures.append(slot) if hasattr(event, "error") else None)
    assert d.page.offer_picture(np.full((9, 9, 3), 77, np.uint8))
    qtbot.waitUntil(lambda: failures == ["picture.take"])
    assert d.page.parameters() == before and len(shown(d.page)) == 3


def test_damage_is_shown_between_the_clean_and_the_restored_picture(desk, qtbot) -> None:
    page = desk().page
    page._control_changed("noise", 0.5, True)
    qtbot.waitUntil(lambda: page._event is not None and len(page._event.mu) == 2)
    clean, spoilt, restored = shown(page)
    assert page.canvas._titles == ["clean", "corrupted", "restored"]
    assert np.array_equal(clean, DIGITS[0]) and np.array_equal(restored, spoilt // 2) and (spoilt != clean).any()
    assert "corrupted picture" in page.caption.markup()
    page.random()
    assert page._state.seed == 1 and (shown(page)[1] != spoilt).any()
    source = page.export_source()
    assert isinstance(source, api.DecodeRequest) and len(source.z) == 2


def test_what_spoils_a_picture_takes_room_only_where_it_is_seen(desk) -> None:
    page = desk().page
    assert page.controls.harm.isHidden() and not page.controls.in_sum.isHidden()
    page._control_changed("view", "corrupt", True)
    assert not page.controls.harm.isHidden()


def test_resampling_draws_sixteen_codes_around_the_mean(desk, qtbot) -> None:
    d = desk()
    d.page.resample()
    qtbot.waitUntil(lambda: d.page.sheet.pictures() is not None)
    codes = np.array(asked(d, api.DecodeRequest)[-1].z)
    assert codes.shape == (16, 16) and np.abs(codes - d.page._event.mu).max() < 0.6
    assert d.page.export_source() == asked(d, api.DecodeRequest)[-1]
    d.page.resample()
    qtbot.waitUntil(lambda: (np.array(asked(d, api.DecodeRequest)[-1].z) != codes).any())


def test_without_a_posterior_resampling_is_grey_and_says_why(desk) -> None:
    page = desk(Pictures(sigma=0.0)).page
    assert not page.controls.resample.isEnabled() and page.controls.resample.toolTip() == NO_POSTERIOR
    assert not page.controls.views.button("sheet").isEnabled() and page.controls.posterior.isHidden()
    assert page.controls.posterior_words.text() == NO_POSTERIOR


def test_a_study_tells_how_unusual_a_picture_is_and_what_lies_near_it(desk, qtbot) -> None:
    d = desk()
    page = d.page
    assert page.nearest._label.text() == NEAREST_LATER and page.controls.errors.isHidden()
    page.controls.study.click()
    qtbot.waitUntil(lambda: page.nearest.pictures() is not None)
    share = float(DIGITS[0].mean()) / 200
    assert f"harder to bring back than {share * 100:.0f} % of the held-out" in page.caption.markup()
    assert page.controls.study.isHidden() and not page.controls.errors.isHidden()
    request = asked(d, api.NearestRequest)[-1]
    assert request.dataset == "mnist" and request.z == pytest.approx(page._event.mu[0], abs=1e-4)
    held, near = page.picks.cell_rect(0), page.nearest.cell_rect(0)
    assert (held.x(), held.width()) == (near.x(), near.width()), "the rows stand in line"
    page.nearest.cell_clicked.emit(5)
    qtbot.waitUntil(lambda: agree(page))
    assert np.array_equal(shown(page)[0], DIGITS[5])


def test_nothing_moves_when_the_nearest_pictures_come_while_one_draws(desk, qtbot) -> None:
    page = desk().page
    page.desk.put_study(study(api.StudyRequest("mnist-vae-16")))
    page.clear()
    assert page.nearest.pictures() is None and not page.nearest.isHidden()
    room = page.canvas.geometry(), page.nearest.geometry(), page.picks.geometry()
    box = page.canvas.cell_rect(0)
    places = cycle((box.center(), box.center() + QPoint(9, 0)))
    QTest.mousePress(page.canvas, LEFT, pos=next(places))

    def comes() -> bool:
        QTest.mouseMove(page.canvas, next(places))
        return page.nearest.pictures() is not None

    qtbot.waitUntil(comes)
    assert (page.canvas.geometry(), page.nearest.geometry(), page.picks.geometry()) == room
    QTest.mouseRelease(page.canvas, LEFT, pos=next(places))
    page.clear()
    assert page.nearest._label.text() == NO_NEAREST
    assert (page.canvas.geometry(), page.nearest.geometry(), page.picks.geometry()) == room


def test_the_scrubber_and_the_frame_stand_where_the_picture_is_in_the_row(desk, qtbot) -> None:
    page = desk().page
    page._picked(5)
    page._picked(3)
    page.undo()
    assert (page.picks.selected(), page.tempo.position()) == (5, 5)
    draw(page, (0.2, 0.2), (0.4, 0.2))
    assert (page.picks.selected(), page.tempo.position()) == (-1, 0)
    page.undo()
    assert (page.picks.selected(), page.tempo.position()) == (5, 5)
    assert page.offer_picture(np.arange(75, dtype=np.uint8).reshape(5, 5, 3))  # taken as the row's first
    qtbot.waitUntil(lambda: (page.picks.selected(), page.tempo.position()) == (0, 0))


def test_other_classes_and_other_pictures_are_asked_for(desk, qtbot) -> None:
    d = desk()
    d.page._control_changed("label", 7, True)
    d.page.others()
    assert d.page.controls.label.count() == 11

    def last() -> tuple[object, ...]:
        request = asked(d, api.PickRequest)[-1]
        return request.label, request.seed, request.held_out

    qtbot.waitUntil(lambda: last() == (7, 1, True))


def test_playing_goes_along_the_row_and_then_to_other_pictures(desk, qtbot) -> None:
    d = desk()
    page = d.page
    page._picked(len(page.picks.pictures()) - 2)
    page.toggle_play()
    assert page.tempo.is_playing() and page.picks.selected() == len(page.picks.pictures()) - 1
    page._next()
    qtbot.waitUntil(lambda: page._state.pick == 1 and page.picks.selected() == 0)
    assert np.array_equal(shown(page)[0], np.roll(DIGITS, 1, 0)[0])
    draw(page, (0.5, 0.5), (0.6, 0.5))
    assert not page.tempo.is_playing()


def test_a_digit_drawn_aside_is_seen_in_the_frame_of_the_data_and_as_drawn_if_that_is_wanted(desk, qtbot) -> None:
    d = desk()
    page = d.page
    page.desk.put_study(dataclasses.replace(study(page_study(page)), radii=np.linspace(0, 10, 101, dtype=np.float32)))
    page.clear()
    draw(page, (0.1, 0.1), (0.35, 0.1), (0.2, 0.4))
    qtbot.waitUntil(lambda: agree(page) and "<a href='frame'>Take it as drawn.</a>" in page.caption.markup())
    drawn, seen = page._picture, page._event.inputs[0]
    assert np.array_equal(shown(page)[0], drawn) and (seen != drawn).any(), "the drawing stays as it is"
    assert frame_of(seen, 0) is None, "and what is encoded lies as the data do"
    assert page.canvas._frame == frame_of(drawn, 0).box()
    assert "times larger" in page.caption.markup() and "farther out than" in page.caption.markup()
    page.caption.word_clicked.emit("frame")
    qtbot.waitUntil(lambda: np.array_equal(page._event.inputs[0], drawn))
    assert not page.controls.centres.isChecked() and page.canvas._frame is None
    assert "does not lie as the data do" in page.caption.markup()
    page.controls.centres.click()
    qtbot.waitUntil(lambda: np.array_equal(page._event.inputs[0], seen))


def test_other_data_have_no_frame(desk) -> None:
    page = desk().page
    assert not page.controls.centres.isHidden()
    page.controls.show_model(True, (), -1, False)
    assert page.controls.centres.isHidden()


def test_all_that_follows_from_a_code_is_of_the_corrupted_picture_where_that_is_seen(desk, qtbot) -> None:
    d = desk()
    page = d.page
    page.desk.put_study(study(page_study(page)))
    qtbot.waitUntil(lambda: page.nearest.pictures() is not None)
    page._control_changed("box", (0.2, 0.2, 0.8, 0.8), True)
    qtbot.waitUntil(lambda: page._event is not None and len(page._event.mu) == 2)
    clean, spoilt = page._event.mu
    assert (clean != spoilt).any() and np.array_equal(page.controls.posterior._mu, spoilt)
    assert np.array_equal(page.controls.posterior._codes, clean[None]), "the clean code is the dot beside it"
    qtbot.waitUntil(lambda: asked(d, api.NearestRequest)[-1].z == pytest.approx(spoilt, abs=1e-4))
    assert page.controls.errors._error == page._event.errors[1]
    assert page.controls.posterior_words.text().startswith("Of the corrupted picture")
    assert page.controls.study_words.text().startswith("The corrupted picture is")
    page._control_changed("view", "back", True)
    qtbot.waitUntil(lambda: np.array_equal(page.controls.posterior._mu, clean))


@pytest.mark.parametrize("width", [1024, 1440])
def test_the_canvas_stays_where_it_is_when_the_words_of_a_first_stroke_come(desk, qtbot, width) -> None:
    page = desk().page
    page.resize(width - 30, 760)
    page.desk.put_study(dataclasses.replace(study(page_study(page)), radii=np.linspace(0, 10, 101, dtype=np.float32)))
    page.clear()
    theme().changed.emit()
    QApplication.processEvents()
    before = page.canvas.geometry(), page.canvas.cell_rect(0)
    draw(page, (0.1, 0.1), (0.35, 0.1), (0.2, 0.4))
    qtbot.waitUntil(lambda: agree(page) and "farther out than" in page.caption.markup())
    qtbot.waitUntil(lambda: page.nearest.pictures() is not None)
    QApplication.processEvents()
    assert (page.canvas.geometry(), page.canvas.cell_rect(0)) == before


def page_study(page: PictureTab) -> api.StudyRequest:
    return api.StudyRequest(page._state.model)
