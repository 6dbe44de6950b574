"""What is in a folder or zip of pictures, how they are to be taken, and which network is to learn from them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from genstudio.api import InspectedEvent, Pictures, ProgressEvent
from genstudio.api.inspection_notes import headline, notes
from genstudio.api.own_pictures import DEFAULT, Taking, name_of, path_of, taking_of
from genstudio.ui.own.choices import TakingRows
from genstudio.ui.own.class_bars import ClassBars
from genstudio.ui.theme import fix, pad, px, theme
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.plain import plain
from genstudio.ui.widgets.sheet import Sheet
from genstudio.ui.widgets.stage import Stage

SIDE = 288  # design px of the right column
LONGEST = 14  # letters of a class before its row of pictures
LINES, FEWER, LOW = 5, 3, 560  # of the notes that are seen, also in a sheet lower than that many design px
COLUMNS = ((3, 6), (6, 8), (1000, 12))  # pictures of each, where there are at most so many classes
NO_CLASSES = "There are no classes: they would be folders, two or more, of pictures."
READING = "Looking into {} …"
STOPPED = "This was stopped."


class InsideSheet(Sheet):
    """Takes a dataset's name in by `open_for`; asks to have it read by `looked`, and to train on it by `wanted`.

    Args:
        trainers: The pages that train, each with the words of its button and a tooltip.
    """

    looked = Signal(str)  # the name of the dataset that is to be read
    stopped = Signal()  # nobody waits for it any more
    wanted = Signal(str, str)  # the name of the dataset, and of the page that is to learn from it

    def __init__(self, parent: QWidget, trainers: Sequence[tuple[str, str, str]]) -> None:
        super().__init__(parent, "")
        self._path, self._is_reading = "", False
        self._event: InspectedEvent | None = None
        self.facts, self.notes = QLabel(), QLabel()
        self.facts.setWordWrap(True)
        self.notes.setWordWrap(True)
        self.notes.setProperty("role", "second")
        self.notes.setTextFormat(Qt.TextFormat.PlainText)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.preview = Stage(label="Some of the pictures")
        self.rows, self.bars = TakingRows(), ClassBars()
        self.bars_title = QLabel()
        self.bars_title.setProperty("role", "heading")
        self.bars_title.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress")
        fix(self.progress, at_most=160)
        self.stop = TextButton("Stop", "Stop reading; nothing is changed")
        self.again = TextButton("Look again", "Read it again")
        self.here = TextButton("Choose it here", "The page behind learns from it; nothing else is changed")
        self.train = {page: TextButton(words, help_) for page, words, help_ in trainers}
        self._lay_out()
        self.rows.changed.connect(self._taking_changed)
        self.stop.clicked.connect(self._stop)
        self.again.clicked.connect(self.look)
        for page, button in (*self.train.items(), ("", self.here)):
            button.setProperty("page", page)
            button.clicked.connect(self._wanted)
        theme().changed.connect(self._show_preview)

    def _lay_out(self) -> None:
        frame = QFrame()
        frame.setProperty("role", "stage")
        pad(QVBoxLayout(frame), 8, 0).addWidget(self.preview)
        side = QWidget()
        right = pad(QVBoxLayout(side), 0, 8)
        right.addWidget(self.rows)
        right.addWidget(self.bars_title)
        right.addWidget(_scrolling(self.bars), 1)
        fix(side, SIDE)
        middle = pad(QHBoxLayout(), 0, 16)
        middle.addWidget(frame, 1)
        middle.addWidget(side)
        says = self._says = _scrolling(self.notes)
        buttons = pad(QHBoxLayout(), 0, 8)
        for widget in (self.progress, self.stop, self.again):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        for button in (self.here, *self.train.values()):
            buttons.addWidget(button)
        body = pad(QVBoxLayout(), (24, 0, 24, 16), 8)
        body.addWidget(self.facts)
        body.addLayout(middle, 1)
        body.addWidget(says)
        body.addLayout(buttons)
        self.column.addLayout(body, 1)

    # ---- data in ------------------------------------------------------------------------------------

    def open_for(self, name: str, page: str, *, is_here: bool) -> None:
        """Look into a folder or zip.

        Args:
            page: The page that trains in the tab behind; its button leads.
            is_here: The page behind can learn from it, too.
        """
        self._path = path_of(name)
        self.set_title(Path(self._path).name)
        self.title.setToolTip(plain(self._path))
        try:
            taking = taking_of(name)
        except ValueError:
            taking = DEFAULT
        self.rows.set_taking(taking, has_parts=False)
        for other, button in self.train.items():
            role = "primary" if other == page else ""
            button.setProperty("role", role)
            button.style().unpolish(button)
            button.style().polish(button)
        self.here.setVisible(is_here)
        self._event = None
        self.look()

    def name(self) -> str:
        """The dataset as it would be trained on."""
        return name_of(self._path, self.rows.taking())

    @Slot()
    def look(self) -> None:
        """Have it read."""
        self._is_reading = True
        self.progress.setRange(0, 0)
        if self._event is None:
            self.preview.set_message(READING.format(Path(self._path).name))
            self.facts.setText("")
            self.notes.setText("")
        self._show()
        self.looked.emit(self.name())

    def show_progress(self, event: ProgressEvent) -> None:
        """How far the reading is."""
        self.progress.setRange(0, event.total)
        self.progress.setValue(event.done)
        if self._event is None:
            self.facts.setText(f"{event.what} …")

    def show_event(self, event: InspectedEvent) -> None:
        """What was found; of another dataset than the one that is asked for it is of no use."""
        if event.request.dataset != self.name():
            return
        self._event, self._is_reading = event, False
        self.rows.set_taking(self.rows.taking(), has_parts=event.has_parts)
        self.facts.setText(headline(event))
        self.notes.setText("\n".join(notes(event)))
        classes = event.info.classes
        self.bars_title.setText("PICTURES OF EACH CLASS · PALE: HELD OUT" if classes else NO_CLASSES)
        counts = (classes, event.counts, event.held_out) if classes else ((), (), ())
        self.bars.set_counts(*counts)
        self._show_preview()
        self._show()
        self._fit_notes()

    def show_failure(self, text: str) -> None:
        """Why it cannot be read, or was not."""
        self._event, self._is_reading = None, False
        self.preview.set_message(text)
        self.facts.setText("")
        self.notes.setText("")
        self.bars.set_counts((), (), ())
        self.bars_title.setText("")
        self._show()

    def show_end(self) -> None:
        """Nothing more comes."""
        if self._is_reading:
            self.show_failure(STOPPED)

    def _show(self) -> None:
        is_read = self._event is not None and not self._is_reading
        for widget in (self.progress, self.stop):
            self.show_part(widget, self._is_reading)
        self.show_part(self.again, not self._is_reading and not is_read)
        why = "It is still being read" if self._is_reading else "It cannot be read as it is"
        for button in (self.here, *self.train.values()):
            self.allow(button, is_read, why)

    @Slot()
    def _show_preview(self) -> None:
        if (event := self._event) is None:
            return
        classes = event.info.classes
        if not classes:
            self.preview.set_titles([], [])
            self.preview.set_pictures(event.preview)
            return
        images, columns = in_rows(event.preview, event.labels, QColor(theme().colors.stage))
        names = [classes[label] for label in dict.fromkeys(event.labels)]
        short = [name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…" for name in names]
        self.preview.set_titles([], short)
        self.preview.set_pictures(images, columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_notes()

    def _fit_notes(self) -> None:
        """The pictures have the room that the notes leave."""
        high = self.notes.heightForWidth(max(self.width() - px(48), 1)) if self.notes.text() else 0
        lines = LINES if self.height() >= px(LOW) else FEWER
        self._says.setFixedHeight(min(max(high, 1), lines * math.ceil(QFontMetricsF(self.notes.font()).lineSpacing())))

    # ---- the user -----------------------------------------------------------------------------------

    @Slot(object)
    def _taking_changed(self, taking: Taking) -> None:
        self.look()

    @Slot()
    def _stop(self) -> None:
        self.stopped.emit()

    @Slot()
    def _wanted(self) -> None:
        name, page = self.name(), str(self.sender().property("page"))
        self.dismiss()
        self.wanted.emit(name, page)

    @Slot()
    def dismiss(self) -> None:
        """Close it; nobody waits for the reading."""
        was_reading, self._is_reading = self._is_reading, False
        super().dismiss()
        if was_reading:
            self.stopped.emit()


def in_rows(images: Pictures, labels: Sequence[int], ground: QColor) -> tuple[Pictures, int]:
    """The pictures of each label in a row of its own, filled up with what looks empty; and how long the rows are."""
    known = list(dict.fromkeys(labels))
    most = next(columns for classes, columns in COLUMNS if len(known) <= classes)
    columns = min(max(list(labels).count(label) for label in known), most)
    _, height, width, _ = images.shape
    rows = np.empty((len(known), columns, height, width, 3), np.uint8)
    rows[:] = ground.red(), ground.green(), ground.blue()
    for row, label in enumerate(known):
        mine = images[np.array(labels) == label][:columns]
        rows[row, : len(mine)] = mine
    return rows.reshape(-1, height, width, 3), columns


def _scrolling(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    body = QWidget()
    body.setProperty("role", "body")
    box = pad(QVBoxLayout(body), 0, 0)
    box.addWidget(widget)
    box.addStretch(1)
    area.setWidget(body)
    return area
