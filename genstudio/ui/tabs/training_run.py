"""One training run as the window knows it: its request, state, samples so far and time. No Qt."""

from __future__ import annotations

import time
from typing import Literal

from genstudio.api import Pictures, TrainEvent, TrainRequest
from genstudio.ui.history import Reel

RunState = Literal["none", "running", "paused", "failed", "ended"]


class TrainingRun:
    """What a page shows of a run: `history` holds (iteration, samples) and where one looks."""

    def __init__(self) -> None:
        self.history: Reel[tuple[int, Pictures]] = Reel()
        self.request: TrainRequest | None = None
        self.state: RunState = "none"
        self.iteration, self.iterations_per_s = 0, 0.0
        self._seconds, self._since = 0.0, time.monotonic()

    def begin(self, request: TrainRequest, state: RunState = "running") -> None:
        """A new run takes the place of the old one."""
        self.request = request
        self._forget()
        self.set_state(state)

    def clear(self) -> None:
        """No run at all."""
        self.request = None
        self._forget()
        self.set_state("none")

    def set_state(self, state: RunState) -> None:
        """Note the state and the time spent running."""
        now = time.monotonic()
        if self.state == "running":
            self._seconds += now - self._since
        self._since = now
        self.state = state

    def take(self, event: TrainEvent) -> None:
        """Note how far it is, and the samples."""
        self.iteration = event.iteration
        self.iterations_per_s = event.iterations_per_s
        for iteration, pictures in event.samples:
            self.history.append((iteration, pictures), pictures.nbytes)

    @property
    def is_alive(self) -> bool:
        """Whether it can go on."""
        return self.state in ("running", "paused")

    def seconds(self) -> float:
        """Time spent running."""
        return self._seconds + (time.monotonic() - self._since if self.state == "running" else 0.0)

    def _forget(self) -> None:
        self.history.clear()
        self.iteration, self.iterations_per_s = 0, 0.0
        self.state = "none"
        self._seconds, self._since = 0.0, time.monotonic()
