"""The samples as D sees them: sorted by its score, with the score under each and its gradient over it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from genstudio.api import Pictures
from genstudio.ui.game import eye_words as words
from genstudio.ui.game.eye_picture import BRIGHTER, DARKER, overlaid
from genstudio.ui.game.room import LEAST, SMALL, Room, room
from genstudio.ui.tabs.training_run import Moment, TrainingRun
from genstudio.ui.theme import fix, pad, px
from genstudio.ui.widgets.caption import Caption
from genstudio.ui.widgets.scored_stage import WORDS, ScoredStage
from genstudio.ui.widgets.segments import Segments
from genstudio.ui.widgets.stage import Stage

NOTHING: Pictures = np.empty((0, 1, 1, 1), np.uint8)
LOW = 280  # design px of a view that has no room for both samples and what is below them
FOOT, LARGE = 88, 132  # design px of the row of real pictures, and of the one sample that is shown large
ROOMY, LOW_FOOT = 440, 58  # of a view in which the row is as high, and of the row in a lower one


class Legend(QWidget):
    """Two colours and what they mean."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = pad(QHBoxLayout(self), 0, 6)
        for color, text in ((BRIGHTER, "brighter pleases D"), (DARKER, "darker does")):
            label = QLabel(text)
            label.setProperty("role", "small")
            row.addWidget(fix(_Swatch(color), width=12, height=12))
            row.addWidget(label)
        row.addStretch(1)
        self.setToolTip(words.LEGEND)
        self.setAccessibleName("Sky blue: brighter pleases D. Orange: darker does.")


class _Swatch(QWidget):
    def __init__(self, color: str) -> None:
        super().__init__()
        self._color = QColor(color)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color)
        painter.drawRoundedRect(QRectF(self.rect()), px(2), px(2))


