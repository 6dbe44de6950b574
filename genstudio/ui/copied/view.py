"""What the search for copies looks like: a light, the pairs or one of them large, the distances as a histogram."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from genstudio import api
from genstudio.api.copied_verdict import verdict
from genstudio.api.numbers import three_digits
from genstudio.ui.bridge import Bridge
from genstudio.ui.copied import words
from genstudio.ui.copied.controls import CopiedControls
from genstudio.ui.copied.data import TrainingData
from genstudio.ui.copied.detail import Detail
from genstudio.ui.copied.pairs import PairStage
from genstudio.ui.copied.state import CopiedState
from genstudio.ui.copied.verdict import Verdict
from genstudio.ui.numbers import milliseconds
from genstudio.ui.tabs.model_card import card
from genstudio.ui.tabs.models_page import ModelsPage
from genstudio.ui.tabs.run_words import name_of
from genstudio.ui.theme import pad, px
from genstudio.ui.triptych.words import TITLE
from genstudio.ui.widgets.form import Choice

if TYPE_CHECKING:
    from genstudio.ui.copied.histogram import CopiedHistogram

HIGH, LOW = 168, 116  # design px of the plot, with much room and with little
ROOMY = 760  # design px of a page with much


class CopiedView(ModelsPage):
    """Owns the state shown and its five places; `CopiedWork` asks for what it needs."""

    distance_picked = Signal(float)  # in the plot

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__("copied", TITLE, bridge, parent)
        self._state = CopiedState()
        self.drawn: api.PicturesEvent | None = None  # the new pictures, as soon as they are there
        self.found: api.CopiedEvent | None = None
        self.chosen = 0  # the number of a new picture
        self.is_large = False  # it is shown alone
        self.is_stale = False  # others than those that are seen are on their way
        self.picker = Choice(label="Model", help="The model whose pictures may be copies")
        self.add_picker("Model", self.picker, 280)
        self.data = TrainingData(self)
        self.add_picker("Data", self.data.picker, 180)
        self.verdict, self.pairs, self.detail = Verdict(), PairStage(), Detail()
        column = pad(QVBoxLayout(), 0, 4)
        column.addWidget(self.verdict)
        column.addWidget(self.pairs, 1)
        column.addWidget(self.detail, 1)
        self.stage_area.addLayout(column, 1)
        self.controls = CopiedControls(self.inspector)
        self.plot: CopiedHistogram | None = None
        self._plotted: api.CopiedEvent | None = None
        self.tempo.back.setToolTip("The picture before (,)")
        self.tempo.forward.setToolTip("The next picture (.)")
        self.pairs.set_message(words.STARTING)
        self.refresh()

    @property
    def info(self) -> api.ModelInfo | None:
        """The model's."""
        return self.infos.get(self._state.model)

    def order(self) -> tuple[int, ...]:
        """The numbers of the new pictures as they stand."""
        if self.found is not None:
            return self.found.order(self._state.order)
        return tuple(range(len(self.drawn.images))) if self.drawn is not None else ()

    def wipe_sides(self) -> list[tuple[str, api.Pictures]]:
        """New pictures, and the nearest training picture of each; of one that is shown large all of its nearest."""
        found, order = self.found, list(self.order())
        if self.is_large and found is not None:
            near = zip(words.NEAREST, found.nearest[self.chosen], strict=False)
            new = found.images[self.chosen : self.chosen + 1]
            return [(words.NEW, new), *((name, picture[None]) for name, picture in near)]
        new = self.drawn.images[order] if self.drawn is not None else api.NO_PICTURES
        return [(words.ALL_NEW, new), (words.ALL_NEAREST, found.nearest[order, 0] if found else api.NO_PICTURES)]

    def show_controls(self) -> None:
        """Controls and pickers as the state has them."""
        self.picker.clear()
        for key, info in self.infos.items():
            self.picker.add_choice(name_of(info.name), key, card(info))
        self.picker.set_value(self._state.model)
        self.picker.setEnabled(bool(self.infos))
        if self.catalog is not None:
            self.data.show_data(self.catalog, self.info, self._state.data)
        self.controls.show_state(self._state, self.info)

    def say(self, text: str, button: str = "") -> None:
        """Words in the stead of the pictures."""
        self.drawn = self.found = None
        self.is_stale = False
        self.pairs.clear()
        self.pairs.set_message(text, button)
        self.show_speed()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Bring pictures, light, plot, scrubber and words in line with what has come."""
        found, order = self.found, self.order()
        self.is_large = self.is_large and found is not None
        self.detail.setVisible(self.is_large)
        self.pairs.setVisible(not self.is_large)
        self.verdict.setVisible(self.drawn is not None)
        if self.drawn is not None:
            self._show_pairs(self.drawn, order)
            took = self.drawn.compute_ms / max(len(self.drawn.images), 1)
            self.show_speed(f"{milliseconds(took)} per picture")
        if found is not None and self.is_large:
            self.detail.show_picture(self.chosen, found)
        self._say()
        self._show_plot(found)
        self._show_place(found, order)
        self.show_exportable()

    def _say(self) -> None:
        found = None if self.is_stale else self.found
        if found is None:
            self.verdict.say("line", words.DRAWING if self.is_stale else words.LOOKING)
            self.caption.set_text("")
            return
        self.verdict.say(words.MARKS[found.level], verdict(found))
        large = words.large_caption(self.chosen, found) if self.is_large else ""
        self.caption.set_text(large or words.caption(found, self._state.model))

    def _show_pairs(self, drawn: api.PicturesEvent, order: tuple[int, ...]) -> None:
        found, rows = self.found, list(order)
        if found is None:
            self.pairs.set_pairs(drawn.images, None, ("…",) * len(rows))
            self.pairs.set_selected(-1)
            return
        told = tuple(three_digits(float(found.distances[k, 0])) for k in order)
        marked = np.flatnonzero(found.marked[rows]).tolist()
        self.pairs.set_pairs(found.images[rows], found.nearest[rows, 0], told, marked)
        self.pairs.set_selected(order.index(self.chosen))

    def _show_plot(self, found: api.CopiedEvent | None) -> None:
        if found is None:
            self.show_plots(self.drawn is not None and self.plot is not None)  # nothing jumps meanwhile
            if self.plot is not None and self._plotted is not None:
                self._plotted = None
                self.plot.clear()  # what was known of others
            return
        if self.plot is None:
            from genstudio.ui.copied.histogram import CopiedHistogram

            self.plot = CopiedHistogram()
            self.plot.picked.connect(self.distance_picked)
            self.plot_area.addWidget(self.plot)
            self._fit_plot()
        self.show_plots(True)
        if found is not self._plotted:
            self._plotted = found
            self.plot.show_found(found)
        self.plot.show_chosen(self.chosen, found)

    def _show_place(self, found: api.CopiedEvent | None, order: tuple[int, ...]) -> None:
        count = len(order) if found is not None else 0
        self.tempo.set_range(count)
        for button in (self.tempo.back, self.tempo.forward):
            button.setEnabled(count > 1)
        if found is None:
            self.tempo.set_position(0)
            self.tempo.set_label("")
            return
        self.tempo.set_position(order.index(self.chosen))
        widest = max((words.place(k, found) for k in order), key=len)
        self.tempo.set_label(words.place(self.chosen, found), widest)

    def _fit_plot(self) -> None:
        if self.plot is not None:
            self.plot.setFixedHeight(px(HIGH if self.height() >= px(ROOMY) else LOW))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_plot()
