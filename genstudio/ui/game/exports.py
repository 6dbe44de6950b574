"""What the GAN's tab can export: exactly the pictures it shows, as requests."""

from __future__ import annotations

from genstudio.api import (
    ClassGridRequest,
    DecodeRequest,
    ExportFilmRequest,
    Floats,
    GridLayout,
    ModelInfo,
    WalkFilmRequest,
)  # fmt: skip
from genstudio.settings import CONDITIONAL
from genstudio.ui.tabs.run_exports import Targets, run_targets
from genstudio.ui.tabs.training_run import TrainingRun
from genstudio.ui.tabs.walk_player import WalkPlayer, walk_codes
from genstudio.ui.widgets.figure import Figure

FILM_STEPS = 97  # of a film of the walk: four seconds as fast as it is seen at speed 1


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


def class_grid(model: str, info: ModelInfo, seed: int) -> ClassGridRequest | None:
    """A row for each class; None of a model that draws none."""
    if info.family not in CONDITIONAL or not info.classes:
        return None
    return ClassGridRequest(model, tuple(range(len(info.classes))), seed)


def game_targets(run: TrainingRun, title: str, is_critic: bool) -> Targets:
    """The curves of a run of the game under a title, and the run itself, as soon as there is something of them."""

    def figure(run: TrainingRun) -> Figure:
        from genstudio.ui.game.figure import figure_of

        return figure_of(run, title, is_critic)

    return run_targets(run, figure)


def _rounded(codes: Floats) -> tuple[tuple[float, ...], ...]:
    """Codes as short numbers; four digits change no picture that an eye could tell."""
    return tuple(tuple(round(float(value), 4) for value in code) for code in codes)
