"""The card as a sheet over the window."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from genstudio.api import EYES, NO_PICTURES, CardEvent, Evaluation, ModelInfo
from genstudio.ui.card import words
from genstudio.ui.card.meter_table import MeterTable
from genstudio.ui.card.parts import add_fact, emptied, plain_label
from genstudio.ui.theme import fix, pad, px
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.help_sheet import SCROLLS
from genstudio.ui.widgets.sheet import Sheet
from genstudio.ui.widgets.stage import Stage

WIDE, HIGH = 720, 820  # design px
HIGH_PICTURES = 132  # design px: two rows of 28 px pictures at twice their size
COUNTS = (200, 1000, 2000, 10_000)
COUNT = 1000


class CardSheet(Sheet):
    """What is known of a model, and its measuring, which goes on when the sheet is closed. Built when it is shown."""

    measure_wanted = Signal(str, int)  # the eye, "" for the best there is, and how many pictures
    stop_wanted = Signal()
    copied = Signal()  # what was measured is in the clipboard

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Card of the model")
        self._found: tuple[Evaluation, ...] = ()
        self._info: ModelInfo | None = None  # of the model, once it is known
        self._shown: Evaluation | None = None
        self._is_built = False

    def _build(self) -> None:
        self._is_built = True
        self.about = plain_label("second")
        self.head.insertWidget(1, self.about)
        self.head.setStretch(0, 0)
        self.head.setStretch(1, 1)
        self.pictures = fix(Stage(), height=HIGH_PICTURES)
        self.pictures.setAccessibleName("Pictures of the model")
        self._facts = pad(QGridLayout(), 0, 6)
        self._facts.setColumnStretch(1, 1)
        body = QWidget()
        body.setProperty("role", "body")
        column = pad(QVBoxLayout(body), (24, 4, 24, 16), 12)
        column.addWidget(self.pictures)
        column.addLayout(self._facts)
        column.addWidget(plain_label("heading", "HOW GOOD IT IS"))
        column.addLayout(self._build_asking())
        column.addWidget(self._build_progress())
        self.trouble, self.said = plain_label("error"), plain_label("second")
        for label in (self.trouble, self.said):
            label.setWordWrap(True)
        self.trouble.hide()
        self.table = MeterTable()
        column.addWidget(self.trouble)
        column.addLayout(self._build_said())
        column.addWidget(self.table)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(body)
        self.column.addWidget(self._scroll, 1)

    def _build_asking(self) -> QHBoxLayout:
        self.picker = Choice(label="What was measured", help="Measurements of this model, the newest first")
        self.picker.chosen.connect(self._show_measured)
        self.eye = Choice(label="Features", help=words.EYE_HELP)
        self.eye.add_choice("the best there are", "", words.BEST)
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
        row.addWidget(fix(self.picker, 232))
        row.addStretch(1)
        row.addWidget(fix(self.eye, 164))
        row.addWidget(fix(self.count, 140))
        row.addWidget(self.measure)
        return row

    def _build_said(self) -> QHBoxLayout:
        self.explain = TextButton("Explain", words.EXPLAIN_HELP)
        self.explain.setCheckable(True)
        self.explain.toggled.connect(self.table.explain)
        self.copy_table = TextButton("Copy", words.COPY_HELP)
        self.copy_table.clicked.connect(self._copy)
        row = pad(QHBoxLayout(), 0, 8)
        row.addWidget(self.said, 1)
        for button in (self.explain, self.copy_table):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _build_progress(self) -> QWidget:
        self.progress, self.doing = QProgressBar(), plain_label()
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

    def show_waiting(self, name: str) -> None:
        """The card of a model is on its way; nothing of another is left."""
        self.set_title(name)
        self.about.setText("is being read …")
        self._show_instead("The card is being read …")
        self._show_facts([])
        self.show_evaluations(())
        self.said.setText("")
        self._scroll.verticalScrollBar().setValue(0)

    def show_facts(self, event: CardEvent) -> None:
        """All that is known of a model, without its pictures."""
        self._info = event.info
        self.set_title(event.info.name)
        self.about.setText(words.about(event.info))
        self._show_facts(words.facts(event))
        self.show_evaluations(event.evaluations)

    def _show_facts(self, facts: list[tuple[str, str]]) -> None:
        emptied(self._facts)
        for row, (name, text) in enumerate(facts):
            value = plain_label("", text)
            value.setWordWrap(True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            add_fact(self._facts, row, plain_label("second", name), value)

    def show_pictures(self, event: CardEvent) -> None:
        """Its pictures, or how far they are."""
        if len(event.samples):
            self.pictures.set_pictures(event.samples)
        else:
            self._show_instead(f"Its pictures are being drawn: {100 * event.share:.0f} %")

    def show_failure(self, text: str, *, has_facts: bool) -> None:
        """Why there are no pictures, or no card at all."""
        self._show_instead(text)
        if not has_facts:
            self.about.setText("has no card")

    def _show_instead(self, text: str) -> None:
        self.pictures.set_pictures(NO_PICTURES)
        self.pictures.set_message(text)

    def show_evaluations(self, found: tuple[Evaluation, ...]) -> None:
        """What was measured, the newest first."""
        self._found = found
        self.picker.clear()
        for number, one in enumerate(found):
            self.picker.add_choice(
                words.called(one, self._info.dataset if self._info is not None else ""), number, words.compared(one)
            )
        self.show_part(self.picker, len(found) > 1)
        self.tell("")
        self._show_measured(0)

    @Slot(object)
    def _show_measured(self, number: int) -> None:
        self._shown = one = self._found[number] if number < len(self._found) else None
        self.said.setText(words.compared(one) if one is not None else words.NOTHING_YET)
        for button in (self.explain, self.copy_table):
            self.show_part(button, one is not None)
        self.table.show_evaluation(one, self._info)

    def show_progress(self, what: str, done: int, total: int, why_not: str) -> None:
        """How far a measuring is, and whether another can be begun.

        Args:
            what: "" if nothing is measured.
            total: 0 means unknown.
            why_not: What keeps this model from being measured now, "" if nothing does.
        """
        focused = QApplication.focusWidget()
        had_keyboard = focused is not None and (focused is self or self.busy.isAncestorOf(focused))
        self.allow(self.measure, not why_not, why_not)
        self.show_part(self.busy, bool(what))
        if had_keyboard and not why_not:
            self.measure.setFocus(Qt.FocusReason.OtherFocusReason)
        self.doing.setText(what)
        self.progress.setRange(0, 1000 if total else 0)
        self.progress.setValue(round(1000 * done / total) if total else 0)

    def tell(self, text: str) -> None:
        """Why there is no new number; those that are there stay. "" says nothing."""
        self.trouble.setText(text)
        self.trouble.setVisible(bool(text))

    # ---- open and closed ----------------------------------------------------------------------------------

    def show_over(self, window: QWidget) -> None:
        if not self._is_built:
            self._build()
        super().show_over(window)

    def wanted_size(self, window: QWidget) -> tuple[int, int]:
        return px(WIDE), px(HIGH)

    def first_focus(self) -> QWidget:
        if self.measure.isEnabled():
            return self.measure
        return self if self.busy.isHidden() else self.stop

    @Slot()
    def _copy(self) -> None:
        if self._shown is not None:
            QGuiApplication.clipboard().setText(words.as_markdown(self.title.text(), self._shown, self._info))
            self.copied.emit()

    @Slot()
    def _measure(self) -> None:
        self.tell("")
        self.measure_wanted.emit(self.eye.value(), self.count.value())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in SCROLLS:
            QApplication.sendEvent(self._scroll.verticalScrollBar(), event)
        else:
            super().keyPressEvent(event)
