"""What the comparison looks like: words before each row, then a column for each model. Asks for nothing."""

from __future__ import annotations

from html import escape

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from genstudio.api import NO_PICTURES, ModelInfo, Pictures
from genstudio.api.compare import COLUMNS
from genstudio.ui.latent.compare_room import GIVEN, MOST_ROWS, Room, room_for, some
from genstudio.ui.latent.compare_state import KINDS, MOST
from genstudio.ui.theme import pad, px, theme
from genstudio.ui.widgets.stage import Stage

ROWS = (
    ("Real, and given back", "Held-out pictures above, what each model gives back of them below."),
    ("Random codes", "The same noise for every model, decoded: new pictures, if it can make any."),
    ("In between", "From the first picture to one of another class, in equal steps of the code."),
)
WORDY = 150  # design px of words before a row that have room for more than its name
FAILED = "cannot be shown"
NUMBERS = (
    "<p>Error: mean squared difference of what is given back, of grey levels in [0, 1]. Variety: how much the random "
    "pictures differ from each other, as a share of how much the real ones do; near 0 they are all one picture.</p>"
    "<p>Fréchet distance: how far 10,000 random pictures are from real ones, as the model's file says; lower is "
    "better.</p><p>Random codes × as far: their distance to the nearest code of a real picture, in times of that "
    "from one such code to the next; 1 where codes of pictures lie wherever random ones fall.</p>"
)


def _label(role: str = "small") -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label


