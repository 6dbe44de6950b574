"""The plane of a game on points: what D says everywhere, the points, what each feels, and how G bends the plane."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, cast

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget
from shiboken6.Shiboken import wrapInstance

from genstudio.settings.adversarial import REACH
from genstudio.ui.numbers import signed
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.heat import ends_of, heat_image, paint_legend

Floats = npt.NDArray[np.float32]
Heat = Literal["field", "best", ""]  # what D says, what the best D would, nothing
LAYERS = ("real", "fake", "arrows", "warp")
ARROW = 0.12  # units of the plane for a slope of 1
LONGEST = 0.5  # units
HEAD = 4.5  # design px of an arrow's head
DOT, MARGIN = 3.5, 10  # design px
FAR = 20 * REACH
STRAYS = 0.1  # share of the points that may lie outside without a word


class PointsCanvas(QWidget):
    """Shows what a game on points tells of itself; see `PointGANTrainer.numbers` for the names."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._numbers: dict[str, Floats] = {}
        self._is_critic = False
        self._heat: Heat = "field"
        self._layers = {"real", "fake", "arrows"}
        self._morph = 1.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setAccessibleName("Plane of the game")
        theme().changed.connect(self._restyle)

    def sizeHint(self) -> QSize:
        """A square with room for both kinds of points."""
        return QSize(px(560), px(560))

    def minimumSizeHint(self) -> QSize:
        """As small as need be."""
        return QSize(px(120), px(120))

    # ---- data in -------------------------------------------------------------------------------

    def show_numbers(self, numbers: Mapping[str, Floats], is_critic: bool = False) -> None:
        """Show a moment of a game.

        Args:
            is_critic: D's field has scores without bounds instead of probabilities.
        """
        self._numbers, self._is_critic = dict(numbers), is_critic
        self.update()

    def clear(self) -> None:
        """Show an empty plane."""
        self.show_numbers({})

    def set_heat(self, heat: Heat) -> None:
        """What lies under the points."""
        self._heat = heat
        self.update()

    def set_layer(self, name: str, is_shown: bool) -> None:
        """Show or hide one of LAYERS."""
        (self._layers.add if is_shown else self._layers.discard)(name)
        self.update()

    def set_morph(self, share: float) -> None:
        """How far generated points and the warped grid have gone: from 0, where the noise has them, to 1, where G does.

        Only of a game whose noise lies in a plane; the arrows belong to the end of the way.
        """
        self._morph = share
        self.update()

    def _morphed(self, ends: Floats, starts: str) -> Floats:
        """Straight on from the `starts` of the numbers."""
        begin = self._numbers.get(starts)
        if self._morph == 1 or begin is None:
            return ends
        return ((1 - self._morph) * begin + self._morph * ends).astype(np.float32)

    # ---- geometry ------------------------------------------------------------------------------

    def square(self) -> QRectF:
        """Where the plane is drawn."""
        return plane_in(self)

    def spot(self, x: float, y: float) -> QPointF:
        """Where a point of the plane lies in the widget."""
        return QPointF(*spots_of(self.square(), np.array((x, y))).tolist())

    def says_at(self, place: QPointF) -> str:
        """What D says at a place of the widget, and what the best one would; "" outside the plane or of no number."""
        field, square = self._numbers.get("field"), self.square()
        if field is None or not square.contains(place):
            return ""
        side = len(field)
        column = round((place.x() - square.left()) / square.width() * (side - 1))
        row = round((place.y() - square.top()) / square.height() * (side - 1))
        if not np.isfinite(field[row, column]):
            return ""
        if self._is_critic:
            return f"The critic gives this place {signed(float(field[row, column]), '+.2f')}."
        said = f"D takes what is here for real with {field[row, column]:.2f}"
        best = self._numbers.get("best")
        return f"{said}; the best D would with {best[row, column]:.2f}." if best is not None else f"{said}."

    def says_outside(self) -> str:
        """How many generated points cannot be seen, if they are more than strays."""
        fake = self._numbers.get("fake")
        if fake is None or self._morph < 1:
            return ""
        outside = int((~(np.abs(fake) <= REACH).all(1)).sum())
        return f"{outside} of {len(fake)} generated points lie outside" if outside > STRAYS * len(fake) else ""

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what D says under the pointer."""
        QToolTip.showText(event.globalPosition().toPoint(), self.says_at(event.position()), self)

    # ---- paint ---------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Opaque, else every moment repaints all that is behind it; the style sheet has just taken it away."""
        super().showEvent(event)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @Slot()
    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Heat, warped grid, points, arrows."""
        painter, colors = QPainter(self), theme().colors
        square = self.square()
        painter.fillRect(event.rect(), QColor(colors.stage))
        painter.fillRect(square, QColor(colors.panel))
        painter.setClipRect(square)
        if self._heat and (heat := self._numbers.get(self._heat)) is not None:
            cell = square.width() / (len(heat) - 1)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(square.adjusted(-cell / 2, -cell / 2, cell / 2, cell / 2), heat_image(self._shares(heat)))
            paint_legend(painter, square, self._ends(heat))  # under the points: it hides none
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if "warp" in self._layers and (warp := self._numbers.get("warp")) is not None:
            painter.setPen(QPen(QColor(colors.latent), px(1)))
            grid = spots_of(square, self._morphed(warp, "quantiles"))
            for lines in (grid, grid.swapaxes(0, 1)):
                for line in lines.tolist():
                    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line]))
        for name, color in (("real", colors.real), ("fake", colors.generated)):
            if name in self._layers and name in self._numbers:
                points = self._morphed(self._numbers[name], "noise") if name == "fake" else self._numbers[name]
                paint_dots(painter, spots_of(square, points), color)
        if self._morph == 1 and "arrows" in self._layers and {"arrows", "fake"} <= self._numbers.keys():
            self._paint_arrows(painter)
        if "fake" in self._layers and (said := self.says_outside()):
            self._paint_words(painter, said)
        painter.setClipping(False)
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(square)

    def _paint_words(self, painter: QPainter, said: str) -> None:
        """In the corner at the top left, on a ground of their own: points lie behind them."""
        colors, font = theme().colors, theme().font(11)
        metrics = QFontMetricsF(font)
        box = QRectF(0, 0, metrics.horizontalAdvance(said) + px(12), metrics.height() + px(6))
        box.moveTopLeft(self.square().topLeft() + QPointF(px(4), px(4)))
        ground = QColor(colors.panel)
        ground.setAlphaF(0.85)
        painter.fillRect(box, ground)
        painter.setPen(QColor(colors.text))
        painter.setFont(font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, said)

    def _paint_arrows(self, painter: QPainter) -> None:
        """As long as the slope is steep: where gradients vanish there are none."""
        arrows = self._numbers["arrows"]
        starts = self._numbers["fake"][: len(arrows)]
        lengths = np.linalg.norm(arrows, axis=1, keepdims=True)
        steps = ARROW * arrows * np.minimum(1, LONGEST / np.maximum(ARROW * lengths, 1e-12))
        painter.setPen(QPen(QColor(theme().colors.generator), px(1.5)))
        tails, tips = (spots_of(self.square(), ends) for ends in (starts, (starts + steps).astype(np.float32)))
        ways = tails - tips
        long = np.linalg.norm(ways, axis=1, keepdims=True)
        back = ways * np.minimum(px(HEAD), 0.5 * long) / np.maximum(long, 1e-9)
        side = 0.6 * back[:, ::-1] * (1, -1)
        lines = np.concatenate([np.hstack([tips, ends]) for ends in (tails, tips + back + side, tips + back - side)])
        paint_lines(painter, lines)

    def _ends(self, heat: Floats) -> tuple[float, float] | None:
        """The scores of a critic with the full colours; None of probabilities."""
        return ends_of(heat) if self._is_critic else None

    def _shares(self, heat: Floats) -> Floats:
        """What the colours are to be, from 0 to 1."""
        ends = self._ends(heat)
        return heat if ends is None else ((heat - ends[0]) / (ends[1] - ends[0])).astype(np.float32)


def plane_in(widget: QWidget) -> QRectF:
    """The square of a widget that shows the plane."""
    side = max(min(widget.width(), widget.height()) - 2 * px(MARGIN), 1)
    return QRectF((widget.width() - side) / 2, (widget.height() - side) / 2, side, side)


def spots_of(square: QRectF, points: Floats) -> npt.NDArray[np.float64]:
    """Where points (..., 2) of the plane lie in a widget that shows it in this square.

    Those of a run that breaks are brought near: Qt crashes where a coordinate has no place in its integers.
    """
    points = np.nan_to_num(np.clip(points, -FAR, FAR), nan=FAR)
    scale = square.width() / (2 * REACH)
    return np.asarray((square.center().x(), square.center().y())) + scale * points * np.array((1.0, -1.0))


def paint_dots(painter: QPainter, spots: npt.NDArray[np.float64], color: str) -> None:
    """Round dots at spots (N, 2): one small picture put everywhere, by a single call."""
    if not len(spots):
        return
    ratio = painter.device().devicePixelRatio()
    dot, half = _dot(color, px(DOT), ratio), px(DOT) / 2 + 1
    side = dot.width()
    put = np.empty((len(spots), 10))  # QPainter.PixmapFragment: middle, source, scale, rotation, opacity
    put[:, :2] = (np.round((spots - half) * ratio) + side / 2) / ratio
    put[:, 2:] = (0, 0, side, side, 1 / ratio, 1 / ratio, 0, 1)
    first = cast(QPainter.PixmapFragment, wrapInstance(put.ctypes.data, QPainter.PixmapFragment))
    painter.drawPixmapFragments(first, len(put), dot)


def paint_lines(painter: QPainter, lines: npt.NDArray[np.float64]) -> None:
    """Straight lines (N, 4) from x, y to x, y, by a single call."""
    if len(lines):
        ends = np.ascontiguousarray(lines, np.float64)
        painter.drawLines(cast(QLineF, wrapInstance(ends.ctypes.data, QLineF)), len(ends))


@lru_cache(16)
def _dot(color: str, side: int, ratio: float) -> QPixmap:
    """A dot of so many pixels, with one free pixel around it."""
    whole = side + 2
    dot = QPixmap(math.ceil(whole * ratio), math.ceil(whole * ratio))
    dot.setDevicePixelRatio(ratio)
    dot.fill(Qt.GlobalColor.transparent)
    painter = QPainter(dot)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawEllipse(QRectF(1, 1, side, side))
    painter.end()
    return dot
