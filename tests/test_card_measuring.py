"""Measuring from the card: progress, stop, one model at a time, and what is left when the card is closed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from card_desk import EVALUATION, CardSession, on_a_page, shown, words_of
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from window_desk import settled

from genstudio import api
from genstudio.ui.card import words
from genstudio.ui.card.sheet import CardSheet
from genstudio.ui.main_window import MainWindow


@pytest.fixture
def session() -> CardSession:
    return CardSession()


@pytest.fixture
def window(qtbot, session: CardSession) -> Iterator[MainWindow]:
    with on_a_page(qtbot, session) as made:
        yield made


def measuring(qtbot, window: MainWindow) -> CardSheet:
    """The card of mnist-vae-2, which is being measured."""
    sheet = shown(qtbot, window)
    sheet.measure.click()
    qtbot.waitUntil(lambda: sheet.doing.text() == "Comparing")
    return sheet


def other(qtbot, window: MainWindow) -> None:
    """The card of another model."""
    window.cards.show_model("mnist-dcgan")
    qtbot.waitUntil(lambda: "DCGAN · MNIST" in words_of(window.card_sheet))


def test_measuring_shows_progress_and_its_numbers_stay(qtbot, window: MainWindow, session: CardSession) -> None:
    sheet = shown(qtbot, window)
    sheet.count.set_value(200)
    sheet.measure.click()
    qtbot.waitUntil(lambda: sheet.busy.isVisible() and sheet.doing.text() == "Comparing")
    assert not sheet.measure.isEnabled() and "being measured" in sheet.measure.toolTip()
    session.gate.set()
    qtbot.waitUntil(lambda: "31.70 ± 0.40" in sheet.table.texts())
    assert sheet.measure.isEnabled() and not sheet.busy.isVisible()
    asked = next(r for r in session.requests if isinstance(r, api.EvaluateRequest))
    assert (asked.sample.count, asked.notes, asked.eye) == (200, True, "")
    texts = sheet.table.texts()
    assert "Fréchet distance (MNIST classifier) ↓" in texts and "60.0 ± 1.0 %" in texts
    assert any(text.startswith("Path length: It makes a picture") for text in texts)


def test_stop_ends_it_and_nothing_is_lost(qtbot, window: MainWindow, session: CardSession) -> None:
    session.measured = (EVALUATION,)
    sheet = measuring(qtbot, window)
    sheet.stop.click()
    qtbot.waitUntil(lambda: [type(request) for request in session.cut] == [api.EvaluateRequest])
    assert not sheet.busy.isVisible() and window.bar.text() == words.STOPPED
    assert sheet.measure.isEnabled() and "31.70 ± 0.40" in sheet.table.texts()


def test_after_stop_by_keys_the_keyboard_is_on_the_card(qtbot, window: MainWindow) -> None:
    sheet = measuring(qtbot, window)
    sheet.stop.setFocus()
    QTest.keyClick(sheet.stop, Qt.Key.Key_Space)
    assert not sheet.busy.isVisible() and sheet.measure.hasFocus()


def test_a_card_that_is_opened_while_it_is_measured_has_the_keyboard(qtbot, window: MainWindow) -> None:
    sheet = measuring(qtbot, window)
    sheet.dismiss()
    assert not sheet.stop.hasFocus()
    shown(qtbot, window)
    assert sheet.stop.hasFocus()


def test_it_goes_on_while_the_card_is_closed_and_says_when_it_is_done(qtbot, window, session: CardSession) -> None:
    sheet = measuring(qtbot, window)
    sheet.dismiss()
    assert window.bar.text() == "mnist-vae-2 is still being measured; its card shows how far it is."
    session.gate.set()
    settled(qtbot, window, "has been measured")
    assert window.bar.text() == "mnist-vae-2 has been measured; its card has the numbers."
    window.bar.action.click()
    qtbot.waitUntil(lambda: sheet.isVisible() and "31.70 ± 0.40" in sheet.table.texts())


def test_it_can_be_stopped_when_the_card_is_closed(qtbot, window: MainWindow, session: CardSession) -> None:
    measuring(qtbot, window).dismiss()
    window.bar.action.click()
    qtbot.waitUntil(lambda: [type(request) for request in session.cut] == [api.EvaluateRequest])
    assert window.bar.text() == words.STOPPED


def test_what_says_that_it_goes_on_goes_when_the_card_is_opened_again(qtbot, window: MainWindow) -> None:
    measuring(qtbot, window).dismiss()
    assert window.bar.action.isVisible()
    shown(qtbot, window)
    assert window.bar.text() == "" and not window.bar.action.isVisible(), "the card has a Stop of its own"


def test_a_stop_that_comes_too_late_says_nothing(qtbot, window: MainWindow, session: CardSession) -> None:
    sheet = measuring(qtbot, window)
    late = window.cards._stop
    session.gate.set()
    qtbot.waitUntil(lambda: "31.70 ± 0.40" in sheet.table.texts() and not sheet.busy.isVisible())
    before = window.bar.text()
    late()
    assert window.bar.text() == before and session.cut == []


def test_another_model_waits_for_the_first(qtbot, window: MainWindow, session: CardSession) -> None:
    sheet = measuring(qtbot, window)
    other(qtbot, window)
    assert not sheet.measure.isEnabled() and sheet.measure.toolTip() == words.is_measured("mnist-vae-2")
    qtbot.waitUntil(lambda: sheet.doing.text() == "mnist-vae-2: Comparing")
    sheet.measure_wanted.emit("", 200)
    session.gate.set()
    settled(qtbot, window, "mnist-vae-2 has been measured; its card has the numbers.")
    assert sheet.measure.isEnabled() and sheet.table.texts() == [], "they are of the other model"
    assert [r.sample.count for r in session.requests if isinstance(r, api.EvaluateRequest)] == [1000]


def test_what_cannot_be_measured_is_a_sentence_over_the_numbers_that_are_there(
    qtbot, window: MainWindow, session: CardSession
) -> None:
    session.trouble = "mnist has 1 held-out picture; a comparison needs at least 2"
    session.measured = (EVALUATION,)
    sheet = measuring(qtbot, window)
    session.gate.set()
    qtbot.waitUntil(lambda: sheet.trouble.text().startswith("mnist has 1 held-out picture"))
    assert sheet.trouble.isVisible() and sheet.measure.isEnabled() and "31.70 ± 0.40" in sheet.table.texts()
    session.trouble = ""
    sheet.measure.click()
    qtbot.waitUntil(lambda: not sheet.busy.isVisible())
    assert not sheet.trouble.isVisible()


def test_a_failure_is_told_of_its_own_model(qtbot, window: MainWindow, session: CardSession) -> None:
    session.trouble = "mnist has 1 held-out picture; a comparison needs at least 2"
    sheet = measuring(qtbot, window)
    session.measured = (EVALUATION,)
    other(qtbot, window)
    session.gate.set()
    settled(qtbot, window, "mnist-vae-2 could not be measured. ")
    assert "mnist has 1 held-out picture" in window.bar.text()
    assert not sheet.trouble.isVisible() and "31.70 ± 0.40" in sheet.table.texts()


def test_numbers_that_cannot_be_written_are_shown_all_the_same(qtbot, window: MainWindow, session: CardSession) -> None:
    session.unwritten = "The card could not be written: the disk is full."
    older = dataclasses.replace(EVALUATION, count=200)
    session.measured = (older,)
    sheet = measuring(qtbot, window)
    session.gate.set()
    settled(qtbot, window, session.unwritten)
    assert sheet.measure.isEnabled() and sheet.picker.count() == 2
    sheet.dismiss()
    other(qtbot, window)
    window.cards.show_model("mnist-vae-2")
    qtbot.waitUntil(lambda: "Variational" in words_of(sheet))
    assert [sheet.picker.itemText(k) for k in (0, 1)] == ["1,000, MNIST classifier", "200, MNIST classifier"]


def measured_in_vain(qtbot, window: MainWindow, session: CardSession) -> None:
    """Numbers could not be written; from now on they can."""
    session.unwritten = "The card could not be written: the disk is full."
    session.gate.set()
    sheet = shown(qtbot, window)
    sheet.measure.click()
    settled(qtbot, window, session.unwritten)
    session.unwritten = ""
    sheet.dismiss()


def reopened(qtbot, window: MainWindow) -> CardSheet:
    """The card of mnist-vae-2, after that of another one."""
    other(qtbot, window)
    window.cards.show_model("mnist-vae-2")
    qtbot.waitUntil(lambda: "Variational" in words_of(window.card_sheet))
    return window.card_sheet


def test_numbers_that_were_not_written_do_not_replace_newer_ones(qtbot, window, session: CardSession) -> None:
    measured_in_vain(qtbot, window, session)
    session.found = dataclasses.replace(EVALUATION, bands={"frechet": api.Band(12.3, 0.2)})
    sheet = shown(qtbot, window)
    sheet.measure.click()
    qtbot.waitUntil(lambda: "12.30 ± 0.20" in sheet.table.texts() and not sheet.busy.isVisible())
    assert "12.30 ± 0.20" in reopened(qtbot, window).table.texts() and sheet.picker.count() == 1


def test_nor_those_that_were_measured_later_elsewhere(qtbot, window, session: CardSession) -> None:
    session.found = dataclasses.replace(EVALUATION, when="2026-01-02T10:00+00:00")
    measured_in_vain(qtbot, window, session)
    session.measured = (
        dataclasses.replace(EVALUATION, bands={"frechet": api.Band(12.3, 0.2)}, when="2026-01-02T10:05+00:00"),
    )
    assert "12.30 ± 0.20" in reopened(qtbot, window).table.texts()


def test_a_file_that_was_trained_anew_under_its_name_does_not_inherit_them(qtbot, window, session: CardSession) -> None:
    measured_in_vain(qtbot, window, session)
    sheet = reopened(qtbot, window)
    assert "31.70 ± 0.40" in sheet.table.texts()
    session.info = dataclasses.replace(sheet_info(window), sha256="of another file")
    window.cards.show_model("mnist-vae-2")
    qtbot.waitUntil(lambda: sheet.table.texts() == [])


def sheet_info(window: MainWindow) -> api.ModelInfo:
    """The model of the catalog whose card is open."""
    assert window.catalog is not None
    return next(info for info in window.catalog.models if info.name == "mnist-vae-2")
