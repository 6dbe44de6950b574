"""Paces an endless walk through a latent space: one picture batch on request, never two under way."""

from __future__ import annotations

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


class WalkPlayer(QObject):
    """Owns the walk's slot and its timer; lives on the window thread. The page hands it the slot's events."""

    def __init__(self, bridge: Bridge, slot: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.request: WalkRequest | None = None
        self.step = -1  # of the pictures that came last
        self._bridge, self._slot = bridge, slot
        self._waiting = False
        self._timer = QTimer(self)
        self._timer.setInterval(FASTEST_MS)
        self._timer.timeout.connect(self.ask)

    @property
    def is_playing(self) -> bool:
        """Whether the timer goes."""
        return self._timer.isActive()

    def start(self, model: str, seed: int, count: int, speed: float = 1.0, first: int = 0) -> None:
        """Begin a walk at its step `first`; those pictures come at once, the others while it plays."""
        self.request = WalkRequest(model, seed, count, max(4, round(LEG / max(speed, 1.0))), first)
        self.step = first - 1
        self._timer.setInterval(round(FASTEST_MS / min(speed, 1.0)))
        self._waiting = True
        self._bridge.start(LANE, self._slot, self.request, "step")

    def set_speed(self, speed: float) -> None:
        """Below 1 the pictures come more slowly; above 1 the legs are shorter, from a new start."""
        self._timer.setInterval(round(FASTEST_MS / min(speed, 1.0)))
        request = self.request
        if request is not None and request.leg != max(4, round(LEG / max(speed, 1.0))):
            self.start(request.model, request.seed, request.count, speed)

    def set_playing(self, playing: bool) -> None:
        """Let the timer go or stop it."""
        if playing and self.request is not None:
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
        """The pictures that were asked for have come."""
        self.step += 1
        self._waiting = False

    @Slot()
    def ask(self) -> None:
        """The next pictures, unless some are under way: a slow machine walks more slowly, it does not fall behind."""
        if self.request is not None and not self._waiting:
            self._waiting = True
            self._bridge.control(LANE, self._slot, "step")
