"""What may change while a run goes on, and what a change makes of the settings."""

from __future__ import annotations

import dataclasses
import math
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
