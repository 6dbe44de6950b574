"""The metrics of a run as JSON lines, in a file that a run which cannot begin leaves as it was."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from genstudio import api


@contextlib.contextmanager
def metrics_file(path: Path | None) -> Iterator[TextIO | None]:
    """Where the rows go: a file opened at its end, else stdout, and nowhere where that is a terminal.

    Raises:
        OSError: if the file cannot be written.
    """
    if path is None:
        yield None if sys.stdout.isatty() else sys.stdout
        return
    was_there, is_needed = path.exists(), False
    file = path.open("a", encoding="utf-8")
    try:
        yield file
        is_needed = True
    finally:
        with contextlib.suppress(OSError):  # every row has been flushed, or its trouble been noted
            file.close()
        with contextlib.suppress(FileNotFoundError):  # somebody has removed it
            if not (was_there or is_needed or path.stat().st_size):  # nothing came of the run
                path.unlink()


def begin(file: TextIO, path: Path, start: int | None) -> None:
    """Keep of the file under `path` only the rows that led to iteration `start`; none if the run is a new one."""
    if not path.is_file():  # a pipe or a device
        return
    file.truncate(0 if start is None else _end_of(path, start))


def write_rows(file: TextIO, event: api.TrainEvent) -> None:
    """One JSON object per iteration of the event."""
    first = event.iteration - len(event.rows) + 1
    for offset, row in enumerate(event.rows):
        values = dict(zip(event.names, (round(float(value), 6) for value in row), strict=True))
        file.write(json.dumps({"iteration": first + offset, **values}) + "\n")
    file.flush()


class Rows:
    """Writes the rows of events into a file, or nowhere without one.

    Args:
        file: Open at its end.
        path: Of the file; one that has been removed is begun anew if its folder is there.
    """

    def __init__(self, file: TextIO | None, path: Path | None) -> None:
        self._file, self._path = file, path
        self._own = contextlib.ExitStack()  # closes the file that was begun anew

    def tell(self, event: api.TrainEvent) -> None:
        """One JSON object per iteration of the event.

        Raises:
            OSError: if they cannot be written.
        """
        if self._file is None:
            return
        if self._path is not None and not self._path.exists() and self._path.parent.is_dir():
            self._own.close()
            self._file = self._own.enter_context(self._path.open("a", encoding="utf-8"))
        write_rows(self._file, event)

    def end(self) -> None:
        """Close what was begun anew; the file that was given stays open."""
        with contextlib.suppress(OSError):  # every row has been flushed, or its trouble been noted
            self._own.close()


def _end_of(path: Path, iteration: int) -> int:
    """Bytes before the first row beyond an iteration, or half a row: a killed run tells more than it has saved."""
    place = 0
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n") or _iteration_of(line) > iteration:
                break
            place += len(line)
    return place


def _iteration_of(line: bytes) -> int:
    try:
        return int(json.loads(line)["iteration"])
    except (ValueError, KeyError, TypeError):
        return 0
