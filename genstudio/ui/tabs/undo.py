"""Undo and redo over whole states: what a page was told to be, one state after the other. No Qt."""

from __future__ import annotations

from collections.abc import Container
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

    def follow(self, present: State, drifts: Container[str]) -> None:
        """Time alone has changed `drifts` since the last state was remembered: that state is the present one now."""
        if self._past and _without(drifts, self._past[-1]) == _without(drifts, present):
            self._past[-1] = present

    def can_undo(self, present: State) -> bool:
        """Whether there is another state to go back to."""
        return self._target(present) >= 0

    def can_redo(self) -> bool:
        """Whether something was undone."""
        return bool(self._future)

    def undo(self, present: State) -> State | None:
        """The state before the last change, remembered or not; None if there is none."""
        target = self._target(present)
        if target < 0:
            return None
        self._past = self._past[: target + 1]
        self._future.append(present)
        return self._past[-1]

    def redo(self) -> State | None:
        """The state that was undone last; None if there is none."""
        if not self._future:
            return None
        self._past.append(self._future.pop())
        return self._past[-1]

    def _target(self, present: State) -> int:
        """Where the newest state is that is another than `present`; -1 if there is none."""
        target = len(self._past) - 1
        while target >= 0 and self._past[target] == present:
            target -= 1
        return target


def _without(names: Container[str], state: State) -> State:
    return {name: value for name, value in state.items() if name not in names}


__all__ = ["Undo"]
