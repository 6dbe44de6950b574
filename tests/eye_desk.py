"""A session whose runs on pictures come with real ones, and, where somebody watches, with what D makes of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
from fakes import sample
from gan_desk import Counting

from genstudio import api

REAL = np.stack([sample(999, k, k) for k in range(60)])


class Seeing(Counting):
    """Says what it is asked to watch; `trouble` is why it cannot."""

    def __init__(self) -> None:
        super().__init__()
        self.watched: set[int] = set()  # places
        self.newest: dict[int, api.TrainEvent] = {}  # with samples, by places
        self.trouble = ""

    def handle(self, request: Any) -> Any:
        if not isinstance(request, api.WatchRequest):
            return super().handle(request)
        self.requests.append(request)
        (self.watched.add if request.eye else self.watched.discard)(request.place)
        if not request.eye or request.place not in self.newest or self.trouble:
            return api.WatchedEvent(request, reason=self.trouble)
        iteration, samples = self.iterations[request.place], self.newest[request.place].samples[-1][1]
        return api.WatchedEvent(request, iteration, samples, *seen_by_d(samples, iteration))

    def stream(self, request: Any) -> Iterator[Any]:
        place = getattr(request, "place", 0)
        is_first = True
        for event in super().stream(request):
            if isinstance(event, api.TrainEvent):
                event = dataclasses.replace(event, real=REAL if is_first else None)
                is_first = False
                if event.samples:
                    self.newest[place] = event
                    if place in self.watched:
                        iteration, samples = event.samples[-1]
                        numbers, views = seen_by_d(samples, iteration)
                        event = dataclasses.replace(event, numbers=numbers, views=views)
            yield event


def seen_by_d(samples: np.ndarray, iteration: int) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """It would have every sample brighter above and darker below; sample k is the (7 k mod N)-th from below."""
    count, height, width = samples.shape[:3]
    outputs = (np.arange(count) * 7 % count / count - 2 / iteration).astype(np.float32)
    levels = np.full((count, height, width, 1), 128, np.uint8)
    levels[:, : height // 3], levels[:, -(height // 3) :] = 255, 1
    numbers = {"sample_outputs": outputs, "example_outputs": outputs + 2, "sample_slopes": np.ones(count, np.float32)}
    return numbers, {"sample_slopes": levels}
