"""What may change while a run goes on, and what a change makes of the settings."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from genstudio import api
from genstudio.api import Change
from genstudio.settings import check_settings, setting_of

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
        elif not (1 <= change.value <= MOST_THREADS and change.value == int(change.value)):
            raise ValueError(f"threads is {change.value:g}; allowed: 1 to {MOST_THREADS}")


def check_live(cls: type, name: str) -> None:
    """Refuse another setting than those that may change.

    Raises:
        ValueError: naming those that may.
    """
    live = [field.name for field in dataclasses.fields(cls) if (note := setting_of(cls, field.name)) and note.live]
    if name not in live:
        raise ValueError(f"{name} cannot change while a run goes on; what can: {', '.join(live)}")


def changed(settings: Any, change: Change) -> Any:
    """The settings with one of the live ones changed.

    Raises:
        ValueError: if it is no such setting, or out of its range.
    """
    check_live(type(settings), change.name)
    kind = type(getattr(settings, change.name))
    if not math.isfinite(change.value) or kind(change.value) != change.value:
        raise ValueError(f"{change.name} is {change.value:g}; it must be a {'whole ' if kind is int else ''}number")
    new = dataclasses.replace(settings, **{change.name: kind(change.value)})
    check_settings(new)
    return new
