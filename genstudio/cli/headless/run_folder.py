"""A run's folder: what a run leaves while it goes on, for those who watch it.

    run.json          what runs, how far it is saved, and whether it goes on
    metrics.jsonl     a line for each iteration
    checkpoint.safetensors
    checkpoints/vae-000500.safetensors    the newest few of them, under names that stay
    samples/000500.png    every so often, always of the same noise
    events.out.tfevents.* the losses and the samples for TensorBoard

All but the two that grow line by line appear whole or not at all, and under the same names in every run.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genstudio import __version__, api
from genstudio.api.run_folder import CHECKPOINT, CHECKPOINTS, METRICS, RUN, SAMPLES, numbered
from genstudio.cli.headless.run_events import RunEvents
from genstudio.errors import sentence
from genstudio.files import atomic_write, link_or_copy

if TYPE_CHECKING:
    from genstudio.session import Session
    from genstudio.session.run import Run

SHOWN = 16  # samples
FORMAT_VERSION = 1
GONE, ON = "The run's folder {} has vanished", "The run goes on."


class RunFolder:
    """Writes the folder of one run.

    Args:
        folder: Made if it is not there.
        session: Whose run it is.
        out: Its checkpoint.
        rows: The file of its rows.
        processes: That train together.
        kept: So many of its checkpoints stay beside the newest one, each under a name of its own.
    """

    def __init__(self, folder: Path, session: Session, out: Path, rows: Path | None, processes: int, kept: int) -> None:
        self.folder, self._session, self._out, self._kept = folder, session, out, kept
        self._told: dict[str, Any] = {
            **described(self._run.request),
            "processes": processes,
            "checkpoint": out.name if out.resolve().parent == folder.resolve() else "",
            "metrics": METRICS if rows is not None and rows.resolve() == (folder / METRICS).resolve() else "",
            "samples": SHOWN,
        }
        self._events = RunEvents(folder)
        self._is_lost = False  # it has vanished, and cannot be made again
        self._drawn = -1  # the iteration of the newest samples
        self._stale: list[Path] = []  # of later iterations, from an earlier start of this run
        self._named: list[Path] = []  # the checkpoints whose names stay, the newest last
        self._saved: dict[str, Any] = {}  # how far the run is saved

    @property
    def _run(self) -> Run:
        return self._session.runs[0]

    def begin(self) -> None:
        """The run begins, or goes on. What an earlier start of it told of later iterations stays until it is replaced.

        Raises:
            ValueError: if the folder holds another run.
        """
        run = self._run
        goes_on = _told_before(self.folder, run.request) is not None
        folders = [self._made(name) for name in (SAMPLES, CHECKPOINTS)]
        if goes_on:
            samples, checkpoints = (numbered(folder, run.request.family) for folder in folders)
            now = run.trainer.iteration
            self._stale = [path for iteration, path in (*samples, *checkpoints) if iteration > now]
            self._named = [path for iteration, path in checkpoints if iteration <= now]
        self._events.begin(run.trainer.iteration)
        self._note_saved()
        self._tell_state("running")

    def keep(self) -> str:
        """Make the folder again if it has vanished; what is to be said of that, in a sentence."""
        if self.folder.is_dir() and not self._is_lost:
            return ""
        was_lost, is_back = self._is_lost, self.folder.is_dir()
        self._events.stop()  # else its thread would write what it still has into the new folder, without a beginning
        try:
            self.folder.mkdir(exist_ok=True)
            self._events.begin_again(self._run.trainer.iteration)
            if not self._out.exists():
                self._saved = {"iteration": 0, "seconds": 0.0}
            self._tell_state("running")
        except OSError as error:
            self._is_lost = True
            return "" if was_lost else f"{GONE.format(self.folder)} and cannot be made again. {sentence(error)} {ON}"
        self._is_lost, self._drawn = False, -1
        self._named = [path for path in self._named if path.exists()]
        return f"{self.folder} is back. {ON}" if is_back else f"{GONE.format(self.folder)} and is made again. {ON}"

    def tell(self, event: api.TrainEvent) -> None:
        """The losses of an event, and its speed.

        Raises:
            OSError: if they cannot be written, though the folder is there.
        """
        if self._is_lost:
            return
        try:
            self._events.tell(event)
        except OSError:
            if self.folder.is_dir():
                raise

    def draw(self) -> None:
        """Samples of now, unless they are there.

        Raises:
            OSError: if they cannot be written.
        """
        from genstudio import export

        run, layout = self._run, api.GridLayout()
        iteration = run.trainer.iteration
        if iteration == self._drawn or self._is_lost:
            return
        self._forget_later()
        samples = run.trainer.preview(SHOWN).numpy()
        source = dataclasses.replace(run.request, changes=tuple(run.changes), preview=len(samples))
        path = self._made(SAMPLES) / f"{iteration:06d}.png"
        for _ in self._session.stream(api.WritePicturesRequest(samples[None], source, iteration, layout, str(path))):
            pass
        self._drawn = iteration
        self._events.draw(export.grid(samples, layout), iteration)

    def saved(self) -> None:
        """The checkpoint is that of now."""
        run = self._run
        self._note_saved()
        self._tell_state("running")
        self._forget_later()
        if self._kept:
            name = f"{run.request.family}-{run.trainer.iteration:06d}{self._out.suffix}"
            path = self._made(CHECKPOINTS) / name
            link_or_copy(self._out, path)
            self._named = [*(one for one in self._named if one != path), path]
            _remove(self._named[: -self._kept])
            self._named = self._named[-self._kept :]
        self.draw()

    def end(self, state: str) -> None:
        """ "ended", "stopped" or "broken"."""
        try:
            self._tell_state(state)
        finally:
            self._events.end()

    def _made(self, name: str) -> Path:
        """The folder of that name within this one, which somebody may have removed."""
        (self.folder / name).mkdir(exist_ok=True)
        return self.folder / name

    def _forget_later(self) -> None:
        """There is something newer now."""
        _remove(self._stale)
        self._stale = []

    def _note_saved(self) -> None:
        """The checkpoint is that of now."""
        self._saved = {"iteration": self._run.trainer.iteration, "seconds": round(self._run.seconds, 1)}

    def _tell_state(self, state: str) -> None:
        told = {**self._told, "state": state, **self._saved}
        with atomic_write(self.folder / RUN) as file:
            file.write(json.dumps(told, indent=1).encode())


def _remove(paths: list[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):  # somebody reads it
            path.unlink()


def check_free(folder: Path, request: api.TrainRequest) -> None:
    """Refuse a folder in which a run has been saved, unless it is this one and is to go on.

    Raises:
        ValueError: in one sentence that says how it would go on.
    """
    told = _told_before(folder, request)
    if not request.resume and (iteration := _saved_until(folder, told)):
        file = folder / CHECKPOINT
        resume = f"--resume {file}" if file.exists() else "--resume"
        raise ValueError(
            f"log_dir is {folder}, which holds a run at iteration {iteration:,}; give {resume} to go on, or another "
            "name"
        )


def _saved_until(folder: Path, told: Mapping[str, Any] | None) -> int:
    """The highest iteration of what is saved in a folder, or is saved of its run elsewhere; 0 of nothing."""
    from genstudio.store import read_header

    found = [0]
    with contextlib.suppress(OSError, ValueError):
        found.append(read_header(folder / CHECKPOINT).iteration)
    if told is None:
        return max(found)
    with contextlib.suppress(OSError):
        found += [iteration for iteration, _ in numbered(folder / CHECKPOINTS, str(told["family"]))]
    if isinstance(told.get("iteration"), int):
        found.append(told["iteration"])
    return max(found)


def _told_before(folder: Path, request: api.TrainRequest) -> dict[str, Any] | None:
    """What an earlier start of a run has told in a folder; None where nothing was told.

    Raises:
        ValueError: if it was another run, as far as can be seen: of pictures, the name of their folder alone is known.
    """
    try:
        told = json.loads((folder / RUN).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    mine = json.loads(json.dumps(described(request)))
    if not isinstance(told, dict) or any(told.get(name) != mine[name] for name in ("family", "dataset", "settings")):
        raise ValueError(f"log_dir is {folder}, which holds another run; give it a name that is free")
    return told


def described(request: api.TrainRequest) -> dict[str, Any]:
    """What runs, as plain JSON values."""
    from genstudio.session.saving import dataset_name

    return {
        "format_version": FORMAT_VERSION,
        "software": f"GenStudio {__version__}",
        "family": request.family,
        "dataset": dataset_name(request.dataset),
        "settings": dataclasses.asdict(request.settings),
        "iterations": request.iterations,
    }
