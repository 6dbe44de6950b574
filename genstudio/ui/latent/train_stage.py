"""What a run shows of itself: new samples, inputs over what comes back of them, and the map of two latents."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from genstudio.api import Pictures
from genstudio.ui.tabs.training_run import Moment
from genstudio.ui.theme import pad
from genstudio.ui.widgets.stage import Stage

NEW = "New samples: random codes, decoded"
BACK = "Inputs, reconstructions, error"
MAP = "Map: z1 to the right, z2 upwards, −3 to 3"
ROW = 5  # inputs in a row where there is room
NOTHING: Pictures = np.empty((0, 1, 1, 1), np.uint8)


def _titled(title: str, stage: Stage) -> tuple[QWidget, QLabel]:
    holder, label = QWidget(), QLabel(title)
    label.setProperty("role", "small")
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    label.setMinimumWidth(0)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    box = pad(QVBoxLayout(holder), 0, 0)
    box.addWidget(label)
    box.addWidget(stage, 1)
    return holder, label


def rows_of(views: Mapping[str, Pictures], columns: int) -> Pictures:
    """Rows of inputs, of their reconstructions and of what is between them, again and again."""
    inputs, back = views["inputs"], views["reconstructions"]
    error = np.abs(inputs.astype(np.int16) - back).astype(np.uint8)
    parts = [
        part[start : start + columns] for start in range(0, len(inputs), columns) for part in (inputs, back, error)
    ]
    return np.concatenate(parts)


def one_picture(cells: Pictures) -> Pictures:
    """The cells (n * n, H, W, C) of a square as one picture, (1, n H, n W, C)."""
    side = round(len(cells) ** 0.5)
    height, width, channels = cells.shape[1:]
    sheet = cells.reshape(side, side, height, width, channels).transpose(0, 2, 1, 3, 4)
    return np.ascontiguousarray(sheet.reshape(1, side * height, side * width, channels))


class TrainStage(QWidget):
    """`samples` at the left; at the right, from the first moment on, `back` and for two latents `map`."""

    def __init__(self, samples: Stage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.samples, self.back, self.map = samples, Stage(label="Reconstructions"), Stage(label="Map of the latents")
        new, self._heading = _titled(NEW, self.samples)
        (back, _), (self._map, _) = _titled(BACK, self.back), _titled(MAP, self.map)
        self.side = QWidget()
        column = pad(QVBoxLayout(self.side), 0, 8)
        column.addWidget(back, 1)
        column.addWidget(self._map, 3)
        row = pad(QHBoxLayout(self), 0, 16)
        row.addWidget(new, 3)
        row.addWidget(self.side, 2)
        self.show_moment(None)

    def show_moment(self, moment: Moment | None) -> None:
        """All that is known of one iteration; None leaves room for a message."""
        views = moment.views if moment else {}
        has_map = "map" in views
        self.samples.set_pictures(moment.samples if moment else NOTHING)
        self._heading.setVisible(moment is not None)
        self.side.setVisible("inputs" in views)
        self._map.setVisible(has_map)
        self.map.set_pictures(one_picture(views["map"]) if has_map else NOTHING)
        if "inputs" in views:
            columns = len(views["inputs"]) if has_map else ROW
            self.back.set_pictures(rows_of(views, columns), columns)
