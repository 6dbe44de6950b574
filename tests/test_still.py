"""Words that change lay nothing out anew, unless they need another height."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from genstudio.ui.widgets.still import Still


class Layouts(QObject):
    """Counts how often a widget is laid out anew."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


@pytest.fixture
def label(qtbot):
    """In a window with a layout."""
    window, label = QWidget(), QLabel("a few words")
    label.setWordWrap(True)
    QVBoxLayout(window).addWidget(Still(label))
    qtbot.addWidget(window)
    window.resize(400, 200)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: label.width() == label.parentWidget().width() > 300)
    qtbot.waitUntil(lambda: label.height() == label.parentWidget().height())
    yield label
    window.close()


def test_other_words_of_the_same_height_lay_nothing_out_anew(label, qtbot):
    holder, layouts = Layouts(label.parentWidget()), Layouts(label.window())
    label.setText("other words, and more")
    qtbot.waitUntil(lambda: holder.count == 1)
    label.setText("another word")
    qtbot.waitUntil(lambda: holder.count == 2)
    assert layouts.count == 0


def test_words_that_need_more_lines_get_them(label, qtbot):
    before, layouts = label.height(), Layouts(label.window())
    label.setText("a few words " * 20)
    qtbot.waitUntil(lambda: label.height() > before and layouts.count > 0)
    assert label.height() >= label.heightForWidth(label.width())
    label.setText("a few words")
    qtbot.waitUntil(lambda: label.height() == before)


def test_words_of_a_fixed_height_keep_it(label, qtbot):
    label.setFixedHeight(90)
    qtbot.waitUntil(lambda: label.parentWidget().height() == 90)
    assert label.height() == 90


def test_words_that_are_shown_later_and_in_larger_letters_have_all_the_room(qtbot):
    """The style sheet of a window comes to what was hidden when it is shown."""
    window = QWidget()
    number = QWidget()
    label = QLabel("304 ms")
    label.setProperty("role", "number")
    QVBoxLayout(number).addWidget(Still(label))
    QVBoxLayout(window).addWidget(number)
    number.hide()
    window.setStyleSheet('QLabel[role="number"] { font-size: 40px; }')
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    number.show()
    qtbot.waitUntil(lambda: label.parentWidget().height() >= label.sizeHint().height() > 30)
    qtbot.waitUntil(lambda: label.size() == label.parentWidget().size())
