"""What a column costs and loses, as three numbers with a bar each: calls, time, difference."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from genstudio.ui.theme import px, theme

ROWS = ("calls", "time", "differs")
COLOURS = ("accent", "neutral", "generated")
HELPS = (
    "How often the network was asked until now, and in all; the bar is in proportion to the other columns'. With "
    "guidance other than 0 and 1 each answer asks it twice, with the class and without it.",
    "How long that took on this computer.",
    "The mean squared difference to the pictures of the first column, of grey levels from 0 to 1: how far from those, "
    "not how good. Where the first ones are poor, others may be better.",
)
LINE, BAR, GAP = 18, 4, 6  # design px


@dataclass(frozen=True)
class Cost:
    """One number in words, and as shares of the largest one there is: until now, and in all."""

    text: str
    share: float = 0.0
    whole: float = 0.0
    short: str = ""  # where the text has no room
    name: str = ""  # what it is called where there is room for more than its row's name
    help: str = ""  # in the stead of its row's tooltip
    apart: str = ""  # in a word, why it has no bar to be compared with others


NONE = (Cost(""), Cost(""), Cost(""))


class Costs(QWidget):
    """The three numbers of one column; it only shows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._costs: tuple[Cost, ...] = NONE
        self._why = "", ""  # the difference is no loss: in two words, and in a sentence
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._explain()
        theme().changed.connect(self.updateGeometry)

    def set_costs(self, costs: tuple[Cost, ...]) -> None:
        """Calls, time and difference."""
        if costs != self._costs:
            self._costs = costs
            self._name()
            self._explain()
            self.update()

    def set_not_lost(self, why: tuple[str, str]) -> None:
        """Say in two words and in a sentence why the difference is no loss; none where it is one."""
        if why != self._why:
            self._why = why
            self._name()
            self._explain()
            self.update()

    def _name(self) -> None:
        pairs = zip(ROWS, self._costs, strict=True)
        words = [
            f"{cost.name or name}{', ' + cost.apart if cost.apart else ''}: {cost.text}"
            for name, cost in pairs
            if cost.text
        ]
        if self._costs[-1].text and self._why[0]:
            words[-1] += f", {self._why[0]}"
        self.setAccessibleName("; ".join(words))

    def _explain(self) -> None:
        helps = [cost.help or help_ for cost, help_ in zip(self._costs, HELPS, strict=True)]
        text = "".join(f"<p>{text}</p>" for text in (*helps, self._why[1]) if text)
        if text != self.toolTip():
            self.setToolTip(text)

    def costs(self) -> tuple[Cost, ...]:
        """What is shown."""
        return self._costs

    def sizeHint(self) -> QSize:
        return QSize(px(96), len(ROWS) * (px(LINE) + px(BAR) + px(GAP)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colors, top = QPainter(self), theme().colors, 0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fonts = theme().font(11), theme().font(13, bold=True)
        colours = (*COLOURS[:-1], "neutral") if self._why[0] else COLOURS
        for name, colour, cost in zip(ROWS, colours, self._costs, strict=True):
            if cost.text:
                self._paint_words(painter, top, name, cost, fonts)
                if not cost.apart:
                    self._paint_bar(painter, top + px(LINE), cost, QColor(getattr(colors, colour)))
            top += px(LINE) + px(BAR) + px(GAP)

    def _paint_bar(self, painter: QPainter, top: int, cost: Cost, tint: QColor) -> None:
        """Its ground, what it comes to in all, and what it is now."""
        painter.setPen(Qt.PenStyle.NoPen)
        for share, alpha in ((1.0, 28), (cost.whole, 90), (cost.share, 255)):
            tint.setAlpha(alpha)
            painter.setBrush(tint)
            wide = max(self.width() * min(share, 1.0), px(2)) if share > 0 else 0.0
            painter.drawRoundedRect(QRectF(0, top, wide, px(BAR)), px(2), px(2))

    def _paint_words(self, painter: QPainter, top: int, name: str, cost: Cost, fonts: tuple[QFont, QFont]) -> None:
        """The name at the left where it has room, the number at the right."""
        colors, box = theme().colors, QRectF(0, top, self.width(), px(LINE))
        small, bold = map(QFontMetrics, fonts)

        def fits(name: str, text: str) -> bool:
            return small.horizontalAdvance(name) + px(4) + bold.horizontalAdvance(text) <= self.width()

        names = [cost.name] if cost.name else []
        if cost.apart:
            names = [f"{cost.name or name}, {cost.apart}", f"{name}, {cost.apart}", cost.apart]
        name = next((fitting for fitting in names if fits(fitting, cost.text)), cost.apart or name)
        if name == ROWS[-1] and self._why[0] and fits(f"{name}: {self._why[0]}", cost.text):
            name += f": {self._why[0]}"  # else the tooltip says it
        text = cost.text if fits(name, cost.text) else cost.short or cost.text
        painter.setFont(fonts[1])
        painter.setPen(QColor(colors.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        if fits(name, text):
            painter.setFont(fonts[0])
            painter.setPen(QColor(colors.text2))
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
