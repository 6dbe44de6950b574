"""The card over the window: what it shows and when, which model it is of, and what the keyboard does on it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
from card_desk import EVALUATION, CardSession, on_a_page, shown, words_of
from fakes import MODELS
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from genstudio import api
from genstudio.api.caveats import caveats
from genstudio.settings import DiffusionSettings, UNet2DSettings
from genstudio.settings.schedules import name_of_curve, straight_curve
from genstudio.ui.card import words
from genstudio.ui.card.meter_table import CLASSES_HELP
from genstudio.ui.main_window import MainWindow
from genstudio.ui.theme import px


@pytest.fixture
def session() -> CardSession:
    return CardSession()


@pytest.fixture
def window(qtbot, session: CardSession) -> Iterator[MainWindow]:
    with on_a_page(qtbot, session) as made:
        yield made


def test_the_card_says_all_that_is_known(qtbot, window: MainWindow) -> None:
    sheet = shown(qtbot, window)
    text = words_of(sheet)
    for word in ("mnist-vae-2", "Variational autoencoder · MNIST", "Free.", "in 2 h on CPU, bf16", "edges are soft"):
        assert word in text, word
    assert "genstudio train vae" in text and "Nothing has been measured" in text
    qtbot.waitUntil(lambda: len(sheet.pictures.pictures()) == 20)
    assert sheet.measure.hasFocus() and sheet.accessibleName() == "mnist-vae-2"
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_digits_are_seen_at_twice_their_size(qtbot, window: MainWindow) -> None:
    sheet = shown(qtbot, window)
    qtbot.waitUntil(lambda: sheet.pictures.pictures() is not None)
    sheet.pictures.set_pictures(np.zeros((20, 28, 28, 1), np.uint8))
    qtbot.waitUntil(lambda: sheet.pictures.cell_rect(19).height() >= 56)
    assert sheet.pictures.columns() == 10


def test_names_of_facts_are_apart_from_what_they_tell(qtbot, window: MainWindow) -> None:
    sheet = shown(qtbot, window)
    labels = {label.text(): label for label in sheet.findChildren(QLabel)}
    longest, told = labels["Make it again"], next(one for text, one in labels.items() if "genstudio train" in text)
    qtbot.waitUntil(lambda: told.x() > longest.x())
    ends = longest.x() + longest.fontMetrics().horizontalAdvance(longest.text())
    assert told.x() - ends >= px(12)


def test_what_is_known_is_there_before_the_pictures_and_nobody_draws_them_for_a_closed_card(
    qtbot, window: MainWindow, session: CardSession
) -> None:
    session.draws.clear()
    sheet = shown(qtbot, window)
    qtbot.waitUntil(lambda: "Its pictures are being drawn: 50 %" in words_of(sheet))
    assert "in 2 h on CPU" in words_of(sheet) and sheet.measure.isEnabled()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: session.cut == [api.CardRequest("mnist-vae-2")])


def test_the_pictures_of_the_same_model_are_not_drawn_again(qtbot, window: MainWindow, session: CardSession) -> None:
    sheet = shown(qtbot, window)
    qtbot.waitUntil(lambda: len(sheet.pictures.pictures()) == 20)
    sheet.dismiss()
    session.draws.clear()
    session.measured = (EVALUATION,)
    window.toggle_card()
    qtbot.waitUntil(lambda: "31.70 ± 0.40" in sheet.table.texts())
    assert len(sheet.pictures.pictures()) == 20
    qtbot.waitUntil(lambda: len(session.cut) == 1)


def test_while_another_card_is_read_nothing_of_the_first_is_left(
    qtbot, window: MainWindow, session: CardSession
) -> None:
    session.measured = (EVALUATION,)
    sheet = shown(qtbot, window)
    qtbot.waitUntil(lambda: len(sheet.pictures.pictures()) == 20)
    session.knows.clear()
    window.cards.show_model("mnist-dcgan")
    assert sheet.title.text() == "mnist-dcgan" and sheet.table.texts() == []
    assert sheet.pictures.pictures() is None and "in 2 h on" not in words_of(sheet)
    assert not sheet.measure.isEnabled() and sheet.measure.toolTip() == words.IS_READ
    assert sheet.hasFocus(), "the keyboard has not gone behind it"
    session.knows.set()
    qtbot.waitUntil(lambda: "DCGAN" in words_of(sheet))
    assert sheet.measure.isEnabled() and sheet.measure.hasFocus()


def test_a_model_that_is_gone_has_no_card_and_says_why(qtbot, window: MainWindow, session: CardSession) -> None:
    sheet = shown(qtbot, window)
    qtbot.waitUntil(lambda: len(sheet.pictures.pictures()) == 20)
    sheet.dismiss()
    session.is_gone = True
    window.toggle_card()
    qtbot.waitUntil(lambda: "There is no model 'mnist-vae-2'" in words_of(sheet))
    assert sheet.isVisible() and not sheet.measure.isEnabled() and sheet.measure.toolTip() == words.NO_CARD
    assert "in 2 h on" not in words_of(sheet) and "has no card" in words_of(sheet)


def test_of_several_measurements_one_can_be_chosen(qtbot, window: MainWindow, session: CardSession) -> None:
    bands = {"frechet": api.Band(900, 1)}
    older = dataclasses.replace(EVALUATION, eye="pixels", dataset="strokes", bands=bands, floor={}, missing={})
    session.measured = (EVALUATION, older)
    sheet = shown(qtbot, window)
    assert sheet.picker.isVisible() and "31.70 ± 0.40" in sheet.table.texts()
    assert [sheet.picker.itemText(k) for k in (0, 1)] == ["1,000, MNIST classifier", "1,000, pixels, strokes"]
    sheet.picker.activated.emit(1)
    assert "900.0 ± 1.0" in sheet.table.texts() and "pixels" in sheet.said.text()


def test_the_numbers_are_explained_where_all_can_read_it(qtbot, window: MainWindow, session: CardSession) -> None:
    sheet = shown(qtbot, window)
    assert not sheet.explain.isVisible(), "there is nothing to explain"
    sheet.dismiss()
    session.measured = (EVALUATION,)
    shown(qtbot, window)
    qtbot.waitUntil(sheet.explain.isVisible)
    help_ = f"Higher is better. {api.METERS['precision'].help}"
    assert help_ not in sheet.table.texts()
    sheet.explain.click()
    assert help_ in sheet.table.texts() and CLASSES_HELP in sheet.table.texts()
    sheet.explain.click()
    assert help_ not in sheet.table.texts()


def test_the_classes_stand_beside_those_of_real_pictures(qtbot, window: MainWindow, session: CardSession) -> None:
    real = {"0": 0.3, "1": 0.7}
    older, many = dataclasses.replace(EVALUATION, count=200), {f"kind {k}": k / 300 for k in range(25)}
    wide = dataclasses.replace(EVALUATION, eye="inception", shares=many, real_shares=many)
    session.measured = (dataclasses.replace(EVALUATION, real_shares=real), older, wide)
    sheet = shown(qtbot, window)
    texts = sheet.table.texts()
    assert texts[texts.index("Classes seen") :] == [
        "Classes seen", "0", "50.0 ± 1.6 %", "30.0 ± 1.4 %", "1", "50.0 ± 1.6 %", "70.0 ± 1.4 %"
    ]  # fmt: skip
    sheet.picker.activated.emit(1)
    texts = sheet.table.texts()
    assert texts[texts.index("Classes seen") :] == ["Classes seen", "0", "50.0 ± 3.5 %", "1", "50.0 ± 3.5 %"]
    sheet.picker.activated.emit(2)
    texts = sheet.table.texts()
    assert texts[texts.index("Classes seen") + 1] == "kind 24" and texts[-1] == "and 13 more that are seen less often"


def test_the_numbers_are_copied_as_a_table(qtbot, window: MainWindow, session: CardSession) -> None:
    sheet = shown(qtbot, window)
    assert not sheet.copy_table.isVisible(), "there is nothing to copy"
    sheet.dismiss()
    session.measured = (EVALUATION, dataclasses.replace(EVALUATION, bands={"frechet": api.Band(900.0, 1.0)}, count=200))
    shown(qtbot, window)
    qtbot.waitUntil(sheet.copy_table.isVisible)
    sheet.copy_table.click()
    first, _, *rows = QGuiApplication.clipboard().text().splitlines()
    assert first.startswith("mnist-vae-2. ") and "1,000" in first
    assert all(told in first for told in caveats(EVALUATION, None)), "what is to be known of the numbers goes along"
    assert rows[:2] == ["|  | measured | real pictures |", "| --- | --- | --- |"]
    assert rows[2].startswith("| Fréchet distance") and rows[2].endswith(" ↓ | 31.70 ± 0.40 | 1.30 ± 0.10 |")
    assert rows[-1].endswith("| It makes a picture in many steps. |  |")
    assert window.bar.text() == words.COPIED
    sheet.picker.activated.emit(1)
    sheet.copy_table.click()
    assert "900.0 ± 1.0" in QGuiApplication.clipboard().text()


def test_names_of_files_are_shown_as_they_are(qtbot, window: MainWindow, session: CardSession) -> None:
    session.info = dataclasses.replace(MODELS[0], name="a<b>c", dataset="/d/x<i>y", path="a<b>c.safetensors")
    window.current_page().model_shown = lambda: "a<b>c"
    sheet = shown(qtbot, window)
    marks = "<b>", "<i>"
    labels = [label for label in sheet.findChildren(QLabel) if any(mark in label.text() for mark in marks)]
    assert len(labels) >= 3 and all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)


def test_a_model_from_elsewhere_says_so_in_words(qtbot, window: MainWindow, session: CardSession) -> None:
    session.info = dataclasses.replace(MODELS[3], family="unet2d", settings=UNet2DSettings(), iteration=0)
    sheet = shown(qtbot, window)
    text = words_of(sheet)
    assert "Diffusion (DDPM) of a diffusers folder" in text and words.ELSEWHERE in text
    assert "Schedule: linear, T: 1,000" in text and "{" not in text, "the network's JSON is for files"


def test_a_page_without_a_model_says_so(qtbot, window: MainWindow) -> None:
    window.current_page().model_shown = lambda: ""
    window.top.card.click()
    assert "There is no model on this page" in window.bar.text() and not window.card_sheet.isVisible()


def test_it_lies_within_a_small_window(qtbot, window: MainWindow) -> None:
    sheet = shown(qtbot, window)
    window.resize(700, 500)
    qtbot.waitUntil(lambda: window.body.rect().contains(sheet.geometry()))


def test_a_drawn_schedule_is_named_and_not_spelt_out() -> None:
    drawn = DiffusionSettings(schedule=name_of_curve(straight_curve()))
    told = words.recipe(dataclasses.replace(MODELS[3], settings=drawn))
    assert "Schedule: drawn, T: 1,000" in told
    assert "Schedule: cosine, T: 1,000" in words.recipe(MODELS[3])
