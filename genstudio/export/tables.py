"""Tables of pictures whose rows are classes: each row begins with the name of its class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from genstudio.api import Pictures
from genstudio.export.labels import label


def named_rows(rows: Pictures, names: Sequence[str]) -> Pictures:
    """All tiles row by row, (R * (1 + K), H, W, C): of each row (R, K, H, W, C) its name, then its pictures."""
    height, width, channels = rows.shape[2:]
    heads = [np.broadcast_to(_fitted(name, height, width), (1, height, width, channels)) for name in names]
    return np.concatenate([np.concatenate([head, row]) for head, row in zip(heads, rows, strict=True)])


def by_class(images: Pictures, names: Sequence[str]) -> Pictures:
    """The same of pictures (N, H, W, C) of the classes in turn; those after the last whole turn are left out.

    Raises:
        ValueError: if they are fewer than there are classes.
    """
    turns = len(images) // max(len(names), 1)
    if not turns or not names:
        raise ValueError(f"{len(images)} pictures do not show all of {len(names)} classes")
    kept = images[: turns * len(names)].reshape(turns, len(names), *images.shape[1:])
    return named_rows(kept.swapaxes(0, 1), names)


def _fitted(name: str, height: int, width: int) -> Pictures:
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    return label(name.lower(), side)[top : top + height, left : left + width]
