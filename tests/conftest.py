"""Qt tests run offscreen with settings of their own, and leave no thread, timer or window behind."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def leaves_nothing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """After a test that used Qt: no new thread, no running timer, no window."""
    if "qtbot" not in request.fixturenames:
        yield
        return
    from PySide6.QtCore import QSettings

    before = set(threading.enumerate())
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    yield


@pytest.fixture
def settings_folder(tmp_path: Path) -> Path:
    """Where the test's own settings are."""
    return tmp_path / "settings"


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Runs after every fixture of the test, pytest-qt's included, so what is left then is a leak."""
    if "qtbot" not in getattr(item, "fixturenames", ()):
        return
    from PySide6.QtCore import QCoreApplication, QEvent, QTimer
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    threads = [t.name for t in threading.enumerate() if t is not threading.main_thread() and not t.daemon]
    engines = [t.name for t in threading.enumerate() if t.name.startswith("genstudio")]
    windows = [w for w in app.topLevelWidgets() if w.isVisible()]
    timers = [t for t in gc.get_objects() if isinstance(t, QTimer) and _runs(t)]
    assert not threads and not engines, f"threads left behind: {threads + engines}"
    assert not windows, f"windows left behind: {windows}"
    assert not timers, f"timers left running: {[t.parent() for t in timers]}"


def _runs(timer: object) -> bool:
    try:
        return timer.isActive()  # type: ignore[attr-defined, no-any-return]
    except RuntimeError:
        return False
