"""A run as a file that repeats it, and whether its samples, made again, are the same."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from genstudio.api import Pictures, RestoredEvent
from genstudio.export.grids import grid_like
from genstudio.export.tables import by_class
from genstudio.files import atomic_write

ENDING = ".json"


def check_run(path: Path) -> None:
    """Refuse another ending than a run has.

    Raises:
        ValueError: naming the file.
    """
    if path.suffix.lower() != ENDING:
        raise ValueError(f"A run is written as {ENDING}, not as {path.name}.")


def write_run(path: Path, receipt: dict[str, Any]) -> None:
    """The receipt alone, for people to read, too.

    Raises:
        OSError: if it cannot be written; an old file is whole.
    """
    check_run(path)
    with atomic_write(path) as file:
        file.write((json.dumps(receipt, allow_nan=False, indent=2) + "\n").encode())


def hash_of(samples: Pictures) -> str:
    """SHA-256 of the size and the pixels of pictures (N, H, W, C), hexadecimal."""
    shape = "x".join(map(str, samples.shape))
    return hashlib.sha256(f"{shape}:".encode() + np.ascontiguousarray(samples).tobytes()).hexdigest()


def samples_told(samples: Pictures) -> dict[str, Any]:
    """What a receipt says of the samples of its iteration, to compare those with that are made again."""
    return {"samples": len(samples), "samples_sha256": hash_of(samples)}


def compare(repeat: RestoredEvent, samples: Pictures) -> tuple[bool | None, str]:
    """Whether the samples of a run that was repeated are those of its file, None if that says nothing of them.

    The sentence is what one reads.
    """
    name, where = Path(repeat.path).name, f"at iteration {repeat.iteration:,}"
    done = f"The run of {name} is repeated"
    if repeat.samples_sha256:
        if hash_of(samples) == repeat.samples_sha256:
            return True, f"{done}; {where} its samples are identical to the last pixel."
        return False, f"{done}; {where} its samples differ: {REASON}."
    again = _drawn(repeat, samples)
    if repeat.pictures is None or again is None or repeat.pictures.shape != again.shape:
        unknown = "its picture cannot be compared" if repeat.pictures is not None else "it has no samples to compare"
        return None, f"{done} up to iteration {repeat.iteration:,}; {unknown}."
    if np.array_equal(repeat.pictures, again):
        return True, f"{done}; {where} its pictures are identical to the last pixel."
    worst = int(np.abs(repeat.pictures.astype(int) - again).max())
    return False, f"{done}; {where} its pictures differ by up to {worst} of 255 grey levels: {REASON}."


REASON = "another device, number of threads or version rounds differently"


def _drawn(repeat: RestoredEvent, samples: Pictures) -> Pictures | None:
    """The samples laid out as those of the file are; None if they cannot be."""
    if repeat.pictures is None or not len(samples) or len(samples) < len(repeat.classes):
        return None
    images = by_class(samples, repeat.classes) if repeat.classes else samples
    return grid_like(images, repeat.layout, repeat.pictures)
