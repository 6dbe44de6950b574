"""What can be asked of runs that train: to begin, to go on, to go back, to change, to be kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from genstudio.api.changes import Change
from genstudio.settings import Settings


@dataclass(frozen=True)
class TrainRequest:
    """Train a family on a dataset (a catalog name, or the path of a folder or zip of pictures).

    `iterations` is the number at which the run ends, counted from the very first; 0 means until
    stopped. `resume` is the path of a training checkpoint to go on from. `preview` is the number of
    fixed-z samples drawn while it learns. `changes` are made on the way; what was carried out of them
    before the checkpoint is not made twice, and what is new of them and lies before it is made at once.
    """

    family: str
    dataset: str
    settings: Settings
    iterations: int = 0
    resume: str = ""
    preview: int = 64
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class RunRequest:
    """The same in one of a session's places, each of which holds a run: one may wait while another goes on."""

    train: TrainRequest
    place: int = 0


@dataclass(frozen=True)
class GoOnRequest:
    """Let the run in a place go on that has come to the iteration it was to end at, until it is stopped; a stream.

    Its first event tells of where it stands, as that of every run that goes on.
    """

    place: int = 0


@dataclass(frozen=True)
class RewindRequest:
    """Go on with the run in the place `left` from an earlier iteration, as a run of its own in `place`; a stream.

    It begins at the newest snapshot at or before `iteration`, of those that the run's newest TrainEvent names: its
    first event tells which, has what was before as its past, and all that was changed until then as its changes.
    The other run stays where and as it is.
    """

    iteration: int
    left: int = 0
    place: int = 1


@dataclass(frozen=True)
class StandRequest:
    """How the run in a place is, or the race that has a side there, once it stands still.

    The answer is a TrainEvent or RaceEvent with the losses that nobody has been told; without `pictures` it takes no
    time. Nothing answers where all has been told, or where what is new has broken: the stream says so when it goes on.
    Ask in the slot of the stream. The run stays as it is, bit for bit.
    """

    place: int = 0
    pictures: bool = False
    at_rest: ClassVar[bool] = True  # it waits until the stream of its slot stands, see engine


@dataclass(frozen=True)
class TuneRequest:
    """From its next iteration on the run in a place goes on with these settings; only live ones may differ."""

    settings: Settings
    place: int = 0


@dataclass(frozen=True)
class SaveRequest:
    """Write the model that trains in a place as a checkpoint that can be resumed."""

    path: str
    place: int = 0


@dataclass(frozen=True)
class KeepRequest:
    """The same into the user's models folder as the last run; the oldest of those that were kept makes room.

    The file from which the run went on goes, too, if it was kept by itself: it holds an earlier moment of the run.

    The files in `spare` stay: runs that are still at hand, or about to go on, have nothing else on the disk.
    `replaces` is the file in which an earlier moment of the same run was kept.
    """

    place: int = 0
    spare: tuple[str, ...] = ()
    replaces: str = ""
