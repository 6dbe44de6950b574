"""Puts a reverse process on the stage: its pictures at one step, or along their way, or beside those of the trunk."""

from __future__ import annotations

from typing import Literal

import numpy as np
from PySide6.QtCore import QEvent, QObject, Signal, Slot

from genstudio.api import Layer, Pictures, Step
from genstudio.api.differences import difference
from genstudio.ui.diffusion.codes import beside
from genstudio.ui.diffusion.words import level
from genstudio.ui.history import Reel
from genstudio.ui.theme import theme
from genstudio.ui.widgets.nothing import stacked
from genstudio.ui.widgets.stage import Stage

COLUMNS = 10  # steps of the path view at most
CELL_PX = 56  # smallest width of a picture of the path that is worth a column
FEWEST = 8  # columns of the matrix
GAP_PX = 2
HEAD_PX = 40  # of headings, and the edge below
SIDE_PX = 64  # of row titles, and the edge at the right
VIEWS = ("all", "path", "matrix", "map")
ROWS = ("branch", "trunk", "difference")
FEWEST_ACROSS = 6  # pictures below each other, each with its trunk's and the difference at its right
FEWEST_TWICE = 4  # of those that are no more than twice as large as they are


Lies = Literal["plain", "rows", "across"]  # below each other, or of each picture the three beside each other


