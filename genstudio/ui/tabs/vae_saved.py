"""Codes that the user has named and kept, in the settings from one start to the next."""

from __future__ import annotations

import base64
import binascii
import dataclasses
import json
import math
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QSettings

KEY = "latent/saved"
MOST, LONGEST, LARGEST = 300, 60, 20_000  # codes; letters of a name; bytes of a thumbnail
MOST_LATENTS = 4096


@dataclass(frozen=True)
class SavedCode:
    """A code under a name; `png` is a small picture of it."""

    name: str
    model: str
    z: tuple[float, ...]
    png: bytes = b""


class SavedCodes:
    """The list as it is kept; what cannot be read is left out."""

    def __init__(self) -> None:
        self.codes: list[SavedCode] = []
        try:
            found = json.loads(str(QSettings().value(KEY, "[]")))
        except ValueError:
            found = []
        for values in found[:MOST] if isinstance(found, list) else ():
            if (code := _code_of(values)) is not None:
                self.codes.append(code)

    def insert(self, place: int, code: SavedCode) -> None:
        """One more, at a place."""
        self.codes.insert(place, code)
        self._keep()

    def take(self, place: int) -> SavedCode:
        """Remove one."""
        code = self.codes.pop(place)
        self._keep()
        return code

    def rename(self, place: int, name: str) -> None:
        """Another name; an empty one changes nothing."""
        if name.strip():
            self.codes[place] = dataclasses.replace(self.codes[place], name=name.strip()[:LONGEST])
            self._keep()

    def is_full(self) -> bool:
        """Whether no more are kept."""
        return len(self.codes) >= MOST

    def fresh_name(self) -> str:
        """A name that none has: Code 1, Code 2 and so on."""
        names = {code.name for code in self.codes}
        return next(name for k in range(1, MOST + 2) if (name := f"Code {k}") not in names)

    def _keep(self) -> None:
        rows = [
            {"name": c.name, "model": c.model, "z": list(c.z), "png": base64.b64encode(c.png).decode()}
            for c in self.codes
        ]
        QSettings().setValue(KEY, json.dumps(rows))


def _code_of(values: Any) -> SavedCode | None:
    try:
        name, model, z = values["name"], values["model"], tuple(float(x) for x in values["z"])
        png = base64.b64decode(values.get("png", ""), validate=True)
    except (TypeError, ValueError, KeyError, AttributeError, binascii.Error):
        return None
    is_good = isinstance(name, str) and isinstance(model, str) and 0 < len(z) <= MOST_LATENTS
    if not is_good or not all(math.isfinite(x) for x in z):
        return None
    return SavedCode(name[:LONGEST], model, z, png if len(png) <= LARGEST else b"")
