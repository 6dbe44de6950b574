"""What a race writes: both sides beside each other, one moment or all of them, and the curves of both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from genstudio.api import GridLayout, Pictures, WritePicturesRequest
from genstudio.ui.race.quantities import figure_of
from genstudio.ui.race.run import Pair, RaceRun
from genstudio.ui.widgets.export_target import CurvesTarget

LAYOUT = GridLayout(columns=2, gap=8, scale=2)


def race_pictures(run: RaceRun) -> WritePicturesRequest | None:
    """The moment that is looked at."""
    pair = run.history.shown()
    return _request(run, [pair]) if pair is not None else None


def race_film(run: RaceRun) -> WritePicturesRequest | None:
    """The whole history."""
    pairs = run.history.values()
    return _request(run, pairs) if len(pairs) > 1 else None


def race_curves(run: RaceRun) -> CurvesTarget | None:
    """The curves of both sides, as soon as there are some."""
    source, beside = (side.source for side in run.sides)
    if source is None or not run.iteration:
        return None
    return CurvesTarget(source, run.iteration, figure_of(run), beside)


def _request(run: RaceRun, pairs: Sequence[Pair]) -> WritePicturesRequest | None:
    source, beside = (side.source for side in run.sides)
    if source is None:
        return None
    films = np.stack([both(pair) for pair in pairs])
    return WritePicturesRequest(films, source, pairs[-1].iteration, LAYOUT, "", beside=beside)


def both(pair: Pair) -> Pictures:
    """(2, H, W, 3): a sheet of each side, equally large."""
    from genstudio.export import grid  # brings Pillow, which the start of the window does not need

    sheets = []
    for moment in pair.sides:
        count = len(moment.samples)
        sheet = grid(moment.samples, GridLayout(columns=round(count**0.5), gap=2, scale=1))
        sheets.append(np.broadcast_to(sheet, (*sheet.shape[:2], 3)))
    high, wide = (max(sheet.shape[axis] for sheet in sheets) for axis in (0, 1))
    return np.stack([_centred(sheet, high, wide) for sheet in sheets])


def _centred(sheet: Pictures, high: int, wide: int) -> Pictures:
    page = np.zeros((high, wide, 3), np.uint8)
    top, left = (high - sheet.shape[0]) // 2, (wide - sheet.shape[1]) // 2
    page[top : top + sheet.shape[0], left : left + sheet.shape[1]] = sheet
    return page
