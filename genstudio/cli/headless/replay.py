"""`replay`: the run of a file again, and whether its samples are the same."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from genstudio import api
from genstudio.api.own_pictures import with_choices
from genstudio.cli.headless.course import run_to_end, stop_on_signal
from genstudio.cli.headless.rows import Rows, begin, metrics_file
from genstudio.cli.headless.terminal import check_output, new_session, tell_saved, without_progress
from genstudio.cli.headless.train import Where
from genstudio.settings import PLANAR

if TYPE_CHECKING:
    from genstudio.session import Session

File = Annotated[Path, tyro.conf.arg(metavar="FILE")]
Data = Annotated[str, tyro.conf.arg(metavar="DATASET", help_behavior_hint="")]
Folder = Annotated[Path | None, tyro.conf.arg(metavar="DIR", help_behavior_hint="")]


def replay(
    file: File,
    /,
    out: Where = None,
    dataset: Data = "",
    metrics: Where = None,
    data_dir: Folder = None,
) -> int:
    """Repeat the run of an exported file up to its iteration, and say whether the samples are identical.

    The exit code is 1 if they are not.

    Args:
        file: What the window has exported of a run: the run (.json), its samples (.png), or its curves (.svg, .csv).
        out: Checkpoint to write in the end (.safetensors).
        dataset: Where the folder or zip is that it learned from; a file knows only its name.
        metrics: Write a JSON line per iteration here; without it they go to stdout unless that is a terminal.
        data_dir: Data folder; otherwise GENSTUDIO_DATA, otherwise the user's data folder.
    """
    if out is not None:
        check_output(out, ".safetensors")
    session = new_session("train", data_dir)
    repeat = _read(file, session)
    assert isinstance(repeat.source, api.TrainRequest)
    source = replace(repeat.source, dataset=_dataset(file, repeat.source, dataset), iterations=repeat.iteration)
    if out is not None and source.family in PLANAR:
        raise ValueError("A game on points has no model of pictures to save; leave --out out.")
    print(repeat.message, file=sys.stderr)
    seen: list[api.Pictures] = []
    with metrics_file(metrics) as rows:
        events = without_progress(session.stream(source))
        first = next(events)
        if metrics is not None and rows is not None:
            begin(rows, metrics, None)
        with contextlib.closing(events), stop_on_signal() as stopped:  # type: ignore[type-var]
            _remember(seen, first)
            if repeat.iteration:  # a run of 0 iterations would never end
                end = run_to_end(_remembered(events, seen), Rows(rows, None).tell, stopped, (), repeat.iteration)
                if end.was_stopped or end.trouble is not None:
                    print(f"Stopped at iteration {end.iteration}; nothing was compared.", file=sys.stderr)
                    if end.trouble is not None:
                        raise end.trouble
                    return 1
            if out is not None:
                tell_saved(session.handle(api.SaveRequest(str(out))))
    from genstudio.export.repeats import compare

    is_same, said = compare(repeat, seen[-1] if seen else api.NO_PICTURES)
    print(said, file=sys.stderr)
    return 1 if is_same is False else 0


def _read(file: Path, session: Session) -> api.RestoredEvent:
    """What a file says of a run.

    Raises:
        ValueError: if it says nothing of one, or of two.
    """
    from genstudio import export
    from genstudio.session import repeating

    receipt = export.read_receipt(file)
    source = api.without_paths(api.request_from_dict(receipt.get("request")))  # no path out of a file is opened
    if not isinstance(source, api.TrainRequest):
        raise ValueError(f"{file.name} shows no training run; drop it on the window, which makes it again.")
    repeat = repeating.read(file, receipt, source, session.compute)
    if repeat.beside is not None:
        raise ValueError(f"{file.name} shows a race of two runs; drop it on the window, which makes it again.")
    return repeat


def _dataset(file: Path, source: api.TrainRequest, said: str) -> str:
    """What the run learns from here.

    Raises:
        FileNotFoundError: for a folder or zip of which nobody has said where it is.
    """
    from genstudio.core.datasets import DATASETS

    if said and source.family in PLANAR:
        raise ValueError(f"{file.name} is of a game on points, which needs no pictures; leave --dataset out.")
    if not said and source.family not in PLANAR and source.dataset not in DATASETS:
        raise FileNotFoundError(f"{file.name} learned from {source.dataset}; say where that is with --dataset.")
    return with_choices(said, source.dataset) if said else source.dataset


def _remember(seen: list[api.Pictures], event: api.TrainEvent | None) -> None:
    if event is not None and event.samples:
        seen[:] = [event.samples[-1][1]]


def _remembered(events: Iterator[api.TrainEvent | None], seen: list[api.Pictures]) -> Iterator[api.TrainEvent | None]:
    """The same events; `seen` holds the newest samples."""
    for event in events:
        _remember(seen, event)
        yield event
