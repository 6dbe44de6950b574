"""Events on their way to the window: one unread event per slot, and the last word of a stream."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Failure:
    """A call or stream that raised; a stream that failed is over, the thread serves on.

    `error` carries no traceback object, which would keep the frames' tensors alive; `trace` is its text.
    """

    error: Exception
    trace: str


@dataclass(frozen=True)
class Ended:
    """A stream came to its end by itself."""


class Mailbox:
    """Unread events by slot, the slot that has waited longest first. Its owner's lock guards it."""

    def __init__(self) -> None:
        self._unread: dict[str, list[Any]] = {}
        self._is_announced = False  # somebody has been told that events wait

    def put(self, slot: str, event: Any) -> bool:
        """Add an event, joined to the slot's unread one or in its place; True if somebody must be told."""
        events = self._unread.setdefault(slot, [])
        if events and _is_last_word(events[-1]) == _is_last_word(event):
            events[-1] = events[-1].merge(event) if hasattr(events[-1], "merge") else event
        else:
            events.append(event)
        tell, self._is_announced = not self._is_announced, True
        return tell

    def forget(self, slot: str) -> None:
        """Drop what is unread in a slot."""
        self._unread.pop(slot, None)

    def not_announced(self) -> None:
        """Nobody could be told; the next `put` tries again."""
        self._is_announced = False

    def empty(self) -> list[tuple[str, Any]]:
        """Take all unread events as (slot, event)."""
        unread, self._unread, self._is_announced = self._unread, {}, False
        return [(slot, event) for slot, events in unread.items() for event in events]


def _is_last_word(event: Any) -> bool:
    return isinstance(event, (Failure, Ended))


def failure_of(error: Exception) -> Failure:
    """The event of an error, without the frames that it and its causes hold."""
    trace = "".join(traceback.format_exception(error))
    links: list[BaseException | None] = [error]
    while links:
        link = links.pop()
        if link is not None and link.__traceback__ is not None:
            link.__traceback__ = None
            links += [link.__cause__, link.__context__]
    return Failure(error, trace)
