"""What a run's folder says of the run: run.json, read as a file from outside."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from genstudio import api
from genstudio.api.run_folder import CHECKPOINT, METRICS, RUN
from genstudio.files import check_regular
from genstudio.session.run_rows import PATIENCE_S
from genstudio.settings import GENERATIVE, SETTINGS, settings_from
from genstudio.store.header import MAX_TEXT, parse_json

FORMAT_VERSION = 1
MOST_BYTES = 1 << 20
MOST = 2**53  # of a whole number
MOST_SAMPLES = 1024  # in a picture
STATES = ("running", "ended", "stopped", "broken")


class Unwritten(ValueError):
    """There is nothing whole to be read yet; a sentence."""


@dataclass(frozen=True)
class Description:
    """A run, and how far it is.

    Args:
        iteration: Up to which it is saved.
        seconds: That it took until then; 0 if it does not say.
        checkpoint: The name of its file.
        samples: How many there are in a picture of them.
        has_rows: Its losses are written into the folder.
    """

    request: api.TrainRequest
    state: Literal["running", "ended", "stopped", "broken"]
    iteration: int
    processes: int
    seconds: float
    checkpoint: str
    samples: int
    has_rows: bool = True

    def is_same_run(self, other: Description) -> bool:
        """Whether it may be the same at another time: how far it is to go may be asked for anew."""
        mine, others = self.request, other.request
        return (mine.family, mine.dataset, mine.settings) == (others.family, others.dataset, others.settings)

    @property
    def speed(self) -> float:
        """Iterations a second, the mean until it was saved last; 0 if it does not say."""
        return self.iteration / self.seconds if self.seconds > 0 else 0.0


class NotWhole(Unwritten):
    """It is no JSON yet; a sentence."""


class DescriptionReader:
    """Reads the description in a folder at each look. What stays as it is and is no JSON will never be one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._broken: tuple[tuple[int, int], float] | None = None  # the file that was not whole, and since when

    def read(self) -> Description:
        """The description.

        Raises:
            Unwritten, ValueError, OSError: as `read_description`.
        """
        try:
            found = read_description(self._folder)
        except NotWhole:
            status, now = (self._folder / RUN).stat(), time.monotonic()
            stamp = status.st_size, status.st_mtime_ns
            if self._broken is None or self._broken[0] != stamp:
                self._broken = stamp, now
            if now - self._broken[1] < PATIENCE_S:
                raise
            why = f"its {RUN} is not one that GenStudio has written"
            raise ValueError(f"{self._folder.name} is not the folder of a run that can be shown: {why}.") from None
        self._broken = None
        return found


def read_description(folder: Path) -> Description:
    """The description in a folder.

    Raises:
        Unwritten: if it is not there yet, or not whole.
        ValueError: if it is not what this version reads; a sentence.
        OSError: if it cannot be read.
    """
    path = folder / RUN
    try:
        check_regular(path, MOST_BYTES)
    except FileNotFoundError:
        raise Unwritten(f"The run in {folder.name} is about to begin: its {RUN} is not there yet.") from None
    except ValueError as error:
        raise ValueError(f"{folder.name} is not the folder of a run that can be shown: {error}") from None
    try:
        values = parse_json(path.read_bytes())
    except ValueError:
        raise NotWhole(f"The {RUN} in {folder.name} is not whole yet; it is read again.") from None
    try:
        return _description(values)
    except (ValueError, TypeError, KeyError) as error:
        why = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        raise ValueError(f"{folder.name} is not the folder of a run that can be shown: in its {RUN}, {why}.") from None


def _description(values: Any) -> Description:
    if not isinstance(values, dict):
        raise ValueError("there is no description")
    if values.get("format_version") != FORMAT_VERSION:
        version = values.get("format_version")
        raise ValueError(f"the format version is {version!r:.20}, and this GenStudio reads {FORMAT_VERSION}")
    family, state = values["family"], values["state"]
    if not isinstance(family, str) or family not in GENERATIVE:
        raise ValueError(f"the family is {family!r:.40}, which is unknown")
    if state not in STATES:
        raise ValueError(f"the state is {state!r:.40}, which is unknown")
    usual = (("dataset", ""), ("checkpoint", CHECKPOINT), ("metrics", METRICS))
    dataset, checkpoint, metrics = (_text(values.get(name, text)) for name, text in usual)
    samples = min(_number(values.get("samples", 16), "samples", 1), MOST_SAMPLES)
    if not isinstance(values["settings"], dict):
        raise ValueError("there are no settings")
    settings = settings_from(SETTINGS[family], values["settings"])
    goal = _number(values["iterations"], "iterations", 0)
    seconds = values.get("seconds", 0.0)
    if type(seconds) not in (int, float) or not 0 <= seconds < MOST:
        raise ValueError(f"the seconds are {seconds!r:.20}, which is no time")
    return Description(
        api.TrainRequest(family, dataset, settings, goal, preview=samples),
        cast(Literal["running", "ended", "stopped", "broken"], state),
        _number(values["iteration"], "iteration", 0), _number(values.get("processes", 1), "processes", 1),
        float(seconds), Path(checkpoint).name, samples, bool(metrics),
    )  # fmt: skip


def _number(value: Any, name: str, least: int) -> int:
    if type(value) is not int or not least <= value < MOST:
        raise ValueError(f"the number of {name} is {value!r:.20}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise ValueError("a name is no text")
    return value
