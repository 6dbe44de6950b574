"""Looks at a run's folder again and again, while another process writes it; perhaps another machine, on a share.

Nothing half-written is told: a line without its end, or a file that cannot be read whole, is left for the next look. A
folder that is not there, or is emptied file by file, is looked for again, and where it comes back, or the run has made
it again, the reading goes on; what was told before stays told unless the run itself begins again before its end.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from genstudio import api
from genstudio.api.run_folder import METRICS, RUN, SAMPLES, CheckpointFile, FolderState
from genstudio.errors import counted, sentence, whole
from genstudio.session.run_description import Description, DescriptionReader, Unwritten
from genstudio.session.run_parts import Checkpoints, Samples
from genstudio.session.run_rows import Row, RowReader

SLICE_S = 0.1  # a breath between two looks: the lane can be told something after it
MOST_NAMES = 200  # in a folder of something else, among which runs are looked for
MOST_GAP = 100_000  # rows that may be missing in the middle
SPEED_S = 30.0  # over which the speed is a mean


class RunWatcher:
    """Answers on a lane of its own, for a share that hangs must not keep anything else from being answered."""

    def handle(self, request: Any) -> Any:
        """There are no calls.

        Raises:
            ValueError: always.
        """
        raise ValueError(f"{type(request).__name__} is not for this lane")

    def stream(self, request: api.FollowRunRequest) -> Iterator[api.RunFolderEvent | None]:
        """A look, and after a while another one, for ever; None in between."""
        reader = RunReader(request)
        while True:
            yield reader.look()
            for _ in range(0 if reader.has_more else math.ceil(request.every_s / SLICE_S)):
                time.sleep(SLICE_S)
                yield None


class RunReader:
    """What is known of a run from its folder, and what is new at each look."""

    def __init__(self, request: api.FollowRunRequest) -> None:
        self._request, self._folder = request, Path(request.folder)
        self._rows, self._description = RowReader(self._folder / METRICS), DescriptionReader(self._folder)
        self._pace = Pace()
        self._forget()

    def _forget(self) -> None:
        self._rows.forget()
        self._samples, self._checkpoints = Samples(self._folder), Checkpoints(self._folder)
        self._described: Description | None = None
        self._names: tuple[str, ...] = ()
        self._iteration = self._saved = 0  # of the newest row, of the newest checkpoint
        self._is_anew = False
        self._is_other_log = False  # and none of its rows has come yet
        self._is_made_again = False  # the folder, by the run that goes on
        self._place = 0  # the inode of the folder that holds the samples that were read

    @property
    def has_more(self) -> bool:
        """Whether the next look need not wait."""
        return self._rows.has_more or self._samples.has_more

    def look(self) -> api.RunFolderEvent:
        """How the folder is now, with what has come since the last look."""
        try:
            names = sorted(path.name for path in self._folder.iterdir() if not path.name.startswith("."))
            if not {RUN, METRICS} & set(names):
                return self._nothing(names)
            return self._read(names)
        except (FileNotFoundError, NotADirectoryError) as error:
            return self._event("missing", whole(sentence(error)))
        except OSError as error:
            return self._event("unreadable", whole(sentence(error)))

    def _nothing(self, names: list[str]) -> api.RunFolderEvent:
        """There is no run in the folder, or no longer."""
        if not names:
            return self._event("empty", "")
        runs = [name for name in names[:MOST_NAMES] if api.is_run_folder(self._folder / name)]
        inside = f" There are runs in it: {', '.join(runs[:5])}{' …' if len(runs) > 5 else ''}." if runs else ""
        held = f"there is no {RUN} among the {counted(len(names), 'file')} in it"
        return self._event("foreign", f"{self._folder.name} is not the folder of a run: {held}.{inside}")

    def _read(self, names: list[str]) -> api.RunFolderEvent:
        """What has come of a run. Whatever may fail is asked before the rows, which are read but once."""
        try:
            described = self._description.read()
        except Unwritten as error:
            if self._described is None:
                return self._event("empty", str(error))
            described = self._described
        except ValueError as error:
            return self._event("foreign", str(error))
        if self._described is not None and not described.is_same_run(self._described):
            self._forget()
            self._is_anew = True
        self._described = described
        went_back = self._samples.look(is_there=SAMPLES in names)
        stats = [(self._folder / name).stat() for name in (RUN, METRICS) if name in names]
        place = self._folder.stat().st_ino
        if went_back:
            self._rows.forget()
        rows, is_other = self._rows.read()
        self._is_other_log |= is_other
        begins = self._is_other_log and bool(rows) and (not self._iteration or rows[0].iteration <= self._iteration)
        if went_back or begins:
            self._is_anew, self._iteration, self._is_made_again = True, 0, False
        elif self._is_other_log and rows:
            self._is_made_again = True
        self._is_other_log &= not (rows or went_back)
        if not self._samples.are_gone:
            self._place = place
        elif not described.has_rows:  # no log tells whether the folder is another one, or samples alone were removed
            self._is_made_again |= place != self._place
        table = self._table(rows)
        if self._is_anew:
            self._samples.forget()
        samples = tuple(self._samples.read(described.samples))
        checkpoints = self._checkpoints.look(described.checkpoint)
        iteration = self._iteration if self._names else described.iteration
        seen = tuple((status.st_size, status.st_mtime_ns) for status in stats)
        self._saved = max(self._saved, *(one.iteration for one in checkpoints), 0)  # one may be unreadable for a look
        stamp = seen, self._samples.last, self._saved
        written_s = time.time() - max((status.st_mtime for status in stats), default=0.0)
        self._pace.note(stamp, written_s, iteration, self._rows.has_more)
        speed = (self._pace.speed() or described.speed) if described.state == "running" else 0.0
        progress = api.TrainEvent(described.request, iteration, self._names, table, samples, speed)
        return self._event(described.state, "", progress, checkpoints)

    def _table(self, rows: list[Row]) -> api.Floats:
        """The new rows one after the other, (n, columns); NaN where some are missing."""
        table: list[tuple[float, ...]] = []
        for row in rows:
            gap = row.iteration - self._iteration - 1
            if row.names != self._names or (self._iteration and not 0 <= gap <= MOST_GAP):
                self._is_anew |= self._iteration > 0
                self._names, table, gap = row.names, [], 0
            elif not self._iteration:
                gap = 0
            table += [(math.nan,) * len(self._names)] * gap + [row.values]
            self._iteration = row.iteration
        return np.array(table, np.float32).reshape(len(table), len(self._names))

    def _event(
        self,
        state: FolderState,
        reason: str,
        progress: api.TrainEvent | None = None,
        checkpoints: tuple[CheckpointFile, ...] = (),
    ) -> api.RunFolderEvent:
        is_anew, self._is_anew = self._is_anew, False
        described = self._described
        return api.RunFolderEvent(
            self._request, state, reason, progress, is_anew,
            described.processes if described is not None else 1,
            described.iteration if described is not None else 0,
            self._pace.silent_s() if progress is not None else 0.0, checkpoints,
            described.has_rows if described is not None else True, self._is_made_again,
        )  # fmt: skip


class Pace:
    """How fast a run is, and how long nothing has come of it, by the clock of this machine."""

    def __init__(self) -> None:
        self._stamp: Any = None
        self._heard = time.monotonic()
        self._seen: deque[tuple[float, int]] = deque()  # when an iteration was seen first

    def note(self, stamp: Any, written_s: float, iteration: int, is_behind: bool) -> None:
        """A look.

        Args:
            stamp: Changes when something was written.
            written_s: How long that is ago by the clock of whoever wrote it; counts at the first look alone.
            is_behind: There is more to read, so the iteration is not that of now.
        """
        now = time.monotonic()
        if self._stamp is None:
            self._heard = now - max(written_s, 0.0)
        elif stamp != self._stamp:
            self._heard = now
        self._stamp = stamp
        if is_behind or (self._seen and iteration == self._seen[-1][1]):
            return
        if self._seen and iteration < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, iteration))
        while len(self._seen) > 2 and now - self._seen[0][0] > SPEED_S:
            self._seen.popleft()

    def silent_s(self) -> float:
        """Since something was written."""
        return time.monotonic() - self._heard

    def speed(self) -> float:
        """Iterations a second; 0 as long as too little has been seen."""
        if len(self._seen) < 2:
            return 0.0
        (start, first), (end, last) = self._seen[0], self._seen[-1]
        return (last - first) / max(end - start, 1e-3)
