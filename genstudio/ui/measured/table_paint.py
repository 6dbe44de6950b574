"""How the parts of the table of measures are painted."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from genstudio.api.aspects import ASPECTS, written
from genstudio.api.comparison import ONE_TRAINING, Cell, Line
from genstudio.ui.measured import words
from genstudio.ui.measured.behind import times
from genstudio.ui.theme import mix, px, theme

OF_FILES = ("training", "parameters")  # measures that nobody has to measure
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
UPPER, LOWER = 18, 15  # design px of the two rows of words of a line


def _write(
    painter: QPainter, box: QRectF, text: str, color: str, size: int, side: Qt.AlignmentFlag, bold: bool
) -> None:
    font = theme().font(size, bold=bold)
    painter.setFont(font)
    painter.setPen(QColor(color))
    painter.drawText(box, side, QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width()))


def _halves(box: QRectF) -> tuple[QRectF, QRectF]:
    """The rows of a number and of what stands below it."""
    top = box.top() + (box.height() - px(UPPER) - px(LOWER)) / 2
    upper = QRectF(box.left(), top, box.width(), px(UPPER))
    return upper, QRectF(box.left(), upper.bottom(), box.width(), px(LOWER))


def rule(painter: QPainter, y: float, right: float) -> None:
    """A hairline between two aspects."""
    painter.fillRect(QRectF(0, round(y), right, 1), QColor(theme().colors.line))


def real_head(painter: QPainter, box: QRectF) -> None:
    """Over the column of real pictures."""
    upper = QRectF(box.left(), box.top(), box.width() - px(8), px(30))
    _write(painter, upper, "Real pictures", theme().colors.real_text, 12, RIGHT, bold=True)


def aspect(painter: QPainter, box: QRectF, line: Line) -> None:
    """The name of an aspect, in two rows where it has no room in one."""
    painter.setFont(theme().font(12, bold=True))
    painter.setPen(QColor(theme().colors.text))
    flags = int(LEFT) | int(Qt.TextFlag.TextWordWrap)
    painter.drawText(box.adjusted(0, 0, -px(4), 0), flags, ASPECTS[line.aspect].title)


def measure(painter: QPainter, box: QRectF, line: Line) -> None:
    """The name of a measure, and below it in which features, or why its numbers are not compared."""
    colors, below = theme().colors, words.under(line)
    if not below:
        _write(painter, box, words.head(line), colors.text, 13, LEFT, bold=False)
        return
    upper, lower = _halves(box)
    _write(painter, upper, words.head(line), colors.text, 13, LEFT, bold=False)
    _write(
        painter,
        lower,
        below,
        colors.generator_text if line.apart or line.left_out else colors.text2,
        11,
        LEFT,
        bold=False,
    )


def can_come(one: Cell) -> bool:
    """Whether measuring its model can bring a number."""
    return one.name not in OF_FILES and one.why != ONE_TRAINING


def cell(painter: QPainter, box: QRectF, line: Line, column: int, waits: bool) -> None:
    """A number with its error below it; on a ground of its own where it is best; where there is none a word why."""
    colors, one = theme().colors, line.cells[column]
    inside = box.adjusted(px(4), px(2), -px(8), -px(2))
    if waits or one.band is None:
        text = "…" if waits else one.gap or "–"
        _write(painter, inside, text, colors.text2, 11 if text == one.gap else 13, RIGHT, bold=False)
        return
    is_best = column in line.best
    if is_best:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(mix(colors.stage, colors.accent, 0.22)))
        painter.drawRoundedRect(box.adjusted(px(4), px(1), -px(2), -px(1)), px(6), px(6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    value, error, unit = written(one.name, one.band)
    below = _below(line, column, error, inside.width())
    number = value if one.name in words.UNDER else f"{value} {unit}".rstrip()
    if not below:
        _write(painter, inside, number, colors.text, 13, RIGHT, bold=is_best)
        return
    upper, lower = _halves(inside)
    _write(painter, upper, number, colors.text, 13, RIGHT, bold=is_best)
    _write(painter, lower, below, colors.text2, 11, RIGHT, bold=False)


def _below(line: Line, column: int, error: str, wide: float) -> str:
    """The error, and how many times as far as real pictures, as far as there is room."""
    one = line.cells[column]
    many, count = times(one), one.basis.get("count")
    parts = [f"± {error}" if error else "", f"{many} real" if many else "" if one.is_ranked else "in turn"]
    if "count" in (*line.apart, *line.differs_in(column)):
        parts = [f"of {count:,}"]
    whole = " · ".join(filter(None, parts))
    metrics = QFontMetricsF(theme().font(11))
    return whole if metrics.horizontalAdvance(whole) <= wide else parts[0]


def floor(painter: QPainter, box: QRectF, line: Line) -> None:
    """What real pictures reach."""
    colors, band = theme().colors, line.floor()
    inside = box.adjusted(px(4), px(2), -px(8), -px(2))
    if band is None:
        return
    value, error, unit = written(line.name, band)
    upper, lower = _halves(inside)
    number = value if line.name in words.UNDER else f"{value} {unit}".rstrip()
    _write(painter, upper, number, colors.text2, 13, RIGHT, bold=False)
    _write(painter, lower, f"± {error}" if error else "", colors.text2, 11, RIGHT, bold=False)


def frame(painter: QPainter, box: QRectF, is_chosen: bool) -> None:
    """Around the cell that is looked at, or under the pointer."""
    colors = theme().colors
    painter.setPen(QPen(QColor(colors.accent if is_chosen else colors.text2), px(2) if is_chosen else 1))
    painter.drawRoundedRect(box.adjusted(px(3), 1, -1, -1), px(6), px(6))


def focus(painter: QPainter, box: QRectF) -> None:
    """The keyboard is here."""
    painter.setPen(QPen(QColor(theme().colors.accent_text), 1))
    painter.drawRoundedRect(box, px(4), px(4))
