"""Where a trained model is written, and the requests that write what a run shows."""

from __future__ import annotations

import dataclasses
from contextlib import suppress
from pathlib import Path

import numpy as np

from genstudio.api import GridLayout, WritePicturesRequest, WriteRunRequest
from genstudio.api.own_pictures import path_of
from genstudio.files import free_path
from genstudio.ui.tabs.run_words import SUFFIX
from genstudio.ui.tabs.training_run import TrainingRun


def model_place(folder: str, dataset: str, kind: str) -> str:
    """The path to suggest for a trained network, which is free; its folder is there from now on.

    It names no iteration: the run goes on while somebody thinks of a name.
    """
    with suppress(OSError):  # the dialog opens elsewhere
        Path(folder).mkdir(parents=True, exist_ok=True)
    return str(free_path(Path(folder) / f"{Path(path_of(dataset)).stem}-{kind}{SUFFIX}"))


def model_path(chosen: str) -> str:
    """A chosen path with the suffix of a checkpoint; one that had to be completed replaces no file."""
    if Path(chosen).suffix.lower() == SUFFIX:
        return chosen
    return str(free_path(Path(f"{chosen}{SUFFIX}")))


def run_pictures(run: TrainingRun) -> WritePicturesRequest | None:
    """The samples that are looked at."""
    shown = run.history.shown()
    source = run.source
    if shown is None or source is None:
        return None
    return WritePicturesRequest(shown[1][None], source, shown[0], GridLayout(), "")


def run_table(run: TrainingRun) -> WritePicturesRequest | None:
    """The same in rows, one for each class; None of a network that draws none, or fewer samples than classes."""
    pictures, classes = run_pictures(run), run.classes
    if pictures is None or not classes or pictures.films.shape[1] < len(classes):
        return None
    return dataclasses.replace(pictures, classes=classes)


def run_itself(run: TrainingRun) -> WriteRunRequest | None:
    """The run until the moment that is looked at."""
    shown, source = run.history.shown(), run.source
    return WriteRunRequest(source, shown[0], shown[1], "") if shown is not None and source is not None else None


def has_run_film(run: TrainingRun) -> bool:
    """Whether there are two moments, without making a film of them."""
    return run.source is not None and len(run.history) > 1


def run_film(run: TrainingRun) -> WritePicturesRequest | None:
    """The whole history of samples."""
    moments, source = run.history.values(), run.source
    if source is None or len(moments) < 2:
        return None
    films = np.stack([moment.samples for moment in moments])
    return WritePicturesRequest(films, source, moments[-1][0], GridLayout(), "")
