"""Of a measurement: by which seed, when and on which machine, and what stands behind its ±."""

from __future__ import annotations

import datetime

from genstudio.api.evaluation import Evaluation

ERRORS = "± is one standard error."
NOBODY = "nobody noted"


def day(when: str) -> str:
    """A date and an hour, ISO 8601, as they are read; words where none was noted."""
    try:
        moment = datetime.datetime.fromisoformat(when)
    except ValueError:
        return NOBODY
    return f"{moment.day} {moment:%B %Y, %H:%M}"


def noted(one: Evaluation) -> str:
    """Seed, date and machine in a sentence; those that nobody noted are said to be so."""
    when = f"on {day(one.when)}" if day(one.when) != NOBODY else "at a time that nobody noted"
    return f"Measured with seed {one.seed} {when}, on {one.machine or 'a machine that nobody noted'}. {ERRORS}"
