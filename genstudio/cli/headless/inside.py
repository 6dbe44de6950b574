"""`datasets --inspect`: what is in a folder or zip of pictures."""

from __future__ import annotations

import dataclasses
from typing import Any

from genstudio import api
from genstudio.api.inspection_notes import headline, notes


def lines_of(event: api.InspectedEvent) -> list[str]:
    """What a person reads."""
    return [f"{event.info.name}: {headline(event)}", *notes(event)]


def rows_of(event: api.InspectedEvent) -> list[tuple[str, ...]]:
    """A table of the classes; nothing without any."""
    if not event.info.classes:
        return []
    columns = event.info.classes, event.counts, event.held_out
    rows = [(name, f"{count:,}", f"{held_out:,}") for name, count, held_out in zip(*columns, strict=True)]
    return [("CLASS", "TO TRAIN ON", "HELD OUT"), *rows]


def values_of(event: api.InspectedEvent) -> dict[str, Any]:
    """The same for programs."""
    classes = zip(event.info.classes, event.counts, event.held_out, strict=True) if event.info.classes else ()
    return {
        "dataset": event.info.name,
        "size": event.info.size,
        "channels": event.info.channels,
        "count": event.info.count,
        "held_out": sum(event.held_out),
        "classes": {name: {"count": count, "held_out": held_out} for name, count, held_out in classes},
        "own_sizes": event.sizes,
        "unreadable": event.unreadable,
        "others": event.others,
        "empty": event.empty,
        "has_parts": event.has_parts,
        **dataclasses.asdict(event.twins),
    }
