"""One training run as the window knows it: its request, state, samples so far and time. No Qt."""

from __future__ import annotations

import time
from typing import Literal

from genstudio.api import Pictures, TrainEvent, TrainRequest
from genstudio.ui.history import History

SMOOTHED_OVER = 40  # iterations
RunState = Literal["none", "running", "paused", "failed", "ended"]


class TrainingRun:
    """What a page shows of a run. `viewed` is a sample's number in the history; None follows the newest."""

    def __init__(self) -> None:
        self.history: History[tuple[int, Pictures]] = History()
        self.request: TrainRequest | None = None
        self.state: RunState = "none"
        self._forget()

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
        self.iteration, self.names = event.iteration, event.names
        self.iterations_per_s = event.iterations_per_s
        if len(event.rows):
            self._smooth(event)
        for iteration, pictures in event.samples:
            self.history.append((iteration, pictures), pictures.nbytes)

    def _smooth(self, event: TrainEvent) -> None:
        weight = min(1.0, len(event.rows) / SMOOTHED_OVER)
        for name, mean in zip(event.names, event.rows.mean(axis=0), strict=True):
            before = self.means.get(name, float(mean))
            self.means[name] = before + weight * (float(mean) - before)

    @property
    def is_live(self) -> bool:
        """Whether the newest samples are shown."""
        return self.viewed is None

    @property
    def is_alive(self) -> bool:
        """Whether it can go on."""
        return self.state in ("running", "paused")

    def position(self) -> int:
        """Where in the history the view is."""
        return len(self.history) - 1 if self.viewed is None else self.history.position_of(self.viewed)

    def view(self, position: int) -> None:
        """Look at one moment; the last one is the live end."""
        last = len(self.history) - 1
        self.viewed = None if position >= last else self.history.index_at(max(position, 0))

    def shown(self) -> tuple[int, Pictures] | None:
        """Iteration and samples at the position of the view."""
        return self.history[self.position()] if len(self.history) else None

    def seconds(self) -> float:
        """Time spent running."""
        return self._seconds + (time.monotonic() - self._since if self.state == "running" else 0.0)

    def _forget(self) -> None:
        self.history.clear()
        self.viewed: int | None = None
        self.iteration = 0
        self.iterations_per_s = 0.0
        self.names: tuple[str, ...] = ()
        self.means: dict[str, float] = {}  # of the last iterations, by metric
        self.state = "none"
        self._seconds, self._since = 0.0, time.monotonic()
