"""What a field of the settings says of itself, and the checks that follow from it."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Callable, Mapping
from typing import Any, Literal, get_type_hints

from typing_extensions import Doc


class Setting(Doc):
    """What a form and a flag say about a field: label, help, unit and range (both ends allowed).

    Args:
        help: One sentence that explains the field to a newcomer.
        label: The name a form shows; the field's own name if empty.
        low, high: Allowed range of a number.
        multiple: Only multiples of this whole number are allowed.
        step: What one click of a spin box adds; for `log` fields a factor.
        log: The field spans magnitudes (learning rates).
        live: May change while a run goes on.
        before: What it was in files that are older than the field; None if there are none.
        words: What a field of any words is offered as; of a Literal it is what the type says.
        others: Looks at a word that is none of `words`, and raises ValueError where that is not allowed.
    """

    def __init__(
        self,
        help: str,
        *,
        label: str = "",
        low: float = -math.inf,
        high: float = math.inf,
        multiple: int = 1,
        step: float = 1,
        unit: str = "",
        log: bool = False,
        live: bool = False,
        before: float | str | None = None,
        words: tuple[str, ...] = (),
        others: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__(help)
        self.help, self.label, self.unit = help, label, unit
        self.low, self.high, self.multiple, self.step = low, high, multiple, step
        self.log, self.live, self.before = log, live, before
        self.words, self.others = words, others


@functools.cache
def _hints(cls: Any) -> dict[str, Any]:
    """The types of a class with the notes beside them; asked for at every event of a run."""
    return get_type_hints(cls, include_extras=True)


def setting_of(cls: type, field: str) -> Setting | None:
    """The `Setting` written beside a field, or None."""
    hint = _hints(cls)[field]
    return next((note for note in getattr(hint, "__metadata__", ()) if isinstance(note, Setting)), None)


def choices_of(cls: type, field: str) -> tuple[str, ...]:
    """The words a field allows, or offers where there are others; empty for numbers."""
    note = setting_of(cls, field)
    if note is not None and note.words:
        return note.words
    hint = _hints(cls)[field]
    hint = getattr(hint, "__origin__", hint) if hasattr(hint, "__metadata__") else hint
    return tuple(getattr(hint, "__args__", ())) if getattr(hint, "__origin__", None) is Literal else ()


def check_settings(settings: Any) -> None:
    """Refuse a value outside its range, and what the settings' own `check` refuses, where they have one.

    Raises:
        ValueError: naming the field, the value given and what is allowed.
    """
    check_fields(settings)
    if hasattr(settings, "check"):
        settings.check()


def check_fields(settings: Any) -> None:
    """Refuse a value outside its range; what goes together is not looked at.

    Raises:
        ValueError: naming the field, the value given and what is allowed.
    """
    for field in dataclasses.fields(settings):
        value, note = getattr(settings, field.name), setting_of(type(settings), field.name)
        allowed = choices_of(type(settings), field.name)
        if note is not None and note.others is not None and value not in allowed:
            note.others(value)
        elif allowed and value not in allowed:
            raise ValueError(f"{field.name} is {value!r}; allowed: {', '.join(allowed)}")
        if note is None or isinstance(value, str):
            continue
        if not (math.isfinite(value) and note.low <= value <= note.high):
            raise ValueError(f"{field.name} is {value}; allowed: {_short(note.low)} to {_short(note.high)}")
        if value % note.multiple and note.multiple > 1:
            raise ValueError(f"{field.name} is {value}; allowed: multiples of {note.multiple}")


def _short(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"


def settings_from(cls: type[Any], values: Mapping[str, Any]) -> Any:
    """Settings from a file's dictionary: exact keys, exact types, checked ranges.

    Raises:
        ValueError: for an unknown, mistyped or out-of-range field, or one missing that no file was ever without.
    """
    known = get_type_hints(cls)
    hints = {field.name: known[field.name] for field in dataclasses.fields(cls)}
    notes = {name: setting_of(cls, name) for name in hints}
    values = {name: note.before for name, note in notes.items() if note and note.before is not None} | dict(values)
    if set(values) != set(hints):
        wrong = sorted(set(values) ^ set(hints))
        raise ValueError(f"{cls.__name__} has other fields: {', '.join(map(str, wrong))}")
    checked = {}
    for name, hint in hints.items():
        value = values[name]
        kind = str if getattr(hint, "__origin__", None) is Literal else hint
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind:
            raise ValueError(f"{name} must be {kind.__name__}, not {type(value).__name__}")
        checked[name] = value
    settings = cls(**checked)
    check_settings(settings)
    return settings
