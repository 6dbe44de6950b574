"""Tables of pictures whose rows are classes: each row begins with the name of its class."""

from __future__ import annotations

from collections.abc import Sequence

from genstudio.api import Pictures
from genstudio.export.letters import Tile, Words


def named_rows(rows: Pictures | Sequence[Pictures], names: Sequence[str]) -> list[Tile]:
    """All tiles row by row: of each row (R, K, H, W, C) its name, then its pictures."""
    return [tile for name, row in zip(names, rows, strict=True) for tile in (Words((name,)), *row)]


def by_class(images: Pictures, names: Sequence[str]) -> list[Tile]:
    """The same of pictures (N, H, W, C) of the classes in turn; those after the last whole turn are left out.

    Raises:
        ValueError: if they are fewer than there are classes.
    """
    turns = len(images) // max(len(names), 1)
    if not turns or not names:
        raise ValueError(f"{len(images)} pictures do not show all of {len(names)} classes")
    kept = images[: turns * len(names)].reshape(turns, len(names), *images.shape[1:])
    return named_rows(kept.swapaxes(0, 1), names)
