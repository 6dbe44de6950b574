"""Puts a reverse process on the stage: all pictures at one step, or some pictures along their way."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from genstudio.api import Layer, Pictures, Step
from genstudio.ui.diffusion.words import level
from genstudio.ui.history import Reel
from genstudio.ui.widgets.stage import Stage

COLUMNS = 10  # steps of the path view at most
CELL_PX = 56  # smallest width of a picture of the path that is worth a column


class DenoiseStage(QObject):
    """Puts steps on the stage. In the path view a click on a picture goes to its step."""

    step_chosen = Signal(int)  # a step's index

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.layer: Layer = "x_t"
        self.is_path = False
        self._stage = stage
        self._framed = -1  # the picture that is selected while all are shown
        self._columns, self._rows_shown, self._here = 1, 1, 0  # of the path, and the column of the step shown
        self._indices: list[int] = []  # of the steps in the columns of the path; -1 not computed yet
        stage.cell_clicked.connect(self._clicked)

    def show(self, steps: Reel[Step], count: int) -> None:
        """Show where the eye of `steps` is; `count` steps follow the first one in all."""
        step = steps.shown()
        if step is None:
            return
        if self.is_path:
            self._show_path(steps, step, count)
        else:
            self._stage.set_titles([])
            self._stage.set_pictures(step.layers[self.layer])
            self._framed = self._stage.selected()

    def leave_path(self) -> None:
        """Nothing is framed any more."""
        self._stage.set_selected(-1)
        self._stage.set_titles([])

    def _show_path(self, steps: Reel[Step], shown: Step, count: int) -> None:
        columns = max(2, min(COLUMNS, self._stage.width() // CELL_PX, count + 1))
        wanted = [round(k) for k in np.linspace(0, count, columns)]
        self._here = int(np.abs(np.array(wanted) - shown.index).argmin())
        wanted[self._here] = shown.index  # the column that is framed is the step of the caption
        known = {step.index: position for position, step in enumerate(steps.values())}
        cells = [_nearest(known, index) for index in wanted]
        rows = self._rows(shown.layers[self.layer], columns)
        blank = np.zeros_like(shown.layers[self.layer][0])
        images = [
            blank if position is None else steps[position].layers[self.layer][row]
            for row in range(rows)
            for position in cells
        ]
        self._indices = [-1 if position is None else steps[position].index for position in cells]
        self._stage.set_titles(["" if p is None else f"t = {level(steps[p].t)}" for p in cells], is_scale=True)
        self._stage.set_pictures(np.stack(images), columns)
        self._columns, self._rows_shown = columns, rows
        self._frame_here()

    def _frame_here(self) -> None:
        """The column of the step that is shown, in the row where the frame is."""
        row = min(max(self._stage.selected(), 0) // self._columns, self._rows_shown - 1)
        self._stage.set_selected(row * self._columns + self._here)

    def _rows(self, pictures: Pictures, columns: int) -> int:
        """As many as fit below each other without making the columns narrower."""
        zoom = max(1, self._stage.width() // (columns * (pictures.shape[2] + 2)))
        return max(1, min(len(pictures), (self._stage.height() - 40) // (zoom * (pictures.shape[1] + 2))))

    @Slot(int)
    def _clicked(self, cell: int) -> None:
        if self.is_path and self._indices:
            self._stage.set_selected(cell)
            index = self._indices[cell % len(self._indices)]
            if index >= 0:
                self.step_chosen.emit(index)
            else:
                self._frame_here()  # there is no step yet
        elif not self.is_path:
            self._framed = -1 if cell == self._framed else cell
            self._stage.set_selected(self._framed)


def _nearest(known: dict[int, int], index: int) -> int | None:
    """Position of the kept step nearest to `index`, None if the process is not that far."""
    if not known or index > max(known):
        return None
    return known[min(known, key=lambda k: abs(k - index))]
