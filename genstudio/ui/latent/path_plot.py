"""How far each picture of a path is from the one before, over the keys, with the playhead. The plot is built late."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from genstudio.api import PathEvent, PathKind
from genstudio.ui.latent.path_state import PathState
from genstudio.ui.latent.path_words import evenness_words
from genstudio.ui.theme import fix, pad, theme

if TYPE_CHECKING:
    from genstudio.ui.widgets.panel import Panel

STYLES: tuple[tuple[PathKind, str, str], ...] = (
    ("slerp", "latent", "solid"),
    ("lerp", "generator", "dash"),
    ("pixels", "neutral", "dot"),
)
HEIGHT = 92  # design px of the plot alone


class PathPlot(QWidget):
    """Words and a curve for each way that is shown; a click goes to a place of the way."""

    picked = Signal(float)  # a position in [0, 1]

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setAccessibleName("How even the way is")
        self.panel: Panel | None = None
        self._legs = 1
        self._box = pad(QVBoxLayout(self), 0, 2)
        self._box.addWidget(self.words)
        theme().changed.connect(self._restyle)
        self._shown: tuple[PathState, dict[PathKind, PathEvent]] | None = None

    def show_ways(self, state: PathState, events: Mapping[PathKind, PathEvent]) -> None:
        """The distances of the ways that are known; of all three where they are compared."""
        panel = self._built()
        self._shown, self._legs = (state, dict(events)), state.legs
        highest = max((float(event.distances.max()) for event in events.values()), default=0.0)
        ends = []
        for number, (way, _, _) in enumerate(STYLES):
            event = events.get(way)
            if event is None:
                panel.set_curve(number, np.empty(0), np.empty(0))
                ends.append((math.nan, ""))
                continue
            count = len(event.distances)
            x = 1 + (np.arange(count) + 0.5) / count * state.legs
            panel.set_curve(number, x, event.distances)
            ends.append((float(event.distances[-1]), ""))
        keys = len(state.keys)
        panel.name_x([(1.0 + place, f"{place % keys + 1}") for place in range(state.legs + 1)])
        panel.set_ranges((1, 1 + state.legs), (0, 1.08 * highest or 1.0))
        panel.set_labels(ends)
        self._write()

    def set_position(self, position: float) -> None:
        """Move the playhead."""
        if self.panel is not None:
            self.panel.set_cursor(1 + position * self._legs)

    def clear(self) -> None:
        """Nothing is measured."""
        self.words.setText("")
        self._shown = None
        if self.panel is not None:
            for number in range(len(STYLES)):
                self.panel.set_curve(number, np.empty(0), np.empty(0))
            self.panel.set_labels([(math.nan, "")] * len(STYLES))
            self.panel.set_cursor(None)

    def _built(self) -> Panel:
        if self.panel is None:
            from genstudio.ui.widgets.panel import CurveStyle, Panel

            curves = [CurveStyle(way, color, dash) for way, color, dash in STYLES]
            self.panel = Panel(curves, "key", widest_tick="0.000", smooth=True)
            self.panel.setAccessibleName("Change from picture to picture along the way")
            self.panel.setToolTip(
                "How far each picture is from the one before: mean squared difference of their grey levels in [0, 1]. "
                "Click or drag to go there."
            )
            fix(self.panel, height=HEIGHT)
            self.panel.picked.connect(self._picked)
            self._box.addWidget(self.panel)
        return self.panel

    def _write(self) -> None:
        if self._shown is None:
            return
        state, events = self._shown
        colors, lines = theme().colors, []
        for way, color, _ in STYLES:
            if (event := events.get(way)) is not None:
                name = f"<span style='color:{getattr(colors, color + '_text')};font-weight:600'>{way}</span>"
                lines.append(f"{name} {evenness_words(event.distances, state)}")
        head = "" if len(lines) > 1 else "Change per step · "
        self.words.setText(head + "<br>".join(lines))

    @Slot()
    def _restyle(self) -> None:
        self._write()

    @Slot(float)
    def _picked(self, x: float) -> None:
        self.picked.emit(min(max((x - 1) / self._legs, 0.0), 1.0))
