"""The checkpoints of a watched run, while a hand is in their list and the run writes more of them."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint

from genstudio.api import CheckpointFile
from genstudio.ui.watch_run.checkpoint_list import CheckpointList


def files(*iterations: int) -> tuple[CheckpointFile, ...]:
    return tuple(CheckpointFile(f"/run/{n}.safetensors", n, 1000) for n in iterations)


def first_seen(shown: CheckpointList) -> str:
    """The words of the row at the top of what is seen."""
    item = shown.itemAt(QPoint(4, 4))
    return item.text() if item is not None else ""


@pytest.fixture
def shown(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> CheckpointList:
    """Twelve of them; the mouse is elsewhere."""
    made = CheckpointList()
    monkeypatch.setattr(made, "underMouse", lambda: False)
    qtbot.addWidget(made)
    made.show_files(files(*range(12, 0, -1)))
    made.show()
    return made


def test_older_ones_stay_under_the_hand_when_newer_ones_come(shown: CheckpointList, qtbot: Any) -> None:
    shown.scrollToItem(shown.item(6), CheckpointList.ScrollHint.PositionAtTop)
    before = first_seen(shown)
    assert before.startswith("Iteration 6 ")
    shown.show_files(files(*range(14, 0, -1)))
    qtbot.waitUntil(lambda: shown.count() == 14 and first_seen(shown) == before)


def test_the_one_that_has_the_keyboard_stays_in_sight(shown: CheckpointList, qtbot: Any) -> None:
    shown.setCurrentRow(4)
    for newest in range(13, 20):
        shown.show_files(files(*range(newest, 0, -1)))
    assert shown.currentItem().text().startswith("Iteration 8 ")
    qtbot.waitUntil(lambda: shown.viewport().rect().contains(shown.visualItemRect(shown.currentItem())))


def test_at_the_top_the_newest_is_seen(shown: CheckpointList, qtbot: Any) -> None:
    shown.show_files(files(*range(13, 0, -1)))
    qtbot.waitUntil(lambda: first_seen(shown).startswith("Iteration 13 "))


def test_under_the_mouse_no_row_moves_also_at_the_top(
    shown: CheckpointList, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown, "underMouse", lambda: True)
    shown.show_files(files(*range(13, 0, -1)))
    qtbot.waitUntil(lambda: shown.count() == 13 and first_seen(shown).startswith("Iteration 12 "))


def test_where_the_row_at_the_top_is_gone_the_newest_is_seen(shown: CheckpointList, qtbot: Any) -> None:
    shown.scrollToItem(shown.item(6), CheckpointList.ScrollHint.PositionAtTop)
    shown.show_files(files(*range(40, 30, -1)))
    qtbot.waitUntil(lambda: first_seen(shown).startswith("Iteration 40 "))
