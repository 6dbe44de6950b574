"""Training runs as checkpoints: saved by name, or kept by themselves; and the command that makes one again."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import os
import re
import shlex
from collections.abc import Iterable
from pathlib import Path

from genstudio import api, store
from genstudio.api.own_pictures import name_of, path_of, taking_of
from genstudio.core import parallel
from genstudio.core.compute import machine
from genstudio.core.datasets import DATASETS
from genstudio.core.training import TrainingData, prefixed
from genstudio.session.run import Run
from genstudio.settings import SETTINGS, PCASettings

VARIABLES = {"device": "GENSTUDIO_DEVICE", "precision": "GENSTUDIO_PRECISION", "threads": "OMP_NUM_THREADS"}
LAUNCHER = ("torchrun", "--nproc-per-node")
HISTORY = "history.losses"  # the tensor of a checkpoint with the losses of its run
USUAL = ("vae", "gan", "ddpm")  # families that a kept run does not name
LAST_RUN = "last run"  # how the file of a run that nobody saved begins
KEPT_NAME = re.compile(rf"{LAST_RUN} \(.*, \d+\){re.escape(store.ENDING)}")
KEPT = 5  # such files of runs that learned
KEPT_FITTED = 1  # and of those that were fitted in one step, which are soon made again
MADE_ROOM = "made room"  # the folder beside them of those that have gone last


def dataset_name(dataset: str) -> str:
    """What a file calls a dataset: a folder or zip by its last part, wherever on this machine it is, and its choices.

    A folder named like a registered dataset keeps a ./ before it.

    Raises:
        ValueError: for choices that there are none of.
    """
    if dataset in DATASETS:
        return dataset
    name = api.last_part(os.path.normpath(Path.cwd() / path_of(dataset)))
    return name_of(f"./{name}" if name in DATASETS else name, taking_of(dataset))


def save(run: Run, request: api.SaveRequest) -> api.SavedEvent:
    """Write the run's model and the trainer's state."""
    trainer = run.trainer
    state = {**prefixed("model", trainer.model().state_dict()), **prefixed("train", trainer.state())}
    tensors = {name: tensor.numpy() for name, tensor in state.items()}
    past = run.past()
    header = dataclasses.replace(header_of(run), history=len(past))
    path = Path(request.path)
    store.write_checkpoint(path, header, tensors | ({HISTORY: past} if len(past) else {}))
    run.file = str(path)
    return api.SavedEvent(str(path), path.stat().st_size, run.progress())


def keep(run: Run, folder: Path, spare: Iterable[str] = (), replaces: str = "") -> api.SavedEvent:
    """Write the run into a folder of models as the last one; of those kept before, only the newest stay.

    The file from which it went on holds an earlier moment of it, and goes once this one is written.

    Args:
        spare: Files that stay whatever their age.
        replaces: The file in which this run was kept before, which goes, too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    dataset = path_of(dataset_name(run.request.dataset)).removeprefix("./").removesuffix(".zip")[:40]
    others = {Path(file).resolve() for file in spare}
    names = (dataset if number == 1 else f"{dataset} {number}" for number in itertools.count(1))
    paths = (folder / _kept_name(run, name) for name in names)
    earlier = {Path(file).resolve() for file in (replaces, run.request.resume) if file}
    own = {*earlier, Path(run.file).resolve()}  # what may be written over: it holds this run

    def is_free(path: Path) -> bool:
        return path.resolve() not in others and (not path.exists() or path.resolve() in own)

    path = next(filter(is_free, paths))
    event = save(run, api.SaveRequest(str(path)))
    others.add(path.resolve())
    kept = [file for file in folder.iterdir() if KEPT_NAME.fullmatch(file.name) and file.resolve() not in others]
    _remove(file for file in kept if file.resolve() in earlier)
    is_fitted = isinstance(run.request.settings, PCASettings)
    alike = [file for file in kept if file.exists() and _is_fitted(file) == is_fitted]
    alike.sort(key=lambda file: file.stat().st_mtime, reverse=True)
    if is_fitted:
        _remove(alike[KEPT_FITTED - 1 :])
        return event
    return dataclasses.replace(event, made_room=_put_aside(alike[KEPT - 1 :], folder / MADE_ROOM))


def _remove(files: Iterable[Path]) -> None:
    for file in files:
        with contextlib.suppress(OSError):  # somebody reads it
            file.unlink()


def _is_fitted(file: Path) -> bool:
    try:
        return isinstance(store.read_header(file).settings, PCASettings)
    except (OSError, ValueError):
        return False


def _put_aside(files: list[Path], folder: Path) -> tuple[str, ...]:
    """Move files into a folder of their own, which those make room for that are in it; where they are now."""
    if not files:
        return ()
    with contextlib.suppress(OSError):
        folder.mkdir(exist_ok=True)
    _remove(folder.glob(f"*{store.ENDING}"))
    moved = []
    for file in files:
        with contextlib.suppress(OSError):  # somebody reads it
            moved.append(str(file.replace(folder / file.name)))
    return tuple(moved)


def _kept_name(run: Run, dataset: str) -> str:
    """With the family, unless it is the usual one of its tab, and the number of iterations, or of components."""
    family, settings = run.request.family, run.request.settings
    what = dataset if family in USUAL else f"{dataset} {family}"
    number = settings.latent_dim if isinstance(settings, PCASettings) else run.trainer.iteration
    return f"{LAST_RUN} ({what}, {number}){store.ENDING}"


def header_of(run: Run, *, training: bool = True) -> store.Header:
    """The header of a checkpoint of this run as it is now.

    Raises:
        ValueError: for a run on points: a file holds a model of pictures.
    """
    request, trainer = run.request, run.trainer
    if not isinstance(trainer.data, TrainingData):
        raise ValueError("a game on points has no pictures to save; export its settings, which repeat it")
    return store.Header(
        family=request.family,
        settings=request.settings,
        dataset=dataset_name(request.dataset),
        channels=trainer.data.channels,
        size=trainer.data.size,
        classes=run.classes,
        iteration=trainer.iteration,
        metrics=run.metrics(),
        quality={},
        reproduce=reproduce(run),
        training=training,
        changes=tuple(run.changes),
        seconds=round(run.seconds, 1),
        machine=machine(trainer.compute),
    )


def reproduce(run: Run) -> str:
    """The command that makes the same weights again, for a POSIX shell.

    Another precision, and another number of threads on the CPU or of processes, round differently; so it names them.
    """
    request, iteration = run.request, run.trainer.iteration
    words = [f"{VARIABLES[what]}={value}" for what, value in run.trainer.compute.rounding().items()]
    changes = [change for change in run.changes if change.iteration < iteration]
    first = next((change for change in changes if change.name == api.THREADS), None)
    if first is not None:
        words.append(f"{VARIABLES['threads']}={first.value:.0f}")
        changes.remove(first)
    dataset = dataset_name(request.dataset)
    words += ["genstudio"] if parallel.size() == 1 else [*LAUNCHER, str(parallel.size()), "-m", "genstudio"]
    words += ["train", request.family, "--dataset", dataset, "--iterations", str(iteration)]
    defaults = SETTINGS[request.family]()
    for field in dataclasses.fields(request.settings):
        value = getattr(request.settings, field.name)
        if value != getattr(defaults, field.name):
            words += [f"--{field.name.replace('_', '-')}", f"{value}"]
    if changes:
        words += ["--changes", api.changes_to_text(changes)]
    return shlex.join([*words, "--out", "model.safetensors"])
