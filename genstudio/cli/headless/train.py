"""`train`: the window's trainer, with a progress line, JSON lines and a checkpoint on the way and at the end."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import tyro

from genstudio import api
from genstudio.api.own_pictures import path_of, taking_of, with_choices
from genstudio.cli.headless.rows import begin, metrics_file, write_rows
from genstudio.cli.headless.terminal import ProgressLine, check_output, new_session, tell_saved, without_progress
from genstudio.errors import counted, sentence
from genstudio.settings import GENERATIVE, PLAYED, SETTINGS, Settings

if TYPE_CHECKING:
    from genstudio.session.run import Run

FAMILIES = tuple(family for family in SETTINGS if family in GENERATIVE and family not in PLAYED)  # that make pictures
Where = Annotated[Path | None, tyro.conf.arg(metavar="FILE", help_behavior_hint="")]


@dataclass(frozen=True)
class TrainOptions:
    """What to train on, for how long, and where it goes.

    Args:
        out: Checkpoint to write (.safetensors): the model, and what is needed to resume. A resumed run writes back to
            its own file if this is left out.
        dataset: A name from `genstudio datasets`, or a folder or zip of pictures; strokes if left out. The name wins
            over a folder that is called the same; write ./mnist for the folder. A folder or zip may say how its
            pictures are taken: photos.zip#size=28,colour=grey,fit=pad,test=20. `genstudio datasets --inspect`
            tells what is in it.
        iterations: The iteration at which the run ends, counted from the very first; 0 runs until Ctrl-C.
        save_every: Write the checkpoint on the way, too, every so many iterations; 0 writes it only at the end.
        resume: Go on from this checkpoint; its dataset and settings are the defaults then. A folder or zip it learned
            from is known by its name alone, so say again with --dataset where it is.
        metrics: Write a JSON line per iteration here, after what is there if the run is resumed; without it they go
            to stdout unless that is a terminal.
        changes: Go on otherwise from some iterations on, as in 500:lr=0.0005,800:beta=4. The command that a run's file
            names has them for all that was changed while it went on.
        data_dir: Data folder; otherwise GENSTUDIO_DATA, otherwise the user's data folder.
    """

    out: Path
    dataset: Annotated[str, tyro.conf.arg(metavar="DATASET", help_behavior_hint="")] = ""
    iterations: int = 1000
    save_every: int = 1000
    resume: Where = None
    metrics: Where = None
    changes: Annotated[str, tyro.conf.arg(metavar="CHANGES", help_behavior_hint="")] = ""
    data_dir: Annotated[Path | None, tyro.conf.arg(metavar="DIR", help_behavior_hint="")] = None


def commands(resume: Path | None = None) -> dict[str, Callable[..., int]]:
    """One command per family, its flags made of the settings; defaults from `resume` where it is that family's.

    Raises:
        ValueError, FileNotFoundError: if `resume` is not a sound checkpoint.
    """
    made = {family: _command(family, SETTINGS[family](), "strokes", resume) for family in FAMILIES}
    if resume is not None:
        from genstudio.store import read_header

        header = read_header(resume)
        if header.family in made:
            made[header.family] = _command(header.family, header.settings, header.dataset, resume)
    return made


def _command(family: str, settings: Settings, dataset: str, out: Path | None) -> Callable[..., int]:
    def command(options: TrainOptions, settings: Settings = settings) -> int:
        return train(family, settings, replace(options, dataset=_asked(options.dataset, dataset)))

    if out is not None:
        command.__defaults__ = (TrainOptions(out), settings)
    flat = tyro.conf.arg(name="")
    command.__doc__ = type(settings).__doc__
    command.__annotations__ = {
        "options": Annotated[TrainOptions, flat],
        "settings": Annotated[type(settings), flat],
        "return": int,
    }
    return command


def _asked(said: str, usual: str) -> str:
    """The dataset of a line; of a run that goes on, a folder that is elsewhere now is taken as it was."""
    return with_choices(said, usual) if said else usual


def train(family: str, settings: Settings, options: TrainOptions) -> int:
    """Train to the end or to Ctrl-C, then save. Both count as success.

    Raises:
        OSError: if the metrics cannot be written; what was learnt until then has been saved.
    """
    check_output(options.out, ".safetensors")
    if options.save_every < 0:
        raise ValueError(f"save-every is {options.save_every}; give 0 (only at the end) or more iterations")
    start = _check_resumed(options.resume, family, options) if options.resume is not None else None
    resume = str(options.resume) if options.resume else ""
    changes = api.changes_from_text(options.changes)
    request = api.TrainRequest(family, options.dataset, settings, options.iterations, resume, 0, changes)
    with metrics_file(options.metrics) as metrics:
        session = new_session("train", options.data_dir)
        events = without_progress(session.stream(request))
        first = next(events)  # reads the data and builds the networks; until then Ctrl-C just ends the command
        if options.metrics is not None and metrics is not None:
            begin(metrics, options.metrics, start)
        _tell_split(options, session.runs[0])
        save = partial(session.handle, api.SaveRequest(str(options.out)))
        keeper = Keeper(save, options.save_every, first.iteration, options.iterations)
        with contextlib.closing(events), stop_on_signal() as stopped:  # type: ignore[type-var]
            most = session.runs[0].trainer.most_iterations
            until = min((n for n in (options.iterations, most) if n), default=0)
            try:
                end = run_to_end(events, metrics, stopped, keeper, until)
            except FloatingPointError as error:
                raise FloatingPointError(f"{error} {keeper.what_is_left(options.out)}") from None
            saved = save()
    if end.was_stopped:
        print(f"Stopped at iteration {end.iteration}; --resume {options.out} goes on from there.", file=sys.stderr)
    tell_saved(saved)
    if end.trouble is not None:
        raise end.trouble
    return 0


def _tell_split(options: TrainOptions, run: Run) -> None:
    """Say how many pictures of a folder or zip are kept from training, and if a batch would be larger than all."""
    from genstudio.core import datasets

    if options.dataset not in datasets.DATASETS:
        info = datasets.info(options.dataset, options.data_dir or datasets.default_data_dir())
        pictures, held_out = counted(info.count, "picture"), info.held_out
        split = f"{pictures} to train on, {held_out:,} held out" if held_out else f"{pictures}, none held out"
        if taking_of(options.dataset).copies == "once":  # how many that leaves is known when all have been read
            info = replace(info, count=len(run.trainer.data.images))  # type: ignore[attr-defined]
            split = f"{counted(info.count, 'picture')} to train on, each taken once"
        print(f"{options.dataset}: {split}.", file=sys.stderr)
        if hint := info.all_at_once(getattr(run.trainer.settings, "batch_size", 0)):
            print(hint, file=sys.stderr)


def _check_resumed(resume: Path, family: str, options: TrainOptions) -> int:
    """The iteration at which the run goes on."""
    from genstudio.core.datasets import DATASETS
    from genstudio.store import read_header

    iterations, dataset = options.iterations, options.dataset
    header = read_header(resume)
    if header.family != family and header.family in FAMILIES:
        raise ValueError(
            f"{resume.name} is a {header.family} model; go on with it by `genstudio train {header.family}`"
        )
    if not header.training:
        raise ValueError(f"{resume.name} lacks the training state, so the run cannot go on from it")
    if 0 < iterations <= header.iteration:
        raise ValueError(f"{resume.name} is at iteration {header.iteration} already; give --iterations beyond it, or 0")
    if dataset == header.dataset and dataset not in DATASETS and not Path(path_of(dataset)).exists():
        raise FileNotFoundError(f"{resume.name} learned from {dataset}, which is not here; say where with --dataset")
    return header.iteration


class Keeper:
    """Writes the checkpoint every so many iterations, so that a killed run loses no more than those."""

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
        if not self._saved:
            return "Nothing was saved on the way; --save-every does it more often."
        return f"Iteration {self._saved} is saved; --resume {out} goes on from there."

    def _after(self, iteration: int) -> int:
        return iteration - iteration % self._every + self._every if self._every else 0


@dataclass
class _End:
    """How far a run came, and why it ended before its time."""

    iteration: int = 0
    was_stopped: bool = False
    trouble: OSError | None = None  # the metrics could not be written


def run_to_end(
    events: Iterator[api.TrainEvent | None],
    metrics: TextIO | None,
    stopped: Callable[[], bool],
    keeper: Keeper,
    until: int,
) -> _End:
    """Train to the end, to a signal, or until nobody takes the metrics any more."""
    line, end = ProgressLine(), _End()
    for event in events:
        if event is None or not len(event.rows):
            continue
        end.iteration = event.iteration
        line.show(progress_text(event, until))
        try:
            if metrics is not None:
                write_rows(metrics, event)
        except OSError as error:
            end.trouble = error
            break
        if trouble := keeper.reach(event.iteration):  # after its rows, so that a resumed run leaves none out
            line.clear()
            print(trouble, file=sys.stderr)
        if stopped():  # asked only here, so that every row of the run has been written
            end.was_stopped = True
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
