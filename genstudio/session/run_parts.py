"""The samples and the checkpoints in a run's folder, as they come; what is not whole yet is left for the next look."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from genstudio import api, export, store
from genstudio.api.run_folder import CHECKPOINTS, SAMPLES, CheckpointFile, numbered

MOST_PAST = 100  # samples of before somebody looked
MOST_FILES = 50  # checkpoints
BUDGET_S = 0.25  # for samples at one look
PATIENCE_S = 10.0  # with samples that cannot be read, until they are passed over

Sample = tuple[int, api.Pictures]  # iteration, (N, H, W, C)


class Samples:
    """Reads each picture of samples once, in their order.

    Args:
        folder: Of the run.
    """

    def __init__(self, folder: Path) -> None:
        self.newest = -1  # iteration of the samples that were read last
        self._folder = folder / SAMPLES
        self._there: dict[int, Path] = {}
        self._waiting: list[int] = []  # iterations that are to be read
        self._since: float | None = None  # when those that come next could not be read first
        self._without: list[int] | None = None  # what the last look found without the newest one
        self.are_gone = False  # those that were read, and all before them

    @property
    def last(self) -> int:
        """The iteration of the newest samples there are, read or not."""
        return max(self._there, default=-1)

    @property
    def has_more(self) -> bool:
        """Whether some can be read at once."""
        return bool(self._waiting) and self._since is None

    def look(self, *, is_there: bool) -> bool:
        """See which there are; True if the newest one that was read is gone: the run goes on from before it.

        While somebody removes the folder that seems so for a moment; so it counts where two looks find the same. Where
        no earlier one is there either, they have all been removed.

        Args:
            is_there: There is a folder of them.

        Raises:
            OSError: if it cannot be read.
        """
        self._there = dict(numbered(self._folder)) if is_there else {}
        last = self._waiting[-1] if self._waiting else self.newest
        came = [iteration for iteration in self._there if iteration > last]
        self._waiting += came if last >= 0 else thinned(came, MOST_PAST)
        there = list(self._there)
        is_without = self.newest >= 0 and self.newest not in self._there
        self.are_gone = is_without and not any(iteration < self.newest for iteration in there)
        went_back = is_without and bool(there) and there[0] < self.newest and there == self._without
        self._without = there if is_without else None
        return went_back

    def forget(self) -> None:
        """None of them has been read."""
        self.newest, self._since, self._waiting = -1, None, thinned(list(self._there), MOST_PAST)
        self._without, self.are_gone = None, False

    def read(self, count: int) -> Iterator[Sample]:
        """Those that have come, one at least, and more as far as there is time.

        Args:
            count: Samples in each picture.
        """
        end = time.monotonic() + BUDGET_S
        while self._waiting:
            iteration = self._waiting[0]
            try:
                page = export.read_picture(self._there[iteration])
            except (OSError, ValueError, KeyError):
                self._since = time.monotonic() if self._since is None else self._since
                if time.monotonic() - self._since < PATIENCE_S:
                    return
            else:
                yield iteration, export.cells_of(page, count, api.GridLayout())
            self._waiting.pop(0)
            self.newest, self._since = iteration, None
            if time.monotonic() >= end:
                return


class Checkpoints:
    """Knows the checkpoints of a run; the description of each is read once.

    Args:
        folder: Of the run.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[Path, tuple[Any, CheckpointFile]] = {}

    def look(self, newest: str) -> tuple[CheckpointFile, ...]:
        """The whole ones, the newest first; of one iteration that which keeps its name.

        Args:
            newest: The name of the file that is written over and over; "" if it is elsewhere.
        """
        kept = []
        with contextlib.suppress(OSError):  # there are none yet, or they are gone for now
            kept = [path for _, path in numbered(self._folder / CHECKPOINTS)[-MOST_FILES:]]
        found = (self._read(path) for path in (*([self._folder / newest] if newest else []), *kept))
        by_iteration = {one.iteration: one for one in found if one is not None}
        return tuple(by_iteration[iteration] for iteration in sorted(by_iteration, reverse=True))

    def _read(self, path: Path) -> CheckpointFile | None:
        try:
            status = path.stat()
            stamp = status.st_ino, status.st_mtime_ns, status.st_size
            if path not in self._known or self._known[path][0] != stamp:
                header = store.read_header(path)  # of a file that is cut short it says so
                self._known[path] = stamp, CheckpointFile(str(path), header.iteration, status.st_size)
        except (OSError, ValueError):
            return None
        return self._known[path][1]


def thinned(iterations: list[int], most: int) -> list[int]:
    """At most so many of them, evenly, the first and the last one among them."""
    if len(iterations) <= most:
        return iterations
    return [iterations[round(k * (len(iterations) - 1) / (most - 1))] for k in range(most)]
