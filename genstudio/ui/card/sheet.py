"""The card as a sheet over the window."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from genstudio.api import EYES, CardEvent, Evaluation
from genstudio.ui.card import words
from genstudio.ui.card.meter_table import MeterTable
from genstudio.ui.theme import fix, pad, px
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.help_sheet import SCROLLS
from genstudio.ui.widgets.sheet import Sheet
from genstudio.ui.widgets.stage import Stage

WIDE, HIGH = 720, 820  # design px
COUNTS = (200, 1000, 2000, 10_000)
COUNT = 1000


class CardSheet(Sheet):
    """What is known of a model, and its measuring, which goes on when the sheet is closed. Built when it is shown."""

    measure_wanted = Signal(str, int)  # the eye, "" for the best there is, and how many pictures
    stop_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Card of the model")
        self._found: tuple[Evaluation, ...] = ()
        self._is_built = False

    def _build(self) -> None:
        self._is_built = True
        self.about = QLabel()
        self.about.setProperty("role", "second")
        self.head.insertWidget(1, self.about)
        self.head.setStretch(0, 0)
        self.head.setStretch(1, 1)
        self.pictures = fix(Stage(), height=112)
        self.pictures.setAccessibleName("Pictures of the model")
        self._facts = pad(QGridLayout(), 0, 6)
        self._facts.setColumnStretch(1, 1)
        body = QWidget()
        body.setProperty("role", "body")
        column = pad(QVBoxLayout(body), (24, 4, 24, 16), 12)
        column.addWidget(self.pictures)
        column.addLayout(self._facts)
        column.addWidget(_heading("HOW GOOD IT IS"))
        column.addLayout(self._build_asking())
        column.addWidget(self._build_progress())
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setProperty("role", "second")
        self.table = MeterTable()
        column.addWidget(self.said)
        column.addWidget(self.table)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(body)
        self.column.addWidget(self._scroll, 1)

    def _build_asking(self) -> QHBoxLayout:
        self.measured = Choice(label="What was measured", help="Measurements of this model, the newest first")
        self.measured.chosen.connect(self._show_measured)
        self.eye = Choice(label="Features", help=words.EYE_HELP)
        self.eye.add_choice("best features", "", words.BEST)
        for name, title in EYES.items():
            self.eye.add_choice(title, name, words.EYE_HELPS[name])
        self.count = Choice(
            label="Pictures", help="How many pictures are drawn and compared: more say more, and take longer"
        )
        for count in COUNTS:
            self.count.add_choice(f"{count:,} pictures", count)
        self.count.set_value(COUNT)
        self.measure = TextButton("Measure", words.MEASURE_HELP, primary=True)
        self.measure.clicked.connect(self._measure)
        row = pad(QHBoxLayout(), 0, 8)
        row.addWidget(fix(self.measured, 232))
        row.addStretch(1)
        row.addWidget(fix(self.eye, 152))
        row.addWidget(fix(self.count, 136))
        row.addWidget(self.measure)
        return row

    def _build_progress(self) -> QWidget:
        self.progress, self.doing = QProgressBar(), QLabel()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Progress")
        self.stop = TextButton("Stop", "Stop measuring; what was measured before stays")
        self.stop.clicked.connect(self.stop_wanted)
        self.busy = QWidget()
        row = pad(QHBoxLayout(self.busy), 0, 8)
        row.addWidget(self.doing, 1)
        row.addWidget(fix(self.progress, 160))
        row.addWidget(self.stop)
        self.busy.hide()
        return self.busy

    # ---- what it shows ----------------------------------------------------------------------------------

    def show_card(self, event: CardEvent) -> None:
        """All that is known of a model."""
        info = event.info
        self.title.setText(info.name)
        self.about.setText(words.about(info))
        self.pictures.set_pictures(event.samples)
        while (item := self._facts.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.setParent(None)
                widget.deleteLater()
        for row, (name, text) in enumerate(words.facts(event)):
            label, value = QLabel(name), QLabel(text)
            label.setProperty("role", "second")
            value.setWordWrap(True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setTextFormat(Qt.TextFormat.PlainText)
            self._facts.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(value, row, 1)
        self.show_evaluations(event.evaluations)

    def show_evaluations(self, found: tuple[Evaluation, ...], busy: bool = False) -> None:
        """What was measured, the newest first."""
        self._found = found
        self.measured.clear()
        for number, one in enumerate(found):
            self.measured.add_choice(words.called(one), number, words.compared(one))
        self.measured.setVisible(len(found) > 1)
        self._show_measured(0)

    @Slot(object)
    def _show_measured(self, number: int) -> None:
        one = self._found[number] if number < len(self._found) else None
        self.said.setText(words.compared(one) if one is not None else words.NOTHING_YET)
        self.table.show_evaluation(one)

    def show_waiting(self, name: str) -> None:
        """The card of a model is on its way."""
        self.title.setText(name)
        self.about.setText("is being read …")

    def show_progress(self, what: str, done: int, total: int) -> None:
        """How far the measuring is; `total` 0 means unknown, and "" that it has ended."""
        self.busy.setVisible(bool(what))
        self.keyboard.enable(self.measure, not what)
        self.doing.setText(what)
        self.progress.setRange(0, 1000 if total else 0)
        self.progress.setValue(round(1000 * done / total) if total else 0)

    def tell(self, text: str) -> None:
        """Why there is no number."""
        self.said.setText(text)
        self.table.show_evaluation(None)

    # ---- open and closed ----------------------------------------------------------------------------------

    def show_over(self, window: QWidget) -> None:
        if not self._is_built:
            self._build()
        super().show_over(window)

    def wanted_size(self, window: QWidget) -> tuple[int, int]:
        return px(WIDE), px(HIGH)

    def first_focus(self) -> QWidget:
        return self.measure

    @Slot()
    def _measure(self) -> None:
        self.measure_wanted.emit(self.eye.value(), self.count.value())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in SCROLLS:
            QApplication.sendEvent(self._scroll.verticalScrollBar(), event)
        else:
            super().keyPressEvent(event)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label
