"""What the GAN's tab can export: exactly the pictures it shows, as requests."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np

from genstudio.api import (
    DecodeRequest,
    ExportFilmRequest,
    Floats,
    GridLayout,
    ModelInfo,
    WalkFilmRequest,
    WritePicturesRequest,
)  # fmt: skip
from genstudio.ui.tabs.gan_words import SUFFIX
from genstudio.ui.tabs.training_run import TrainingRun
from genstudio.ui.tabs.walk_player import WalkPlayer, walk_codes

FILM_STEPS = 97  # of a film of the walk: four seconds as fast as it is seen at speed 1


def model_place(folder: str, dataset: str) -> str:
    """The path to suggest for a trained network, which is free; its folder is there from now on.

    It names no iteration: the run goes on while somebody thinks of a name.
    """
    with suppress(OSError):  # the dialog opens elsewhere
        Path(folder).mkdir(parents=True, exist_ok=True)
    return _free(Path(folder) / f"{Path(dataset).stem}-dcgan")


def model_path(chosen: str) -> str:
    """A chosen path with the suffix of a checkpoint; one that had to be completed replaces no file."""
    if Path(chosen).suffix.lower() == SUFFIX:
        return chosen
    return _free(chosen)


def _free(start: str | Path) -> str:
    """The first of start, start-2, start-3 … that is no file yet."""
    path, number = Path(f"{start}{SUFFIX}"), 1
    while path.exists():
        number += 1
        path = Path(f"{start}-{number}{SUFFIX}")
    return str(path)


def walk_pictures(walk: WalkPlayer, info: ModelInfo | None) -> DecodeRequest | None:
    """The codes that the walk shows now; None before its first pictures."""
    if info is None or walk.request is None or walk.step < 0:
        return None
    return DecodeRequest(walk.request.model, _rounded(walk_codes(walk.request, info.latent_dim, walk.step)))


def walk_film(walk: WalkPlayer, columns: int, picture: int) -> ExportFilmRequest | None:
    """The walk from where it is, in the columns of the stage; one picture of it where that is selected."""
    request = walk.request
    if request is None or walk.step < 0:
        return None
    film = WalkFilmRequest(
        request.model, request.seed, request.count, request.leg, walk.step, FILM_STEPS, max(picture, -1)
    )
    return ExportFilmRequest(film, GridLayout(columns if picture < 0 else 1), "")


def run_pictures(run: TrainingRun) -> WritePicturesRequest | None:
    """The samples that are looked at."""
    shown = run.history.shown()
    source = run.source
    if shown is None or source is None:
        return None
    return WritePicturesRequest(shown[1][None], source, shown[0], GridLayout(), "")


def run_film(run: TrainingRun) -> WritePicturesRequest | None:
    """The whole history of samples."""
    moments, source = run.history.values(), run.source
    if source is None or len(moments) < 2:
        return None
    films = np.stack([moment.samples for moment in moments])
    return WritePicturesRequest(films, source, moments[-1][0], GridLayout(), "")


def _rounded(codes: Floats) -> tuple[tuple[float, ...], ...]:
    """Codes as short numbers; four digits change no picture that an eye could tell."""
    return tuple(tuple(round(float(value), 4) for value in code) for code in codes)
