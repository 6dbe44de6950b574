"""Runs that go on from a checkpoint: one that is named, or the run's own when its launcher has started it again."""

from __future__ import annotations

import sys
from pathlib import Path

from genstudio.api.own_pictures import path_of
from genstudio.settings import GENERATIVE, PLAYED, Settings


def check_resumed(resume: Path, family: str, dataset: str, iterations: int) -> int:
    """The iteration at which the run goes on.

    Raises:
        ValueError, FileNotFoundError: if it cannot, or has nothing left to do.
    """
    from genstudio.core.datasets import DATASETS
    from genstudio.store import read_header

    header = read_header(resume)
    if header.family != family and header.family in GENERATIVE and header.family not in PLAYED:
        raise ValueError(
            f"{resume.name} is a {header.family} model; go on with it by `genstudio train {header.family}`"
        )
    if not header.training:
        raise ValueError(f"{resume.name} lacks the training state, so the run cannot go on from it")
    if is_done(resume, iterations):
        raise ValueError(f"{resume.name} is at iteration {header.iteration} already; give --iterations beyond it, or 0")
    if dataset == header.dataset and dataset not in DATASETS and not Path(path_of(dataset)).exists():
        raise FileNotFoundError(f"{resume.name} learned from {dataset}, which is not here; say where with --dataset")
    return header.iteration


def own_checkpoint(out: Path, resume: Path | None, family: str, dataset: str, settings: Settings) -> Path | None:
    """From where a run goes on whose launcher may start it again: what it has saved itself, else `resume`.

    Whoever starts the same command again, the launcher after a crash or the user after a power cut, goes on with the
    run: its iteration k is a function of its data and settings, so another file of the same ones is the same run.

    Raises:
        ValueError: if the file of that name holds another run.
    """
    from genstudio.session.saving import dataset_name
    from genstudio.store import read_header

    if not out.exists():
        return resume
    header = read_header(out)
    same = (header.family, header.dataset, header.settings) == (family, dataset_name(dataset), settings)
    if not (same and header.training):
        raise ValueError(
            f"{out.name} holds another run. A run that its launcher may start again goes on from its own file, so give "
            "--out a name that is free"
        )
    if resume is not None and read_header(resume).iteration > header.iteration:
        return resume
    return out


def is_done(checkpoint: Path, iterations: int) -> bool:
    """Whether a run up to so many iterations has come to its end in this file."""
    from genstudio.store import read_header

    return 0 < iterations <= read_header(checkpoint).iteration


def tell_done(checkpoint: Path) -> None:
    """Say on stderr that nothing is left to do."""
    from genstudio.store import read_header

    iteration = read_header(checkpoint).iteration
    print(
        f"{checkpoint} is at iteration {iteration:,} already; give --iterations beyond it, or 0, to go on.",
        file=sys.stderr,
    )


def tell_going_on(checkpoint: Path) -> None:
    """Say on stderr that a run goes on without having been asked to."""
    from genstudio.store import read_header

    print(f"Goes on from iteration {read_header(checkpoint).iteration} of {checkpoint.name}.", file=sys.stderr)
