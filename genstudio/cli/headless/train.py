"""`train`: the window's trainer, with a progress line, JSON lines and a checkpoint on the way and at the end."""

from __future__ import annotations

import contextlib
import os
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from genstudio import api
from genstudio.api.own_pictures import taking_of, with_choices
from genstudio.api.run_folder import CHECKPOINT, METRICS
from genstudio.cli.headless.course import Keeper, run_to_end, stop_on_signal
from genstudio.cli.headless.going_on import check_resumed, is_done, own_checkpoint, tell_done, tell_going_on
from genstudio.cli.headless.look import Switch
from genstudio.cli.headless.record import Record
from genstudio.cli.headless.rows import begin, metrics_file
from genstudio.cli.headless.run_folder import check_free
from genstudio.cli.headless.terminal import check_output, new_session, tell_saved, without_progress
from genstudio.cli.usage import UsageError
from genstudio.errors import counted
from genstudio.settings import GENERATIVE, PLAYED, SETTINGS, Settings
from genstudio.tuning import tune_malloc

if TYPE_CHECKING:
    from genstudio.session.run import Run

FAMILIES = tuple(family for family in SETTINGS if family in GENERATIVE and family not in PLAYED)  # that make pictures
LOOKED_AT = 1000  # pictures, to see whether all processes have the same
Where = Annotated[Path | None, tyro.conf.arg(metavar="FILE", help_behavior_hint="")]
NOT_SAID = Path()
AT_ZERO = {"save_every": "only at the end", "samples_every": "only at saves", "keep_checkpoints": "the newest alone"}


def _hint_of_out(default: str) -> str:
    return "(required without --log-dir and --resume)" if Path(default) == NOT_SAID else f"(default: {default})"


@dataclass(frozen=True)
class TrainOptions:
    """What to train on, for how long, and where it goes.

    Args:
        out: Checkpoint to write (.safetensors): the model, and what is needed to resume. If this is left out, a run
            with --log-dir writes it into that folder, and a resumed one back to its own file.
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
        log_dir: Folder of the run, which the window can watch (Ctrl+R): metrics, samples, checkpoints (--out puts the
            newest one elsewhere), and events for TensorBoard if that is installed. One in which a run is saved is left
            as it is unless --resume goes on with that run.
        samples_every: Draw samples into that folder every so many iterations, and at every save; 0 draws only those.
        keep_checkpoints: So many of the checkpoints stay in that folder under names of their own, the newest ones.
        adapt_threads: On the CPU, compute with as many threads as are fastest while the machine is as busy as it is.
            Sums of other threads differ in their last bits, so the same line again gives other numbers; the file notes
            each count, and the command that it names repeats the run bit for bit.
        changes: Go on otherwise from some iterations on, as in 500:lr=0.0005,800:beta=4. The command that a run's file
            names has them for all that was changed while it went on.
        data_dir: Data folder; otherwise GENSTUDIO_DATA, otherwise the user's data folder.
    """

    out: Annotated[Path, tyro.conf.arg(help_behavior_hint=_hint_of_out)] = NOT_SAID
    dataset: Annotated[str, tyro.conf.arg(metavar="DATASET", help_behavior_hint="")] = ""
    iterations: int = 1000
    save_every: int = 1000
    resume: Where = None
    metrics: Where = None
    log_dir: Annotated[Path | None, tyro.conf.arg(metavar="DIR", help_behavior_hint="")] = None
    samples_every: int = 250
    keep_checkpoints: int = 5
    adapt_threads: Switch = False
    changes: Annotated[str, tyro.conf.arg(metavar="CHANGES", help_behavior_hint="")] = ""
    data_dir: Annotated[Path | None, tyro.conf.arg(metavar="DIR", help_behavior_hint="")] = None


def commands(resume: Path | None = None, log_dir: Path | None = None) -> dict[str, Callable[..., int]]:
    """One command per family, its flags made of the settings; defaults from `resume` where it is that family's.

    Args:
        log_dir: The checkpoint goes there if nothing else is said.

    Raises:
        ValueError, FileNotFoundError: if `resume` is not a sound checkpoint.
    """
    out = log_dir / CHECKPOINT if log_dir is not None else resume
    made = {family: _command(family, SETTINGS[family](), "strokes", out) for family in FAMILIES}
    if resume is not None:
        from genstudio.store import read_header

        header = read_header(resume)
        if header.family in made:
            made[header.family] = _command(header.family, header.settings, header.dataset, out)
    return made


