"""Where a model has gone that the catalog no longer names: a kept run goes on in another file, or makes room."""

from __future__ import annotations

import dataclasses
from collections.abc import Container, Mapping
from pathlib import Path

from genstudio.api import ModelInfo
from genstudio.ui.tabs.run_notices import MADE_ROOM
from genstudio.ui.tabs.run_words import KEPT, SUFFIX


class Heirs:
    """Knows, of models that are gone, what stands in their place; `aside` are files that made room, by their paths."""

    def __init__(self) -> None:
        self.aside: dict[str, ModelInfo] = {}
        self._next: dict[str, str] = {}

    def note(self, old: Mapping[str, ModelInfo], new: Mapping[str, ModelInfo], shown: str, models_dir: str) -> None:
        """The catalog had the models `old`, and has `new` ones now.

        Args:
            shown: The model that is looked at; its file is used where it lies now, if it made room.
        """
        self.aside = {path: info for path, info in self.aside.items() if Path(path).exists()}
        fresh = {key: info for key, info in new.items() if key not in old}
        for key, info in old.items():
            if key in new:
                continue
            room = Path(models_dir) / MADE_ROOM / f"{info.name}{SUFFIX}"
            if key == shown and KEPT.fullmatch(key) and room.exists():
                self.aside[str(room)] = dataclasses.replace(info, path=str(room))
                self._next[key] = str(room)
            elif heir := _heir(info, fresh):
                self._next[key] = heir

    def of(self, key: str, here: Container[str]) -> str:
        """The model itself if it is here, else what stands in its place; "" if nothing does."""
        for _ in range(len(self._next) + 1):
            if key in here:
                return key
            key = self._next.get(key, "")
        return ""


def went_on(key: str, heir: str) -> bool:
    """Whether one kept run is a later moment of the other's data."""
    before, after = KEPT.fullmatch(key), KEPT.fullmatch(heir)
    return before is not None and after is not None and key != heir and before[1] == after[1]


def _heir(info: ModelInfo, fresh: Mapping[str, ModelInfo]) -> str:
    """The same file by another name, or the one in which a kept run went on."""
    alike = {key: one for key, one in fresh.items() if _is_alike(one, info)}
    same = [key for key, one in alike.items() if one.sha256 == info.sha256]
    later = [key for key in alike if went_on(info.name, key)]
    return next(iter(same), "") or max(later, key=lambda key: alike[key].iteration, default="")


def _is_alike(info: ModelInfo, other: ModelInfo) -> bool:
    facts = [(one.family, one.latent_dim, one.size, one.channels) for one in (info, other)]
    return facts[0] == facts[1]
