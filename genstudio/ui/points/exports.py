"""What the game on points exports: the plane as the stage shows it, drawn as finely as the file is large."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from genstudio.api import GridLayout, Pictures, WritePicturesRequest
from genstudio.ui.tabs.training_run import Moment, TrainingRun
from genstudio.ui.widgets.plane import Plane

PICTURE, FRAME = 960, 640  # px a side, of a picture and of a film


class PlaneFilm:
    """Pictures (T, 1, side, side, 3) of planes, each painted when it is asked for: all would fill the memory."""

    def __init__(self, planes: Sequence[Plane], side: int) -> None:
        self._planes, self._side = tuple(planes), side

    @property
    def shape(self) -> tuple[int, ...]:
        """As of an array."""
        return len(self._planes), 1, self._side, self._side, 3

    def __len__(self) -> int:
        return len(self._planes)

    def __getitem__(self, moment: int, /) -> Pictures:
        return self._planes[moment].picture(self._side)[None]

    def __iter__(self) -> Iterator[Pictures]:
        return (self[moment] for moment in range(len(self)))


def plane_picture(run: TrainingRun, plane: Plane) -> WritePicturesRequest | None:
    """The moment that is looked at, as `plane` shows it."""
    moment = run.history.shown()
    return _request(run, moment, PlaneFilm((plane,), PICTURE)) if moment is not None else None


def plane_film(run: TrainingRun, plane: Plane) -> WritePicturesRequest | None:
    """The whole history, with all that is seen in `plane`; each moment with what the game was then."""
    moments = run.history.values()
    if len(moments) < 2:
        return None
    planes = [dataclasses.replace(plane, numbers=moment.numbers) for moment in moments]
    return _request(run, moments[-1], PlaneFilm(planes, FRAME))


def _request(run: TrainingRun, moment: Moment, film: PlaneFilm) -> WritePicturesRequest | None:
    if run.source is None:
        return None
    layout = GridLayout(columns=1, gap=0)
    return WritePicturesRequest(film, run.source, moment.iteration, layout, "", samples=moment.samples)
