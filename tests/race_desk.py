"""A session that races without torch: numbers that follow from the iteration alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from fakes import FakeSession, sample

from genstudio import api

NAMES = ("d_loss", "g_loss", "d_real", "d_fake")
EVERY = 5  # iterations from picture to picture
BREAKS = 0.05  # from this rate of D on a side breaks at iteration BROKEN
BROKEN = 12


class RaceFake(FakeSession):
    """Adds races: the side with the larger rate of D is further from the real points."""

    def handle(self, request: Any) -> Any:
        if isinstance(request, api.MeterRequest):
            self.requests.append(request)
            return api.MeterEvent(request.place, 0, reason="Nothing can be measured here.")
        return super().handle(request)

    def stream(self, request: Any) -> Iterator[Any]:
        if isinstance(request, api.RaceRequest):
            self.requests.append(request)
            return self._race(request)
        return super().stream(request)

    def _race(self, request: api.RaceRequest) -> Iterator[api.RaceEvent]:
        if request.left.dataset == "broken":
            raise ValueError("broken cannot be read: it was cut short")
        iteration = 0
        while True:
            sides = request.left, request.right
            troubles = tuple(
                "A loss is no longer a finite number." if side.settings.lr_d >= BREAKS and iteration >= BROKEN else ""
                for side in sides
            )
            told = [side_event(*both, iteration) for both in zip(sides, troubles, strict=True)]
            yield api.RaceEvent(*told, troubles)  # type: ignore[arg-type]
            if all(troubles):
                return
            iteration += 1


def side_event(side: api.TrainRequest, trouble: str, iteration: int) -> api.TrainEvent:
    """What a side tells; nothing new once it has broken."""
    if trouble:
        return api.TrainEvent(side, BROKEN - 1, NAMES, np.zeros((0, 4), np.float32), (), 40.0)
    rate = min(side.settings.lr_d * 100, 1)
    rows = np.array([[0.9, 1.4, 0.6 + rate / 4, 0.4 - rate / 4]], np.float32)[: min(iteration, 1)]
    is_drawn = iteration % EVERY == 0
    samples: tuple[Any, ...] = ()
    if is_drawn:
        of_points = side.family == "point-gan"
        pictures = np.zeros((1, 224, 224, 3), np.uint8) if of_points else np.stack([sample(0, k, k) for k in range(36)])
        samples = ((iteration, pictures),)
    numbers = plane(iteration, rate) if is_drawn and side.family == "point-gan" else {}
    return api.TrainEvent(side, iteration, NAMES, rows, samples, 40.0, numbers=numbers)


def plane(iteration: int, rate: float) -> dict[str, Any]:
    """What a game on points shows of itself."""
    angle = np.linspace(0, 6, 64)
    real = np.stack([np.cos(angle), np.sin(angle)], 1).astype(np.float32)
    return {
        "real": real,
        "fake": real * np.float32(0.5 + rate / 4),
        "field": np.full((40, 40), 0.5, np.float32),
        "arrows": real * 0.1,
        "wasserstein": np.array([0.1 + rate, 0.01], np.float32),
        "js": np.array([0.3, 0.01], np.float32),
        "modes": np.array([8 - round(4 * rate), 0.5, 8], np.float32),
    }
