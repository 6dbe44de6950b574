"""A run's folder: what a run leaves while it goes on, for those who watch it.

    run.json          what runs, how far it is saved, and whether it goes on
    metrics.jsonl     a line for each iteration
    checkpoint.safetensors
    samples/000500.png    at each save, always of the same noise
    events.out.tfevents.* the losses and the samples for TensorBoard

All but the two that grow line by line appear whole or not at all, and under the same names in every run.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genstudio import __version__, api
from genstudio.files import atomic_write

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

    from genstudio.session import Session
    from genstudio.session.run import Run

CHECKPOINT, METRICS, RUN, SAMPLES = "checkpoint.safetensors", "metrics.jsonl", "run.json", "samples"
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
    """

    def __init__(self, folder: Path, session: Session, out: Path, processes: int) -> None:
        self.folder, self._session = folder, session
        self._told: dict[str, Any] = {**described(self._run), "processes": processes, "checkpoint": out.name}
        self._events: SummaryWriter | None = None

    @property
    def _run(self) -> Run:
        return self._session.runs[0]

    def begin(self) -> None:
        """The run begins, or goes on: what was told of later iterations is no longer so.

        Raises:
            ValueError: if the folder holds another run.
        """
        self._check_own()
        (self.folder / SAMPLES).mkdir(exist_ok=True)
        self._events = _tensorboard(self.folder, self._run.trainer.iteration)
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

    def saved(self) -> None:
        """The checkpoint is that of now: draw samples of it."""
        from genstudio import export

        run, layout = self._run, api.GridLayout()
        samples = run.trainer.preview(SHOWN).numpy()
        source = dataclasses.replace(run.request, changes=tuple(run.changes), preview=len(samples))
        path = self.folder / SAMPLES / f"{run.trainer.iteration:06d}.png"
        for _ in self._session.stream(
            api.WritePicturesRequest(samples[None], source, run.trainer.iteration, layout, str(path))
        ):
            pass
        if self._events is not None:
            self._events.add_image("samples", export.grid(samples, layout), run.trainer.iteration, dataformats="HWC")
            self._events.flush()
        self._tell_state("running")

    def end(self, state: str) -> None:
        """ "ended", "stopped" or "broken"."""
        if self._events is not None:
            self._events.close()
        self._tell_state(state)

    def _check_own(self) -> None:
        try:
            told = json.loads((self.folder / RUN).read_text("utf-8"))
        except (OSError, ValueError):
            return
        mine = json.loads(json.dumps(self._told))
        if any(told.get(name) != mine[name] for name in ("family", "dataset", "settings")):
            raise ValueError(f"log_dir is {self.folder}, which holds another run; give it a name that is free")

    def _tell_state(self, state: str) -> None:
        told = {**self._told, "state": state, "iteration": self._run.trainer.iteration}
        with atomic_write(self.folder / RUN) as file:
            file.write(json.dumps(told, indent=1).encode())


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