class Columns(QWidget):
    """Rows: names, real and given back, random, in between, numbers. Columns: what the rows are, then the models.

    Signals:
        chosen: a model's column was clicked.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = pad(QGridLayout(self), 8, 8)
        assert isinstance(grid, QGridLayout)
        self._grid = grid
        self._side, self._count = 0, 0
        self._shown: dict[tuple[int, int], Pictures] = {}
        self._failed: set[tuple[int, int]] = set()
        self.room = Room(*MOST_ROWS, 0)
        self.notice = Stage(label="What is missing")
        self.row_words = [_label() for _ in ROWS]
        for row, words in enumerate(self.row_words, 1):
            words.setToolTip(ROWS[row - 1][1])
            grid.addWidget(words, row, 0)
        self.names, self.numbers = [_label("") for _ in range(MOST)], [_label() for _ in range(MOST)]
        self._called: list[str] = []  # the models shown
        self.stages = [[Stage(label=title) for title, _ in ROWS] for _ in range(MOST)]
        for k, stages in enumerate(self.stages):
            self.names[k].setTextFormat(Qt.TextFormat.RichText)
            grid.addWidget(self.names[k], 0, k + 1)
            for row, stage in enumerate(stages, 1):
                stage.setProperty("column", k)
                stage.cell_clicked.connect(self._clicked)
                grid.addWidget(stage, row, k + 1)
            self.numbers[k].setToolTip(NUMBERS)
            grid.addWidget(self.numbers[k], len(ROWS) + 1, k + 1)
        theme().changed.connect(self._arrange)

    def show_models(self, infos: list[ModelInfo]) -> None:
        """As many columns as there are models, still without pictures."""
        self._shown, self._failed = {}, set()
        self._side, self._count = (infos[0].size if infos else 0), len(infos)
        self.notice.hide()
        self._grid.removeWidget(self.notice)
        self._grid.addWidget(self.notice, 1, 1, 1, max(self._count, 1))
        for k in range(MOST):
            shown = k < len(infos)
            self._grid.setColumnStretch(k + 1, 1 if shown or k == 0 else 0)
            for widget in (self.names[k], self.numbers[k], *self.stages[k]):
                widget.setVisible(shown)
            for stage, (title, help_) in zip(self.stages[k], ROWS, strict=True):
                stage.set_pictures(NO_PICTURES)
                stage.setToolTip(help_)
                stage.set_message("")
                stage.setAccessibleName(f"{title}: {infos[k].name}" if shown else title)
            self.numbers[k].setText("<br>".join(_facts(infos[k])) if shown else "")
        self._called = [info.name for info in infos]
        self.choose(-1)
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        """As many rows as there is room for pictures that are large enough, and words before them."""
        count, grid, edge, high = self._count, self._grid, theme().gap(8), 0
        for words in self.row_words:
            words.setVisible(count > 0)
        if count:
            lines = 4 * self.numbers[0].fontMetrics().height()
            gaps = (len(ROWS) + 1) * grid.verticalSpacing() + 2 * grid.contentsMargins().top()
            high = self.height() - lines - self.names[0].sizeHint().height() - gaps
            wide = self.width() - count * grid.horizontalSpacing() - 2 * grid.contentsMargins().left()
            self.room = room_for(count, self._side, wide, high, edge, px(100) / 100)
        rows = (GIVEN, self.room.random, self.room.between)
        cell = max(high - 2 * edge * len(rows), 0) // sum(rows)
        for row, number in enumerate(rows, 1):  # without models the first row has all the room
            grid.setRowStretch(row, number * cell + 2 * edge if count else int(row == 1))
        grid.setColumnMinimumWidth(0, self.room.labels if count else 0)
        for words, (title, help_) in zip(self.row_words, ROWS, strict=True):
            words.setText(f"<b>{title}</b>" + (f"<br>{help_}" if self.room.labels >= px(WORDY) else ""))
        for column, row in self._shown:
            self._fill(column, row)

    def _fill(self, column: int, row: int) -> None:
        images, stage = self._shown[column, row], self.stages[column][row]
        if row == 1:
            images = images[: self.room.random * COLUMNS]
        elif row == 2:
            images = images[list(some(len(images), self.room.between))]
        stage.set_pictures(images, min(COLUMNS, len(images)))

    def choose(self, column: int) -> None:
        """Mark a column; -1 none."""
        for k, label in enumerate(self.names):
            name = escape(self._called[k]) if k < len(self._called) else ""
            label.setText(f"<b>{name}</b>" if k == column and name else name)

    def show_given(self, column: int, real: Pictures, given: Pictures) -> None:
        """Real pictures, and below each what a model gives back of it."""
        self._shown[column, 0] = np.concatenate([real[:COLUMNS], given[:COLUMNS]])
        self._fill(column, 0)

    def show_pictures(self, column: int, row: int, images: Pictures) -> None:
        """Pictures of a model: random (1) or in between (2)."""
        self._shown[column, row] = images
        self._fill(column, row)

    def show_numbers(
        self, column: int, info: ModelInfo, error: float | None, spread: float | None, reach: float | None
    ) -> None:
        """How near it gives back, how much random pictures differ, how good they are, how far their codes are off."""
        lines, both = _facts(info), []
        if error is not None:
            both.append(f"error <b>{error:.4f}</b>")
        if spread is not None:
            both.append(f"variety <b>{spread:.2f}</b>")
        if both:
            lines.insert(1, " · ".join(both))
        if reach is not None:
            lines.append(f"random codes <b>{reach:.1f}×</b> as far")
        self.numbers[column].setText("<br>".join(lines))

    def show_failure(self, column: int, row: int, text: str) -> None:
        """There are no pictures; why is in the tooltip, since a cell has no room for it."""
        stage = self.stages[column][row]
        self._shown.pop((column, row), None)
        self._failed.add((column, row))
        stage.set_pictures(NO_PICTURES)
        stage.set_message(FAILED)
        stage.setToolTip(f"<p>{escape(text)}</p>")

    def is_told(self, column: int, row: int) -> bool:
        """Whether the pictures of a row (0 to 2) are there, or why there are none."""
        return (column, row) in self._shown.keys() | self._failed

    def show_message(self, text: str, button: str, why: str = "") -> None:
        """In the place of the real pictures, what is to be done."""
        for stages in self.stages:
            stages[0].hide()
        self.notice.set_message(text, button)
        self.notice.setToolTip(f"<p>{escape(why)}</p>" if why else "")
        self.notice.show()

    @Slot(int)
    def _clicked(self, index: int) -> None:
        self.chosen.emit(int(self.sender().property("column")))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)


def _facts(info: ModelInfo) -> list[str]:
    """Kind and latents, and what its file says of its random pictures."""
    kind = f"{KINDS.get(info.family, info.family)} · {info.latent_dim} latents"
    frechet = info.quality.get("frechet")
    return [kind] if frechet is None else [kind, f"Fréchet distance <b>{frechet:.0f}</b>"]
