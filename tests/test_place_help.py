"""A tooltip is of the place under the pointer, and shows names as they are."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication

from genstudio.ui.widgets import place_help
from genstudio.ui.widgets.place_help import PlaceHelp


class Halves(PlaceHelp):
    """At the left a name, at the right nothing."""

    def help_at(self, point: QPointF) -> str:
        return "a<b> & c" if point.x() < 50 else ""


@pytest.mark.parametrize(("x", "text"), [(10, "<p>a&lt;b&gt; &amp; c</p>"), (90, "")])
def test_it_says_what_is_under_the_pointer(qtbot: Any, monkeypatch: pytest.MonkeyPatch, x: int, text: str) -> None:
    said: list[tuple[QPoint, str]] = []
    monkeypatch.setattr(place_help.QToolTip, "showText", lambda at, text, widget: said.append((at, text)))
    halves = Halves()
    qtbot.addWidget(halves)
    QApplication.sendEvent(halves, QHelpEvent(QEvent.Type.ToolTip, QPoint(x, 5), QPoint(500, 500)))
    assert said == [(QPoint(500, 500), text)]
