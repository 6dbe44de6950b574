"""How the plane of a game on points is painted: on its canvas, and as a picture of its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget
from shiboken6.Shiboken import wrapInstance

from genstudio.settings.adversarial import REACH
from genstudio.ui.theme import px, theme
from genstudio.ui.widgets.heat import ends_of, heat_image, paint_legend
from genstudio.ui.widgets.picture_grid import from_qimage

Floats = npt.NDArray[np.float32]
Pictures = npt.NDArray[np.uint8]
Dots = Callable[[QPainter, npt.NDArray[np.float64], str], None]
Heat = Literal["field", "best", ""]  # what D says, what the best D would, nothing
ARROW = 0.12  # units of the plane for a slope of 1
LONGEST = 0.5  # units
HEAD = 4.5  # design px of an arrow's head
DOT, MARGIN = 3.5, 10  # design px
SHEET = 600  # design px a side that a picture of its own shows, however large it is
FAR = 20 * REACH
STRAYS = 0.1  # share of the points that may lie outside without a word


@dataclass(frozen=True, eq=False)
class Plane:
    """A moment of a game, and what is to be seen of it; see `PointGANTrainer.numbers` for the names."""

    numbers: Mapping[str, Floats]
    is_critic: bool = False  # the field has scores without bounds instead of probabilities
    heat: Heat = "field"
    layers: frozenset[str] = frozenset({"real", "fake", "arrows"})
    morph: float = 1.0  # how far the generated points have gone from where the noise has them

    def picture(self, side: int) -> Pictures:
        """(side, side, 3), as finely drawn as it is large. Any thread may ask for it."""
        image = QImage(side, side, QImage.Format.Format_RGB32)
        image.fill(QColor(theme().colors.stage))
        painter = QPainter(image)
        painter.scale(side / px(SHEET), side / px(SHEET))
        self.paint(painter, QRectF(0.5, 0.5, px(SHEET) - 1, px(SHEET) - 1), paint_round)
        painter.end()
        return from_qimage(image)

    def paint(self, painter: QPainter, square: QRectF, dots: Dots | None = None) -> None:
        """Heat, warped grid, points, arrows; `dots` paints points, as `paint_dots` does."""
        colors = theme().colors
        painter.fillRect(square, QColor(colors.panel))
        painter.setClipRect(square)
        if self.heat and (heat := self.numbers.get(self.heat)) is not None:
            cell = square.width() / (len(heat) - 1)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(square.adjusted(-cell / 2, -cell / 2, cell / 2, cell / 2), heat_image(self._shares(heat)))
            paint_legend(
                painter, square, self._ends(heat), is_best=self.heat == "best"
            )  # under the points: it hides none
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if "warp" in self.layers and (warp := self.numbers.get("warp")) is not None:
            painter.setPen(QPen(QColor(colors.latent), px(1)))
            grid = spots_of(square, self._morphed(warp, "quantiles"))
            for lines in (grid, grid.swapaxes(0, 1)):
                for line in lines.tolist():
                    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line]))
        for name, color in (("real", colors.real), ("fake", colors.generated)):
            if name in self.layers and name in self.numbers:
                points = self._morphed(self.numbers[name], "noise") if name == "fake" else self.numbers[name]
                (dots or paint_dots)(painter, spots_of(square, points), color)
        if self.morph == 1 and "arrows" in self.layers and {"arrows", "fake"} <= self.numbers.keys():
            self._paint_arrows(painter, square)
        if "fake" in self.layers and (said := self.says_outside()):
            _paint_words(painter, square, said)
        painter.setClipping(False)
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(square)

    def _paint_arrows(self, painter: QPainter, square: QRectF) -> None:
        """As long as the slope is steep: where gradients vanish there are none."""
        arrows = self.numbers["arrows"]
        starts = self.numbers["fake"][: len(arrows)]
        lengths = np.linalg.norm(arrows, axis=1, keepdims=True)
        steps = ARROW * arrows * np.minimum(1, LONGEST / np.maximum(ARROW * lengths, 1e-12))
        painter.setPen(QPen(QColor(theme().colors.generator), px(1.5)))
        tails, tips = (spots_of(square, ends) for ends in (starts, (starts + steps).astype(np.float32)))
        ways = tails - tips
        long = np.linalg.norm(ways, axis=1, keepdims=True)
        back = ways * np.minimum(px(HEAD), 0.5 * long) / np.maximum(long, 1e-9)
        side = 0.6 * back[:, ::-1] * (1, -1)
        lines = np.concatenate([np.hstack([tips, ends]) for ends in (tails, tips + back + side, tips + back - side)])
        paint_lines(painter, lines)

    def _ends(self, heat: Floats) -> tuple[float, float] | None:
        """The scores of a critic with the full colours; None of probabilities."""
        return ends_of(heat) if self.is_critic else None

    def _shares(self, heat: Floats) -> Floats:
        """What the colours are to be, from 0 to 1."""
        ends = self._ends(heat)
        return heat if ends is None else ((heat - ends[0]) / (ends[1] - ends[0])).astype(np.float32)

    def says_outside(self) -> str:
        """How many generated points cannot be seen, if they are more than strays."""
        fake = self.numbers.get("fake")
        if fake is None or self.morph < 1:
            return ""
        outside = int((~(np.abs(fake) <= REACH).all(1)).sum())
        return f"{outside} of {len(fake)} generated points lie outside" if outside > STRAYS * len(fake) else ""

    def share_between(self) -> float | None:
        """How many of the generated points lie on no island where they are shown, 0 to 1; None without islands."""
        islands, fake = self.numbers.get("islands"), self.numbers.get("fake")
        if islands is None or fake is None:
            return None
        away = np.linalg.norm(self._morphed(fake, "noise")[:, None] - islands[:, :2], axis=2)  # (N, K)
        nearest = away.argmin(1)
        return float((away[np.arange(len(fake)), nearest] > islands[nearest, 2]).mean())

    def _morphed(self, ends: Floats, starts: str) -> Floats:
        """Straight on from the `starts` of the numbers."""
        begin = self.numbers.get(starts)
        if self.morph == 1 or begin is None:
            return ends
        return ((1 - self.morph) * begin + self.morph * ends).astype(np.float32)


def _paint_words(painter: QPainter, square: QRectF, said: str) -> None:
    """In the corner at the top left, on a ground of their own: points lie behind them."""
    colors, font = theme().colors, theme().font(11)
    metrics = QFontMetricsF(font)
    box = QRectF(0, 0, metrics.horizontalAdvance(said) + px(12), metrics.height() + px(6))
    box.moveTopLeft(square.topLeft() + QPointF(px(4), px(4)))
    ground = QColor(colors.panel)
    ground.setAlphaF(0.85)
    painter.fillRect(box, ground)
    painter.setPen(QColor(colors.text))
    painter.setFont(font)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, said)


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


def paint_round(painter: QPainter, spots: npt.NDArray[np.float64], color: str) -> None:
    """The same without a pixmap, which only the window thread may have."""
    painter.setPen(QPen(QColor(color), px(DOT), c=Qt.PenCapStyle.RoundCap))
    painter.drawPoints(QPolygonF([QPointF(x, y) for x, y in spots.tolist()]))


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
