"""The two stages of a race, each under the name of its side and the dash of its curves."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from genstudio.api import Pictures
from genstudio.ui.tabs.training_run import Moment
from genstudio.ui.theme import fix, pad, px, theme
from genstudio.ui.widgets.points_canvas import PointsCanvas
from genstudio.ui.widgets.stage import Stage

NUMBERS = (
    "<p>How far what G makes is from the real examples (of points the sliced Wasserstein distance W1, of pictures "
    "the Fréchet distance in the features of a classifier), with its standard error; and what D gives both.</p>"
)
ROWS = (6, 5, 4)  # of pictures
DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine)  # of the left and the right side


class Dash(QWidget):
    """A short piece of a side's curves."""

    def __init__(self, style: Qt.PenStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        fix(self, width=32, height=16)
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """One stroke."""
        painter = QPainter(self)
        painter.setPen(QPen(QColor(theme().colors.text), px(2), self._style))
        painter.drawLine(0, self.height() // 2, self.width(), self.height() // 2)


class Side(QWidget):
    """Name, numbers, and the plane or the pictures of one side."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        which = ("left", "right")[number]
        self.name, self.numbers = QLabel(), QLabel()
        self.name.setProperty("role", "title")
        self.numbers.setProperty("role", "small")
        self.numbers.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.numbers.setAccessibleName(f"Numbers of the {which} side")
        for label in (self.name, self.numbers):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.dash = Dash(DASHES[number])
        self.dash.setToolTip(f"The curves of the {which} side are drawn like this")
        self.stage, self.canvas = Stage(label=f"Pictures, {which}"), PointsCanvas()
        self.canvas.setAccessibleName(f"Plane of the {which} game")
        heading = pad(QHBoxLayout(), 0, 8)
        heading.addWidget(self.dash)
        heading.addWidget(self.name, 1)
        holder = QWidget()
        self._layers = QStackedLayout(holder)
        self._layers.addWidget(self.stage)
        self._layers.addWidget(self.canvas)
        column = pad(QVBoxLayout(self), (8, 4, 8, 0), 4)
        column.addLayout(heading)
        column.addWidget(self.numbers)
        column.addWidget(holder, 1)

    def show_name(self, name: str, help_: str) -> None:
        """What the side is called."""
        self.name.setText(name)
        self.name.setToolTip(help_)

    def show_numbers(self, text: str) -> None:
        """What it is measured by."""
        self.numbers.setText(text if "\n" in text else f"{text}\n")  # both sides are equally high
        self.numbers.setToolTip(NUMBERS)

    def show_moment(self, moment: Moment, is_of_points: bool, is_critic: bool) -> None:
        """The plane or the pictures at one iteration."""
        self._layers.setCurrentWidget(self.canvas if is_of_points else self.stage)
        if is_of_points:
            self.canvas.show_numbers(moment.numbers, is_critic)
        else:
            self.stage.set_pictures(moment.samples[: self._room(moment.samples)])

    def _room(self, pictures: Pictures) -> int:
        """As many as fill a square at twice their size or more."""
        side = min(self.stage.width(), self.stage.height())
        rows = next((rows for rows in ROWS if rows * (2 * pictures.shape[1] + 2) <= side), ROWS[-1])
        return rows * rows


class SideBySide(QWidget):
    """An invitation, or both sides."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stage = Stage(label="Race")
        self.sides = Side(0), Side(1)
        both = QWidget()
        row = pad(QHBoxLayout(both), 0, 16)
        for side in self.sides:
            row.addWidget(side, 1)
        self._layers = QStackedLayout(self)
        self._layers.addWidget(self.stage)
        self._layers.addWidget(both)
        self._both = both

    @property
    def is_open(self) -> bool:
        """Whether the sides are shown."""
        return self._layers.currentWidget() is self._both

    def show_sides(self) -> None:
        """Both."""
        self._layers.setCurrentWidget(self._both)

    @Slot()
    def show_message(self, text: str, button: str = "") -> None:
        """One sentence instead of both sides."""
        self._layers.setCurrentWidget(self.stage)
        self.stage.set_message(text, button)
