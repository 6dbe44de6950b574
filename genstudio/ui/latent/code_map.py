"""A plane of codes under what is known of it: codes of pictures by class, their thumbnails, holes, a drawn way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from genstudio.api import Pictures
from genstudio.ui.latent.map_state import EXTENT, NORMAL, Holes
from genstudio.ui.latent.plane_map import PlaneMap
from genstudio.ui.numbers import signed
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.latent_axes import HIGH, LEFT
from genstudio.ui.widgets.picture_grid import to_qimage

# Ten colours for classes over black pictures: Okabe and Ito's, and three between them
COLORS = (
    "#E69F00", "#56B4E9", "#00B88A", "#F0E442", "#3D8BFF", "#F2711C", "#DD8FBF", "#B5B8BE", "#A57BF0", "#8ED14F",
)  # fmt: skip
HOLE = QColor("#3D6FD9")
SIDE, DOT = 26, 2.6  # design px of a thumbnail, and a dot's radius
VEIL = QColor(10, 12, 16, 150)  # over the decoded pictures, so that what lies on them is seen
HELP = (
    "Drag the ring: the picture follows. With the right button, or after Draw a way, a line is drawn whose pictures "
    "are a film. Arrow keys move the ring (Shift: finer); double-click or Delete goes to where both numbers are 0."
)


class CodeMap(PlaneMap):
    """Signals: `way_drawn` carries the places (N, 2) of a line that was drawn."""

    way_drawn = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_warped = self._shows_dots = self._shows_thumbs = self.draws = False
        self._shows_pictures = True
        self._places: npt.NDArray[np.float64] = np.zeros((0, 2))
        self._kinds: npt.NDArray[np.int64] = np.zeros(0, np.int64)
        self._thumbs: list[QImage] = []
        self._holes = QImage()
        self._rings: Sequence[npt.NDArray[np.float64]] = ()
        self._line: list[tuple[float, float]] = []
        self._way: npt.NDArray[np.float64] = np.zeros((0, 2))
        self._is_drawing = False
        self.setAccessibleName("Map of codes")
        self.setAccessibleDescription(HELP)
        self.setToolTip(f"<p>{HELP}</p>")

    # ---- data in -------------------------------------------------------------------------------------

    def set_layers(self, *, pictures: bool, dots: bool, thumbs: bool, warped: bool) -> None:
        """What is painted, and whether equal distances are equal shares of the prior."""
        self._shows_pictures, self._shows_dots, self._shows_thumbs = pictures, dots, thumbs
        self._is_warped = warped
        self.update()

    def set_codes(self, places: npt.NDArray[np.float64], kinds: npt.NDArray[np.int64], pictures: Pictures) -> None:
        """Where the codes of pictures lie, (N, 2), of which classes (-1: none), and the pictures."""
        self._places, self._kinds = places, kinds
        self._thumbs = [to_qimage(picture) for picture in pictures]
        self.update()

    def move_codes(self, places: npt.NDArray[np.float64]) -> None:
        """The same codes over another plane."""
        self._places = places
        self.update()

    def set_holes(self, holes: Holes | None) -> None:
        """Where the prior has codes and pictures have none, and its rings; None shows nothing."""
        self._holes, self._rings = QImage(), list(holes.rings) if holes is not None else []
        if holes is not None:
            depth = holes.depth
            rgba = np.empty((*depth.shape, 4), np.uint8)
            rgba[..., 0], rgba[..., 1], rgba[..., 2] = HOLE.red(), HOLE.green(), HOLE.blue()
            rgba[..., 3] = np.round(depth * 165)
            size = depth.shape[1], depth.shape[0]
            self._holes = QImage(rgba.data, *size, 4 * size[0], QImage.Format.Format_RGBA8888).copy()
        self.update()

    def set_way(self, places: npt.NDArray[np.float64]) -> None:
        """A way through these places; none draws nothing."""
        self._way = places
        self.update()

    def dots(self) -> int:
        """How many codes are seen."""
        return len(self._places) if self._shows_dots else 0

    def thumbs_at(self) -> list[tuple[int, QRectF]]:
        """Which pictures lie where: the first that has room, no two over each other."""
        side, taken = px(SIDE), set[tuple[int, int]]()
        found: list[tuple[int, QRectF]] = []
        square = self.square()
        for number, (s, t) in enumerate(self._places):
            point = self.point_of(s, t)
            box = QRectF(point.x() - side / 2, point.y() - side / 2, side, side)
            cell = int(point.x() // side), int(point.y() // side)
            if self.contains(s, t) and square.contains(box) and cell not in taken:
                is_near = any((cell[0] + i, cell[1] + j) in taken for i in (-1, 0, 1) for j in (-1, 0, 1))
                if is_near and any(other.intersects(box) for _, other in found):
                    continue
                taken.add(cell)
                found.append((number, box))
        return found

    def clear(self) -> None:
        """Forget all of an old model."""
        self._places, self._kinds, self._thumbs = np.zeros((0, 2)), np.zeros(0, np.int64), []
        self._holes, self._way = QImage(), np.zeros((0, 2))
        super().clear()

    # ---- geometry: the prior's quantiles ----------------------------------------------------------------

    def contains(self, z1: float, z2: float) -> bool:
        """Whether a place is on the map."""
        return max(abs(z1), abs(z2)) <= EXTENT

    def point_of(self, z1: float, z2: float) -> QPointF:
        """Where a place of the plane lies in the widget, kept inside the square."""
        if not self._is_warped:
            return super().point_of(z1, z2)
        square = self.square()
        return QPointF(
            square.left() + NORMAL.cdf(z1) * square.width(), square.top() + (1 - NORMAL.cdf(z2)) * square.height()
        )

    def _code_at(self, point: QPointF) -> tuple[float, float]:
        if not self._is_warped:
            return super()._code_at(point)
        square, low = self.square(), NORMAL.cdf(-EXTENT)
        shares = ((point.x() - square.left()) / square.width(), 1 - (point.y() - square.top()) / square.height())
        one, two = (round(NORMAL.inv_cdf(min(max(share, low), 1 - low)), 3) for share in shares)
        return one, two

    # ---- a way by hand ---------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the ring, or begin a line."""
        right = event.button() == Qt.MouseButton.RightButton
        if self.has_map() and (right or (self.draws and event.button() == Qt.MouseButton.LeftButton)):
            self._is_drawing, self._line = True, [self._code_at(event.position())]
            self.grabbed.emit()
            self.update()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with it."""
        if self._is_drawing:
            self._line.append(self._code_at(event.position()))
            self.update()
        else:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The line is there."""
        if self._is_drawing:
            self._is_drawing = False
            line, self._line = np.array(self._line), []
            self.way_drawn.emit(line)
            self.update()
        else:
            super().mouseReleaseEvent(event)

    # ---- paint -----------------------------------------------------------------------------------------

    def paint_axes(self, painter: QPainter, square: QRectF) -> None:
        """Sigmas where they lie; between the prior's quantiles they come closer towards the edge."""
        if not self._is_warped:
            super().paint_axes(painter, square)
            return
        painter.setFont(theme().font(11))
        painter.setPen(QColor(theme().colors.text2))
        centre, right = Qt.AlignmentFlag.AlignCenter, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        for value in (-2, -1, 0, 1, 2):
            text = f"{signed(value, '+d')}σ" if value else "0"
            point = self.point_of(value, value)
            painter.drawText(QRectF(point.x() - px(24), square.bottom() + px(3), px(48), px(HIGH)), centre, text)
            painter.drawText(QRectF(square.left() - px(LEFT), point.y() - px(8), px(LEFT - 5), px(HIGH)), right, text)
        half, (across, up) = self.point_of(-0.5, -0.5), self.names
        painter.drawText(QRectF(half.x() - px(24), square.bottom() + px(3), px(48), px(HIGH)), centre, across)
        painter.drawText(QRectF(square.left() - px(LEFT), half.y() - px(8), px(LEFT - 5), px(HIGH)), right, up)

    def paint_over(self, painter: QPainter, square: QRectF) -> None:
        """What lies on the pictures and under the ring."""
        if not self._shows_pictures:
            painter.fillRect(square, QColor("#0B0D11"))
        elif self._shows_dots or self._shows_thumbs or not self._holes.isNull():
            painter.fillRect(square, VEIL)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self._holes.isNull():
            painter.drawImage(square, self._holes)
            self._paint_prior(painter)
        if self._shows_dots and len(self._places):
            self._paint_dots(painter)
        if self._shows_thumbs:
            self._paint_thumbs(painter)
        self._paint_way(painter)

    def _paint_prior(self, painter: QPainter) -> None:
        """The prior's 1, 2 and 3 sigma."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(230, 232, 235, 170), px(1), Qt.PenStyle.DashLine))
        middle, per_sigma = self.square().center(), self.square().width() / (2 * EXTENT)
        for ring in self._rings:
            if self._is_warped:
                spots = [self.point_of(s, t) for s, t in ring.tolist()]
            else:  # also beyond the edge, where they are not seen
                spots = [QPointF(middle.x() + s * per_sigma, middle.y() - t * per_sigma) for s, t in ring.tolist()]
            painter.drawPolyline(QPolygonF(spots))

    def _paint_dots(self, painter: QPainter) -> None:
        painter.setPen(QPen(QColor(0, 0, 0, 150), px(0.75)))
        radius = px(DOT)
        colors = [QColor(name) for name in (*COLORS, theme().colors.latent)]  # the last is that of no class
        for kind, (s, t) in zip(self._kinds.tolist(), self._places.tolist(), strict=True):
            if self.contains(s, t):
                painter.setBrush(colors[kind % len(COLORS) if kind >= 0 else -1])
                painter.drawEllipse(self.point_of(s, t), radius, radius)

    def _paint_thumbs(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for number, box in self.thumbs_at():
            kind = int(self._kinds[number])
            painter.drawImage(box, self._thumbs[number])
            painter.setPen(QPen(QColor(COLORS[kind % len(COLORS)] if kind >= 0 else theme().colors.latent), px(1.5)))
            painter.drawRect(box)

    def _paint_way(self, painter: QPainter) -> None:
        places = self._line if self._is_drawing else self._way
        if len(places) < 2:
            return
        points = QPolygonF([self.point_of(float(s), float(t)) for s, t in places])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((QColor(0, 0, 0, 190), 5), (QColor(theme().colors.latent), 2.5)):
            painter.setPen(QPen(color, px(width), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPolyline(points)
