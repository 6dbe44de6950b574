"""What the section of the data says and shows of a dataset."""

from __future__ import annotations

import numpy as np

from genstudio.api import DatasetEvent, DatasetInfo, Pictures, called
from genstudio.errors import counted


def summary_of(info: DatasetInfo | None, name: str) -> str:
    """What is known of a dataset that was not read."""
    if info is None:
        return called(name)
    if not info.available:
        return f"{info.title} is not on this computer: {info.download_mb} MB to download. {info.note}"
    return info.note or info.title


def facts_of(event: DatasetEvent) -> str:
    """What a look at a dataset has told."""
    info = event.info
    colour = "grey" if info.channels == 1 else "colour"
    split = f" to train on, {info.held_out:,} held out" if info.held_out else ""
    parts = [f"{counted(info.count, 'picture')}{split}, {info.size}×{info.size}, {colour}"]
    if len(event.counts) > 1:
        low, high = min(event.counts), max(event.counts)
        each = f"{low:,} each" if low == high else f"{low:,} to {high:,}"
        parts.append(f"{len(event.counts)} classes of {each}")
    if event.skipped:
        parts.append(f"{counted(len(event.skipped), 'file')} skipped: {', '.join(event.skipped[:3])}")
    return "; ".join(parts) + "."


def some_of(event: DatasetEvent, count: int) -> Pictures:
    """Up to `count` of the pictures it has brought: the classes come in turn, without any they lie in their order."""
    seen = event.preview
    if len(event.info.classes) > 1 or len(seen) <= count:
        return seen[:count]
    return seen[np.linspace(0, len(seen) - 1, count).round().astype(np.int64)]
