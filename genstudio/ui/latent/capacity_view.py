"""What the capacity mode looks like: the slider with a stop for each model, the pictures, the curve, the numbers."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from genstudio.api import NO_PICTURES, Pictures
from genstudio.ui.latent.capacity_state import MOST_COLUMNS, RANDOM_ROWS, Ladder
from genstudio.ui.theme import pad, px, theme
from genstudio.ui.widgets.slider import Slider
from genstudio.ui.widgets.stage import Stage

FEWEST_COLUMNS = 6  # before the pictures become smaller instead
EDGE = 12  # design px around the pictures


class StopSlider(Slider):
    """A slider with named stops in equal steps."""

    stop_chosen = Signal(int)  # by the user

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 1, 1, "latent", parent)
        self.names: tuple[str, ...] = ()
        self.moved.connect(self._moved)

    def set_stops(self, names: tuple[str, ...]) -> None:
        """Other stops; the handle stays where it is, as far as it can."""
        self.names = names
        self.set_range(0, max(len(names) - 1, 1))
        self.setEnabled(len(names) > 1)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(200), px(48))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), px(48))

    def _x(self, value: float) -> float:
        inset = px(24)
        span = self.high - self.low
        return inset + (self.width() - 2 * inset) * ((value - self.low) / span if span else 0.0)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The stop nearest to the hand."""
        if self.is_held():
            left, right = self._x(self.low), self._x(self.high)
            share = (event.position().x() - left) / max(right - left, 1)
            self._by_user(self.low + round(share * (self.high - self.low)))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two quick clicks mean the same stop."""
        self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """One stop a notch, where the slider has the focus."""
        if not self.hasFocus() or not event.angleDelta().y():
            event.ignore()
        else:
            self._by_user(self.value() + (1 if event.angleDelta().y() > 0 else -1))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The names stand under their stops, the present one in the accent."""
        painter, colors = QPainter(self), theme().colors
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colors.edge), px(2)))
        for k, name in enumerate(self.names):
            lit, x = k == round(self.value()), self._x(k)
            painter.setPen(QPen(QColor(colors.edge), px(2)))
            painter.drawLine(round(x), round(self.height() / 2 - px(7)), round(x), round(self.height() / 2 + px(7)))
            painter.setFont(theme().font(13 if lit else 11, bold=lit))
            painter.setPen(QColor(colors.accent_text if lit else colors.text2))
            spot = QRectF(x - px(60), self.height() / 2 + px(7), px(120), self.height() / 2 - px(7))
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, name)
        painter.end()
        super().paintEvent(event)

    @Slot(float)
    def _moved(self, value: float) -> None:
        self.stop_chosen.emit(round(value))


class LadderStage(Stage):
    """Rows of pictures with their names; as many columns as fill it; one row can be lit."""

    columns_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, "Held-out pictures, what comes back of them, random codes")
        self._lit = -1
        self._rows: list[Pictures] = []
        self._names: list[str] = []

    def show_rows(self, rows: list[Pictures], names: list[str], lit: int = -1) -> None:
        """Rows of at least MOST_COLUMNS pictures, or fewer where there are fewer; `lit` is framed."""
        self._rows, self._names, self._lit = rows, names, lit
        columns = self.fitting()
        if columns:
            self.set_titles([], names)
            self.set_pictures(np.concatenate([row[:columns] for row in rows]), columns)

    def clear_rows(self) -> None:
        """Nothing is shown."""
        self._rows, self._names, self._lit = [], [], -1
        self.set_titles([])
        self.set_pictures(NO_PICTURES)

    def fitting(self) -> int:
        """How many columns fill the stage at the largest zoom that leaves at least FEWEST_COLUMNS."""
        if not self._rows:
            return 0
        most = min(MOST_COLUMNS, *(len(row) for row in self._rows))
        ratio, (height, width) = self.devicePixelRatioF(), self._rows[0].shape[1:3]
        names = max((self.fontMetrics().horizontalAdvance(name) for name in self._names), default=0)
        across = (self.width() - names - px(2 * EDGE)) * ratio
        down = (self.height() - px(2 * EDGE)) * ratio
        zoom = max(int(min(down / (len(self._rows) * (height + 1)), across / (FEWEST_COLUMNS * (width + 1)))), 1)
        return max(min(int(across / (zoom * (width + 1))), most), min(FEWEST_COLUMNS, most))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer pictures fit now."""
        super().resizeEvent(event)
        if self._rows and self.fitting() != self.columns():
            self.show_rows(self._rows, self._names, self._lit)
            self.columns_changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The row that is lit has a frame."""
        super().paintEvent(event)
        columns = self.columns()
        if self._lit < 0 or not columns or self._has_message:
            return
        whole = QRectF(self.cell_rect(self._lit * columns)).united(
            QRectF(self.cell_rect((self._lit + 1) * columns - 1))
        )
        painter, half = QPainter(self), px(3)
        painter.setPen(QPen(QColor(theme().colors.accent), px(2)))
        painter.drawRect(whole.adjusted(-half, -half, half, half))


class CapacityView(QWidget):
    """The slider over the pictures. Asks for nothing.

    Signals:
        row_clicked: the number of a row of pictures.
    """

    row_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider, self.stage = StopSlider(), LadderStage()
        self.slider.setAccessibleName("Numbers a picture")
        self.slider.setToolTip("How many numbers a picture becomes: drag it, or press the arrow keys")
        self.word = QLabel("Numbers a picture")
        self.word.setProperty("role", "small")
        self.word.setBuddy(self.slider)
        top = pad(QHBoxLayout(), (12, 0, 12, 0), 12)
        top.addWidget(self.word)
        top.addWidget(self.slider, 1)
        box = pad(QVBoxLayout(self), 0, 4)
        box.addLayout(top)
        box.addWidget(self.stage, 1)
        self.stage.cell_clicked.connect(self._clicked)

    def show_message(self, text: str, button: str = "") -> None:
        """One sentence instead of the pictures."""
        self.stage.clear_rows()
        self.stage.set_message(text, button)

    def show_slider(self, shown: bool) -> None:
        """Whether there is something to slide over."""
        self.word.setVisible(shown)
        self.slider.setVisible(shown)

    def show_one(self, name: str, real: Pictures, given: Pictures | None, random: Pictures | None) -> None:
        """The pictures called `name`, what the chosen model gives back, its random codes; missing ones are blank."""
        empty = np.zeros_like(real[:MOST_COLUMNS])
        given = empty if given is None else given
        random = np.concatenate([empty] * RANDOM_ROWS) if random is None else random
        columns = len(empty)
        rows = [real, given, *(random[k * columns : (k + 1) * columns] for k in range(RANDOM_ROWS))]
        self.stage.show_rows(rows, [name, "Given back", "Random codes", ""])

    def show_every(self, name: str, real: Pictures, ladder: Ladder, place: int, given: Mapping[str, Pictures]) -> None:
        """The pictures called `name`, and a row of what comes back for each rung."""
        empty = np.zeros_like(real)
        rows = [real, *(given.get(rung.key, empty) for rung in ladder.rungs)]
        names = [name, *(f"{rung.label} numbers" for rung in ladder.rungs)]
        self.stage.show_rows(rows, names, place + 1)

    @Slot(int)
    def _clicked(self, index: int) -> None:
        columns = self.stage.columns()
        if columns:
            self.row_clicked.emit(index // columns)
