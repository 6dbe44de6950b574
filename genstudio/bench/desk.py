"""The real window under a benchmark's hand: the application as a user starts it, watched and moved."""

from __future__ import annotations

import math
import os
import sys
import time
from typing import Any

from PySide6.QtCore import QElapsedTimer, QEvent, QEventLoop, QObject, QPointF, Qt, QTimer, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from genstudio import api, app
from genstudio.engine import Failure
from genstudio.tuning import tune_malloc

TICK_MS = 16  # a hand on a slider, about 60 changes a second
PERIOD = 97  # changes until the hand is back
REACH = 2.5  # sigma
PATIENCE_S = 120.0


class Desk(QObject):
    """Owns the application; remembers when what came."""

    def __init__(self) -> None:
        super().__init__()
        tune_malloc()
        sys.setswitchinterval(0.0005)
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
        self.window.show_page([page.name for page in self.window.pages].index(name))

    def wait_for(self, kind: str, count: int = 1) -> None:
        """Let the window live until events "slot EventName" have come so often.

        Raises:
            TimeoutError: if they do not come.
        """
        clock = QElapsedTimer()
        clock.start()
        while self.came.get(kind, 0) < count:
            if clock.elapsed() > 1000 * PATIENCE_S:
                raise TimeoutError(f"no {kind} within {PATIENCE_S:g} s")
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)

    def live(self, seconds: float) -> None:
        """Let the window live for some time."""
        loop = QEventLoop()
        QTimer.singleShot(round(1000 * seconds), loop.quit)
        loop.exec()

    def iterations_in(self, seconds: float, hand: Hand | None = None) -> dict[str, float]:
        """Let it live, dragged by a hand if there is one, and count the iterations of the run: at least two."""
        first, start = self.iteration, time.perf_counter()
        while self.iteration < first + 2 or time.perf_counter() - start < seconds:
            if hand is None:
                self.live(min(seconds, 0.25))
            else:
                hand.drag(15)
        return {"iterations": self.iteration - first, "seconds": time.perf_counter() - start}

    def close(self) -> None:
        """Close the window as a user does; a lane that is still busy must not outlive the interpreter."""
        self.window.close()
        if not self.application.all_stopped:
            sys.stdout.flush()
            os._exit(0)


class Hand(QObject):
    """Drags the first slider of the VAE tab to and fro; notes for each change when its picture was painted.

    A change whose own picture was skipped because a newer one was asked for counts as answered by the
    first picture that is newer.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        page: Any = desk.window.page("vae")
        self._slider, self._stage = page.sliders.rows()[0], page.stage
        self._waiting: list[tuple[float, float]] = []  # value, when it was set
        self._left = self._moves = 0
        self.latencies_ms: list[float] = []
        self._timer, self._loop = QTimer(self), QEventLoop()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._move)
        desk.application.bridge.event.connect(self._painted)

    def drag(self, changes: int) -> list[float]:
        """Move so many times; the latency of each change, ms."""
        self.latencies_ms, self._left = [], changes
        self._waiting.clear()
        self._mouse(QEvent.Type.MouseButtonPress, self._slider.exact())
        self._timer.start()
        self._loop.exec()
        self._mouse(QEvent.Type.MouseButtonRelease, self._slider.exact())
        return self.latencies_ms

    def _mouse(self, kind: QEvent.Type, value: float) -> None:
        """What the slider gets when the button goes down, the pointer moves or the button goes up over a value."""
        slider, left = self._slider, Qt.MouseButton.LeftButton
        spot = QPointF(slider.x_of(value), slider.height() / 2)
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else left
        changed = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else left
        place = slider.mapToGlobal(spot)
        event = QMouseEvent(kind, spot, place, changed, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(slider, event)

    @Slot()
    def _move(self) -> None:
        if self._left == 0:
            self._timer.stop()
            if not self._waiting:
                self._loop.quit()
            return
        self._left -= 1
        self._moves += 1
        start, before = time.perf_counter(), self._slider.exact()
        self._mouse(QEvent.Type.MouseMove, REACH * math.sin(2 * math.pi * self._moves / PERIOD))
        if self._slider.exact() != before:  # at the turning points the pointer rests on its pixel
            self._waiting.append((self._slider.exact(), start))

    @Slot(str, object)
    def _painted(self, slot: str, event: Any) -> None:
        if slot != "vae.decode" or not isinstance(event, api.PicturesEvent) or not self._waiting:
            return
        shown = event.request.z[0][0]
        answered = [k for k, (value, _) in enumerate(self._waiting) if abs(value - shown) < 1e-6]
        if not answered:
            return
        self._stage.repaint()  # at once, not in the next turn of the event loop
        now = time.perf_counter()
        self.latencies_ms += [1000 * (now - start) for _, start in self._waiting[: answered[-1] + 1]]
        del self._waiting[: answered[-1] + 1]
        if self._left == 0 and not self._waiting:
            self._loop.quit()
