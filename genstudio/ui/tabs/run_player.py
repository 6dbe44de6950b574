"""Drives the training run of a page: start, pause, slow motion, one iteration, and repeating a file's run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Slot

from genstudio.api import RestoredEvent, TrainEvent, TrainRequest
from genstudio.engine import Ended, Failure
from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs.training_run import TrainingRun

LANE = "train"


class RunPlayer(QObject):
    """Owns the train slot of a page; lives on the window thread. The page hands it the slot's events."""

    def __init__(self, bridge: Bridge, slot: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run = TrainingRun()
        self.repeat: RestoredEvent | None = None  # the file whose run is repeated
        self._bridge, self._slot = bridge, slot
        self._wait_s = 0.0  # between two iterations in slow motion; 0 is full speed
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)

    def start(self, request: TrainRequest, repeat: RestoredEvent | None = None) -> None:
        """Begin a run; the old one and what it still had to say are dropped."""
        self.repeat = repeat
        self.run.begin(request)
        only_first = self._wait_s > 0 or (repeat is not None and repeat.iteration == 0)
        self._bridge.start(LANE, self._slot, request, "step" if only_first else "run")
        self._set_timer()

    def set_running(self, running: bool) -> None:
        """Let a living run go on, or pause it between two iterations."""
        if self.run.is_alive:
            self.run.set_state("running" if running else "paused")
            self._set_timer()
            self._bridge.control(LANE, self._slot, "run" if running and not self._wait_s else "pause")

    def set_wait(self, seconds: float) -> None:
        """Slow motion: the time from one iteration to the next; 0 is as fast as it goes."""
        if seconds != self._wait_s:
            self._wait_s = seconds
            if self.run.state == "running":
                self.set_running(True)

    def step(self) -> None:
        """Pause, and go on by one iteration."""
        self.set_running(False)
        self._tick()

    def stop(self) -> None:
        """Forget the run."""
        self.repeat = None
        self._bridge.cancel(LANE, self._slot)
        self.run.clear()
        self._set_timer()

    def handle(self, event: Any) -> str:
        """Note an event of the slot; the result of a comparison, if that was what it was waited for."""
        verdict = ""
        if isinstance(event, TrainEvent):
            self.run.take(event)
            verdict = self._compare()
        elif isinstance(event, Failure):
            self.run.set_state("failed")
            self.repeat = None
        elif isinstance(event, Ended) and self.run.is_alive:
            self.run.set_state("ended")
        self._set_timer()
        return verdict

    @Slot()
    def _tick(self) -> None:
        self._bridge.control(LANE, self._slot, "step")

    def _set_timer(self) -> None:
        if self._wait_s and self.run.state == "running":
            self._timer.start(round(1000 * self._wait_s))
        else:
            self._timer.stop()

    def _compare(self) -> str:
        repeat, newest = self.repeat, self.run.history[-1] if len(self.run.history) else None
        if repeat is None or newest is None or newest[0] != repeat.iteration:
            return ""
        self.repeat = None
        if repeat.iteration == 0:
            self.set_running(False)
        from genstudio.export import grid  # brings Pillow, which the start of the window does not need

        return compared(repeat, grid(newest[1], repeat.layout))


def compared(repeat: RestoredEvent, again: np.ndarray) -> str:
    """One sentence: are the pictures of a repeated run those of the file?"""
    name, where = Path(repeat.path).name, f"at iteration {repeat.iteration:,}"
    if repeat.pictures is None or repeat.pictures.shape != again.shape:
        return f"The run of {name} is repeated up to iteration {repeat.iteration:,}; its picture cannot be compared."
    if np.array_equal(repeat.pictures, again):
        return f"The run of {name} is repeated; {where} its pictures are identical to the last pixel."
    worst = int(np.abs(repeat.pictures.astype(int) - again).max())
    return (
        f"The run of {name} is repeated; {where} its pictures differ by up to {worst} of 255 grey levels: "
        "another device, number of threads or version rounds differently."
    )
