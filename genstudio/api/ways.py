"""The three ways through the same keys, as one sheet."""

from __future__ import annotations

from dataclasses import dataclass

from genstudio.api.study import PathKind, PathRequest

ROWS: tuple[PathKind, ...] = ("slerp", "lerp", "pixels")


@dataclass(frozen=True)
class PathSheetRequest:
    """A row for each way, slerp, lerp and pixels, of `steps` pictures through the keys; before each stands its name."""

    model: str
    keys: tuple[tuple[float, ...], ...]
    steps: int = 25
    loop: bool = False

    def ways(self) -> tuple[PathRequest, ...]:
        """The rows."""
        return tuple(PathRequest(self.model, self.keys, self.steps, way, self.loop) for way in ROWS)
