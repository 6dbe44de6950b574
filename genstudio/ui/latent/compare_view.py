"""What the comparison looks like: the real pictures, then a column for each model. Asks for nothing."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from genstudio.api import ModelInfo, Pictures
from genstudio.api.compare import BETWEEN, COLUMNS, HELD_OUT, RANDOM
from genstudio.api.pictures import NO_PICTURES
from genstudio.ui.latent.compare_state import KINDS, MOST
from genstudio.ui.theme import pad
from genstudio.ui.widgets.stage import Stage

ROWS = (
    ("Given back", HELD_OUT, "Held-out pictures at the left, encoded and decoded by each model."),
    ("Random codes", RANDOM, "The same noise for every model, decoded: new pictures, if it can make any."),
    ("In between", BETWEEN, "From the first picture to one of another class, in equal steps of the code."),
)
FAILED = "cannot be shown"
NUMBERS = (
    "Error: mean squared difference of what is given back, of grey levels in [0, 1]. Variety: how much the random "
    "pictures differ from each other, as a share of how much the real ones do; near 0 they are all one picture."
)


def _label(role: str = "small") -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


class Columns(QWidget):
    """Rows: names, given back, random, in between, numbers. Columns: what the rows are, then the models.

    Signals:
        chosen: a model's column was clicked.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = pad(QGridLayout(self), 8, 8)
        assert isinstance(grid, QGridLayout)
        self._grid = grid
        self.real = Stage(label="Held-out pictures")
        self._row_words: list[QLabel] = []
        self._real_name = _label("")
        self._real_name.setText("<b>Real</b>")
        grid.addWidget(self._real_name, 0, 0)
        grid.addWidget(self.real, 1, 0)
        for row, (title, _, help_) in enumerate(ROWS[1:], 2):
            words = _label()
            words.setText(f"<b>{title}</b><br>{help_}")
            grid.addWidget(words, row, 0)
            self._row_words.append(words)
        self.real.setToolTip(ROWS[0][2])
        self.names, self.numbers = [_label("") for _ in range(MOST)], [_label() for _ in range(MOST)]
        self.stages = [[Stage(label=title) for title, _, _ in ROWS] for _ in range(MOST)]
        for k, stages in enumerate(self.stages):
            grid.addWidget(self.names[k], 0, k + 1)
            for row, stage in enumerate(stages, 1):
                stage.setToolTip(ROWS[row - 1][2])
                stage.setProperty("column", k)
                stage.cell_clicked.connect(self._clicked)
                grid.addWidget(stage, row, k + 1)
            self.numbers[k].setToolTip(NUMBERS)
            grid.addWidget(self.numbers[k], len(ROWS) + 1, k + 1)

    def show_models(self, infos: list[ModelInfo]) -> None:
        """As many columns as there are models, still without pictures."""
        self.real.set_pictures(NO_PICTURES)
        self.real.set_message("")
        self.real.setToolTip(ROWS[0][2])
        for words in (self._real_name, *self._row_words):
            words.setVisible(bool(infos))
        self._grid.setColumnStretch(0, 1)
        for row, (_, count, _) in enumerate(ROWS, 1):  # without models the first row has all the room
            self._grid.setRowStretch(row, -(-count // COLUMNS) if infos or row == 1 else 0)
        for k in range(MOST):
            shown = k < len(infos)
            self._grid.setColumnStretch(k + 1, 1 if shown else 0)
            for widget in (self.names[k], self.numbers[k], *self.stages[k]):
                widget.setVisible(shown)
            for stage, (title, _, help_) in zip(self.stages[k], ROWS, strict=True):
                stage.set_pictures(NO_PICTURES)
                stage.setToolTip(help_)
                stage.set_message("")
                stage.setAccessibleName(f"{title}: {infos[k].name}" if shown else title)
            self.numbers[k].setText(self._facts(infos[k]) if shown else "")
            self.names[k].setText(infos[k].name if shown else "")

    def choose(self, column: int) -> None:
        """Mark a column."""
        for k, name in enumerate(self.names):
            plain = name.text().removeprefix("<b>").removesuffix("</b>")
            name.setText(f"<b>{plain}</b>" if k == column and plain else plain)

    def show_pictures(self, column: int, row: int, images: Pictures) -> None:
        """Pictures of a model: given back (0), random (1) or in between (2)."""
        self.stages[column][row].set_pictures(images, COLUMNS)

    def show_numbers(self, column: int, info: ModelInfo, error: float | None, spread: float | None) -> None:
        """How far what is given back is from what was given, and how much random pictures differ from each other."""
        lines = [self._facts(info)]
        if error is not None:
            lines.append(f"error <b>{error:.4f}</b> a pixel")
        if spread is not None:
            lines.append(f"variety <b>{spread:.2f}</b> of real")
        self.numbers[column].setText("<br>".join(lines))

    def show_failure(self, column: int, row: int, text: str) -> None:
        """There are no pictures; why is in the tooltip, since a cell has no room for it."""
        stage = self.stages[column][row]
        stage.set_pictures(NO_PICTURES)
        stage.set_message(FAILED)
        stage.setToolTip(f"<p>{escape(text)}</p>")

    def show_message(self, text: str, button: str, why: str = "") -> None:
        """In the place of the held-out pictures, what is to be done."""
        self.real.set_message(text, button)
        self.real.setToolTip(f"<p>{escape(why)}</p>" if why else "")

    @staticmethod
    def _facts(info: ModelInfo) -> str:
        return f"{KINDS.get(info.family, info.family)} · {info.latent_dim} latents"

    @Slot(int)
    def _clicked(self, index: int) -> None:
        self.chosen.emit(int(self.sender().property("column")))
