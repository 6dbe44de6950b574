"""How diffusion on a line is painted: the density over t with the ways of the particles, and what is at this t."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from genstudio.api import Floats
from genstudio.ui.diffusion.field_scene import Scene, arrows, histogram
from genstudio.ui.diffusion.field_sheet import FAR, Spots, paint_arrows, paint_trails
from genstudio.ui.numbers import nice_ticks, tick_text
from genstudio.ui.theme import px, readable, theme
from genstudio.ui.widgets.plane import Dots

BINS = 40  # of the histogram
EVERY = 4  # of the field's places has an arrow
COLUMNS = 12  # of arrows
SIDE, GAP, LEFT, HEAD, FOOT = 0.17, 14, 30, 20, 20  # a column's share of the width; design px
STEEP = 3.0  # noise times score at the ends of its axis
STRENGTH = 0.75  # of the colour where the density is highest


@dataclass(frozen=True, eq=False)
class LineSheet:
    """A scene of points on a line, at a place of the way, `width` and `height` px large. Any thread may paint it.

    Time goes to the right, from noise to data; points lie upwards, in the same scale in all three columns.
    """

    scene: Scene
    place: float
    layers: frozenset[str]
    width: float
    height: float

    def rooms(self) -> tuple[QRectF, QRectF, QRectF]:
        """Where the density over t, the density at t and the score at t are drawn; without a way the first is all."""
        left, gap = px(LEFT), px(GAP)
        high = max(self.height - px(HEAD) - px(FOOT), 1)
        if not self.scene.has_way:
            whole = QRectF(left, px(HEAD), max(self.width - left - px(8), 1), high)
            return whole, QRectF(), QRectF()
        side = max(SIDE * self.width, 1)
        wide = max(self.width - left - 2 * (side + gap) - px(8), 1)
        first = QRectF(left, px(HEAD), wide, high)
        second = QRectF(first.right() + gap, first.top(), side, high)
        return first, second, second.translated(side + gap, 0)

    def reach(self) -> float:
        """How far up and down it goes."""
        return float(self.scene.numbers["axis"][-1]) if self.scene.has_way else 5.0

    def heights(self, values: npt.ArrayLike) -> Spots:
        """How far down points lie."""
        room, near = self.rooms()[0], np.nan_to_num(np.clip(np.asarray(values, np.float64), -FAR, FAR), nan=FAR)
        return np.asarray(room.center().y() - near * room.height() / (2 * self.reach()))

    def _spots(self, places: npt.ArrayLike, values: npt.ArrayLike) -> Spots:
        room = self.rooms()[0]
        across = room.left() + np.asarray(places, np.float64) * room.width()
        return np.stack(np.broadcast_arrays(across, self.heights(values)), -1)

    def paint(self, painter: QPainter, dots: Dots) -> None:
        """The density over t, and what is at this t."""
        colors = theme().colors
        painter.setFont(theme().font(11))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        over_t, at_t, score = self.rooms()
        for room in (over_t, at_t, score) if self.scene.has_way else (over_t,):
            painter.fillRect(room, QColor(colors.panel))
        if self.scene.has_way:
            self._paint_over_t(painter, over_t, dots)
            self._paint_density(painter, at_t)
            self._paint_score(painter, score)
        elif "real" in self.scene.numbers:
            self._paint_real(painter, over_t, dots)
        self._paint_axis(painter)
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for room in (over_t, at_t, score) if self.scene.has_way else (over_t,):
            painter.drawRect(room)

    def _paint_real(self, painter: QPainter, room: QRectF, dots: Dots) -> None:
        """Before a run: the data at their end of time, as bars and points."""
        real, reach = self.scene.numbers["real"][:, 0], self.reach()
        bars = histogram(real, np.array((-reach, reach), np.float32), BINS)
        color = QColor(theme().colors.real)
        color.setAlphaF(0.35)
        step = room.height() / BINS
        for number, value in enumerate(bars / max(float(bars.max()), 1e-9)):
            wide = float(value) * room.width() / 3
            painter.fillRect(QRectF(room.right() - wide, room.bottom() - (number + 1) * step, wide, step - 1), color)
        dots(painter, self._spots(1 - px(GAP) / (2 * room.width()), real), theme().colors.real)
        self._paint_title(painter, room, "real points, and how many of them lie where")

    def _paint_over_t(self, painter: QPainter, room: QRectF, dots: Dots) -> None:
        numbers, colors = self.scene.numbers, theme().colors
        painter.setClipRect(room)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        half = room.width() / (2 * (len(numbers["t"]) - 1))
        painter.drawImage(room.adjusted(-half, 0, half, 0), density_image(numbers["density"]))
        for layer, name, color in (("true", "true_field", "real"), ("field", "field", "latent")):
            if layer in self.layers:
                self._paint_arrows(painter, name, getattr(colors, color))
        if "trails" in self.layers:
            ways = self.scene.trails(1.0)[..., 0]  # (N, L + 1): the last place is there twice
            places = np.append(np.linspace(0, 1, ways.shape[1] - 1), 1.0)
            paint_trails(painter, self._spots(places, ways))
        painter.setPen(QPen(QColor(colors.accent), px(1), Qt.PenStyle.DashLine))
        x = room.left() + self.place * room.width()
        painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
        if "particles" in self.layers:
            here = self._spots(self.place, self.scene.at("particles", self.place)[:, 0])
            dots(painter, here, colors.generated)
        painter.setClipping(False)
        if "real" in self.layers:
            beside = 1 + px(GAP) / (2 * room.width())
            dots(painter, self._spots(beside, numbers["real"][:, 0]), colors.real)

    def _paint_arrows(self, painter: QPainter, name: str, color: str) -> None:
        axis, colors = self.scene.numbers["axis"], theme().colors
        rows, places = axis[EVERY // 2 :: EVERY], (np.arange(COLUMNS, dtype=np.float32) + 0.5) / COLUMNS
        field = np.stack([self.scene.at(name, float(place))[EVERY // 2 :: EVERY, 0] for place in places])  # (C, R)
        steps = arrows(field[..., None], 0.9 * EVERY * float(axis[1] - axis[0]))[..., 0]
        tails, tips = (self._spots(places[:, None], ends).reshape(-1, 2) for ends in (rows[None], rows[None] + steps))
        painter.setPen(QPen(QColor(readable(color, colors.panel, colors.text, 3.0)), px(1.25)))
        paint_arrows(painter, tails, tips)

    def _paint_density(self, painter: QPainter, room: QRectF) -> None:
        """Particles as bars, p_t as a line."""
        numbers, colors = self.scene.numbers, theme().colors
        axis, true = numbers["axis"], self.scene.at("density", self.place)
        top = 1.15 * float(numbers["density"].max())
        bars = histogram(self.scene.at("particles", self.place)[:, 0], axis, BINS)
        step = room.height() / BINS
        painter.setClipRect(room)
        if "particles" in self.layers:
            color = QColor(colors.generated)
            color.setAlphaF(0.7)
            for number, value in enumerate(bars):
                bar = QRectF(room.left(), room.bottom() - (number + 1) * step, value / top * room.width(), step - 1)
                painter.fillRect(bar, color)
        self._paint_curve(painter, room, true / top, colors.real)
        painter.setClipping(False)
        self._paint_title(painter, room, f"density at t = {self.scene.t(self.place):.0f}")

    def _paint_score(self, painter: QPainter, room: QRectF) -> None:
        """As the network says it, and in truth."""
        colors, middle = theme().colors, room.center().x()
        painter.setPen(QPen(QColor(colors.line), 1))
        painter.drawLine(QPointF(middle, room.top()), QPointF(middle, room.bottom()))
        painter.setClipRect(room)
        for name, color, dash in (
            ("true_field", colors.real, Qt.PenStyle.DashLine),
            ("field", colors.latent, Qt.PenStyle.SolidLine),
        ):
            shares = 0.5 + self.scene.at(name, self.place)[:, 0] / (2 * STEEP)
            self._paint_curve(painter, room, shares, color, dash)
        painter.setClipping(False)
        self._paint_title(painter, room, "noise × score")

    def _paint_curve(
        self, painter: QPainter, room: QRectF, shares: Floats, color: str, dash: Qt.PenStyle = Qt.PenStyle.SolidLine
    ) -> None:
        colors = theme().colors
        painter.setPen(QPen(QColor(readable(color, colors.panel, colors.text, 3.0)), px(1.5), dash))
        x = room.left() + np.nan_to_num(np.clip(shares, -FAR, FAR)) * room.width()
        y = self.heights(self.scene.numbers["axis"])
        painter.drawPolyline(QPolygonF([QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]))

    def _paint_title(self, painter: QPainter, room: QRectF, title: str) -> None:
        metrics = QFontMetricsF(painter.font())
        where = QRectF(room.left(), 0, room.width(), px(HEAD))
        painter.setPen(QColor(theme().colors.text2))
        shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, where.width())
        painter.drawText(where, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_axis(self, painter: QPainter) -> None:
        """Numbers at the left, and where noise and data are."""
        room, reach = self.rooms()[0], self.reach()
        ticks = nice_ticks(-reach, reach, 6)
        painter.setPen(QColor(theme().colors.text2))
        for value in ticks:
            y = float(self.heights(value))
            where = QRectF(0, y - px(10), room.left() - px(6), px(20))
            text = tick_text(value, ticks[1] - ticks[0])
            painter.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        if self.scene.has_way:
            below = QRectF(room.left(), room.bottom(), room.width(), px(FOOT))
            first = f"noise, t = {float(self.scene.numbers['t'][0]):.0f}"
            for text, side in ((first, Qt.AlignmentFlag.AlignLeft), ("data, t = 0", Qt.AlignmentFlag.AlignRight)):
                painter.drawText(below, side | Qt.AlignmentFlag.AlignVCenter, text)
            self._paint_title(painter, room, "density over time, and ways of particles")


def density_image(density: Floats) -> QImage:
    """Densities (L, G) as colours, time to the right, the line upwards: from the ground to the accent."""
    colors = theme().colors
    shares = STRENGTH * np.sqrt(density / max(float(density.max()), 1e-9))[..., None]
    ground, full = (
        np.array((color.red(), color.green(), color.blue()), np.float32)
        for color in (QColor(colors.panel), QColor(colors.accent))
    )
    shown = (ground + shares * (full - ground)).swapaxes(0, 1)[::-1].astype(np.uint32)  # (G, L, 3)
    packed = np.ascontiguousarray(0xFF000000 | shown[..., 0] << 16 | shown[..., 1] << 8 | shown[..., 2])
    high, wide = packed.shape
    return QImage(packed.data, wide, high, 4 * wide, QImage.Format.Format_RGB32).copy()
