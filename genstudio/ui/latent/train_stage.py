"""What a run shows of itself: new samples, inputs over what comes back of them, and the map of two latents."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from genstudio.api import Pictures
from genstudio.ui.tabs.training_run import Moment
from genstudio.ui.theme import pad, theme
from genstudio.ui.widgets.nothing import stacked
from genstudio.ui.widgets.one_line import OneLine
from genstudio.ui.widgets.picture_grid import fit
from genstudio.ui.widgets.stage import Stage

NEW = "New samples: random codes, decoded"
BACK = "Training pictures, reconstructions, error"
MAP = "Map: z1 to the right, z2 upwards, −3 to 3"
SHARE, SHARES = 60, range(44, 74)  # of the width, in percent, for the samples: usual, allowed
ROW = 5  # inputs in a row at most, where there is no map
NOTHING: Pictures = np.empty((0, 1, 1, 1), np.uint8)


def _titled(title: str, stage: Stage) -> tuple[QWidget, OneLine]:
    holder, label = QWidget(), OneLine(title)
    label.setProperty("role", "small")
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    box = pad(QVBoxLayout(holder), 0, 0)
    box.addWidget(label)
    box.addWidget(stage, 1)
    return holder, label


def columns_of(count: int) -> int:
    """Inputs in a row: as few rows as there can be, as even as they can be."""
    return -(-count // -(-count // ROW))


def rows_of(views: Mapping[str, Pictures], columns: int) -> Pictures:
    """Rows of inputs, of their reconstructions and of what is between them, again and again.

    Rows that would be shorter end with nothing, so that each picture stands under what it belongs to.
    """
    inputs, back = views["inputs"], views["reconstructions"]
    error = np.abs(inputs.astype(np.int16) - back).astype(np.uint8)
    cells: list[Pictures | None] = []
    for start in range(0, len(inputs), columns):
        for part in (inputs, back, error):
            row = part[start : start + columns]
            cells += [*row, *[None] * (columns - len(row))]
    return stacked(cells, inputs[0])


def one_picture(cells: Pictures) -> Pictures:
    """The cells (n * n, H, W, C) of a square as one picture, (1, n H, n W, C)."""
    side = round(len(cells) ** 0.5)
    height, width, channels = cells.shape[1:]
    sheet = cells.reshape(side, side, height, width, channels).transpose(0, 2, 1, 3, 4)
    return np.ascontiguousarray(sheet.reshape(1, side * height, side * width, channels))


def best_share(filled: Callable[[int], float]) -> int:
    """The percentage, of those allowed, at which `filled` is most; of several the one nearest to the usual one."""
    return max(SHARES, key=lambda share: (filled(share), -abs(share - SHARE)))


def _area(stage: Stage, columns: int, space: tuple[int, int]) -> float:
    """Device pixels that the cells of a stage fill in such a space, without the gaps."""
    images = stage.seen()
    if images is None or min(space) < 1:
        return 0.0
    count, height, width = images.shape[:3]
    cell = fit(count, width, height, space, columns, max(round(stage.devicePixelRatioF()), 1)).cell
    return float(count * cell[0] * cell[1])


class TrainStage(QWidget):
    """`samples` at the left; at the right, from the first moment on, `back` and for two latents `map`."""

    def __init__(self, samples: Stage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known: object = None  # what the widths were last found for
        self._views: Mapping[str, Pictures] = {}
        self.samples, self.back, self.map = samples, Stage(label="Reconstructions"), Stage(label="Map of the latents")
        new, self._heading = _titled(NEW, self.samples)
        (back, _), (self._map, _) = _titled(BACK, self.back), _titled(MAP, self.map)
        self.side = QWidget()
        column = pad(QVBoxLayout(self.side), 0, 8)
        column.addWidget(back, 1)
        column.addWidget(self._map, 3)
        self._row = pad(QHBoxLayout(self), 0, 16)
        self._row.addWidget(new, 60)
        self._row.addWidget(self.side, 40)
        self.show_moment(None)
        theme().changed.connect(self._show_back)

    def show_moment(self, moment: Moment | None) -> None:
        """All that is known of one iteration; None leaves room for a message."""
        views = moment.views if moment else {}
        has_map = "map" in views
        self.samples.set_pictures(moment.samples if moment else NOTHING)
        self._heading.setVisible(moment is not None)
        self.side.setVisible("inputs" in views)
        self._map.setVisible(has_map)
        self.map.set_pictures(one_picture(views["map"]) if has_map else NOTHING)
        self._views = views
        self._show_back()
        self._share_room()

    @Slot()
    def _show_back(self) -> None:
        """What comes back; anew when the stage has another colour, for where there is nothing has it, too."""
        views = self._views
        if "inputs" in views:
            count = len(views["inputs"])
            columns = count if "map" in views else columns_of(count)
            self.back.set_pictures(rows_of(views, columns), columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        """Samples and reconstructions have the widths at which their pictures are largest together."""
        stages = (self.samples, self.back, self.map)
        shapes = tuple(None if (seen := stage.seen()) is None else seen.shape[:3] for stage in stages)
        known = (shapes, self.back.columns(), self.size(), self.devicePixelRatioF())
        if shapes[0] is None or shapes[1] is None or known == self._known:
            return
        self._known = known
        share = best_share(self._filled)
        self._row.setStretch(0, share)
        self._row.setStretch(1, 100 - share)

    def _filled(self, share: int) -> float:
        """How much of the room all pictures fill if the samples have a share of the width, in percent."""
        ratio, edge, line = self.devicePixelRatioF(), 2 * theme().gap(8), self._heading.sizeHint().height()
        wide, high = self.width() - self._row.spacing(), self.height() - line
        left, right = wide * share / 100, wide * (100 - share) / 100
        parts: list[tuple[Stage, int, float, float]] = [(self.samples, 0, left, high)]
        if self.map.seen() is None:
            parts.append((self.back, self.back.columns(), right, high))
        else:
            high -= line + theme().gap(8)
            parts += [(self.back, self.back.columns(), right, high / 4), (self.map, 1, right, high * 3 / 4)]
        return sum(
            _area(stage, columns, (int((x - edge) * ratio), int((y - edge) * ratio))) for stage, columns, x, y in parts
        )
