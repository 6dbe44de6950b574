"""What the mode "Interpolate" looks like: the moment or three strips, the keys, the plot. Asks for nothing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from genstudio.api import NO_PICTURES, ModelInfo, PathEvent, PathKind, Pictures
from genstudio.ui.bridge import Bridge
from genstudio.ui.latent.desk import LatentDesk
from genstudio.ui.latent.model_page import ModelPage
from genstudio.ui.latent.path_controls import PathControls
from genstudio.ui.latent.path_keys import KeyRow
from genstudio.ui.latent.path_plot import PathPlot
from genstudio.ui.latent.path_state import PathState, blend
from genstudio.ui.latent.path_words import caption, label
from genstudio.ui.tabs.calm import HAND_S, Beat
from genstudio.ui.tabs.play_clock import PlayClock
from genstudio.ui.theme import pad, px
from genstudio.ui.widgets.stage import Stage

ROWS: tuple[PathKind, ...] = ("slerp", "lerp", "pixels")  # from the top, where ways are compared
FEWEST = 7  # pictures of a strip that are worth smaller ones
SCRUB = 20  # places of the scrubber between two pictures of the strip


def columns_of(side: int, width: int, height: int) -> int:
    """How many pictures a strip has room for: as large as three rows can be, but not too few."""
    for zoom in range(max(height // (3 * (side + 2)), 1), 0, -1):
        columns = width // (zoom * side + 2) - 1  # one more for the moment shown
        if columns >= FEWEST:
            return columns
    return max(width // (side + 2) - 1, 3)


class PathView(ModelPage):
    """The picture on the way, or the three ways as strips; below it the keys, and how evenly pictures change."""

    takes_pictures = True
    ticked = Signal(float)  # seconds since the last tick, while it plays

    def __init__(self, bridge: Bridge, desk: LatentDesk | None = None, parent: QWidget | None = None) -> None:
        super().__init__("path", bridge, desk, parent)
        self.stage, self.row, self.plot = Stage(label="Picture on the way"), KeyRow(), PathPlot()
        column = pad(QVBoxLayout(), 0, 8)
        column.addWidget(self.stage, 1)
        column.addWidget(self.row)
        self.stage_area.addLayout(column, 1)
        self.plot_area.addWidget(self.plot)
        pad(self.plot_area, (16, 8, 16, 8), 8)
        self.controls = PathControls(self.inspector)
        self._columns: list[int] = []  # the pictures of the strip that stand in the columns
        self._legs = range(0)  # those that have room in the strips
        self._compared: dict[PathKind, Pictures] = {}
        self.clock = PlayClock(self)
        self.clock.ticked.connect(self.ticked)
        self._beat = Beat(HAND_S)
        self.clear()

    def main_stage(self) -> Stage:
        """Where loading and failures are told."""
        return self.stage

    # ---- showing -----------------------------------------------------------------------------------

    def clear(self) -> None:
        """Nothing of a model is left to be seen."""
        self._compared, self._columns, self._legs = {}, [], range(0)
        self._bare_stage()
        self.stage.set_pictures(NO_PICTURES)
        self.row.set_keys(NO_PICTURES, [])
        self.plot.clear()
        self.show_plots(False)
        self.controls.show_model(None)
        self.controls.set_ready(False, None)
        self.caption.set_text("")
        self.tempo.set_range(0)
        self.tempo.set_position(0)
        self.tempo.set_label("")
        self.tempo.set_exportable(False, False)
        for button in (self.tempo.play, self.tempo.back, self.tempo.forward):
            button.setEnabled(False)

    def show_model(self, info: ModelInfo) -> None:
        """The model has come."""
        data = self.catalog.dataset(info.dataset) if self.catalog else None
        classes = info.classes or (data.classes if data is not None else ())
        self.controls.show_model(info, classes)
        self.show_plots(True)
        self.tempo.set_exportable(True, True)
        for button in (self.tempo.play, self.tempo.back, self.tempo.forward):
            button.setEnabled(True)

    def show_settings(self, state: PathState) -> None:
        """The controls and the scrubber as the state says."""
        self.controls.set_ready(True, state, self.row.selected(), self.explored(state.model) is not None)
        self.tempo.set_range((state.steps - 1) * SCRUB + 1)

    def explored(self, model: str) -> tuple[float, ...] | None:
        """The code that another mode has shown of this model, if it has."""
        return self.desk.z if self.desk.model == model and self.desk.z and self._fits(self.desk.z) else None

    def show_place(self, state: PathState) -> None:
        """Where on the way the picture is."""
        self.row.set_place(*state.leg())
        self.plot.set_position(state.position)
        self.tempo.set_position(round(state.position * (state.steps - 1) * SCRUB))
        if self.words_are_due():
            self.write(state)

    def show_moment(self, state: PathState, decoded: Pictures | None, keys: Pictures | None) -> None:
        """The picture at the place: decoded ones, and of pixels the blend of the keys' pictures."""
        blended = None
        if keys is not None and len(keys) == len(state.keys):
            number, share = state.leg()
            a, b = state.ends(number)
            blended = blend(keys[a], keys[b], share)[None]
        if not state.compares:
            shown = blended if state.way == "pixels" else decoded
            if shown is not None:
                self._bare_stage()
                self.stage.set_pictures(shown, 1)
        elif decoded is not None and len(decoded) == 2 and blended is not None and self._compared:
            if state.leg()[0] not in self._legs:
                self._lay_strips(state)
            now = {"lerp": decoded[:1], "slerp": decoded[1:], "pixels": blended}
            rows = [part for way in ROWS for part in (now[way], self._compared[way][self._columns])]
            wide = len(self._columns) + 1
            self.stage.set_pictures(np.concatenate(rows), wide)
            here = self._nearest(state.position * (state.steps - 1))
            self.stage.set_selected(ROWS.index(state.way) * wide + 1 + here)

    def _bare_stage(self) -> None:
        self.stage.set_selected(-1)
        self.stage.set_titles([], [])

    def show_ways(self, state: PathState, events: Mapping[PathKind, PathEvent]) -> None:
        """The ways that are known: their evenness, and if they are compared their strips."""
        shown = {way: event for way, event in events.items() if state.compares or way == state.way}
        self.plot.show_ways(state, shown)
        self.plot.set_position(state.position)
        self._compared = {way: shown[way].images for way in ROWS} if state.compares and len(shown) == len(ROWS) else {}
        if self._compared:
            self._lay_strips(state)

    def _lay_strips(self, state: PathState) -> None:
        """The strips of all legs, or, where they are too many, of as many as have room around the one shown."""
        side, last = next(iter(self._compared.values())).shape[1], state.steps - 1
        columns = columns_of(side, self.stage.width() - px(80), self.stage.height() - px(40))
        at_once = max((columns - 1) // 2, 1)
        first = state.leg()[0] // at_once * at_once if state.legs > at_once else 0
        self._legs = range(first, min(first + at_once, state.legs))
        low, high = (place / state.legs * last for place in (first, self._legs.stop))
        self._columns = sorted({round(k) for k in np.linspace(low, high, min(columns, int(high - low) + 1))})
        self.stage.set_titles(["now", *self._column_titles(state)], list(ROWS), is_scale=True)

    def _column_titles(self, state: PathState) -> list[str]:
        """The key over the column that is nearest to it."""
        titles = [""] * len(self._columns)
        for place in (*self._legs, self._legs.stop):
            nearest = self._nearest(place / state.legs * (state.steps - 1))
            titles[nearest] = titles[nearest] or f"key {place % len(state.keys) + 1}"
        return titles

    def _nearest(self, picture: float) -> int:
        return int(np.abs(np.array(self._columns) - picture).argmin())

    def cell(self, index: int, state: PathState) -> tuple[PathKind, float | None] | None:
        """The way and the position of a cell of the strips; no position for the moment shown. None without strips."""
        if not self._compared:
            return None
        row, column = divmod(index, len(self._columns) + 1)
        return ROWS[row], None if column == 0 else self._columns[column - 1] / (state.steps - 1)

    def write(self, state: PathState) -> None:
        """The words under the picture."""
        self._beat.note()
        self.caption.set_text(caption(state))
        self.tempo.set_label(label(state))

    def words_are_due(self) -> bool:
        """While something moves, words change only as often as they can be read."""
        return self._beat.is_due(self.clock.runs())

    # ---- the clock of playing ------------------------------------------------------------------------

    def run_clock(self, is_running: bool) -> None:
        """Start or stop the ticks."""
        self.clock.run(is_running)

    def clock_runs(self) -> bool:
        """Whether ticks come."""
        return self.clock.runs()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: no ticks. `activate` starts them again."""
        self.clock.run(False)
        super().hideEvent(event)
