"""Paces an endless walk through a latent space: one picture batch on request, never two under way."""

from __future__ import annotations

import dataclasses
import time

import numpy as np
from PySide6.QtCore import QObject, QTimer, Slot

from genstudio.api import Floats, WalkRequest, noise
from genstudio.ui.bridge import Bridge

FASTEST_MS = 42  # 24 pictures a second
LEG = 48  # steps from one random code to the next at speed 1: two seconds
LANE = "play"


def slerp(a: Floats, b: Floats, w: float) -> Floats:
    """Between rows of a and b, each (N, D): the direction along the great circle, the length linearly."""
    norm_a, norm_b = np.linalg.norm(a, axis=1, keepdims=True), np.linalg.norm(b, axis=1, keepdims=True)
    angle = np.arccos(np.clip((a * b).sum(1, keepdims=True) / (norm_a * norm_b), -1, 1))
    direction = np.sin((1 - w) * angle) * a / norm_a + np.sin(w * angle) * b / norm_b
    path: Floats = (direction / np.sin(angle) * ((1 - w) * norm_a + w * norm_b)).astype(np.float32)
    return path


def walk_codes(request: WalkRequest, latent_dim: int, step: int) -> Floats:
    """The codes (count, latent_dim) that a walk shows at its `step`, counted from 0."""
    leg, i = divmod(step, request.leg)
    corners = [
        np.stack([noise(request.seed, k, (latent_dim,)) for k in range(n * request.count, (n + 1) * request.count)])
        for n in (leg, leg + 1)
    ]
    return slerp(corners[0], corners[1], i / request.leg) if i else corners[0]


def leg_at(speed: float) -> int:
    """Steps from one random code to the next."""
    return max(4, round(LEG / max(speed, 1.0)))


class WalkPlayer(QObject):
    """Owns the walk's slot and its timer; lives on the window thread. The page hands it the slot's events.

    While it plays, the clock says which step is due: a machine that is too slow for every step leaves some out.
    """

    def __init__(self, bridge: Bridge, slot: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.request: WalkRequest | None = None
        self.step = -1  # of the pictures that came last
        self._bridge, self._slot = bridge, slot
        self._asked = -1  # the step that was asked for last
        self._waiting = False
        self._since_s, self._since_step = 0.0, 0  # the clock and the step from which the pace is counted
        self._timer = QTimer(self)
        self._timer.setInterval(FASTEST_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def is_playing(self) -> bool:
        """Whether the timer goes."""
        return self._timer.isActive()

    def start(self, model: str, seed: int, count: int, speed: float = 1.0, first: int = 0) -> None:
        """Begin a walk at its step `first`; those pictures come at once, the others while it plays."""
        self.request = WalkRequest(model, seed, count, leg_at(speed), first)
        self.step = first - 1
        self._timer.setInterval(round(FASTEST_MS / min(speed, 1.0)))
        self._begin_at(first)

    def set_speed(self, speed: float) -> None:
        """Below 1 the pictures come more slowly; above 1 the legs are shorter, from the same place on."""
        self._timer.setInterval(round(FASTEST_MS / min(speed, 1.0)))
        self._count_from_here()
        request, leg = self.request, leg_at(speed)
        if request is not None and request.leg != leg:
            first = round(max(self.step, 0) * leg / request.leg)
            self.start(request.model, request.seed, request.count, speed, first)

    def set_playing(self, playing: bool) -> None:
        """Let the timer go or stop it."""
        if playing and self.request is not None:
            self._count_from_here()
            self._timer.start()
        else:
            self._timer.stop()

    def stop(self) -> None:
        """Give up the walk."""
        self._timer.stop()
        self._waiting = False
        self.request = None
        self._bridge.cancel(LANE, self._slot)

    def arrived(self) -> None:
        """The pictures that were asked for have come; the next ones are asked for at once if they are overdue."""
        is_first = self.request is not None and self._asked == self.request.first
        self.step, self._waiting = self._asked, False
        if is_first:
            self._count_from_here()
        elif self.is_playing and self._due() >= self.step + 1:
            self._tick()

    @Slot()
    def ask(self) -> None:
        """The next pictures, unless some are under way."""
        if self.request is not None and not self._waiting:
            self._waiting = True
            self._asked = self.step + 1
            self._bridge.control(LANE, self._slot, "step")

    @Slot()
    def _tick(self) -> None:
        if self.request is None or self._waiting:
            return
        due = self._due()
        if due >= self.step + 2:
            self._begin_at(int(due))
        elif due >= self.step + 0.5:
            self.ask()

    def _due(self) -> float:
        """The step that the clock is at."""
        return self._since_step + (time.monotonic() - self._since_s) * 1000 / self._timer.interval()

    def _count_from_here(self) -> None:
        self._since_s, self._since_step = time.monotonic(), self.step

    def _begin_at(self, step: int) -> None:
        """A stream of the same walk that gives this step first."""
        assert self.request is not None
        self._waiting, self._asked = True, step
        self._bridge.start(LANE, self._slot, dataclasses.replace(self.request, first=step), "step")
