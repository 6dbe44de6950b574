"""Files from which a training run is repeated: writing them, and reading what they say."""

from __future__ import annotations

import dataclasses
import itertools
import platform
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from genstudio import __version__, api, export
from genstudio.core.compute import Compute
from genstudio.export import curves, repeats
from genstudio.session import race, training
from genstudio.session.run import Run
from genstudio.session.saving import LAST_RUN

KEPT = 3  # games on points that nobody exported
MOST_CLASSES = 1024  # as many as a run has samples
MOST_ITERATIONS = 10**12


def run_receipt(source: api.TrainRequest, iteration: int, compute: Compute, **extra: Any) -> dict[str, Any]:
    """What repeats a run up to an iteration, as plain JSON values."""
    versions = {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__}
    return {
        "format_version": export.FORMAT_VERSION,
        "software": f"GenStudio {__version__}",
        "request": api.request_entry(source),
        "iteration": iteration,
        "rounding": compute.rounding(),
        "versions": versions,
        **extra,
    }


def write_run(request: api.WriteRunRequest, compute: Compute) -> Iterator[api.SavedEvent]:
    """The run as JSON; `compute` trained it."""
    path = Path(request.path)
    told = repeats.samples_told(request.samples)
    repeats.write_run(path, run_receipt(request.source, request.iteration, compute, **told))
    yield api.SavedEvent(str(path), path.stat().st_size)


def keep_run(run: Run, folder: Path, spare: Iterable[str] = (), replaces: str = "") -> api.SavedEvent:
    """Write a game on points into a folder as the last one; of those kept before only the newest stay.

    Args:
        spare: Files that stay whatever their age.
        replaces: The file in which this run was kept before, which goes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    source = dataclasses.replace(run.request, changes=tuple(run.changes), iterations=0)
    called, iteration = api.called(source.dataset), run.trainer.iteration
    names = (called if number == 1 else f"{called} {number}" for number in itertools.count(1))
    paths = (folder / f"{LAST_RUN} ({name}, {iteration}){repeats.ENDING}" for name in names)
    path = next(path for path in paths if str(path) == replaces or not path.exists())
    samples = run.trainer.preview(run.request.preview).numpy()
    told = repeats.samples_told(samples)
    repeats.write_run(path, run_receipt(source, iteration, run.trainer.compute, **told))
    others = set(folder.glob(f"{LAST_RUN} (*){repeats.ENDING}")) - {path, *map(Path, spare)}
    earlier = others & {Path(replaces)}
    old = sorted(others - earlier, key=lambda file: file.stat().st_mtime, reverse=True)[KEPT - 1 :]
    for file in (*earlier, *old):
        file.unlink(missing_ok=True)
    return api.SavedEvent(str(path), path.stat().st_size, run.progress())


def write_curves(request: api.WriteCurvesRequest, compute: Compute) -> Iterator[api.SavedEvent]:
    """Its curves, by the ending of the file."""
    path, told = Path(request.path), dict[str, Any](shows="curves")
    if request.beside is not None:
        told["beside"] = api.request_entry(request.beside)
    receipt = run_receipt(request.source, request.iteration, compute, **told)
    curves.write_curves(path, request.series, request.picture, request.drawing, receipt)
    yield api.SavedEvent(str(path), path.stat().st_size)


def read(path: Path, receipt: Mapping[str, Any], source: api.TrainRequest, compute: Compute) -> api.RestoredEvent:
    """The run of a file, which may show samples of it.

    Raises:
        ValueError: if it is damaged, or could not begin here.
    """
    name, iteration = path.name, receipt.get("iteration", 0)
    if type(iteration) is not int or not 0 <= iteration <= MOST_ITERATIONS:
        raise ValueError(f"the receipt of {name} is damaged: its iteration is not a number")
    beside = _beside(receipt, name)
    try:
        training.check(source)
        if beside is not None:
            race.check(api.RaceRequest(source, beside))
    except ValueError as error:
        raise ValueError(f"the run of {name} cannot be repeated: {error}") from None
    shown = export.read_picture(path) if "layout" in receipt else None
    layout = export.layout_from(receipt["layout"]) if "layout" in receipt else api.GridLayout()
    what = "training run; its" if beside is None else "race; both sides'"
    message = f"{name} {_what(receipt)} iteration {iteration:,} of a {what} settings are restored."
    message += _other_rounding(compute, receipt)
    return api.RestoredEvent(
        str(path), source, layout, None, message, iteration, shown, classes=_classes(receipt, name),
        samples_sha256=_hash(receipt, name), beside=beside,
    )  # fmt: skip


def _what(receipt: Mapping[str, Any]) -> str:
    if "samples_sha256" in receipt and "layout" not in receipt:
        return "leads to"
    return "shows the curves up to" if receipt.get("shows") == "curves" else "shows"


def _beside(receipt: Mapping[str, Any], file: str) -> api.TrainRequest | None:
    """The right side of a race; None if the file is of one run.

    Raises:
        ValueError: if it is damaged.
    """
    if "beside" not in receipt:
        return None
    found = api.without_paths(api.request_from_dict(receipt["beside"]))
    if not isinstance(found, api.TrainRequest):
        raise ValueError(f"the receipt of {file} is damaged: a race has no such side")
    return found


def _hash(receipt: Mapping[str, Any], file: str) -> str:
    found = receipt.get("samples_sha256", "")
    if isinstance(found, str) and (not found or (len(found) == 64 and set(found) <= set("0123456789abcdef"))):
        return found
    raise ValueError(f"the receipt of {file} is damaged: its hash of the samples is none")


def _classes(receipt: Mapping[str, Any], file: str) -> tuple[str, ...]:
    """The rows of a table of a run's samples, by name; () if the receipt has none.

    Raises:
        ValueError: if these are no names.
    """
    names = receipt.get("classes", [])
    if not isinstance(names, list) or len(names) > MOST_CLASSES or not all(isinstance(name, str) for name in names):
        raise ValueError(f"the receipt of {file} is damaged: its classes are no names")
    return tuple(names)


def _other_rounding(compute: Compute, receipt: Mapping[str, Any]) -> str:
    """A sentence where a training run will not repeat to the last digit here; "" where it will, or nobody knows."""
    here, there = compute.rounding(), receipt.get("rounding")
    versions = receipt.get("versions")
    other = [what for what in here if isinstance(there, dict) and here[what] != there.get(what)]
    if isinstance(versions, dict) and versions.get("torch") != torch.__version__:
        other.append("version of torch")
    return f" It ran with another {' and another '.join(other)}: repeated here it differs a little." if other else ""