class DenoiseStage(QObject):
    """Puts steps on the stage. Along the way a click on a picture goes to its step; else a double click enlarges one
    picture, and again shows all."""

    step_chosen = Signal(int)  # a step's index
    reshaped = Signal()  # one picture is enlarged, or all are shown again, or there is other room for rows

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.layer: Layer = "x_t"
        self.view = "all"
        self.alone = -1  # the picture that is shown alone
        self.names: list[str] = []  # of the pictures: what they are asked to be of; none if of nothing
        self.shows_codes = True  # beside the pictures that they decode to
        self.trunk: Step | None = None  # the trunk's step that is shown beside
        self._stage = stage
        self._framed = -1  # the cell that is selected while all are shown
        self.seen = 0  # pictures of the process that have room
        self._lies: Lies = "plain"
        self._beside = 0  # pictures that stand beside those of the trunk
        self._columns, self._rows_shown, self._here = 1, 1, 0  # of the way, and the column of the step shown
        self._indices: list[int] = []  # of the steps in the columns of the way; -1 not computed yet
        stage.cell_clicked.connect(self._clicked)
        stage.cell_double_clicked.connect(self._double_clicked)
        stage.installEventFilter(self)
        theme().changed.connect(self._restyle)

    @property
    def is_path(self) -> bool:
        """Whether pictures are shown along their way."""
        return self.view in ("path", "matrix")

    @property
    def followed(self) -> int:
        """The picture that stands alone or is framed; -1 if none is."""
        return self.alone if self.alone >= 0 or self._framed < 0 else self._picture_in(self._framed)

    def follow(self, picture: int) -> None:
        """Frame a picture while all are shown; -1 none. One that has no room is followed only across, on the map."""
        if self.alone >= 0:
            self.enlarge(picture)
            return
        has_room = self._lies == "plain" or picture < self._beside
        if self._lies == "across" and picture >= 0:
            self._framed = len(ROWS) * picture
        else:
            self._framed = picture if has_room else -1
        self._stage.set_selected(self._framed if has_room else -1)

    def show(self, steps: Reel[Step], count: int) -> None:
        """Show where the eye of `steps` is; `count` steps follow the first one in all."""
        step = steps.shown()
        if step is None:
            return
        if self.is_path:
            self._show_path(steps, step, count)
            return
        if not self.alone < len(step.layers[self.layer]):
            self.alone = -1
        followed, before = self.followed, (self._lies, self._beside)
        self._lies = "plain" if self.trunk is None else "across" if self.view == "map" else "rows"
        if self.trunk is not None:
            self._show_beside(step, self.trunk)
        else:
            self._stage.set_titles([])
            self._stage.set_pictures(self._chosen(self._pictures(step)))
            self._framed = self._stage.selected()
            self.seen, self._beside = len(step.layers[self.layer]), 0
        if (self._lies, self._beside) != before and self.alone < 0:
            self.follow(followed)

    def leave_path(self) -> None:
        """Nothing is framed any more."""
        self._stage.set_selected(-1)
        self._stage.set_titles([])

    def picture_of(self, cell: int) -> int:
        """The number of the picture in a cell while one step alone is shown; -1 if it is none of the process."""
        if self.alone >= 0:
            return self.alone if cell == 0 else -1
        is_branch = {"plain": True, "rows": cell < self._beside, "across": cell % len(ROWS) == 0}
        return self._picture_in(cell) if is_branch[self._lies] else -1

    def has_codes(self, step: Step) -> bool:
        """Whether codes stand beside the pictures of the layer."""
        return self.shows_codes and self.layer in step.codes

    def _pictures(self, step: Step) -> Pictures:
        """The layer of a step, with its codes where they are to be seen."""
        pictures = step.layers[self.layer]
        return beside(pictures, step.codes[self.layer]) if self.has_codes(step) else pictures

    def _chosen(self, pictures: Pictures) -> Pictures:
        return pictures if self.alone < 0 else pictures[self.alone :][:1]

    # ---- beside the trunk -----------------------------------------------------------------------------

    def _show_beside(self, step: Step, trunk: Step) -> None:
        three = [self._chosen(pictures) for pictures in self._three(step, trunk)]
        pictures = three[0]
        self.seen = len(step.layers[self.layer])
        if self.alone >= 0 or self._lies == "across":
            many = self._many_across(pictures)
            self.seen, self._beside = self.seen if self.alone >= 0 else many, many
            self._stage.set_titles(list(ROWS))
            across = np.stack([pictures[:many] for pictures in three], 1)
            self._stage.set_pictures(across.reshape(-1, *pictures.shape[1:]), len(ROWS))
            return
        height, width = (self._stage.height() - HEAD_PX) // len(ROWS), self._stage.width() - SIDE_PX
        zoom = max(1, height // (pictures.shape[1] + GAP_PX))
        many = max(1, width // (zoom * pictures.shape[2] + GAP_PX))
        self.seen = self._beside = many = min(len(pictures), max(many, width // (CELL_PX + GAP_PX)))
        self._stage.set_titles([], list(ROWS))
        self._stage.set_pictures(np.concatenate([pictures[:many] for pictures in three]), many)

    def _many_across(self, pictures: Pictures) -> int:
        """How many fit below each other, as large as lets some of them fit."""
        _, high, wide, _ = pictures.shape
        height = self._stage.height() - HEAD_PX
        zoom = max(1, (self._stage.width() - GAP_PX) // (len(ROWS) * (wide + GAP_PX)))
        while zoom > 1 and height // (zoom * high + GAP_PX) < min(
            len(pictures), FEWEST_ACROSS if zoom > 2 else FEWEST_TWICE
        ):
            zoom -= 1
        return max(1, min(len(pictures), height // (zoom * high + GAP_PX)))

    def _three(self, step: Step, trunk: Step) -> list[Pictures]:
        """The branch's pictures, the trunk's, and where they differ, each (N, H, W, 3)."""
        ours, others = step.layers[self.layer], trunk.layers[self.layer]
        count = min(len(ours), len(others))
        change = difference(ours[:count], others[:count], "signed")
        if self.has_codes(step) and self.has_codes(trunk):
            change = beside(change, step.codes[self.layer][:count] - trunk.codes[self.layer][:count])
        rows = [np.broadcast_to(self._pictures(one)[:count], change.shape) for one in (step, trunk)]
        return [*rows, change]

    # ---- along the way --------------------------------------------------------------------------------

    def _show_path(self, steps: Reel[Step], shown: Step, count: int) -> None:
        images = self._pictures(shown)
        rows, columns = self._matrix(images, count) if self.view == "matrix" else self._path(images, count)
        wanted = [round(k) for k in np.linspace(0, count, columns)]
        self._here = int(np.abs(np.array(wanted) - shown.index).argmin())
        wanted[self._here] = shown.index  # the column that is framed is the step of the caption
        known = {step.index: position for position, step in enumerate(steps.values())}
        cells = [_nearest(known, index) for index in wanted]
        known_pictures = {p: self._pictures(steps[p]) for p in cells if p is not None}
        way = [None if p is None else known_pictures[p][row] for row in range(rows) for p in cells]
        self._indices = [-1 if position is None else steps[position].index for position in cells]
        heads = ["" if p is None else f"t = {level(steps[p].t)}" for p in cells]
        self._stage.set_titles(heads, self.names[:rows] if self.view == "matrix" else [], is_scale=True)
        self._stage.set_pictures(stacked(way, images[0]), columns)
        self._columns, self._rows_shown, self.seen = columns, rows, rows
        self._frame_here()

    def _frame_here(self) -> None:
        """The column of the step that is shown, in the row where the frame is."""
        row = min(max(self._stage.selected(), 0) // self._columns, self._rows_shown - 1)
        self._stage.set_selected(row * self._columns + self._here)

    def _path(self, pictures: Pictures, count: int) -> tuple[int, int]:
        """As many rows as fit below each other without making the columns narrower."""
        columns = max(2, min(COLUMNS, self._stage.width() // CELL_PX, count + 1))
        zoom = max(1, self._stage.width() // (columns * (pictures.shape[2] + GAP_PX)))
        rows = (self._stage.height() - HEAD_PX) // (zoom * (pictures.shape[1] + GAP_PX))
        return max(1, min(len(pictures), rows)), columns

    def _matrix(self, pictures: Pictures, count: int) -> tuple[int, int]:
        """Rows and columns that fill the stage: all rows if they fit, and as many steps as there is room for."""
        _, high, wide, _ = pictures.shape
        height, width = self._stage.height() - HEAD_PX, self._stage.width() - SIDE_PX

        def fitting(zoom: int) -> tuple[int, int]:
            return height // (zoom * high + GAP_PX), width // (zoom * wide + GAP_PX)

        zoom = 2 if min(fitting(2)) >= FEWEST // 2 else 1
        rows = max(1, min(len(pictures), fitting(zoom)[0]))
        while fitting(zoom + 1)[0] >= rows and fitting(zoom + 1)[1] >= min(FEWEST, count + 1):
            zoom += 1
        return rows, max(2, min(fitting(zoom)[1], count + 1))

    # ---- the hand -------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """More room has more rows and columns."""
        if event.type() == QEvent.Type.Resize and (self.is_path or self.trunk is not None):
            self.reshaped.emit()
        return super().eventFilter(watched, event)

    @Slot()
    def _restyle(self) -> None:
        if self.is_path:
            self.reshaped.emit()  # what is still to come has the stage's colour

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

    @Slot(int)
    def _double_clicked(self, cell: int) -> None:
        if not self.is_path:
            self.enlarge(-1 if self.alone >= 0 else self._picture_in(cell))

    def _picture_in(self, cell: int) -> int:
        if self._lies == "across":
            return cell // len(ROWS)
        return cell if self._lies == "plain" else cell % self._beside

    def enlarge(self, picture: int) -> None:
        """Show one picture alone; -1 all."""
        self.alone, self._framed = picture, -1
        self._stage.set_selected(-1)
        self.reshaped.emit()


def _nearest(known: dict[int, int], index: int) -> int | None:
    """Position of the kept step nearest to `index`, None if the process is not that far."""
    if not known or index > max(known):
        return None
    return known[min(known, key=lambda k: abs(k - index))]
