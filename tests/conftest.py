"""Qt tests run offscreen with settings of their own, and leave no thread, timer or window behind."""

from __future__ import annotations

import functools
import gc
import os
import threading
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("GENSTUDIO_PRECISION", "float32")  # the same numbers on every machine, no probe
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # threads of two workers would wait for each other


def pytest_configure(config: pytest.Config) -> None:
    """What the offscreen platform says of itself is no fault of ours."""
    config.addinivalue_line("qt_log_ignore", "This plugin does not support propagateSizeHints")


def pytest_collection_finish(session: pytest.Session) -> None:
    """What the imports made stays to the end: the search for leaks after each test need not look at it."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """At the end Python takes all down again; libraries report what it leaves."""
    gc.unfreeze()


PATIENCE_MS = 20_000
BEFORE = pytest.StashKey[set[threading.Thread]]()


@pytest.fixture(autouse=True)
def own_settings(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """QSettings of a Qt test live in its own folder, and start empty."""
    if "qtbot" not in request.fixturenames:
        return
    from PySide6.QtCore import QSettings

    from genstudio.ui.theme import theme

    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    app = request.getfixturevalue("qapp")
    app.setOrganizationName("GenStudio")
    app.setApplicationName(f"test-{abs(hash(request.node.nodeid))}")
    theme().start("dark", 1.0)


@pytest.fixture
def qtbot(qtbot: Any) -> Any:
    """Waits long enough for a machine that is busy with other work too; who says a time gets it."""
    for name in ("waitUntil", "waitSignal", "waitSignals"):
        setattr(qtbot, name, functools.partial(getattr(qtbot, name), timeout=PATIENCE_MS))
    return qtbot


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Remember which threads were there before the test; with Qt nothing is collected on an engine's thread."""
    item.stash[BEFORE] = set(threading.enumerate())
    if "qtbot" in getattr(item, "fixturenames", ()):
        gc.disable()  # as `genstudio.ui.garbage` does in the window


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Runs after every fixture of the test, pytest-qt's included, so what is left then is a leak."""
    if "qtbot" in getattr(item, "fixturenames", ()):
        _check_that_nothing_is_left(item)
    if nextitem is None or nextitem.path != item.path:
        gc.collect()
        gc.freeze()  # what a file's tests imported stays, too: looking at it again takes 0.3 s a test


def _check_that_nothing_is_left(item: pytest.Item) -> None:
    from PySide6.QtCore import QCoreApplication, QEvent, QTimer
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    gc.collect()
    gc.enable()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    threads = [thread.name for thread in set(threading.enumerate()) - item.stash[BEFORE]]
    windows = [widget for widget in app.topLevelWidgets() if widget.isVisible()]
    if _running(QTimer):
        gc.collect()  # a page that its window had no time to adopt goes with what is left of the window
    timers = _running(QTimer)
    assert not threads, f"threads left behind: {threads}"
    assert not windows, f"windows left behind: {windows}"
    assert not timers, f"timers left running, of: {[timer.parent() for timer in timers]}"
    held = _released(app.mouseButtons())
    assert not held, f"mouse buttons left down: {held}"


def _running(kind: Any) -> list[Any]:
    """All timers of a kind that run."""
    return [timer for timer in gc.get_objects() if issubclass(type(timer), kind) and _runs(timer)]


def _released(buttons: Any) -> list[Any]:
    """Mouse buttons that are down, which stay so for all later tests if no widget hears that they are let go."""
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QWidget

    held = [button for button in (buttons.LeftButton, buttons.RightButton, buttons.MiddleButton) if button & buttons]
    for button in held:
        QTest.mouseRelease(QWidget(), button)
    return held


def _runs(timer: Any) -> bool:
    try:
        return bool(timer.isActive())
    except RuntimeError:  # its C++ half is gone
        return False
