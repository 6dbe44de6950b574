"""What the triptych looks like: of each kind its name, its model, its pictures, and what a picture takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from genstudio import api
from genstudio.api import NO_PICTURES, Pictures
from genstudio.ui.tabs.model_card import card
from genstudio.ui.tabs.run_words import name_of
from genstudio.ui.theme import pad, px, theme
from genstudio.ui.triptych.state import KINDS
from genstudio.ui.triptych.words import missing
from genstudio.ui.widgets.name_picker import NamePicker
from genstudio.ui.widgets.plain import wrapped
from genstudio.ui.widgets.still import Still
from genstudio.ui.widgets.tight_stage import TightStage

STARTING = "Starting …"
TALL, LINE = 2, 15  # lines of small words that a number has room for; design px of one
SPARED = "a picture, "  # what they do without where they have no room
NARROW = 160  # design px of a column that has no room for two numbers


class Number(QWidget):
    """A number that matters, and below it what it is of, in so many lines."""

    def __init__(self, parent: QWidget | None = None, lines: int = TALL) -> None:
        super().__init__(parent)
        self._lines = lines
        self.value, self.words = QLabel(), QLabel()
        self._told = self._brief = ""
        self.value.setProperty("role", "number")
        self.words.setProperty("role", "small")
        self.words.setWordWrap(lines > 1)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.value.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        box = pad(QVBoxLayout(self), 0, 0)
        for label in (self.value, self.words):
            box.addWidget(Still(label))
        theme().changed.connect(self._fit)
        self._fit()

    def show_number(self, text: str, words: str, help: str = "", brief: str = "") -> None:
        """Nothing happens if they are the same; `brief` is what stands there where the words have no room."""
        self.setToolTip(wrapped(help))
        if (text, words) != (self.value.text(), self._told):
            self._told, self._brief = words, brief or words.removeprefix(SPARED)
            self.value.setText(text)
            self.setAccessibleName(f"{text} {words}")
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        """Where a line is too narrow the words are fewer, so that the pictures have the room."""
        lines = self._told.split("\n")
        is_cut = max(map(self.words.fontMetrics().horizontalAdvance, lines)) > self.width()
        self.words.setText(self._brief if is_cut else self._told)
        self.words.setFixedHeight(self._lines * px(LINE))


class Column(QWidget):
    """One kind.

    Signals:
        model_chosen: by the user.
        clicked, double_clicked: the number of a picture.
        help_wanted: the button in the stead of the pictures.
    """

    model_chosen = Signal(object)
    clicked = Signal(int)
    double_clicked = Signal(int)
    help_wanted = Signal()

    def __init__(self, k: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind, self._k, self._told, self._count = KINDS[k], k, "", 0
        self.selected = -1  # the picture that is framed, also while none is there
        self.title = QLabel(self.kind.title)
        self.title.setProperty("role", "title")
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        name = self.kind.title
        self.picker = NamePicker(label=f"Model: {name}", help=f"Which {name} draws in this column")
        self.stage = TightStage(label=f"Pictures: {self.kind.title}")
        self.note = QLabel()
        self.note.setProperty("role", "small")
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.numbers = [Number(lines=1), Number(lines=1)]
        row = pad(QHBoxLayout(), 0, 8)
        for number in self.numbers:
            row.addWidget(number, 1)
        box = pad(QVBoxLayout(self), 0, 4)
        for widget in (self.title, self.picker):
            box.addWidget(widget)
        box.addWidget(self.stage, 1)
        box.addWidget(Still(self.note))
        box.addLayout(row)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.picker.chosen.connect(self.model_chosen)
        self.stage.cell_clicked.connect(self.clicked)
        self.stage.cell_double_clicked.connect(self.double_clicked)
        self.stage.button_clicked.connect(self.help_wanted)

    def show_models(self, infos: Mapping[str, api.ModelInfo], model: str) -> None:
        """The models of this kind, and the one that draws."""
        self.picker.clear()
        for key, info in infos.items():
            if info.family in self.kind.families:
                self.picker.add_choice(name_of(info.name), key, card(info))
        self.picker.setEnabled(self.picker.count() > 0)
        self.picker.set_value(model)

    def show_pictures(self, images: Pictures | None, error: str, has_model: bool) -> None:
        """Pictures, or the words in their stead."""
        if images is not None:
            self._told = ""
            self.stage.set_pictures(images)
            self.stage.set_selected(self.selected if len(images) > 1 else -1)
            return
        text, button = (error, "Try again") if error else (STARTING, "") if has_model else missing(self._k)
        if text != self._told:
            self._told = text
            self.stage.set_pictures(NO_PICTURES)
            self.stage.set_message(text, button)

    def show_numbers(self, numbers: Sequence[tuple[str, str, str]]) -> None:
        """One or two numbers with their words and their help."""
        for number, told in zip(self.numbers, [*numbers, ("", "", "")], strict=False):
            number.show_number(*told)
        self._count = len(numbers)
        self._fit()

    def show_note(self, note: str) -> None:
        """The line above them."""
        if note != self.note.text():
            self.note.setText(note)
            self.note.setToolTip(escape(note))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Of two numbers the last alone, where both have no room."""
        has_room = self.width() >= px(NARROW)
        self.numbers[0].setVisible(self._count < 2 or has_room)
        self.numbers[1].setVisible(self._count > 1)


class TriptychColumns(QWidget):
    """The three columns, equally wide.

    Signals:
        model_chosen: the column, and the model that is to draw in it.
        picture_clicked, picture_opened: the number of a picture, which is the same in all columns.
        help_wanted: a column whose button was pressed.
    """

    model_chosen = Signal(int, object)
    picture_clicked = Signal(int)
    picture_opened = Signal(int)
    help_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = pad(QHBoxLayout(self), (8, 4, 8, 0), 16)
        self.columns = [Column(k) for k in range(len(KINDS))]
        for k, column in enumerate(self.columns):
            column.setProperty("column", k)
            row.addWidget(column, 1)
            column.model_chosen.connect(self._model_chosen)
            column.clicked.connect(self.picture_clicked)
            column.double_clicked.connect(self.picture_opened)
            column.help_wanted.connect(self._help_wanted)

    def select(self, index: int) -> None:
        """Frame a picture in all columns; -1 none."""
        for column in self.columns:
            column.selected = index
            column.stage.set_selected(index)

    def selected(self) -> int:
        """The picture framed, or -1."""
        return self.columns[0].selected

    @Slot(object)
    def _model_chosen(self, model: str) -> None:
        self.model_chosen.emit(int(self.sender().property("column")), model)

    @Slot()
    def _help_wanted(self) -> None:
        self.help_wanted.emit(int(self.sender().property("column")))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """No column is a pixel wider than another: its pictures might be larger."""
        super().resizeEvent(event)
        row = self.layout()
        assert row is not None
        sides = row.contentsMargins()
        room = self.width() - sides.left() - sides.right() - (len(self.columns) - 1) * row.spacing()
        for column in self.columns:
            column.setMaximumWidth(max(room // len(self.columns), 1))
