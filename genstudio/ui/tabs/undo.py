"""Undo and redo over whole states: what a page was told to be, one state after the other. No Qt."""

from __future__ import annotations

from typing import Any

KEPT = 200  # states
State = dict[str, Any]  # plain JSON values


class Undo:
    """States in the order they were remembered, and those that were taken back since."""

    def __init__(self) -> None:
        self._past: list[State] = []
        self._future: list[State] = []

    def remember(self, present: State) -> bool:
        """Note a finished change; False if nothing has changed since the last one."""
        if self._past and self._past[-1] == present:
            return False
        self._past = [*self._past[-KEPT + 1 :], present]
        self._future = []
        return True

    def can_undo(self, present: State) -> bool:
        """Whether there is another state to go back to."""
        return len(self._past) > 1 or bool(self._past and self._past[-1] != present)

    def can_redo(self) -> bool:
        """Whether something was undone."""
        return bool(self._future)

    def undo(self, present: State) -> State | None:
        """The state before the last change, remembered or not; None if there is none."""
        if not self.can_undo(present):
            return None
        if self._past[-1] == present:
            self._past.pop()
        self._future.append(present)
        return self._past[-1]

    def redo(self) -> State | None:
        """The state that was undone last; None if there is none."""
        if not self._future:
            return None
        self._past.append(self._future.pop())
        return self._past[-1]


__all__ = ["Undo"]
