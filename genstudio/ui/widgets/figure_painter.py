"""Draws a figure for paper: dark on white, whatever the theme, as a picture (.png) or as shapes (.svg)."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QImage, QPainter, QPen, QPolygonF

from genstudio.api import Pictures
from genstudio.ui.colors import LIGHT, readable
from genstudio.ui.widgets.figure import HEAD, HIGH, SHARPNESS, WIDE, Figure, Line, Plot, sheet_size, ticks_of

LEFT, RIGHT, ABOVE, BELOW = 72, 28, 30, 14  # px around the axes of a plot
WHITE, INK, SECOND, RULE = "#FFFFFF", "#1B1F24", "#5B6672", "#D8DDE3"
DASHES = {"solid": Qt.PenStyle.SolidLine, "dash": Qt.PenStyle.DashLine, "dot": Qt.PenStyle.DotLine}
LONG_DASH, SAMPLE = 1.6, 24  # pen width, and px of a line in the legend


def as_picture(figure: Figure) -> Pictures:
    """(H, W, 3), twice as fine as the sheet."""
    width, height = sheet_size(figure)
    image = QImage(width * SHARPNESS, height * SHARPNESS, QImage.Format.Format_RGB888)
    image.fill(QColor(WHITE))
    painter = QPainter(image)
    painter.scale(SHARPNESS, SHARPNESS)
    _draw(painter, figure)
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def as_svg(figure: Figure) -> str:
    """The same as shapes and words."""
    from PySide6.QtSvg import QSvgGenerator

    width, height = sheet_size(figure)
    buffer, generator = QBuffer(), QSvgGenerator()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(width, height))
    generator.setViewBox(QRectF(0, 0, width, height))
    generator.setResolution(96)
    generator.setTitle(figure.title)
    generator.setDescription("Made by GenStudio")
    painter = QPainter(generator)
    painter.fillRect(QRectF(0, 0, width, height), QColor(WHITE))
    _draw(painter, figure)
    painter.end()
    return bytes(buffer.data().data()).decode()


def _font(pixels: int, bold: bool = False) -> QFont:
    font = QFont(QGuiApplication.font())
    font.setPixelSize(pixels)
    font.setBold(bold)
    return font


def _draw(painter: QPainter, figure: Figure) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _write(painter, QRectF(LEFT, 16, WIDE - LEFT - RIGHT, 24), figure.title, _font(17, True), INK)
    _write(painter, QRectF(LEFT, 40, WIDE - LEFT - RIGHT, 18), figure.facts, _font(11), SECOND)
    x_ends = figure.x_ends()
    for number, plot in enumerate(figure.plots):
        top = HEAD + HIGH * number
        area = QRectF(LEFT, top + ABOVE, WIDE - LEFT - RIGHT, HIGH - ABOVE - BELOW)
        _draw_plot(painter, plot, area, x_ends)
        _draw_marks(painter, figure, area, x_ends, number == 0)
    _draw_x(painter, figure, x_ends)


def _write(
    painter: QPainter,
    place: QRectF,
    text: str,
    font: QFont,
    color: str,
    side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    painter.setFont(font)
    painter.setPen(QColor(color))
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, place.width() + 1)
    painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, shown)


def _draw_plot(painter: QPainter, plot: Plot, area: QRectF, x_ends: tuple[float, float]) -> None:
    y_ends = plot.y_ends()
    left = _draw_legend(painter, plot, area)
    _write(painter, QRectF(LEFT, area.top() - 26, left - LEFT - 16, 18), plot.title, _font(12, True), INK)
    for value, text in plot.y_ticks():
        y = _y(value, y_ends, area)
        painter.setPen(QPen(QColor(RULE), 1))
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        _write(painter, QRectF(0, y - 8, LEFT - 8, 16), text, _font(11), SECOND, Qt.AlignmentFlag.AlignRight)
    painter.save()
    painter.setClipRect(area.adjusted(-3, -3, 3, 3))
    for line in plot.lines:
        _draw_band(painter, plot, line, area, x_ends, y_ends)
    for _, color, dash, value in plot.levels:
        height = math.log10(value) if plot.is_log and value > 0 else value
        if math.isfinite(height):
            y = _y(height, y_ends, area)
            painter.setPen(_pen(color, dash, 1.0))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
    for line in plot.lines:
        _draw_line(painter, plot, line, area, x_ends, y_ends)
    painter.restore()


def _draw_legend(painter: QPainter, plot: Plot, area: QRectF) -> float:
    """From the right, over the plot; where it begins."""
    font = _font(11)
    entries = [(line.label, line.color, line.dash) for line in plot.lines]
    entries += [(label, color, dash) for label, color, dash, value in plot.levels if math.isfinite(value)]
    right = area.right()
    for label, color, dash in reversed(entries):
        width = QFontMetricsF(font).horizontalAdvance(label) + 2
        _write(painter, QRectF(right - width, area.top() - 26, width + 4, 18), label, font, INK)
        y = area.top() - 17
        painter.setPen(_pen(color, dash, LONG_DASH))
        painter.drawLine(QPointF(right - width - 6 - SAMPLE, y), QPointF(right - width - 6, y))
        right -= width + SAMPLE + 24
    return right


def _pen(color: str, dash: str, width: float) -> QPen:
    pen = QPen(QColor(readable(getattr(LIGHT, color), WHITE, INK, 3.0)), width, DASHES[dash])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _draw_band(
    painter: QPainter, plot: Plot, line: Line, area: QRectF, x_ends: tuple[float, float], y_ends: tuple[float, float]
) -> None:
    """The range that the line moved in, faint; of one that was measured a bar at each measurement."""
    color = QColor(getattr(LIGHT, line.color))
    low, high = (_places(plot, line.x, end, area, x_ends, y_ends) for end in (line.low, line.high))
    if line.has_dots:
        painter.setPen(QPen(color, 1))
        for lower, upper in zip(low, high, strict=True):
            if lower is not None and upper is not None:
                painter.drawLine(lower, upper)
        return
    color.setAlpha(64)
    painter.setPen(QPen(color, 1))  # where every iteration has its place the band is a line
    painter.setBrush(color)
    run: list[tuple[QPointF, QPointF]] = []
    for lower, upper in [*zip(low, high, strict=True), (None, None)]:
        if lower is not None and upper is not None:
            run.append((lower, upper))
        elif run:
            painter.drawPolygon(QPolygonF([a for a, _ in run] + [b for _, b in reversed(run)]))
            run = []
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _draw_line(
    painter: QPainter, plot: Plot, line: Line, area: QRectF, x_ends: tuple[float, float], y_ends: tuple[float, float]
) -> None:
    painter.setPen(_pen(line.color, line.dash, LONG_DASH))
    run: list[QPointF] = []
    places = _places(plot, line.x, line.drawn, area, x_ends, y_ends)
    for place in [*places, None]:
        if place is not None:
            run.append(place)
        elif run:
            painter.drawPolyline(QPolygonF(run))
            run = []
    if line.has_dots:
        painter.setBrush(painter.pen().color())
        painter.setPen(Qt.PenStyle.NoPen)
        for place in filter(None, places):
            painter.drawEllipse(place, 2.5, 2.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _places(
    plot: Plot, x: np.ndarray, y: np.ndarray, area: QRectF, x_ends: tuple[float, float], y_ends: tuple[float, float]
) -> list[QPointF | None]:
    """Where numbers stand on the sheet; None where there is none."""
    if not len(y):
        return []
    with np.errstate(invalid="ignore", divide="ignore"):
        heights = np.log10(y) if plot.is_log else y
    across = area.left() + (x - x_ends[0]) / (x_ends[1] - x_ends[0]) * area.width()
    return [
        QPointF(round(float(a), 2), round(_y(float(h), y_ends, area), 2)) if math.isfinite(h) else None
        for a, h in zip(across, heights, strict=True)
    ]


def _y(value: float, ends: tuple[float, float], area: QRectF) -> float:
    return area.bottom() - (value - ends[0]) / (ends[1] - ends[0]) * area.height()


def _draw_marks(painter: QPainter, figure: Figure, area: QRectF, x_ends: tuple[float, float], has_words: bool) -> None:
    """Where the run was changed: a thin line; its words stand over the first plot, the newer where two would touch."""
    font, free = _font(10), math.inf
    for x, words in reversed(figure.marks):
        across = area.left() + (x - x_ends[0]) / (x_ends[1] - x_ends[0]) * area.width()
        if not area.left() <= across <= area.right():
            continue
        painter.setPen(QPen(QColor(SECOND), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(across, area.top()), QPointF(across, area.bottom()))
        width = QFontMetricsF(font).horizontalAdvance(words) + 6
        start = min(across + 4, area.right() - width)
        if has_words and start + width < free and start >= area.left():
            _write(painter, QRectF(start, area.top() - 2, width, 14), words, font, SECOND)
            free = start - 4


def _draw_x(painter: QPainter, figure: Figure, x_ends: tuple[float, float]) -> None:
    """The numbers under the last plot, and what they count."""
    top, width = HEAD + HIGH * len(figure.plots) - BELOW, WIDE - LEFT - RIGHT
    painter.setPen(QPen(QColor(SECOND), 1))
    painter.drawLine(QPointF(LEFT, top), QPointF(LEFT + width, top))
    for value, text in ticks_of(*x_ends, 8):
        x = LEFT + (value - x_ends[0]) / (x_ends[1] - x_ends[0]) * width
        painter.setPen(QPen(QColor(SECOND), 1))
        painter.drawLine(QPointF(x, top), QPointF(x, top + 4))
        _write(painter, QRectF(x - 50, top + 6, 100, 16), text, _font(11), SECOND, Qt.AlignmentFlag.AlignHCenter)
    place = QRectF(LEFT, top + 24, width, 16)
    _write(painter, place, figure.x_name, _font(11), SECOND, Qt.AlignmentFlag.AlignHCenter)
