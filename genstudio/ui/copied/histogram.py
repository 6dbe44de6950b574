"""How far new and unseen pictures are from their nearest training picture. Imports pyqtgraph, so import it late."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from genstudio import api
from genstudio.ui.copied import words
from genstudio.ui.theme import pad, readable, theme
from genstudio.ui.widgets.panel import CurveStyle, Panel
from genstudio.ui.widgets.plots import TitledPanel

BARS = 32
NEW, UNSEEN, CHOSEN, LINE = range(4)  # curves, and two upright lines that are named as they are
STYLES = [
    CurveStyle("new pictures", "generated"),
    CurveStyle("unseen pictures", "real", "dash"),
    CurveStyle(words.THIS, "accent", "dash"),
    CurveStyle("", "neutral"),
]
CLEAR = 56  # alpha of the ground of a curve, of 255
NAMES = (0.94, 0.7, 0.46, 0.22)  # heights of the names of the curves, shares of the plot
WIDEST_TICK = "100 %"


class CopiedHistogram(QWidget):
    """A press or drag picks a distance."""

    picked = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panel = Panel(STYLES, "", widest_tick=WIDEST_TICK)
        self.panel.show_x(True)  # the title says of what
        self._top = 1.0  # of the y axis
        self.panel.setCursor(Qt.CursorShape.SizeHorCursor)
        self.panel.picked.connect(self.picked)
        self.titled = TitledPanel("", self.panel)
        self.titled.setToolTip(f"<p>{words.PLOT_HELP}</p>")
        pad(QVBoxLayout(self), 0, 0).addWidget(self.titled)
        theme().changed.connect(self._fill)
        self._fill()

    def show_found(self, found: api.CopiedEvent) -> None:
        """The shares of both at each distance."""
        new = found.distances[:, 0]
        line = max(one.near for one in found.yardsticks)
        top = max(float(new.max()), float(np.quantile(found.unseen, 0.995)), 1.1 * line, 1e-6) * 1.02
        edges = np.linspace(0, top, BARS + 1)
        highest = 0.0
        for number, values in ((NEW, new), (UNSEEN, found.unseen)):
            shares = 100 * np.histogram(values, edges)[0] / len(values)
            self.panel.set_curve(number, *steps(edges, shares))
            highest = max(highest, float(shares.max()))
        self._top = 1.08 * highest
        self.panel.set_ranges((0.0, top), (0.0, self._top))
        names = [words.too_near(found, number) for number in range(len(new))]
        self.panel.set_room(max((*names, STYLES[UNSEEN].label), key=len), WIDEST_TICK)
        self.titled.set_title(
            f"% of the pictures by their distance to the nearest training picture ({words.UNITS[found.request.space]})"
        )

    def clear(self) -> None:
        """Nothing is known of what is seen."""
        for number in range(len(STYLES)):
            self.panel.set_curve(number, np.empty(0), np.empty(0))
        self.panel.set_cursor(None)
        self.panel.set_labels([(math.nan, "")] * len(STYLES))

    def show_chosen(self, number: int, found: api.CopiedEvent) -> None:
        """Where a picture is, and the line below which it would be too near."""
        line = found.yardstick(number).near
        self.panel.set_cursor(float(found.distances[number, 0]))
        self.panel.set_curve(LINE, np.array([line, line]), np.array([0.0, self._top]))
        texts = {LINE: words.too_near(found, number)}
        self.panel.set_labels([(share * self._top, texts.get(k, "")) for k, share in enumerate(NAMES)])

    @Slot()
    def _fill(self) -> None:
        colors = theme().colors
        for style, line in zip(STYLES[:CHOSEN], self.panel.lines[:CHOSEN], strict=True):
            color = QColor(readable(getattr(colors, style.color), colors.stage, colors.text, 3.0))
            color.setAlpha(CLEAR)
            line.setFillLevel(0)
            line.setBrush(pg.mkBrush(color))


def steps(
    edges: npt.NDArray[np.float64], shares: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The outline of bars: x and y of its corners."""
    return np.repeat(edges, 2), np.concatenate([[0.0], np.repeat(shares, 2), [0.0]])