class CriticsEye(QWidget):
    """The samples of a moment in D's order; below them real ones, or one sample large with what D dislikes of it.

    Signals:
        picked: a sample was clicked, by its number among the samples.
        mode_chosen: the user wants the pictures, the gradient, or both.
    """

    picked = Signal(int)
    mode_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mode = Segments("Over the samples", words.MODES)
        self.mode.set_value("both")
        self.legend = Legend()
        self.heading, self.foot_heading = Caption("", lines=1), Caption("", lines=1)
        self.samples = ScoredStage(label="Samples in the order of D's score")
        self.real = ScoredStage(label="Real pictures in the order of D's score")
        self.large, self.sentence = Stage(label="The selected sample and D's gradient"), Caption("", lines=4)
        self._moment: Moment | None = None
        self._run: TrainingRun | None = None
        self._order = np.empty(0, np.int64)  # of those that are shown
        self._selected = -1
        self._trouble = ""
        self._build()
        self.samples.cell_clicked.connect(self._clicked)
        self.large.cell_clicked.connect(self._large_clicked)
        self.mode.chosen.connect(self._mode_chosen)

    def _build(self) -> None:
        self._head, self._middle, self._one = QWidget(), QWidget(), QWidget()
        for line, *widgets in ((self._head, self.heading, self.mode), (self._middle, self.foot_heading, self.legend)):
            row = pad(QHBoxLayout(line), 0, 8)
            row.addWidget(widgets[0], 1)
            row.addWidget(widgets[1])
        self.large.setMinimumHeight(1)  # `_one` says how high it is
        one = pad(QHBoxLayout(self._one), 0, 12)
        one.addWidget(self.large, 1)
        one.addWidget(self.sentence, 1)
        box = self._box = pad(QVBoxLayout(self), 0, 4)
        box.addWidget(self._head)
        box.addWidget(self.samples, 1)
        box.addWidget(self._middle)
        box.addWidget(fix(self.real, height=FOOT))
        box.addWidget(self._one)

    # ---- data in --------------------------------------------------------------------------------------

    def show_moment(self, moment: Moment, run: TrainingRun) -> None:
        """What D made of the samples at that moment, if anybody asked it then."""
        self._moment, self._run = moment, run
        self._show()

    def set_selected(self, index: int) -> None:
        """Show one sample large; -1 none."""
        if index != self._selected:
            self._selected = index
            if self.isVisible():
                self._show()

    def set_trouble(self, text: str) -> None:
        """Why D cannot be asked now; "" if it can."""
        self._trouble = text
        if self.isVisible():
            self._show()

    def set_mode(self, name: str) -> None:
        """Show pictures, gradient or both, without a signal; what is not known is ignored."""
        if name in {key for key, _, _ in words.MODES} and name != self.mode.value():
            self.mode.set_value(name)
            if self.isVisible():
                self._show()

    # ---- what is seen ---------------------------------------------------------------------------------

    def _show(self) -> None:
        moment, run = self._moment, self._run
        if moment is None or run is None:
            return
        is_seen, is_one = has_eye(moment), self._selected >= 0
        is_low = is_seen and self.height() < px(LOW)  # there is room for one thing only
        for widget, is_there in (
            (self._head, True), (self._middle, True), (self.real, not is_one and not is_low), (self._one, is_one),
        ):  # fmt: skip
            widget.setVisible(is_seen and is_there)
        self.samples.setVisible(not (is_low and is_one))
        self.real.setFixedHeight(px(FOOT if self.height() >= px(ROOMY) else LOW_FOOT))
        self._one.setFixedHeight(self._left_over() if is_low else px(LARGE))
        if not is_seen:
            self.samples.set_scored(NOTHING, ())
            is_trouble = bool(self._trouble) and run.history.is_live
            self.samples.set_message(self._trouble if is_trouble else words.unseen(moment, run))
            return
        self._box.activate()  # how many have room depends on what else is there
        is_logit = words.is_probability(run, moment.iteration)
        self._show_samples(moment, is_logit)
        if self._has_selected(moment):
            self._show_one(moment, is_logit)
        else:
            self._show_real(moment, run, is_logit)

    def _left_over(self) -> int:
        """The height that the two lines of words leave on a low page."""
        words_px = sum(line.sizeHint().height() + self._box.spacing() for line in (self._head, self._middle))
        return max(min(self.height() - words_px, px(LARGE)), px(LEAST))

    def _show_samples(self, moment: Moment, is_logit: bool) -> None:
        outputs, levels = moment.numbers["sample_outputs"], moment.views["sample_slopes"]
        scores, order = words.scores_of(outputs, is_logit), np.argsort(-outputs, kind="stable")
        count, columns = _most(self.samples, len(order), max(moment.samples.shape[1:3]))
        self._order = evenly(order, count, self._selected)
        pictures = overlaid(moment.samples[self._order], levels[self._order], self.mode.value())
        self.samples.set_scored(pictures, tuple(words.said(float(scores[k]), is_logit) for k in self._order), columns)
        self.samples.set_selected(int((self._order == self._selected).argmax()) if self._has_selected(moment) else -1)
        self.heading.set_text(words.heading(scores, is_logit, count))
        self.heading.setToolTip(words.heading_help(is_logit))
        self.legend.setEnabled(self.mode.value() != "picture")

    def _has_selected(self, moment: Moment) -> bool:
        return 0 <= self._selected < len(moment.samples)

    def _show_one(self, moment: Moment, is_logit: bool) -> None:
        k, mode = self._selected, self.mode.value()
        picture, levels = moment.samples[k : k + 1], moment.views["sample_slopes"][k : k + 1]
        pair = [overlaid(picture, levels, shown) for shown in ("picture", "both" if mode == "picture" else mode)]
        self.large.set_pictures(np.concatenate(pair), len(pair))
        self.foot_heading.set_text(words.one_heading(k, self.samples.selected(), len(self._order), len(moment.samples)))
        self.foot_heading.setToolTip("")
        self.sentence.set_text(words.about(k, moment, is_logit))

    def _show_real(self, moment: Moment, run: TrainingRun, is_logit: bool) -> None:
        real = run.real if run.real is not None else NOTHING
        outputs = moment.numbers["example_outputs"][: len(real)]
        if not len(real):
            self.real.set_scored(NOTHING, ())
            return
        count, columns = _most(self.real, len(real), max(real.shape[1:3]))
        chosen = evenly(np.argsort(-outputs, kind="stable"), count)
        scores = words.scores_of(outputs, is_logit)
        pictures = np.broadcast_to(real[chosen], (len(chosen), *real.shape[1:3], 3))
        self.real.set_scored(pictures, tuple(words.said(float(scores[k]), is_logit) for k in chosen), columns)
        self.foot_heading.set_text(words.real_heading(scores, is_logit))
        self.foot_heading.setToolTip(words.REAL_HELP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show()

    # ---- hand -----------------------------------------------------------------------------------------

    @Slot(int)
    def _clicked(self, cell: int) -> None:
        if cell < len(self._order):
            self.picked.emit(int(self._order[cell]))

    @Slot(int)
    def _large_clicked(self, cell: int) -> None:
        """A second click on the sample, which lets it go."""
        self.picked.emit(self._selected)

    @Slot(str)
    def _mode_chosen(self, name: str) -> None:
        self._show()
        self.mode_chosen.emit(name)


def has_eye(moment: Moment) -> bool:
    """Whether D was asked at that moment."""
    return {"sample_outputs", "example_outputs"} <= moment.numbers.keys() and "sample_slopes" in moment.views


def _most(stage: Stage, count: int, side: int) -> Room:
    """Of so many pictures all, as large as they fit; where some would be left out, smaller ones."""
    found = room(stage, count, side, WORDS)
    return found if found.pictures >= count else room(stage, count, side, WORDS, SMALL)


def evenly(order: NDArray[np.int64], count: int, kept: int = -1) -> NDArray[np.int64]:
    """So many of an order, the first and the last among them, and `kept` in the place of its nearest neighbour."""
    places = np.linspace(0, len(order) - 1, count).round().astype(np.int64)
    at = np.flatnonzero(order == kept)
    if len(at):
        places[int(np.abs(places - at[0]).argmin())] = at[0]
    return order[places]
