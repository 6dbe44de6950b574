"""Words that change all the time have no window laid out anew."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QHBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from genstudio.ui.theme import theme
from genstudio.ui.widgets.steady import SteadyLabel


class Row(QWidget):
    """Holds a label, and counts how often it is asked to lay itself out."""

    def __init__(self, label: SteadyLabel) -> None:
        super().__init__()
        self.count = 0
        QHBoxLayout(self).addWidget(label)
        self.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False

    def layouts(self) -> int:
        """How often since it was asked last."""
        self.count = 0
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        return self.count


@pytest.fixture
def label() -> SteadyLabel:
    made = SteadyLabel()
    made.setText("1,234 iterations/s")
    return made


@pytest.fixture
def row(label: SteadyLabel, qtbot: QtBot) -> Row:
    made = Row(label)
    made.resize(500, 60)
    qtbot.addWidget(made)
    made.show()
    made.layouts()
    return made


def test_a_label_asks_for_room_only_where_its_words_need_more(label: SteadyLabel, row: Row) -> None:
    label.setText("1,235 iterations/s")
    assert label.text() == "1,235 iterations/s" and row.layouts() == 0
    label.setText("1,235 iterations/s, and much that was not there before")
    need = label.fontMetrics().horizontalAdvance(label.text())
    assert row.layouts() > 0 and label.width() >= need
    label.setText("live")
    assert row.layouts() > 0 and label.width() < need


def test_a_label_grows_with_the_text(label: SteadyLabel, row: Row) -> None:
    before = label.size()
    try:
        theme().set_scale(2.0)
        assert label.width() > before.width() and label.height() > before.height()
    finally:
        theme().set_scale(1.0)
    assert row.isVisible()
