"""What may change while a run goes on, and what a change makes of the settings."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

from genstudio import api
from genstudio.api import Change
from genstudio.settings import check_fields, check_settings, setting_of

MOST_THREADS = 1024
MOST_TUNED = 400  # changes by hand, beside those of the threads


def check_changes(request: api.TrainRequest) -> None:
    """Refuse changes that could not be made, before the run begins.

    Raises:
        ValueError: for one that is not allowed, or too many.
    """
    if len(request.changes) > api.MOST_CHANGES + MOST_TUNED:
        raise ValueError(f"{len(request.changes)} changes; at most {api.MOST_CHANGES + MOST_TUNED} are allowed")
    settings: Any = request.settings
    for change in sorted(request.changes, key=lambda change: change.iteration):
        if change.iteration < 0:
            raise ValueError(f"a change is at iteration {change.iteration}; the first is at 0")
        if change.name != api.THREADS:
            settings = changed(settings, change)
        elif isinstance(change.value, str) or not (1 <= change.value <= MOST_THREADS and change.value % 1 == 0):
            raise ValueError(f"threads is {change.value}; allowed: 1 to {MOST_THREADS}")
    check_settings(settings)


def still_to_make(asked: Sequence[Change], made: Sequence[Change], settings: Any, iteration: int) -> list[Change]:
    """What is still to be made of the changes that a run was asked for and that has come to an iteration, in order.

    Of what lies behind it each setting is to be as the last of them says. So one that was carried out is not made
    again, also where it left no trace because it repeated a value or another replaced it at once; and one that is new
    is made now.

    Args:
        asked: All of them.
        made: Those that were noted until then, the newest last.
        settings: With which the run began.
    """
    last = {(change.iteration, change.name): change for change in sorted(asked, key=_iteration)}.values()
    ahead = [change for change in last if change.iteration >= iteration]
    behind = {change.name: change for change in last if change.iteration < iteration}.values()

    def is_to_make(change: Change) -> bool:
        if change.name == api.THREADS:  # a machine has its own, so these hold for what is made now
            return True
        if change.iteration >= iteration:
            return change not in made
        return change.value != _value_then(change, made, settings)

    return sorted(filter(is_to_make, (*behind, *ahead)), key=_iteration)


def _iteration(change: Change) -> int:
    return change.iteration


def _value_then(change: Change, made: Sequence[Change], settings: Any) -> Any:
    """What the setting was after the iteration of a change."""
    then = [one.value for one in made if one.name == change.name and one.iteration <= change.iteration]
    return then[-1] if then else getattr(settings, change.name)


def check_live(cls: type, name: str) -> None:
    """Refuse another setting than those that may change.

    Raises:
        ValueError: naming those that may.
    """
    live = [field.name for field in dataclasses.fields(cls) if (note := setting_of(cls, field.name)) and note.live]
    if name not in live:
        raise ValueError(f"{name} cannot change while a run goes on; what can: {', '.join(live)}")


def changed(settings: Any, change: Change) -> Any:
    """The settings with one of the live ones changed; others may be about to follow, so they need not go together.

    Raises:
        ValueError: if it is no such setting, or out of its range.
    """
    check_live(type(settings), change.name)
    kind, value = type(getattr(settings, change.name)), change.value
    if kind is not str:
        if isinstance(value, str) or not math.isfinite(value) or kind(value) != value:
            raise ValueError(f"{change.name} is {_shown(value)}; it must be a {'whole ' if kind is int else ''}number")
        value = kind(value)
    new = dataclasses.replace(settings, **{change.name: value})
    check_fields(new)
    return new


def _shown(value: float | str) -> str:
    return repr(value) if isinstance(value, str) else f"{value:g}"
