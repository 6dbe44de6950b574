"""The rows of a run while another process writes them: a file of JSON lines that grows. Standard library only."""

from __future__ import annotations

import json
import stat
import time
from pathlib import Path
from typing import NamedTuple

MOST_BYTES = 1 << 20  # read at once
PATIENCE_S = 10.0  # with lines that cannot be read, until they are passed over up to the next sound one


class Row(NamedTuple):
    """The losses of one iteration."""

    iteration: int
    names: tuple[str, ...]
    values: tuple[float, ...]


class RowReader:
    """Reads on where it stopped. A line without its end is not read yet, and a file that was written anew is seen.

    What a network share shows of a file's end may still be other than what was written; so a line that is no row is
    read again at the next looks, and so is what goes on without an end for longer than is read at once: no row is so
    long, but a hole of zeros may be.

    Args:
        path: The file, which need not be there yet.
    """

    def __init__(self, path: Path) -> None:
        self.has_more = False  # which can be read at once
        self._path = path
        self.forget()

    def forget(self) -> None:
        """The next look begins at the beginning."""
        self._place = 0  # bytes that have been read
        self._last = b""  # the line before it, by which the file is known again
        self._since: float | None = None  # when the lines that come next could not be read first

    def read(self) -> tuple[list[Row], bool]:
        """The rows that have come, and whether the file is another one than was read before.

        Raises:
            OSError: if it cannot be read; without it there are no rows.
        """
        self.has_more = False
        try:
            if not stat.S_ISREG(self._path.stat().st_mode):
                return [], False
            file = self._path.open("rb")
        except FileNotFoundError:
            return [], False
        with file:
            file.seek(self._place - len(self._last))
            is_anew = file.read(len(self._last)) != self._last
            if is_anew:
                self.forget()
                file.seek(0)
            data = file.read(MOST_BYTES)
        return self._take(data), is_anew

    def _take(self, data: bytes) -> list[Row]:
        rows: list[Row] = []
        *lines, rest = data.split(b"\n")
        pieces = [rest] if len(rest) == MOST_BYTES else [line + b"\n" for line in lines]
        for piece in pieces:
            row = _row(piece)
            if row is None:
                self._since = time.monotonic() if self._since is None else self._since
                if time.monotonic() - self._since < PATIENCE_S:
                    return rows
            self._last = piece
            self._place += len(piece)
            if row is not None:
                rows.append(row)
                self._since = None
        self.has_more = len(data) == MOST_BYTES
        return rows


def _row(line: bytes) -> Row | None:
    """What a line says; None if it is no row."""
    try:
        values = json.loads(line)
        iteration = values.pop("iteration")
        row = Row(iteration, tuple(values), tuple(map(float, values.values())))
    except (ValueError, KeyError, AttributeError, TypeError, OverflowError, RecursionError):
        return None
    is_sound = type(iteration) is int and iteration >= 0 and all(type(v) in (int, float) for v in values.values())
    return row if is_sound else None
