"""Times of models that were measured together, in a small file of the user's folder."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import math
from pathlib import Path
from typing import Any

from genstudio.api import Sitting, Timed
from genstudio.api.timing import with_newest
from genstudio.files import atomic_write, check_regular
from genstudio.store.cards import MOST_BYTES, alone, cards_dir
from genstudio.store.header import parse_json

VERSION = 1
KEPT = 16  # sittings
MOST = 100  # models of one, and rounds


def sittings() -> tuple[Sitting, ...]:
    """What was measured together, the newest first; a file that is damaged says nothing."""
    with contextlib.suppress(OSError, ValueError):
        return _read(_path())
    return ()


def add_sitting(sitting: Sitting) -> Path:
    """Note one more; one of the same models is replaced. Where it is.

    Raises:
        OSError: if it cannot be written.
    """
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with alone():
        kept = with_newest(sitting, sittings())[:KEPT]
        values = {"times_version": VERSION, "sittings": [dataclasses.asdict(one) for one in kept]}
        with atomic_write(path) as file:
            file.write(json.dumps(values, indent=1, sort_keys=True, allow_nan=False).encode())
    return path


def _path() -> Path:
    return cards_dir() / "times.json"


def _read(path: Path) -> tuple[Sitting, ...]:
    check_regular(path, MOST_BYTES)
    values = parse_json(path.read_bytes())
    if not isinstance(values, dict) or values.get("times_version") != VERSION:
        raise ValueError(f"{path.name} has no times that this GenStudio reads.")
    return tuple(_sitting(one) for one in _list(values.get("sittings"))[:KEPT])


def _sitting(values: Any) -> Sitting:
    models, at_once, machine, when = _fields(values, Sitting)
    if type(at_once) is not int or type(machine) is not str or type(when) is not str:
        raise ValueError("a sitting is not sound")
    return Sitting(tuple(_timed(one) for one in _list(models)), at_once, machine, when)


def _timed(values: Any) -> Timed:
    sha256, way, ms = _fields(values, Timed)
    numbers = _list(ms)
    if type(sha256) is not str or type(way) is not str or not numbers:
        raise ValueError("a model's times are not sound")
    if any(type(one) not in (int, float) or not math.isfinite(one) or one <= 0 for one in numbers):
        raise ValueError("a time is no time")
    return Timed(sha256, way, tuple(map(float, numbers)))


def _fields(values: Any, kind: type[Sitting] | type[Timed]) -> list[Any]:
    names = [field.name for field in dataclasses.fields(kind)]
    if not isinstance(values, dict) or set(values) != set(names):
        raise ValueError("its fields are not those of this version")
    return [values[name] for name in names]


def _list(values: Any) -> list[Any]:
    if not isinstance(values, list) or len(values) > MOST:
        raise ValueError("a list is missing, or too long")
    return values
