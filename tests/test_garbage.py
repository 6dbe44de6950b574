"""Garbage is collected on the window's thread, whoever allocates, and by time."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from PySide6.QtCore import QObject

from genstudio.ui.garbage import ALL, OLDER, Garbage
from genstudio.ui.spare_time import SpareTime


class Dropped(QObject):
    """Part of a cycle, so that only a collection ends it; notes on which thread."""

    died_on: ClassVar[list[str]] = []

    def __init__(self) -> None:
        super().__init__()
        self.itself = self

    def __del__(self) -> None:
        self.died_on.append(threading.current_thread().name)


def allocate() -> list[list[int]]:
    """Far more than the limit at which Python collects."""
    return [[number] for number in range(100 * gc.get_threshold()[0])]


def allocate_elsewhere(first: Callable[[], None] = lambda: None) -> None:
    thread = threading.Thread(target=lambda: (first(), allocate()), name="lane")
    thread.start()
    thread.join()


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    gc.collect()
    Dropped.died_on.clear()
    yield
    gc.collect()


@pytest.fixture
def garbage(qtbot: Any) -> Iterator[Garbage]:
    window = QObject()
    made = Garbage(window)
    yield made
    made.stop()
    gc.freeze()  # as it was: see conftest.py


def test_by_itself_python_ends_an_object_on_the_thread_that_allocates(qtbot):
    gc.disable()
    Dropped()
    allocate_elsewhere(first=gc.enable)
    assert Dropped.died_on == ["lane"]


def test_an_object_of_qt_ends_on_the_windows_thread(qtbot, garbage):
    Dropped()
    allocate_elsewhere()
    assert not Dropped.died_on
    kept = allocate()
    assert kept  # what is freed is not counted
    qtbot.waitUntil(lambda: Dropped.died_on == [threading.main_thread().name])


def test_what_is_young_is_looked_at_each_time_and_all_in_its_turn(garbage, monkeypatch):
    """By time: what came and went between two looks, however much, says nothing of the cycles that are left."""
    asked: list[int] = []
    monkeypatch.setattr(gc, "collect", asked.append)
    for _ in range(ALL):
        garbage.collect()
    monkeypatch.undo()
    assert asked == [0] * 7 + [1] + [0] * 7 + [1] + [0] * 7 + [2] and OLDER == 8


def test_an_old_cycle_goes_though_objects_come_and_go_in_between(garbage):
    Dropped()
    for _ in range(ALL):
        allocate()
        garbage.collect()
    assert Dropped.died_on == ["MainThread"]


def test_what_is_garbage_already_does_not_stay(garbage):
    Dropped()
    garbage.keep()
    assert Dropped.died_on == ["MainThread"]


def test_stopped_it_leaves_the_work_to_python_again(garbage):
    garbage.keep()
    assert not gc.isenabled() and gc.get_freeze_count()
    garbage.stop()
    assert gc.isenabled() and not gc.get_freeze_count()


def test_what_stays_is_not_looked_at_again(qtbot, garbage):
    stays: list[list[str]] = [[]]
    assert any(found is stays for found in gc.get_objects())
    garbage.keep()
    assert not any(found is stays for found in gc.get_objects())


def test_spare_time_says_when_all_is_done(qtbot):
    done: list[int] = []
    owner = QObject()
    spare = SpareTime([lambda: done.append(1), lambda: done.append(2)], owner)
    with qtbot.waitSignal(spare.done):
        spare.begin(0)
    assert done == [1, 2] and not spare.is_busy()
