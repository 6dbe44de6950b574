"""Thin vertical lines in a plot, each with a word at its top: where something was changed."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtGui import QColor, QFontMetricsF

from genstudio.ui.theme import theme

Mark = tuple[float, str]  # an x, and what happened there
GAP = 4  # pixels between a line and its word, and between two words


class Marks:
    """The marks of one plot; where two words would touch, the newer one is written."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self._marks: tuple[Mark, ...] = ()
        self._lines: list[pg.InfiniteLine] = []
        self._words: list[pg.TextItem] = []

    def set(self, marks: tuple[Mark, ...]) -> None:
        """Other marks, in the order of their x."""
        if marks == self._marks:
            return
        self._marks = marks
        while len(self._lines) < len(marks):
            line, word = pg.InfiniteLine(angle=90, movable=False), pg.TextItem()
            for item in (line, word):
                item.setZValue(-1)
                self._plot.addItem(item, ignoreBounds=True)
            self._lines.append(line)
            self._words.append(word)
        for number, (line, word) in enumerate(zip(self._lines, self._words, strict=True)):
            line.setVisible(number < len(marks))
            word.setVisible(False)
            if number < len(marks):
                line.setValue(marks[number][0])
        self.restyle()

    def restyle(self) -> None:
        """Take colours and sizes of the theme."""
        colors = theme().colors
        for line, word in zip(self._lines, self._words, strict=True):
            line.setPen(pg.mkPen(QColor(colors.text2), width=1))
            word.setColor(QColor(colors.text2))
            word.setFont(theme().font(11))
        for word, (_, text) in zip(self._words, self._marks, strict=False):
            word.setText(text)
        self.arrange()

    def arrange(self) -> None:
        """The words stand beside their lines, inside the plot; call it when the ranges change."""
        view = self._plot.getViewBox()
        (low, high), (_, top) = view.viewRange()
        a_pixel = (high - low) / max(view.width(), 1)
        metrics = QFontMetricsF(theme().font(11))
        free = high + GAP * a_pixel  # where the newer word begins
        for (x, text), word in reversed(list(zip(self._marks, self._words, strict=False))):
            wide = (metrics.horizontalAdvance(text) + 2 * GAP) * a_pixel
            left = x if x + wide <= high else x - wide
            has_room = low <= x <= high and left >= low and left + wide <= free
            word.setVisible(has_room)
            if has_room:
                word.setAnchor((0, 0) if left == x else (1, 0))
                word.setPos(x, top)
                free = min(left, x)

    def shown(self) -> tuple[Mark, ...]:
        """The lines that are there, with their words; "" where a newer one has the room."""
        return tuple(
            (float(line.value()), word.toPlainText() if word.isVisible() else "")
            for line, word in zip(self._lines, self._words, strict=True)
            if line.isVisible()
        )
