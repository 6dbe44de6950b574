"""A run's folder, which one process writes and another one looks at: what is in it, and what a look finds."""

from __future__ import annotations

import contextlib
import dataclasses
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from genstudio.api.events import TrainEvent

RUN, METRICS, CHECKPOINT = "run.json", "metrics.jsonl", "checkpoint.safetensors"
SAMPLES, CHECKPOINTS = "samples", "checkpoints"  # folders in it

# missing: not there; unreadable: there, but it cannot be read; foreign: of no run; empty: nothing was written yet.
FolderState = Literal["missing", "unreadable", "foreign", "empty", "running", "ended", "stopped", "broken"]
READABLE = ("running", "ended", "stopped", "broken")  # states in which something was read of a run


@dataclass(frozen=True)
class FollowRunRequest:
    """Look at a run's folder again and again; a stream of its own lane that never ends by itself.

    Args:
        every_s: From one look to the next.
    """

    folder: str
    every_s: float = 1.0


@dataclass(frozen=True)
class CheckpointFile:
    """A whole checkpoint of a run."""

    path: str
    iteration: int
    bytes: int


@dataclass(frozen=True, eq=False)
class RunFolderEvent:
    """What a look has found; unread ones join, so that no row and no sample is lost.

    Args:
        reason: Why nothing of a run can be read, or not all yet; a sentence.
        progress: Rows and samples since the last look, as the run itself would have told them; None before the first.
        is_anew: All that was told before is no longer so: another run, or the same from an earlier iteration on.
        saved: The iteration up to which its newest checkpoint goes.
        silent_s: For so long nothing has been written.
        checkpoints: The newest one first.
        has_rows: Its losses are written into the folder, and not elsewhere.
        is_made_again: Somebody has removed the folder and the run has made it again, so what was told of before that is
            nowhere else now.
    """

    request: FollowRunRequest
    state: FolderState
    reason: str = ""
    progress: TrainEvent | None = None
    is_anew: bool = False
    processes: int = 1
    saved: int = 0
    silent_s: float = 0.0
    checkpoints: tuple[CheckpointFile, ...] = ()
    has_rows: bool = True
    is_made_again: bool = False

    def merge(self, newer: RunFolderEvent) -> RunFolderEvent:
        """The newer one, with what this one has told before it, if that is still so."""
        if newer.is_anew or newer.request != self.request:
            return newer
        if newer.progress is None and self.progress is not None:  # it has found nothing of the run
            newer = dataclasses.replace(
                newer, processes=self.processes, saved=self.saved, silent_s=self.silent_s, checkpoints=self.checkpoints
            )
        return dataclasses.replace(newer, progress=_joined(self.progress, newer.progress), is_anew=self.is_anew)


def _joined(older: TrainEvent | None, newer: TrainEvent | None) -> TrainEvent | None:
    if older is None or newer is None:
        return newer or older
    if older.names == newer.names:
        return older.merge(newer)
    return dataclasses.replace(newer, samples=older.samples + newer.samples)  # there were no rows before


def is_run_folder(path: Path) -> bool:
    """Whether a run writes, or has written, into a folder; what is in it may still be refused."""
    with contextlib.suppress(OSError):
        return any((path / name).is_file() for name in (RUN, METRICS))
    return False


def numbered(folder: Path, family: str = "[a-z-]+") -> list[tuple[int, Path]]:
    """The samples or checkpoints of a folder, each with its iteration, in their order.

    Args:
        family: Of the checkpoints, if only those of one are meant.
    Raises:
        OSError: if it is not there or cannot be read.
    """
    found = (
        (re.fullmatch(rf"(?:{family}-)?(\d{{6,}})\.(?:png|safetensors)", path.name), path) for path in folder.iterdir()
    )
    return sorted((int(name[1]), path) for name, path in found if name is not None)
