"""What changed while a run went on: with it, the run can be repeated."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

THREADS = "threads"  # the one change that is no setting
MOST_CHANGES = 400  # of one run
_FORM = re.compile(r"(\d{1,15}):([a-z][a-z0-9_]*)=([-+.0-9eE]{1,30}|[a-z][a-z-]{0,30})")


@dataclass(frozen=True)
class Change:
    """From the end of `iteration` iterations on, `name` has this value.

    `name` is a setting that may change while a run goes on, or THREADS, the number of threads of one
    operation on the CPU: with another number sums are rounded in another order. `value` is a number, or the
    word of a choice.
    """

    iteration: int
    name: str
    value: float | str


def changes_to_text(changes: Iterable[Change]) -> str:
    """ "500:lr=0.0005,800:threads=1": what `changes_from_text` reads."""
    return ",".join(f"{change.iteration}:{change.name}={_digits(change.value)}" for change in changes)


def _digits(value: float | str) -> str:
    """As few as give the same number again; a word as it is."""
    if isinstance(value, str):
        return value
    return f"{value:g}" if float(f"{value:g}") == value else repr(value)


def changes_from_text(text: str) -> tuple[Change, ...]:
    """The changes of a command line.

    Raises:
        ValueError: saying what they look like.
    """
    found = [_FORM.fullmatch(part.strip()) for part in text.split(",")] if text else []
    try:
        return tuple(Change(int(one[1]), one[2], _value(one[3])) for one in found)  # type: ignore[index]
    except (TypeError, ValueError):
        raise ValueError(
            f"changes is {text!r:.60}; give ITERATION:NAME=VALUE, for example 500:lr=0.0005,800:beta=4."
        ) from None


def _value(text: str) -> float | str:
    return text if text.replace("-", "").isalpha() else float(text)
