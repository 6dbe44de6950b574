"""Names that users give are shown as they are, also where words are rich text."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QLabel, QWidget

from genstudio.ui.game import words as gan_words
from genstudio.ui.latent.arithmetic_state import ArithmeticState
from genstudio.ui.latent.arithmetic_words import sentence_of
from genstudio.ui.latent.map_words import legend
from genstudio.ui.latent.path_keys import KeyRow
from genstudio.ui.own.inside_sheet import InsideSheet
from genstudio.ui.tabs import run_words

NAME = "my nine <b>x</b> & <i>"
FOLDER = "nine <i> & <u>"


def read(markup: str) -> str:
    """What a reader sees of rich text."""
    document = QTextDocument()
    document.setHtml(markup)
    return document.toPlainText()


def test_the_names_of_codes_and_files_keep_their_brackets(qapp) -> None:
    state = ArithmeticState(((2.0, 1.0), (0.5, 1.0), (0.0, -1.0)), (NAME, "1", "4"), 2.0)
    assert read(sentence_of(state, "A")).count(NAME) == 2
    for words in (run_words, gan_words):
        assert NAME in read(words.repeating(NAME, 5, 10))
    assert NAME in read(legend((NAME,)))


def test_the_tooltip_of_a_key_says_its_name_as_it_is(qtbot) -> None:
    row = KeyRow()
    qtbot.addWidget(row)
    row.set_keys(np.zeros((1, 28, 28, 1), np.uint8), [NAME])
    row._hover(0)
    assert f"Key 1: {NAME}." in read(row.toolTip())


def test_a_folder_that_is_looked_into_and_what_a_stage_says_keep_their_brackets(qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    sheet = InsideSheet(window, ())
    sheet.open_for(f"/data/{FOLDER}", "", is_here=False)
    assert sheet.title.text() == FOLDER and sheet.title.textFormat() == Qt.TextFormat.PlainText
    assert f"/data/{FOLDER}" in read(sheet.title.toolTip())
    (said,) = (label for label in sheet.preview.findChildren(QLabel) if FOLDER in label.text())
    assert said.textFormat() == Qt.TextFormat.PlainText
