"""The comparison as a file: what brings its page back, and what is written."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from genstudio.api.pictures import Pictures


@dataclass(frozen=True)
class ComparisonRequest:
    """Models in a table of what was measured of them with `count` pictures each; nothing is drawn for it."""

    models: tuple[str, ...]
    count: int = 1000

    @property
    def model(self) -> str:
        """The first of them."""
        return self.models[0] if self.models else ""

    def with_models(self, models: Sequence[str]) -> ComparisonRequest:
        """The same with other names of the models."""
        return dataclasses.replace(self, models=tuple(models))


@dataclass(frozen=True, eq=False)
class WriteComparisonRequest:
    """Write a comparison as it stands: .csv and .md as `text`, .png as `picture` (H, W, 3); a stream."""

    source: ComparisonRequest
    path: str
    text: str = ""
    picture: Pictures | None = None
