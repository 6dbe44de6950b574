"""What changes all the time is written anew only now and then."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from genstudio.ui.tabs import calm


def test_a_beat_waits_only_while_something_moves(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = [100.0]
    monkeypatch.setattr(calm, "time", SimpleNamespace(monotonic=lambda: now_s[0]))
    beat = calm.Beat(0.5)
    assert beat.is_due(True), "nothing has been written yet"
    beat.note()
    now_s[0] += 0.25
    assert not beat.is_due(True) and beat.is_due(False) and beat.wait_s() == 0.25
    now_s[0] += 0.25
    assert beat.is_due(True)


def test_what_comes_too_early_is_shown_once_a_moment_later(qtbot: QtBot) -> None:
    owner, shown = QObject(), []
    made = calm.Calm(lambda: shown.append(len(shown)), owner)
    for _ in range(3):
        made.ask(is_moving=True)
    assert shown == [0]
    qtbot.waitUntil(lambda: shown == [0, 1])
    made.ask(is_moving=False)
    made.ask(is_moving=False)
    assert shown == [0, 1, 2, 3]
