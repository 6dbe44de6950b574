"""Pictures of codes that have been drawn of a run: by the same generator they are the same, so they are there again."""

from __future__ import annotations

from genstudio.api import NOW, PeekedEvent, PeekRequest

MOST = 512  # answers: a picture, one of each class, or a strip; 12 MB of ten colour pictures of 28 x 28 each


class Seen:
    """The newest answers, of one run."""

    def __init__(self) -> None:
        self._events: dict[tuple[PeekRequest, int], PeekedEvent] = {}

    def note(self, event: PeekedEvent) -> None:
        """Keep an answer."""
        self._events[_key(event.request, event.iteration)] = event
        if len(self._events) > MOST:
            del self._events[next(iter(self._events))]

    def find(self, request: PeekRequest, now: int) -> PeekedEvent | None:
        """The answer to a request, if it is known; `now` is the iteration at which the run stands."""
        return self._events.get(_key(request, now))

    def clear(self) -> None:
        """Another run is looked at."""
        self._events.clear()


def _key(request: PeekRequest, now: int) -> tuple[PeekRequest, int]:
    return request, now if request.iteration == NOW else request.iteration
