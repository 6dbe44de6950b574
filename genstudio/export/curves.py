"""Curves of a run as a table (.csv), a drawing (.svg) or a picture (.png), each with what repeats the run."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from genstudio.api import Pictures, Series
from genstudio.export.receipts import CSV_START, to_json, to_xmp
from genstudio.files import atomic_write

ENDINGS = (".png", ".svg", ".csv")


def check_curves(path: Path) -> None:
    """Refuse another ending than curves have.

    Raises:
        ValueError: naming the file.
    """
    if path.suffix.lower() not in ENDINGS:
        raise ValueError(f"Curves cannot be written as {path.name}; allowed endings: {', '.join(ENDINGS)}.")


def table_of(series: Iterable[Series]) -> list[list[str]]:
    """A head, then a row for each iteration at which there is a number; a cell is empty where there is none."""
    columns = list(series)
    rows: dict[float, dict[int, str]] = {}
    for column, one in enumerate(columns):
        for x, y in zip(one.x.tolist(), one.y.tolist(), strict=True):
            if math.isfinite(y):
                rows.setdefault(float(x), {})[column] = repr(float(y))
    head = ["iteration", *(one.name for one in columns)]
    return [head, *([repr(x) if x % 1 else str(int(x)), *_cells(rows[x], len(columns))] for x in sorted(rows))]


def _cells(found: dict[int, str], count: int) -> list[str]:
    return [found.get(column, "") for column in range(count)]


def write_table(path: Path, series: Iterable[Series], receipt: dict[str, Any]) -> None:
    """A comment with the receipt, then the table; names and numbers need no quotes.

    Raises:
        OSError: if it cannot be written; an old file is whole.
    """
    lines = [CSV_START + to_json(receipt), *(",".join(row) for row in table_of(series))]
    with atomic_write(path) as file:
        file.write("".join(f"{line}\n" for line in lines).encode())


def write_drawing(path: Path, drawing: str, receipt: dict[str, Any]) -> None:
    """An SVG with the receipt in its metadata.

    Raises:
        ValueError: if it is no SVG.
        OSError: if it cannot be written; an old file is whole.
    """
    start = drawing.find(">", drawing.find("<svg")) + 1
    if not start or "<svg" not in drawing:
        raise ValueError("There is no drawing to write.")
    packet = f"\n<metadata>{to_xmp(to_json(receipt), is_generated=False)}</metadata>"
    with atomic_write(path) as file:
        file.write((drawing[:start] + packet + drawing[start:]).encode())


def write_curves(
    path: Path, series: Iterable[Series], picture: Pictures | None, drawing: str, receipt: dict[str, Any]
) -> None:
    """The one of the three that the ending names.

    Raises:
        ValueError: for another ending.
        OSError: if it cannot be written; an old file is whole.
    """
    check_curves(path)
    ending = path.suffix.lower()
    if ending == ".csv":
        write_table(path, series, receipt)
    elif ending == ".svg":
        write_drawing(path, drawing, receipt)
    else:
        from genstudio.export import write_png

        if picture is None:
            raise ValueError("There is no picture to write.")
        write_png(path, picture, receipt, is_generated=False)
