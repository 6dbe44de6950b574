"""What a checkpoint says of itself, as JSON with a strict schema."""

from __future__ import annotations

import dataclasses
import json
import math
from dataclasses import dataclass, field
from typing import Any, get_type_hints

from genstudio.api import MOST_CHANGES, Change
from genstudio.settings import SETTINGS, Settings, settings_from

FORMAT_VERSION = 1
MAX_TEXT = 4096  # characters
MAX_COMMAND = 16_384  # with all changes of a run
MAX_CLASSES = 1000
MAX_NUMBERS = 100
MAX_HISTORY = 1024  # rows
MAX_SIZE = 256  # px
_MAX_DIGITS = 19  # of an integer


@dataclass(frozen=True)
class Header:
    """What a checkpoint says of itself."""

    family: str
    settings: Settings
    dataset: str
    channels: int
    size: int  # px
    classes: tuple[str, ...]
    iteration: int
    metrics: dict[str, float] = field(default_factory=dict)
    quality: dict[str, float] = field(default_factory=dict)
    reproduce: str = ""  # the command that makes it again
    training: bool = False  # has the trainer's state, so a run can go on
    changes: tuple[Change, ...] = ()  # made while it was trained
    history: int = 0  # rows of losses it keeps
    seconds: float = 0.0  # that it was trained for; 0 if nobody counted
    machine: str = ""  # on which it was trained last
    origin: str = ""  # the diffusers folder that it was made of first; "" of one that was trained here
    format_version: int = FORMAT_VERSION


def header_to_json(header: Header) -> str:
    """A header as text that `header_from` reads back."""
    told = dataclasses.asdict(header)
    if not header.origin:  # so that files without one are read by versions that know of none
        del told["origin"]
    return json.dumps(told, sort_keys=True)


def parse_json(text: str | bytes) -> Any:
    """JSON from a file: UTF-8, no NaN, no lone surrogate, no integer beyond 64 bits, no bottomless nesting.

    Raises:
        ValueError: without a sentence.
    """
    try:
        text = text.decode() if isinstance(text, bytes) else text
        values = json.loads(text, parse_int=_integer, parse_constant=_no_constant)
        json.dumps(values, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deep") from None
    return values


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise ValueError("an integer out of range")
    return int(digits)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def header_from(values: Any) -> Header:
    """The header a file's JSON describes.

    Raises:
        ValueError: the end of a sentence that begins with the file's name.
    """
    if not isinstance(values, dict):
        raise ValueError("has a damaged description")
    version = values.get("format_version")
    if version != FORMAT_VERSION or type(version) is not int:
        raise ValueError(f"has format version {version!r:.20}; this GenStudio reads version {FORMAT_VERSION}")
    late = {"changes": [], "history": 0, "seconds": 0.0, "machine": "", "origin": ""}  # files from before lack them
    values = {**late, **values}
    if set(values) != set(get_type_hints(Header)):
        raise ValueError(f"has a damaged description: its fields are not those of version {FORMAT_VERSION}")
    family = values["family"]
    if not isinstance(family, str) or family not in SETTINGS:
        raise ValueError(f"holds an unknown family {family!r:.40}; known are {', '.join(SETTINGS)}")
    try:
        settings = _settings(family, values["settings"])
        changes = _changes(values["changes"])
        _check_fields(values)
    except ValueError as error:
        raise ValueError(f"has a damaged description: {error}") from None
    return Header(**{**values, "settings": settings, "classes": tuple(values["classes"]), "changes": changes})


def _settings(family: str, values: Any) -> Settings:
    if not isinstance(values, dict):
        raise ValueError("it has no settings")
    settings: Settings = settings_from(SETTINGS[family], values)
    return settings


def _changes(values: Any) -> tuple[Change, ...]:
    fields = {"iteration": (int,), "name": (str,), "value": (int, float, str)}
    if not isinstance(values, list) or len(values) > 2 * MOST_CHANGES:
        raise ValueError("its changes are not a list")
    for one in values:
        if not isinstance(one, dict) or set(one) != set(fields) or any(type(one[n]) not in fields[n] for n in fields):
            raise ValueError("its changes are not what this version writes")
        value = one["value"]
        is_sound = _is_text(value, 200) if isinstance(value, str) else math.isfinite(value)
        if not (one["iteration"] >= 0 and _is_text(one["name"], 200) and is_sound):
            raise ValueError("its changes are not what this version writes")
    return tuple(Change(**one) for one in values)


def _check_fields(values: dict[str, Any]) -> None:
    for name, most in (("dataset", MAX_TEXT), ("reproduce", MAX_COMMAND), ("machine", MAX_TEXT), ("origin", MAX_TEXT)):
        if not _is_text(values[name], most):
            raise ValueError(f"its {name} is not a short text")
    classes, channels, size = values["classes"], values["channels"], values["size"]
    if not isinstance(classes, list) or len(classes) > MAX_CLASSES or not all(_is_text(c, 200) for c in classes):
        raise ValueError("its classes are not a list of names")
    if type(channels) is not int or channels not in (1, 3):
        raise ValueError(f"pictures have 1 or 3 channels, not {channels!r:.20}")
    if type(size) is not int or not (8 <= size <= MAX_SIZE and size % 4 == 0):
        raise ValueError(f"a picture of {size!r:.20} px is not possible")
    if type(values["iteration"]) is not int or values["iteration"] < 0:
        raise ValueError(f"its iteration is {values['iteration']!r:.20}, not a number from 0")
    if type(values["history"]) is not int or not 0 <= values["history"] <= MAX_HISTORY:
        raise ValueError(f"its history is {values['history']!r:.20}, not a number of rows")
    if type(values["seconds"]) not in (int, float) or not 0 <= values["seconds"] < math.inf:
        raise ValueError(f"its seconds are {values['seconds']!r:.20}, not a time")
    if type(values["training"]) is not bool:
        raise ValueError("it does not say whether it can be trained on")
    for name in ("metrics", "quality"):
        if not _is_numbers(values[name]):
            raise ValueError(f"its {name} are not finite numbers")


def _is_text(value: Any, most: int) -> bool:
    return isinstance(value, str) and len(value) <= most and not any(ord(c) < 32 for c in value)


def _is_numbers(values: Any) -> bool:
    if not isinstance(values, dict) or len(values) > MAX_NUMBERS:
        return False
    return all(_is_text(n, 200) and type(v) in (int, float) and math.isfinite(v) for n, v in values.items())
