"""Pictures on their way through the plane of two principal components, among real ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.api import Floats, Scatter
from genstudio.ui.diffusion.trajectory import Fork
from genstudio.ui.diffusion.trajectory_ground import (
    BOTTOM,
    LEFT,
    LIGHT,
    SHADE,
    color_of,
    paint_axes,
    paint_scatter,
    write,
)
from genstudio.ui.theme import px, theme

GROUND = QColor("#0B0D11")  # as of the map of codes
EDGE, INNER = 8, 14  # design px around the frame, and inside it
HEAD, NEAR = 4.5, 18  # design px: radii of a moving picture's dot, and of a click
THUMB = 44  # design px of the picture beside the path that is followed
MOST_CORNERS, ALL_CORNERS = 240, 2400  # of the path that is followed, and of all others together
HELP = (
    "Dots are real pictures in the colours of their classes. Lines are the ways of the pictures from noise, and the "
    "circles on them are where they are at this step. A click on a circle follows that picture."
)


class TrajectoryMap(QWidget):
    """Takes places in by methods; `picture_chosen` says that a moving picture was clicked. Arrow keys choose
    pictures on the stage beside it."""

    picture_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.forks: Sequence[Fork] = ()
        self.selected, self.step = -1, 0
        self._scatter: Scatter | None = None
        self._names: Sequence[str] = ()
        self._kinds: Sequence[int] = ()
        self._low, self._high = np.zeros(2, np.float32), np.ones(2, np.float32)
        self._message = ""
        self._thumb = QImage()
        self._ground: QPixmap | None = None  # the axes and the real pictures
        self._still: QPixmap | None = None  # and over them the paths: all that does not move with the step
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Map of the pictures' ways")
        self.setAccessibleDescription(HELP)
        self.setToolTip(f"<p>{HELP}</p>")
        theme().changed.connect(self._restyle)

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(px(480), px(480))

    def minimumSizeHint(self) -> QSize:
        """As small as need be."""
        return QSize(px(160), px(120))

    # ---- data in ----------------------------------------------------------------------------------------

    def set_message(self, text: str) -> None:
        """Why there is no map yet; '' where there is one."""
        if text != self._message:
            self._message = text
            self._renew()

    def set_scatter(self, scatter: Scatter | None, names: Sequence[str], bounds: tuple[Floats, Floats] | None) -> None:
        """What lies behind the paths, the names of its classes, and the corners of what is to be seen."""
        low, high = bounds if bounds is not None else (self._low, self._high)
        is_same = np.array_equal((low, high), (self._low, self._high))
        if scatter is not self._scatter or tuple(names) != tuple(self._names) or not is_same:
            self._scatter, self._names, self._low, self._high = scatter, names, low, high
            self._renew()

    def set_forks(self, forks: Sequence[Fork], kinds: Sequence[int]) -> None:
        """The branches, the shown one last, and the classes of the pictures, -1 for none."""
        self.forks, self._kinds = forks, kinds
        self._forget()

    def set_here(self, step: int, selected: int, thumb: npt.NDArray[np.uint8] | None) -> None:
        """The step that is looked at, the picture that is followed (-1: none), and how it looks there."""
        if selected != self.selected:
            self._forget()
        self.step, self.selected = step, selected
        self._thumb = QImage() if thumb is None else _image(thumb)
        self.update()

    def shown(self) -> Fork | None:
        """The branch that is looked at."""
        return next((fork for fork in self.forks if fork.is_shown), None)

    # ---- geometry ---------------------------------------------------------------------------------------

    def frame(self) -> QRectF:
        """Where places lie."""
        left, edge = px(LEFT), px(EDGE)
        return QRectF(left, edge, max(self.width() - left - edge, 1), max(self.height() - edge - px(BOTTOM), 1))

    def points_of(self, places: npt.ArrayLike) -> list[QPointF]:
        """Where places (..., 2) lie in the widget."""
        return [QPointF(x, y) for x, y in self.spots_of(places).tolist()]

    def spots_of(self, places: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """The same as (N, 2); both axes have the same scale."""
        inner = self.frame().adjusted(px(INNER), px(INNER), -px(INNER), -px(INNER))
        extent = np.maximum(self._high - self._low, 1e-6)
        scale = min(max(inner.width(), 1) / extent[0], max(inner.height(), 1) / extent[1])
        middle = (self._low + self._high) / 2
        shift = np.array((inner.center().x(), inner.center().y()))
        return shift + (np.asarray(places, np.float64).reshape(-1, 2) - middle) * (scale, -scale)

    def heads(self) -> list[QPointF]:
        """Where the pictures of the shown branch are."""
        fork = self.shown()
        return [] if fork is None else self.points_of(fork.places[fork.at(self.step)])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Follow the picture that is nearest."""
        gaps = [(point - event.position()).manhattanLength() for point in self.heads()]
        if gaps and event.button() == Qt.MouseButton.LeftButton and min(gaps) <= px(NEAR):
            self.picture_chosen.emit(gaps.index(min(gaps)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._renew()

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self._renew()

    def _renew(self) -> None:
        self._ground = None
        self._forget()

    def _forget(self) -> None:
        self._still = None
        self.update()

    # ---- paint ------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground and the paths as they were painted once, and what moves."""
        if self._ground is None:
            self._ground = self._painted_ground()
        if self._still is None:
            self._still = self._painted(self._ground)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._still)
        if self._message:
            painter.setPen(color_of(-1))
            painter.setFont(theme().font(13))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.frame().adjusted(px(24), 0, -px(24), 0), flags, self._message)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.frame())
        self._paint_moving(painter)

    def _painted(self, ground: QPixmap) -> QPixmap:
        """The paths over the ground."""
        sheet = ground.copy()
        painter = QPainter(sheet)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self.frame())
        if self._scatter is not None and not self._message:
            self._paint_paths(painter)
        painter.end()
        return sheet

    def _painted_ground(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        sheet = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
        sheet.setDevicePixelRatio(ratio)
        sheet.fill(Qt.GlobalColor.transparent)
        painter = QPainter(sheet)
        frame = self.frame()
        painter.fillRect(frame, GROUND)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._scatter is not None and not self._message:
            paint_axes(painter, frame, self._scatter.plane)
            painter.setClipRect(frame)
            paint_scatter(painter, self._scatter, self._names, self.spots_of)
        painter.end()
        return sheet

    def _paint_paths(self, painter: QPainter) -> None:
        """All ways of the shown branch, faint where another one is followed, and what branches off that one."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        fork = self.shown()
        if fork is None:
            return
        for picture in range(fork.places.shape[1]):
            color = color_of(self._kind(picture))
            is_followed = picture == self.selected
            color.setAlpha(220 if is_followed else 200 if self.selected < 0 else 120)
            painter.setPen(QPen(color, px(1.25 if is_followed or self.selected < 0 else 1)))
            painter.drawPolyline(QPolygonF(self._line(fork, picture)))
        if 0 <= self.selected < fork.places.shape[1] and len(self.forks) > 1:
            for line, other in enumerate(self.forks):
                self._paint_other(painter, other, line)

    def _paint_other(self, painter: QPainter, fork: Fork, line: int) -> None:
        """The way of the picture that is followed on another branch, and where a branch begins.

        Args:
            line: Names go below each other, since ends often lie close to each other.
        """
        if self.selected >= fork.places.shape[1]:
            return
        if not fork.is_shown:
            painter.setPen(QPen(LIGHT, px(1.5), Qt.PenStyle.DashLine))
            painter.drawPolyline(QPolygonF(self._line(fork, self.selected, max(fork.first - 1, 0))))
            end = self.points_of(fork.places[-1, self.selected])[0]
            painter.setFont(theme().font(11))
            write(painter, end + QPointF(0, px(16 + 14 * line)), fork.title, LIGHT)
        if fork.first:
            (point,) = self.points_of(fork.places[max(fork.at(fork.first) - 1, 0), self.selected])
            painter.setPen(QPen(LIGHT, px(1.5)))
            painter.drawEllipse(point, px(4), px(4))

    def _paint_moving(self, painter: QPainter) -> None:
        fork = self.shown()
        if fork is None or not len(fork.indices):
            return
        row, heads = fork.at(self.step), self.heads()
        follows = 0 <= self.selected < len(heads)
        if follows:
            way = QPolygonF(self._line(fork, self.selected, 0, row))
            color = color_of(self._kind(self.selected))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for pen, width in ((SHADE, 6), (color, 3.5)):
                painter.setPen(QPen(pen, px(width), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                painter.drawPolyline(way)
        for picture, point in enumerate(heads):
            if picture != self.selected:
                painter.setOpacity(0.75 if follows else 1.0)
                self._paint_head(painter, point, picture, HEAD)
        painter.setOpacity(1.0)
        if follows:
            self._paint_head(painter, heads[self.selected], self.selected, 1.6 * HEAD)
            self._paint_thumb(painter, heads[self.selected])

    def _paint_head(self, painter: QPainter, point: QPointF, picture: int, radius: float) -> None:
        painter.setPen(QPen(LIGHT, px(1.25)))
        painter.setBrush(color_of(self._kind(picture)))
        painter.drawEllipse(point, px(radius), px(radius))

    def _paint_thumb(self, painter: QPainter, point: QPointF) -> None:
        """The picture that is followed, above its place or where there is room."""
        if self._thumb.isNull():
            return
        side, frame = px(THUMB), self.frame()
        left = min(max(point.x() + px(12), frame.left()), frame.right() - side - px(4))
        top = point.y() - side - px(12)
        box = QRectF(left, top if top > frame.top() + px(4) else point.y() + px(12), side, side)
        painter.drawImage(box, self._thumb)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color_of(self._kind(self.selected)), px(2)))
        painter.drawRect(box)

    def _line(self, fork: Fork, picture: int, first: int = 0, last: int = -1) -> list[QPointF]:
        """The corners of a way from the step of row `first` to that of row `last`."""
        rows = np.arange(fork.at(first) if first else 0, (last if last >= 0 else len(fork.indices) - 1) + 1)
        most = MOST_CORNERS if picture == self.selected else max(ALL_CORNERS // fork.places.shape[1], 2)
        if len(rows) > most:
            rows = rows[np.linspace(0, len(rows) - 1, most).round().astype(np.int64)]
        return self.points_of(fork.places[rows, picture])

    def _kind(self, picture: int) -> int:
        return self._kinds[picture] if picture < len(self._kinds) else -1


def _image(picture: npt.NDArray[np.uint8]) -> QImage:
    from genstudio.ui.widgets.picture_grid import to_qimage

    return to_qimage(picture)
