"""The course of a run in a terminal: rows, progress, checkpoints on the way, and its end by a signal."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from genstudio import api
from genstudio.cli.headless.terminal import ProgressLine
from genstudio.errors import sentence


class Keeper:
    """Saves every so many iterations: the checkpoint, so that a killed run loses no more than those, or samples."""

    def __init__(self, save: Callable[[], object], every: int, start: int, end: int) -> None:
        self._save, self._every, self._end = save, every, end
        self._saved = 0  # the iteration that it wrote last
        self._due = self._after(start)

    def reach(self, iteration: int) -> str:
        """Save if it is due; what went wrong with that, in a sentence. The last iteration is saved anyway."""
        if not self._every or iteration < self._due or iteration == self._end:
            return ""
        self._due = self._after(iteration)
        try:
            self._save()
            self._saved = iteration
        except (OSError, ValueError) as error:  # the disk is full, or a number is none: the losses will tell
            return f"{sentence(error)} The run goes on."
        return ""

    def what_is_left(self, out: Path) -> str:
        """What a file holds of a run that broke, in a sentence."""
        if not self._saved or not out.exists():
            return "Nothing was saved on the way; --save-every does it more often."
        return f"Iteration {self._saved} is saved; --resume {out} goes on from there."

    def _after(self, iteration: int) -> int:
        return iteration - iteration % self._every + self._every if self._every else 0


@dataclass
class End:
    """How far a run came, and why it ended before its time."""

    iteration: int = 0
    was_stopped: bool = False
    trouble: OSError | None = None  # the metrics could not be written


def run_to_end(
    events: Iterator[api.TrainEvent | None],
    tell: Callable[[api.TrainEvent], str | None],
    stopped: Callable[[], bool],
    keepers: Sequence[Keeper],
    until: int,
    agree: Callable[[bool], bool] = bool,
) -> End:
    """Train to the end, to a signal, or until nobody takes the metrics any more.

    Args:
        tell: Writes the rows of an event, and says what a person should know of that; an OSError ends the run.
        keepers: What is written on the way beside them, in this order.
        agree: Whether any process of the run says so; all ask at the same events.
    """
    line, end = ProgressLine(), End()
    for event in events:
        if event is None or not len(event.rows):
            continue
        end.iteration = event.iteration
        line.show(progress_text(event, until))
        said: list[str | None] = []
        try:
            said = [tell(event)]
        except OSError as error:
            end.trouble = error
        # After its rows, so that a resumed run leaves none out.
        said += [keeper.reach(event.iteration) for keeper in (keepers if end.trouble is None else ())]
        for text in filter(None, said):
            line.clear()
            print(text, file=sys.stderr)
        if agree(stopped() or end.trouble is not None):  # only here, so that every row of the run has been written
            end.was_stopped = end.trouble is None
            break
    line.clear()
    return end


def progress_text(event: api.TrainEvent, end: int) -> str:
    """Iteration, mean losses since the last event, speed and the time left to the iteration at the end, if any."""
    of = f"{event.iteration}/{end}" if end else f"{event.iteration}"
    losses = "  ".join(f"{name} {value:.4g}" for name, value in zip(event.names, event.rows.mean(0), strict=True))
    text = f"{of}  {losses}  {event.iterations_per_s:.1f} it/s"
    if end and event.iterations_per_s > 0:
        left_s = round((end - event.iteration) / event.iterations_per_s)
        text += f"  {left_s // 60}:{left_s % 60:02d} left"
    return text


@contextlib.contextmanager
def stop_on_signal() -> Iterator[Callable[[], bool]]:
    """Ctrl-C and termination end the run after the iteration that is under way; a second one ends it at once."""
    seen: list[int] = []

    def remember(number: int, frame: FrameType | None) -> None:
        if seen:
            raise KeyboardInterrupt
        seen.append(number)

    before: dict[Any, Any] = {}
    for number in (signal.SIGINT, signal.SIGTERM):
        before[number] = signal.signal(number, remember)
    try:
        yield lambda: bool(seen)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
