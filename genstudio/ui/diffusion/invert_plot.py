"""The error of the way back over the share of noise, and the last one large. Imports pyqtgraph, so import it late."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from genstudio.ui.diffusion import invert_words as words
from genstudio.ui.diffusion.invert_track import Ways
from genstudio.ui.numbers import log_ticks
from genstudio.ui.theme import fix, pad
from genstudio.ui.widgets.panel import CurveStyle, Panel
from genstudio.ui.widgets.plots import TitledPanel

LEAST = -12.0  # power of ten that is told from nothing
DECADES = 4  # that are seen below the largest error
RESULT = 132  # design px of the number's column


class InvertPlot(QWidget):
    """A press or drag picks a share of noise."""

    picked = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styles = [CurveStyle("", "generated"), CurveStyle("", "neutral", "dash")]
        self.panel = Panel(styles, "", "0 %", "10⁻³", smooth=True)  # room for a half of the last number
        self.panel.show_x(True)  # the title says of what
        self.panel.setCursor(Qt.CursorShape.SizeHorCursor)
        self.panel.picked.connect(self.picked)
        self.panel.name_x([(0.0, "0 %"), (0.25, "25 %"), (0.5, "50 %"), (0.75, "75 %"), (1.0, "100 %")])
        titled = TitledPanel(words.PLOT_TITLE, self.panel)
        titled.setToolTip(f"<p>{words.PLOT_HELP}</p>")
        self.result, self.name = QLabel("–"), QLabel("mean squared error of what came back")
        self.result.setProperty("role", "number")
        self.result.setAccessibleName("Mean squared error of what came back")
        self.name.setProperty("role", "small")
        self.name.setWordWrap(True)
        fix(self.name, RESULT)
        column = pad(QVBoxLayout(), 0, 4)
        column.addStretch(1)
        column.addWidget(self.result)
        column.addWidget(self.name)
        column.addStretch(1)
        layout = pad(QHBoxLayout(self), 0, 16)
        layout.addWidget(titled, 1)
        layout.addLayout(column)

    def show_ways(self, track: Ways, before: Ways | None) -> None:
        """The curve as far as it is known, and that of before."""
        powers = []
        for number, ways in enumerate((track, before)):
            shares, errors = ways.errors() if ways is not None else ([], [])
            power = np.log10(np.maximum(np.array(errors, np.float64), 10**LEAST))
            self.panel.set_curve(number, np.array(shares, np.float64), power)
            powers += list(power)
        high = math.ceil(max(powers, default=-1.0) - 1e-9)
        low = min(max(math.floor(min(powers, default=-4.0) + 1e-9), high - DECADES), high - 1)
        self.panel.set_ranges((0.0, 1.0), (low - 0.05, high + 0.05))
        self.panel.name_y(log_ticks(low, high))
        self.result.setText(words.number(track.error))

    def set_cursor(self, share: float | None) -> None:
        """Where the moment shown is."""
        self.panel.set_cursor(share)
