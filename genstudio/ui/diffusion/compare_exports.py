"""What the comparison of samplers writes: one moment as a sheet, or the whole way as a film."""

from __future__ import annotations

from collections.abc import Sequence

from genstudio import api
from genstudio.ui.diffusion.compare_player import ComparePlayer
from genstudio.ui.diffusion.compare_state import CompareState
from genstudio.ui.diffusion.compare_tracks import apart


def moment_sheet(state: CompareState | None, player: ComparePlayer) -> api.SamplersSheetRequest | None:
    """The moment shown; None if there is none, or a column is missing."""
    return _sheet(state, player, [moment.ms if moment is not None else 0.0 for moment in player.shown()])


def film_sheet(state: CompareState | None, player: ComparePlayer) -> api.SamplersSheetRequest | None:
    """All moments."""
    return _sheet(state, player, [track.kept[-1].ms if len(track.kept) else 0.0 for track in player.tracks.shown])


def _sheet(state: CompareState | None, player: ComparePlayer, ms: Sequence[float]) -> api.SamplersSheetRequest | None:
    tracks = player.tracks.shown
    if state is None or not tracks or any(track.error or not len(track.kept) for track in tracks):
        return None
    if len({track.kept[0].step.layers["x_t"].shape for track in tracks}) > 1:
        return None
    times = tuple(0.0 if when else round(value, 1) for value, when in zip(ms, apart(tracks), strict=True))
    return api.SamplersSheetRequest(state.request(), state.layer, player.place, state.by, state.difference, times)
