"""The real window of a benchmark: the application as a user starts it, watched."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEventLoop, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from genstudio import api, app
from genstudio.engine import Failure
from genstudio.tuning import tune_window

PATIENCE_S = 120.0


class Desk(QObject):
    """Owns the application; remembers when what came."""

    def __init__(self) -> None:
        super().__init__()
        tune_window()
        app.make_application(remembers=False)
        self.application = app.Application(app.make_engines())
        self.window = self.application.window
        self.window.keep_no_runs()
        self.window.resize(1440, 900)
        self.came: dict[str, int] = {}  # events of each kind so far
        self.iteration = 0
        self.application.bridge.event.connect(self._note)

    @Slot(str, object)
    def _note(self, slot: str, event: Any) -> None:
        if isinstance(event, Failure):
            raise SystemExit(event.trace)
        kind = f"{slot} {type(event).__name__}"
        self.came[kind] = self.came.get(kind, 0) + 1
        if isinstance(event, api.TrainEvent):
            self.iteration = event.iteration

    def show_tab(self, name: str) -> None:
        """Bring a tab to the top."""
        self.window.go_to(name)

    def wait_for(self, kind: str, count: int = 1) -> None:
        """Let the window live until events "slot EventName" have come so often.

        Raises:
            TimeoutError: if they do not come.
        """
        self.wait_until(lambda: self.came.get(kind, 0) >= count, kind)

    def wait_until(self, is_so: Callable[[], bool], what: str = "change") -> None:
        """Let the window live until something is so.

        Raises:
            TimeoutError: if it does not come about.
        """
        begin = time.perf_counter()
        while not is_so():
            if time.perf_counter() - begin > PATIENCE_S:
                raise TimeoutError(f"no {what} within {PATIENCE_S:g} s")
            QTimer.singleShot(50, lambda: None)  # an event for the next line, should there be no other
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)  # sleeps: a time limit would not

    def settle(self) -> None:
        """Let the window live until it has prepared all it prepares behind its first picture.

        Raises:
            TimeoutError: if that does not end.
        """
        self.wait_for("app.warm CatalogEvent")
        self.wait_until(self.window.has_all_pages, "page")
        self.live(0.5)

    def live(self, seconds: float) -> None:
        """Let the window live for some time."""
        loop = QEventLoop()
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        loop.exec()

    def iterations_in(self, seconds: float, drag: Callable[[int], object] | None = None) -> dict[str, float]:
        """Let it live, dragged by a hand if there is one, and count the iterations of the run: at least two."""
        first, start = self.iteration, time.perf_counter()
        while self.iteration < first + 2 or time.perf_counter() - start < seconds:
            if drag is None:
                self.live(min(seconds, 0.25))
            else:
                drag(15)
        return {"iterations": self.iteration - first, "seconds": time.perf_counter() - start}

    def close(self) -> None:
        """Close the window as a user does; a lane that is still busy must not outlive the interpreter."""
        self.window.close()
        if not self.application.all_stopped:
            sys.stdout.flush()
            os._exit(0)
