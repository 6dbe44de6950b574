"""Thin vertical lines in a plot, each with a word at its top: where something was changed."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtGui import QColor, QFontMetricsF

from genstudio.ui.theme import theme

Mark = tuple[float, str]  # an x, and what happened there
GAP = 4  # pixels between a line and its word, and between two words


class Marks:
    """The marks of one plot; where two words would touch, both stand at the newer line, or what of the same setting is
    newer."""

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
        self.arrange()

    def arrange(self) -> None:
        """The words stand beside their lines, inside the plot; call it when the ranges change."""
        view = self._plot.getViewBox()
        (low, high), (_, top) = view.viewRange()
        a_pixel = (high - low) / max(view.width(), 1)
        metrics = QFontMetricsF(theme().font(11))
        free = high + GAP * a_pixel  # where the newer word begins
        said: list[str] = []  # at the newer word, newest first
        at: tuple[float, pg.TextItem, float] | None = None  # its line, and where the one after it begins
        for (x, text), word in reversed(list(zip(self._marks, self._words, strict=False))):
            word.setVisible(False)
            if not low <= x <= high:
                continue
            left = self._put(x, word, free, text, (low, high, top), a_pixel, metrics)
            if left is not None:
                free, said, at = min(left, x), [text], (x, word, free)
            elif at is not None and not any(_about(text) == _about(other) for other in said):
                both = ", ".join([text, *reversed(said)])
                left = self._put(*at, both, (low, high, top), a_pixel, metrics)
                if left is not None:
                    free, said = min(left, x), [*said, text]

    @staticmethod
    def _put(
        x: float,
        word: pg.TextItem,
        free: float,
        text: str,
        ends: tuple[float, float, float],
        a_pixel: float,
        metrics: QFontMetricsF,
    ) -> float | None:
        """Write a text at a line if there is room before `free`; where it begins, None if there is none."""
        low, high, top = ends
        wide = (metrics.horizontalAdvance(text) + 2 * GAP) * a_pixel
        left = x if x + wide <= high else x - wide
        if left < low or left + wide > free:
            return None
        word.setText(text)
        word.setVisible(True)
        word.setAnchor((0, 0) if left == x else (1, 0))
        word.setPos(x, top)
        return left

    def shown(self) -> tuple[Mark, ...]:
        """The lines that are there, with their words; "" where a newer one has the room."""
        return tuple(
            (float(line.value()), word.toPlainText() if word.isVisible() else "")
            for line, word in zip(self._lines, self._words, strict=True)
            if line.isVisible()
        )


def _about(text: str) -> str:
    """What a word is about: its setting, without the value."""
    return text.rpartition(" ")[0] or text
