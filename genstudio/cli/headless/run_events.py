"""What TensorBoard shows of a run: losses and samples, in a file of events that a thread of its own writes."""

from __future__ import annotations

import contextlib
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genstudio import api

if TYPE_CHECKING:
    import numpy as np
    from torch.utils.tensorboard import SummaryWriter

NO_TENSORBOARD = "The run's folder gets no events for TensorBoard, which is not installed: pip install tensorboard"
WRITTEN_BY = "tensorboard."  # the module of the thread


class RunEvents:
    """Writes the file of one run; without TensorBoard installed it writes nothing, and says so once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer: SummaryWriter | None = None
        self._usual_hook = threading.excepthook

    def begin(self, iteration: int) -> None:
        """A new file; of earlier ones, what lies beyond an iteration is no longer shown.

        Raises:
            OSError: if the folder cannot be written.
        """
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError:
            print(f"{NO_TENSORBOARD}.", file=sys.stderr)
            return
        threading.excepthook = self._hook
        self._writer = SummaryWriter(str(self._folder), purge_step=iteration + 1, flush_secs=10)

    def begin_again(self, iteration: int) -> None:
        """The same after the folder had vanished, if there was a file."""
        if self._writer is not None:
            self.stop()
            self.begin(iteration)

    def tell(self, event: api.TrainEvent) -> None:
        """The losses of an event, and its speed.

        Raises:
            OSError: if an earlier one could not be written.
        """
        if self._writer is None:
            return
        first = event.iteration - len(event.rows) + 1
        for offset, row in enumerate(event.rows):
            for name, value in zip(event.names, row, strict=True):
                self._writer.add_scalar(name, float(value), first + offset)
        self._writer.add_scalar("iterations_per_s", event.iterations_per_s, event.iteration)

    def draw(self, picture: np.ndarray, iteration: int) -> None:
        """Samples, (H, W, C).

        Raises:
            OSError: if something could not be written.
        """
        if self._writer is not None:
            self._writer.add_image("samples", picture, iteration, dataformats="HWC")
            self._writer.flush()

    def stop(self) -> None:
        """No more is written into this file; what cannot be written any more is left out."""
        if self._writer is not None:
            with contextlib.suppress(OSError):
                self._writer.close()

    def end(self) -> None:
        """The run is at its end."""
        self.stop()
        self._writer = None
        threading.excepthook = self._usual_hook

    def _hook(self, args: Any) -> None:
        """The thread cannot write: `tell` and `draw` raise that error again, so nobody needs its traceback."""
        if not (isinstance(args.exc_value, OSError) and type(args.thread).__module__.startswith(WRITTEN_BY)):
            self._usual_hook(args)