def _command(family: str, settings: Settings, dataset: str, out: Path | None) -> Callable[..., int]:
    def command(options: TrainOptions = TrainOptions(), settings: Settings = settings) -> int:
        if options.out == NOT_SAID:
            said = f"`genstudio train {family}`"
            raise UsageError(f"{said} needs --out PATH or --log-dir DIR. {said[:-1]} --help` tells more.")
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

    The processes that a launcher has started, as torchrun does, train together, and the first one writes.

    Raises:
        OSError: if the metrics cannot be written; what was learnt until then has been saved.
        ConnectionError: if another process has ended.
    """
    if options.log_dir is not None:
        options.log_dir.mkdir(parents=True, exist_ok=True)
        options = replace(options, metrics=options.metrics or options.log_dir / METRICS)
    check_output(options.out, ".safetensors")
    for name, zero in AT_ZERO.items():
        if (given := getattr(options, name)) < 0:
            raise ValueError(f"{name.replace('_', '-')} is {given}; give 0 ({zero}) or more")
    tune_malloc()
    from genstudio.core.launch import launch_of, team

    launch = launch_of()
    if options.adapt_threads and launch.size > 1:
        raise ValueError("Several processes share the cores as their launcher says; leave --adapt-threads out")
    if launch.may_restart:
        resume = own_checkpoint(options.out, options.resume, family, options.dataset, settings)
        options = replace(options, resume=resume)
        if resume == options.out and is_done(resume, options.iterations):  # it was started again after its end
            if launch.rank == 0:
                tell_done(resume)
            return 0
    with team(launch), _one_speaks(launch.rank):
        if launch.may_restart and options.resume == options.out:
            tell_going_on(options.out)
        return _train(family, settings, options)


def _train(family: str, settings: Settings, options: TrainOptions) -> int:
    """The same in one process of those that train together."""
    from genstudio.core import parallel
    from genstudio.core.launch import common_compute

    out, resume, writes = options.out, options.resume, parallel.is_first()
    start = check_resumed(resume, family, options.dataset, options.iterations) if resume is not None else None
    if not parallel.is_same(start or 0):
        raise ValueError(f"{out.name} is not the same for all processes; put it where all machines see it")
    changes = api.changes_from_text(options.changes)
    resumed = str(resume) if resume is not None else ""
    request = api.TrainRequest(family, options.dataset, settings, options.iterations, resumed, 0, changes)
    if options.log_dir is not None:
        check_free(options.log_dir, request)
    with metrics_file(options.metrics if writes else None) as metrics:
        session = new_session("train", options.data_dir, common_compute(), adapts=options.adapt_threads)
        events = without_progress(session.stream(request))
        first = next(events)  # reads the data and builds the networks; until then Ctrl-C just ends the command
        run = session.runs[0]
        samples_every = options.samples_every if options.log_dir is not None else 0
        run.told_every = (options.save_every, samples_every)
        if parallel.size() > 1 and not parallel.is_same(_checksum(run)):
            raise ValueError("The processes do not learn the same: give all the same line and the same pictures.")
        _tell_split(options, run)
        until = min((n for n in (options.iterations, run.trainer.most_iterations) if n), default=0)
        record = Record(
            session, out, metrics, options.metrics, options.log_dir, parallel.size(), writes, options.keep_checkpoints
        )
        keeper = Keeper(record.save, options.save_every, first.iteration, options.iterations)
        drawer = Keeper(record.draw, samples_every, first.iteration, options.iterations)
        with record, contextlib.closing(events), stop_on_signal() as stopped:  # type: ignore[type-var]
            if writes and options.metrics is not None and metrics is not None:
                begin(metrics, options.metrics, start)
            try:
                end = run_to_end(events, record.tell, stopped, (drawer, keeper), until, parallel.any_of)
            except FloatingPointError as error:
                raise FloatingPointError(f"{error} {keeper.what_is_left(out)}") from None
            record.state = "stopped" if end.was_stopped else "ended"
            saved = record.save_last()
    if end.was_stopped:
        path = saved.path if saved is not None else out
        print(f"Stopped at iteration {end.iteration}; --resume {path} goes on from there.", file=sys.stderr)
    if saved is not None:
        tell_saved(saved)
    if end.trouble is not None:
        raise end.trouble
    return 1 if record.is_elsewhere else 0


def _checksum(run: Run) -> int:
    """Of what is learnt and how: settings, changes, when all meet to tell of it, the classes, and some pictures."""
    from genstudio.core.training import TrainingData

    request, data = run.request, run.trainer.data
    assert isinstance(data, TrainingData)  # those who learn from points are no commands
    line = (request.family, request.settings, request.changes, request.iterations, run.told_every, len(data.images))
    checksum = zlib.crc32(repr(line).encode())
    for part in (data.labels, data.images[:: max(1, len(data.images) // LOOKED_AT)]):
        checksum = zlib.crc32(part.cpu().contiguous().numpy().tobytes(), checksum)
    return checksum


@contextlib.contextmanager
def _one_speaks(rank: int) -> Iterator[None]:
    """Of several processes, only the first one's words reach the terminal; an error ends each with its own."""
    with contextlib.ExitStack() as stack:
        if rank:
            nowhere = stack.enter_context(Path(os.devnull).open("w"))
            stack.enter_context(contextlib.redirect_stdout(nowhere))
            stack.enter_context(contextlib.redirect_stderr(nowhere))
        yield


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
