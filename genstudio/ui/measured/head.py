"""The head of a column: which model it is of, its mark on the radar, and how far its measuring is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from genstudio import api
from genstudio.ui.measured.marks import draw_mark, pen_of
from genstudio.ui.measured.queue import Queue
from genstudio.ui.measured.state import FEWEST
from genstudio.ui.tabs.model_card import card
from genstudio.ui.tabs.run_words import name_of
from genstudio.ui.theme import fix, pad, px
from genstudio.ui.widgets.name_picker import NamePicker, shared_start
from genstudio.ui.widgets.plain import plain
from genstudio.ui.widgets.still import Still

NONE = ""  # of a picker: the column is taken away
FEWER = f"There must be {FEWEST} models to compare"


class Mark(QWidget):
    """A piece of the model's line on the radar, with its shape."""

    def __init__(self, column: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = column
        fix(self, 26, 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.width() / 2, self.height() / 2)
        painter.setPen(pen_of(self._column))
        painter.drawLine(QPointF(0, middle.y()), QPointF(self.width(), middle.y()))
        draw_mark(painter, middle, self._column, px(4))


class HeadPicker(NamePicker):
    """Shows never more of a name than tells it from those beside it."""

    is_printed = False  # nothing can be chosen on paper

    def has_room(self, option: QStyleOptionComboBox) -> bool:
        """The columns are as narrow as their numbers."""
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.is_printed:
            super().paintEvent(event)
            return
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


class ColumnHead(QWidget):
    """Takes the model in by `show_model`; `model_chosen(column, model)` says which is wanted, "" for none."""

    model_chosen = Signal(int, object)

    def __init__(self, column: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = column
        self._told: object = None  # what the picker offers
        self.picker = HeadPicker(label=f"Model {column + 1}", help="Which model this column is of")
        self.picker.setProperty("role", "head")
        self._text = self._brief = ""
        self.note = QLabel()
        self.note.setProperty("role", "small")
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(f"Progress of model {column + 1}")
        row = pad(QHBoxLayout(), 0, 4)
        row.addWidget(Mark(column))
        row.addWidget(Still(self.note), 1)
        box = pad(QVBoxLayout(self), (4, 0, 4, 0), 4)
        box.addWidget(self.picker)
        box.addLayout(row)
        box.addWidget(self.progress)
        policy = self.progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.progress.setSizePolicy(policy)
        self.progress.hide()
        self.picker.chosen.connect(self._chosen)

    def show_model(self, model: str, infos: Mapping[str, api.ModelInfo], shown: Sequence[str]) -> None:
        """The models there are, and the one of this column."""
        self.picker.shared = shared_start([name_of(infos[one].name) for one in shown if one in infos])
        self.picker.update()
        many = len(shown) > FEWEST
        told = (model, dict(infos), many)
        if told == self._told:  # the list may be open
            return
        self._told = told
        self.picker.clear()
        for key, info in infos.items():
            self.picker.add_choice(name_of(info.name), key, card(info))
        if model not in infos:
            self.picker.add_choice(name_of(model), model, "It is no longer here")
        self.picker.add_choice("none", NONE, "Take this column away" if many else FEWER, many)
        self.picker.set_value(model)
        self.picker.setToolTip(plain(card(infos[model])) if model in infos else "")

    def show_state(self, way: str, queue: Queue, model: str) -> None:
        """How far its measuring is, else how it is asked for pictures."""
        is_current = queue.current == model and queue.is_busy
        waits = model in queue.waiting
        text = (queue.what or "begins …") if is_current else "waits" if waits else way
        if model in queue.troubles:
            text = "not measured"
        self._text, self._brief = text, text.rpartition(", ")[2] if text == way else text  # the steps of a sampler
        self.note.setToolTip(plain(queue.troubles.get(model, text)))
        self._elide()
        self.progress.setVisible(is_current)
        self.progress.setRange(0, 1000 if queue.total else 0)
        self.progress.setValue(round(1000 * queue.done / queue.total) if queue.total else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        metrics, room = self.note.fontMetrics(), max(self.note.width(), 1)
        text = self._text if metrics.horizontalAdvance(self._text) <= room else self._brief
        self.note.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, room))

    def words(self) -> str:
        """What stands under the name, whole."""
        return self._text

    def sizeHint(self) -> QSize:
        return QSize(px(96), px(56))

    def _chosen(self, model: Any) -> None:
        self.model_chosen.emit(self.column, model)
