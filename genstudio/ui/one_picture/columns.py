"""What the three inversions look like: the picture, then what each model gives back, the difference, the error."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from genstudio import api
from genstudio.api import NO_PICTURES
from genstudio.api.differences import difference
from genstudio.api.one_picture import TIMES
from genstudio.ui.one_picture.state import OWN_KINDS
from genstudio.ui.one_picture.track import Back
from genstudio.ui.tabs.model_card import card
from genstudio.ui.tabs.run_words import name_of
from genstudio.ui.theme import pad
from genstudio.ui.triptych.columns import Number
from genstudio.ui.triptych.words import missing
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.name_picker import NamePicker, share_start
from genstudio.ui.widgets.tight_stage import TightCanvas, TightStage

NO_BACK = ("…", "")
CANVAS = "The picture, to be drawn on"
LEGEND = f"Orange: brighter than the picture. Blue: darker. Shown {TIMES} times as strong."


def _title(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "title")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label


def _small() -> QLabel:
    label = QLabel()
    label.setProperty("role", "small")
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


class OnePictureColumns(QWidget):
    """Rows: names, pickers, pictures, differences, numbers. Columns: the picture, then the kinds.

    Signals:
        model_chosen: the column, and the model that is to look for the picture.
        help_wanted: a column whose button was pressed.
    """

    model_chosen = Signal(int, object)
    help_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = pad(QGridLayout(self), (8, 8, 8, 4), 8)
        assert isinstance(grid, QGridLayout)
        self._told = [""] * len(OWN_KINDS)
        self.canvas, self.dataset, self.origin = TightCanvas(CANVAS), Choice(label="Dataset"), _small()
        self.dataset.setToolTip("Where the picture is from")
        self.legend = _small()
        self.legend.setText(LEGEND)
        for row, widget in enumerate((_title("Picture"), self.dataset, self.canvas, self.legend, self.origin)):
            grid.addWidget(widget, row, 0)
        self.pickers: list[NamePicker] = []
        self.stages: list[TightStage] = []
        self.differences: list[TightStage] = []
        self.numbers: list[Number] = []
        for k, kind in enumerate(OWN_KINDS):
            picker = NamePicker(label=f"Model: {kind.title}", help=f"Which {kind.title} looks for the picture")
            stage, below = (TightStage(f"{what}: {kind.title}") for what in ("Given back", "Difference"))
            number = Number(lines=3)
            for row, widget in enumerate((_title(kind.title), picker, stage, below, number)):
                widget.setProperty("column", k)
                grid.addWidget(widget, row, k + 1)
            picker.chosen.connect(self._chosen)
            stage.button_clicked.connect(self._helped)
            self.pickers.append(picker)
            self.stages.append(stage)
            self.differences.append(below)
            self.numbers.append(number)
        for column in range(grid.columnCount()):
            grid.setColumnStretch(column, 1)
        for widget in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            policy = widget.sizePolicy()  # all are as narrow as the window wants them
            policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
            widget.setSizePolicy(policy)
        grid.setRowStretch(2, 1)
        grid.setRowStretch(3, 1)

    def show_models(self, infos: Mapping[str, api.ModelInfo], models: tuple[str, ...]) -> None:
        """The models of each kind, and those that look for the picture."""
        for picker, kind, model in zip(self.pickers, OWN_KINDS, models, strict=True):
            picker.clear()
            for key, info in infos.items():
                if info.family in kind.families:
                    picker.add_choice(name_of(info.name), key, card(info))
            picker.setEnabled(picker.count() > 0)
            picker.set_value(model)
        share_start(self.pickers)

    def show_back(self, k: int, back: Back | None, real: api.Pictures | None, error: str, waits: str) -> None:
        """What a model has given back, or the words in its stead: `waits`, "" where there is no model."""
        stage, below = self.stages[k], self.differences[k]
        if back is None or real is None:
            text, button = (error, "Try again") if error else (waits, "") if waits else missing(k)
            if text != self._told[k]:
                self._told[k] = text
                stage.set_pictures(NO_PICTURES)
                stage.set_message(text, button)
                below.set_pictures(NO_PICTURES)
            self.numbers[k].show_number(*(NO_BACK if error or waits else ("", "")))
            return
        self._told[k] = ""
        stage.set_pictures(back.picture[None])
        below.set_pictures(difference(back.picture[None], real[None], "signed", TIMES) if back.is_done else NO_PICTURES)

    def show_canvas(self, picture: api.Pictures) -> None:
        """The picture under the brush."""
        self.canvas.set_pictures(np.ascontiguousarray(picture)[None])

    @Slot(object)
    def _chosen(self, model: str) -> None:
        self.model_chosen.emit(int(self.sender().property("column")), model)

    @Slot()
    def _helped(self) -> None:
        self.help_wanted.emit(int(self.sender().property("column")))
