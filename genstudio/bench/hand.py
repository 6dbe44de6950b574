"""A hand in the real window: it moves the mouse 60 times a second and notes when the answers were painted."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QEventLoop, QObject, QPointF, Qt, QTimer, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from genstudio import api
from genstudio.bench.desk import PATIENCE_S, Desk

TICK_MS = 16  # about 60 changes a second
PERIOD = 97  # changes until the hand is back
REACH = 2.5  # sigma
SWING = 0.45  # of a control's width, to either side of its middle


class Grip(Protocol):
    """What a hand holds, and where the answers to its moves are seen."""

    widget: QWidget  # gets the mouse
    stage: QWidget  # is painted

    def spot(self, turn: float) -> QPointF:
        """Where on the widget the pointer is after so much of a period, 0 to 1."""

    def now(self) -> Any:
        """What is asked for after a move."""

    def answered(self, slot: str, event: Any) -> Any:
        """What an event answers, None if it answers no move."""


class SliderGrip:
    """The first slider of a page with codes."""

    def __init__(self, slider: Any, stage: QWidget, slot: str) -> None:
        self.widget, self.stage, self.slot = slider, stage, slot

    def spot(self, turn: float) -> QPointF:
        """To and fro."""
        return QPointF(self.widget.x_of(REACH * math.sin(2 * math.pi * turn)), self.widget.height() / 2)

    def now(self) -> float:
        """The slider's number, as requests have it."""
        return round(float(self.widget.exact()), 6)

    def answered(self, slot: str, event: Any) -> float | None:
        """The same number of the code that was decoded."""
        if slot != self.slot or not isinstance(event, api.PicturesEvent):
            return None
        z = event.request.z
        return round(float(z[0][0] if isinstance(z[0], tuple) else z[0]), 6)


class ScrubGrip:
    """The control of the triptych, and the column that is watched.

    Args:
        slot: Of the column's pictures.
        stops: Of the control.
    """

    def __init__(self, control: Any, stage: QWidget, slot: str, stops: int) -> None:
        self.widget, self.stage, self._slot, self._stops = control, stage, slot, stops

    def spot(self, turn: float) -> QPointF:
        """To and fro."""
        share = 0.5 + SWING * math.sin(2 * math.pi * turn)
        return QPointF(share * self.widget.width(), self.widget.height() / 2)

    def now(self) -> int:
        """The stop."""
        return round(self.widget.value())

    def answered(self, slot: str, event: Any) -> int | None:
        """The stop whose pictures are there."""
        is_part = isinstance(event, api.PanelEvent) and event.step < event.count
        if slot != self._slot or is_part or not isinstance(event, (api.PicturesEvent, api.PanelEvent)):
            return None
        return round(event.request.position * self._stops)


class PenGrip:
    """The canvas of the Picture page: a stroke that goes round and round.

    Args:
        seen: What the model is shown of a drawn picture.
    """

    def __init__(self, canvas: Any, seen: Callable[[Any], Any]) -> None:
        self.widget = self.stage = canvas
        self._seen = seen

    def spot(self, turn: float) -> QPointF:
        """On an ellipse whose size breathes, so that there is always something new to draw."""
        cell, angle = self.widget.cell_rect(0), 2 * math.pi * turn
        size = 0.15 + 0.2 * abs(math.sin(0.37 * angle))
        return QPointF(
            cell.left() + cell.width() * (0.5 + 0.7 * size * math.cos(5 * angle)),
            cell.top() + cell.height() * (0.5 + size * math.sin(5 * angle)),
        )

    def now(self) -> bytes:
        """What the model is shown of the picture drawn so far."""
        return bytes(self._seen(self.widget.picture()).tobytes())

    def answered(self, slot: str, event: Any) -> bytes | None:
        """The picture whose code was found."""
        if slot != "picture.encode" or not isinstance(event, api.EncodedEvent):
            return None
        return bytes(event.request.images[0].tobytes())


class Hand(QObject):
    """Holds a grip and moves it; notes for each change when its pictures were painted.

    A change whose own pictures were skipped because newer ones were asked for counts as answered by the
    first that are newer.
    """

    def __init__(self, desk: Desk, grip: Grip) -> None:
        super().__init__()
        self._grip = grip
        self._waiting: list[tuple[Any, float]] = []  # what was asked for, and when
        self._left = self._moves = 0
        self.latencies_ms: list[float] = []
        self._timer, self._loop = QTimer(self), QEventLoop()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._move)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._loop.quit)
        desk.application.bridge.event.connect(self._painted)

    def drag(self, changes: int) -> list[float]:
        """Move so many times; the latency of each change, ms.

        Raises:
            TimeoutError: if a move is never answered.
        """
        self.latencies_ms, self._left = [], changes
        self._waiting.clear()
        self._mouse(QEvent.Type.MouseButtonPress)
        self._timer.start()
        self._patience.start(round(1000 * PATIENCE_S))
        self._loop.exec()
        if not self._patience.isActive():
            raise TimeoutError(f"a move was not answered within {PATIENCE_S:g} s")
        self._patience.stop()
        self._mouse(QEvent.Type.MouseButtonRelease)
        return self.latencies_ms

    def _mouse(self, kind: QEvent.Type) -> None:
        """What the widget gets when the button goes down, the pointer moves or the button goes up."""
        widget, left, none = self._grip.widget, Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        spot = self._grip.spot(self._moves / PERIOD)
        held = none if kind == QEvent.Type.MouseButtonRelease else left
        changed = none if kind == QEvent.Type.MouseMove else left
        place = widget.mapToGlobal(spot)
        event = QMouseEvent(kind, spot, place, changed, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(widget, event)

    @Slot()
    def _move(self) -> None:
        if self._left == 0:
            self._timer.stop()
            if not self._waiting:
                self._loop.quit()
            return
        self._left -= 1
        self._moves += 1
        start, before = time.perf_counter(), self._grip.now()
        self._mouse(QEvent.Type.MouseMove)
        if (now := self._grip.now()) != before:  # at the turning points the pointer rests on its pixel
            self._waiting.append((now, start))

    @Slot(str, object)
    def _painted(self, slot: str, event: Any) -> None:
        shown = self._grip.answered(slot, event) if self._waiting else None
        answered = [k for k, (wanted, _) in enumerate(self._waiting) if wanted == shown]
        if shown is None or not answered:
            return
        self._grip.stage.repaint()  # at once, not in the next turn of the event loop
        now = time.perf_counter()
        self.latencies_ms += [1000 * (now - start) for _, start in self._waiting[: answered[-1] + 1]]
        del self._waiting[: answered[-1] + 1]
        if self._left == 0 and not self._waiting:
            self._loop.quit()
