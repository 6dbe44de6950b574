"""What the GAN's tab can export: exactly the pictures it shows, as requests."""

from __future__ import annotations

from genstudio.api import (
    DecodeRequest,
    ExportFilmRequest,
    Floats,
    GridLayout,
    ModelInfo,
    WalkFilmRequest,
)  # fmt: skip
from genstudio.ui.tabs.walk_player import WalkPlayer, walk_codes

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


def _rounded(codes: Floats) -> tuple[tuple[float, ...], ...]:
    """Codes as short numbers; four digits change no picture that an eye could tell."""
    return tuple(tuple(round(float(value), 4) for value in code) for code in codes)
