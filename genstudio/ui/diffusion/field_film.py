"""The flow of the particles from noise to data as a film, at one moment of a run."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from genstudio.api import GridLayout, Pictures, WritePicturesRequest
from genstudio.ui.diffusion import field_words as words
from genstudio.ui.diffusion.field_line_sheet import LineSheet
from genstudio.ui.diffusion.field_scene import Scene
from genstudio.ui.diffusion.field_sheet import PlaneSheet
from genstudio.ui.tabs.training_run import TrainingRun
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.picture_grid import from_qimage
from genstudio.ui.widgets.plane import paint_round

MOVING, RESTING = 73, 15  # frames on the way, and at its end: the eye wants to see what has come of it
SQUARE, WIDE = (640, 640), (960, 480)  # width and height of a frame in px: of the plane, of the line
DESIGN = 600  # design px that a frame is high, however many px it has
HEAD = 24  # design px of the words over the plane


class FlowFilm:
    """Pictures (T, 1, H, W, 3) of a scene along its way, each painted when it is asked for. Any thread may ask."""

    def __init__(self, scene: Scene, layers: frozenset[str]) -> None:
        self.scene, self._layers = scene, layers
        self._size = WIDE if scene.is_line else SQUARE

    @property
    def shape(self) -> tuple[int, ...]:
        """As of an array."""
        return len(self), 1, self._size[1], self._size[0], 3

    def __len__(self) -> int:
        return MOVING + RESTING

    def __getitem__(self, moment: int, /) -> Pictures:
        return self.frame(self.place(moment))[None]

    def __iter__(self) -> Iterator[Pictures]:
        return (self[moment] for moment in range(len(self)))

    def place(self, moment: int) -> float:
        """Where on the way a frame is: evenly from noise, 0, to data, 1, and there it stays."""
        return min(moment / (MOVING - 1), 1.0)

    def frame(self, place: float) -> Pictures:
        """(H, W, 3), the way there."""
        width, height = self._size
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.fill(QColor(theme().colors.stage))
        painter = QPainter(image)
        unit = height / px(DESIGN)
        painter.scale(unit, unit)
        wide, high = width / unit, height / unit
        if self.scene.is_line:
            LineSheet(self.scene, place, self._layers, wide, high).paint(painter, paint_round)
        else:
            side = high - 2 * px(HEAD)
            room = QRectF((wide - side) / 2, (high - side) / 2, side, side)
            PlaneSheet(self.scene, place, self._layers, room).paint(painter, paint_round)
            painter.setFont(theme().font(13))
            painter.setPen(QColor(theme().colors.text2))
            when = QRectF(room.left(), 0, room.width(), px(HEAD))
            painter.drawText(when, Qt.AlignmentFlag.AlignCenter, " · ".join(words.where(self.scene.numbers, place)))
        painter.end()
        return from_qimage(image)


def flow_film(run: TrainingRun, layers: set[str]) -> WritePicturesRequest | None:
    """The flow at the moment of a run that is looked at, with such layers; None where there is none yet."""
    moment, source = run.history.shown(), run.source
    if moment is None or source is None or not Scene(moment.numbers).has_way:
        return None
    film = FlowFilm(Scene(moment.numbers), frozenset(layers))
    return WritePicturesRequest(film, source, moment.iteration, GridLayout(1, 0, 1), "", samples=moment.samples)
