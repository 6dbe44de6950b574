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
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genstudio import __version__, api
from genstudio.api.run_folder import CHECKPOINTS, RUN, SAMPLES, numbered
from genstudio.files import atomic_write, link_or_copy

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

    from genstudio.session import Session
    from genstudio.session.run import Run

SHOWN = 16  # samples
FORMAT_VERSION = 1
NO_TENSORBOARD = "The run's folder gets no events for TensorBoard, which is not installed: pip install tensorboard"


class RunFolder:
    """Writes the folder of one run.

    Args:
        folder: Made if it is not there.
        session: Whose run it is.
        out: Its checkpoint.
        processes: That train together.
        kept: So many of its checkpoints stay beside the newest one, each under a name of its own.
    """

    def __init__(self, folder: Path, session: Session, out: Path, processes: int, kept: int) -> None:
        self.folder, self._session, self._out, self._kept = folder, session, out, kept
        self._told: dict[str, Any] = {
            **described(self._run),
            "processes": processes,
            "checkpoint": out.name if out.resolve().parent == folder.resolve() else "",
            "samples": SHOWN,
        }
        self._events: SummaryWriter | None = None
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
        run, goes_on = self._run, self._is_own()
        folders = [self.folder / name for name in (SAMPLES, CHECKPOINTS)]
        for folder in folders:
            folder.mkdir(exist_ok=True)
        if goes_on:
            samples, checkpoints = (numbered(folder, run.request.family) for folder in folders)
            now = run.trainer.iteration
            self._stale = [path for iteration, path in (*samples, *checkpoints) if iteration > now]
            self._named = [path for iteration, path in checkpoints if iteration <= now]
        self._events = _tensorboard(self.folder, run.trainer.iteration)
        self._note_saved()
        self._tell_state("running")

    def tell(self, event: api.TrainEvent) -> None:
        """The losses of an event, and its speed.

        Raises:
            OSError: if they cannot be written.
        """
        if self._events is None:
            return
        first = event.iteration - len(event.rows) + 1
        for offset, row in enumerate(event.rows):
            for name, value in zip(event.names, row, strict=True):
                self._events.add_scalar(name, float(value), first + offset)
        self._events.add_scalar("iterations_per_s", event.iterations_per_s, event.iteration)

    def draw(self) -> None:
        """Samples of now, unless they are there.

        Raises:
            OSError: if they cannot be written.
        """
        from genstudio import export

        run, layout = self._run, api.GridLayout()
        iteration = run.trainer.iteration
        if iteration == self._drawn:
            return
        self._forget_later()
        samples = run.trainer.preview(SHOWN).numpy()
        source = dataclasses.replace(run.request, changes=tuple(run.changes), preview=len(samples))
        path = self.folder / SAMPLES / f"{iteration:06d}.png"
        for _ in self._session.stream(api.WritePicturesRequest(samples[None], source, iteration, layout, str(path))):
            pass
        self._drawn = iteration
        if self._events is not None:
            self._events.add_image("samples", export.grid(samples, layout), iteration, dataformats="HWC")
            self._events.flush()

    def saved(self) -> None:
        """The checkpoint is that of now."""
        run = self._run
        self._note_saved()
        self._tell_state("running")
        self._forget_later()
        if self._kept:
            name = f"{run.request.family}-{run.trainer.iteration:06d}{self._out.suffix}"
            path = self.folder / CHECKPOINTS / name
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
            if self._events is not None:
                self._events.close()

    def _forget_later(self) -> None:
        """There is something newer now."""
        _remove(self._stale)
        self._stale = []

    def _is_own(self) -> bool:
        """Whether an earlier start of this run has written here."""
        try:
            told = json.loads((self.folder / RUN).read_text("utf-8"))
        except (OSError, ValueError):
            return False
        mine = json.loads(json.dumps(self._told))
        if not isinstance(told, dict) or any(
            told.get(name) != mine[name] for name in ("family", "dataset", "settings")
        ):
            raise ValueError(f"log_dir is {self.folder}, which holds another run; give it a name that is free")
        return True

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


def described(run: Run) -> dict[str, Any]:
    """What runs, as plain JSON values."""
    from genstudio.session.saving import dataset_name

    request = run.request
    return {
        "format_version": FORMAT_VERSION,
        "software": f"GenStudio {__version__}",
        "family": request.family,
        "dataset": dataset_name(request.dataset),
        "settings": dataclasses.asdict(request.settings),
        "iterations": request.iterations,
    }


def _tensorboard(folder: Path, iteration: int) -> SummaryWriter | None:
    """A file of events; those of an earlier start beyond an iteration are no longer shown."""
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        print(f"{NO_TENSORBOARD}.", file=sys.stderr)
        return None
    return SummaryWriter(str(folder), purge_step=iteration + 1, flush_secs=10)
