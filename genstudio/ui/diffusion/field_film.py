"""The stage of a diffusion of points in files: a picture, a film of the history, and the flow from noise to data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from genstudio.api import GridLayout, Pictures, WritePicturesRequest
from genstudio.ui.diffusion import field_words as words
from genstudio.ui.diffusion.field_line_sheet import LineSheet
from genstudio.ui.diffusion.field_scene import Scene
from genstudio.ui.diffusion.field_sheet import PlaneSheet
from genstudio.ui.tabs.training_run import Moment, TrainingRun
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.picture_grid import from_qimage
from genstudio.ui.widgets.plane import paint_round

MOVING, RESTING = 73, 15  # frames on the way, and at its end: the eye wants to see what has come of it
SQUARE, WIDE = (640, 640), (960, 480)  # width and height of a frame in px: of the plane, of the line
FINER = 1.5  # a picture than a frame of a film
DESIGN = 600  # design px that a frame is high, however many px it has
HEAD = 24  # design px of the words over the plane


class StageFilm:
    """Pictures (T, 1, H, W, 3) of scenes, each at a place of its way, painted when they are asked for. Any thread may
    ask."""

    def __init__(self, moments: Sequence[tuple[Scene, float]], layers: frozenset[str], finer: float = 1.0) -> None:
        self.moments, self._layers = tuple(moments), layers
        width, height = WIDE if self.moments[0][0].is_line else SQUARE
        self._size = round(width * finer), round(height * finer)

    @property
    def shape(self) -> tuple[int, ...]:
        """As of an array."""
        return len(self), 1, self._size[1], self._size[0], 3

    def __len__(self) -> int:
        return len(self.moments)

    def __getitem__(self, moment: int, /) -> Pictures:
        return self.frame(*self.moments[moment])[None]

    def __iter__(self) -> Iterator[Pictures]:
        return (self[moment] for moment in range(len(self)))

    def frame(self, scene: Scene, place: float) -> Pictures:
        """(H, W, 3), a scene at a place of the way."""
        width, height = self._size
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.fill(QColor(theme().colors.stage))
        painter = QPainter(image)
        unit = height / px(DESIGN)
        painter.scale(unit, unit)
        wide, high = width / unit, height / unit
        if scene.is_line:
            LineSheet(scene, place, self._layers, wide, high).paint(painter, paint_round)
        else:
            side = high - 2 * px(HEAD)
            room = QRectF((wide - side) / 2, (high - side) / 2, side, side)
            PlaneSheet(scene, place, self._layers, room).paint(painter, paint_round)
            painter.setFont(theme().font(13))
            painter.setPen(QColor(theme().colors.text2))
            when = QRectF(room.left(), 0, room.width(), px(HEAD))
            painter.drawText(when, Qt.AlignmentFlag.AlignCenter, " · ".join(words.where(scene.numbers, place)))
        painter.end()
        return from_qimage(image)


def flow_places() -> list[float]:
    """Where on the way each frame of a flow is: evenly from noise, 0, to data, 1, and there it stays."""
    return [min(moment / (MOVING - 1), 1.0) for moment in range(MOVING + RESTING)]


def flow_film(run: TrainingRun, layers: set[str]) -> WritePicturesRequest | None:
    """The flow at the moment of a run that is looked at, with such layers; None where there is none yet."""
    moment = run.history.shown()
    if moment is None or not (scene := Scene(moment.numbers)).has_way:
        return None
    return _request(run, moment, StageFilm([(scene, place) for place in flow_places()], frozenset(layers)))


def stage_picture(run: TrainingRun, layers: set[str], place: float) -> WritePicturesRequest | None:
    """The moment that is looked at, at a place of the way, as the stage shows it."""
    moment = run.history.shown()
    if moment is None:
        return None
    return _request(run, moment, StageFilm([(Scene(moment.numbers), place)], frozenset(layers), FINER))


def history_film(run: TrainingRun, layers: set[str], place: float) -> WritePicturesRequest | None:
    """The whole history at a place of the way, as the stage shows it; None of less than two moments."""
    moments = run.history.values()
    if len(moments) < 2:
        return None
    shown = [(Scene(moment.numbers), place) for moment in moments]
    return _request(run, moments[-1], StageFilm(shown, frozenset(layers)))


def _request(run: TrainingRun, moment: Moment, film: StageFilm) -> WritePicturesRequest | None:
    if run.source is None:
        return None
    return WritePicturesRequest(film, run.source, moment.iteration, GridLayout(1, 0, 1), "", samples=moment.samples)
