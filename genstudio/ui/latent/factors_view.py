"""What the page of factors looks like: the gap, the matrix, rows of pictures, and its controls. Asks for nothing."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from genstudio.api import NO_PICTURES, FactorsEvent, Pictures
from genstudio.ui.latent import factors_words as words
from genstudio.ui.latent.factors_matrix import FactorMatrix
from genstudio.ui.latent.factors_state import COLUMNS, VALUES, FactorsState
from genstudio.ui.latent.traverse_words import column_titles
from genstudio.ui.theme import pad, px, theme
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.inspector import Inspector
from genstudio.ui.widgets.segments import Segments
from genstudio.ui.widgets.stage import Stage

UNITS = (
    ("share", "Percent", "How much of the factor's entropy the latent tells, in percent"),
    ("nats", "Nats", "The mutual information itself"),
)


class FactorView(QWidget):
    """Above the gap in a large number and the matrix, below a row of pictures for each factor."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number, self.meaning = QLabel(), QLabel()
        self.number.setProperty("role", "number")
        self.meaning.setWordWrap(True)
        self.meaning.setProperty("role", "second")
        self.meaning.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.matrix, self.stage = FactorMatrix(), Stage(label="One latent in each row")
        self._head = QWidget()
        head = pad(QHBoxLayout(self._head), (8, 4, 8, 0), 12)
        head.addWidget(self.number)
        head.addWidget(self.meaning, 1)
        box = pad(QVBoxLayout(self), 0, 8)
        box.addWidget(self._head)
        box.addWidget(self.matrix, 2)
        box.addWidget(self.stage, 3)
        theme().changed.connect(self._restyle)
        self._restyle()
        self.clear()

    def clear(self) -> None:
        """Nothing measured is to be seen; the stage has the room for a message."""
        self._head.hide()
        self.matrix.hide()
        self.matrix.show_found(None)
        self.stage.set_titles([])
        self.stage.set_selected(-1)
        self.stage.set_pictures(NO_PICTURES)

    def show_found(self, found: FactorsEvent, state: FactorsState) -> None:
        """What was measured, and which cell is looked at."""
        self.number.setText(f"{found.gap:.2f}")
        self.number.setAccessibleName(f"Mutual information gap {found.gap:.2f}")
        self.meaning.setText(f"<b>mutual information gap</b> · {words.MEANING}")
        self.matrix.show_found(found, state.chosen(found), state.unit)
        self._head.show()
        self.matrix.show()

    def show_pictures(self, images: Pictures, found: FactorsEvent, state: FactorsState) -> None:
        """A row of pictures for each factor."""
        self.stage.set_titles(column_titles(VALUES), words.row_titles(found, state), is_scale=True)
        self.stage.set_pictures(images, COLUMNS)
        self._share()

    def _share(self) -> None:
        """Rows of the matrix become lower where the pictures are then shown twice as large."""
        images, whole = self.stage.pictures(), self.matrix.sizeHint().height()
        if images is None:
            return
        room = self.height() - self._head.heightForWidth(self.width()) - 2 * theme().gap(8)
        pictures = len(images) // COLUMNS * (2 * images.shape[1] + 1) / self.devicePixelRatioF()
        twice = math.ceil(pictures) + px(24) + theme().gap(8)
        low = min(max(room - twice, self.matrix.minimumHeight()), whole)
        self.matrix.setMaximumHeight(low if room - low >= twice else whole)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    @Slot()
    def _restyle(self) -> None:
        self.number.setFont(theme().font(28, bold=True))
        self.number.setStyleSheet(f"font-size: {px(28)}px; color: {theme().colors.latent_text};")


class FactorControls(QObject):
    """Fills an inspector; says by signals what is wanted."""

    unit_chosen = Signal(str)
    random_wanted = Signal()
    centre_wanted = Signal()
    best_wanted = Signal()
    explore_wanted = Signal()
    measure_wanted = Signal()

    def __init__(self, inspector: Inspector) -> None:
        super().__init__(inspector)
        self.unit = Segments("Numbers in the cells", UNITS)
        self.best = TextButton("Best latents", "In each row the latent that tells its factor most (Delete)")
        self.explore = TextButton("Explore", "Move the latent of the cell looked at on Explore (Enter)")
        self.random = TextButton("Random", "Move the latents around another code (R)")
        self.centre = TextButton("Centre", "Move the latents around the prior's centre, where all numbers are 0")
        self.measure = TextButton("Measure again", "Encode the held-out pictures once more")
        self.facts = QLabel()
        self.facts.setProperty("role", "small")
        self.facts.setWordWrap(True)
        self.facts.setAlignment(Qt.AlignmentFlag.AlignTop)
        seen = inspector.add_section("Matrix")
        seen.add_row("Numbers", self.unit, "What the numbers in the cells are.", width=0)
        seen.add_buttons(self.best, self.explore)
        rows = inspector.add_section("Pictures around")
        rows.add_buttons(self.random, self.centre)
        known = inspector.add_section("What was found")
        known.add_widget(self.facts)
        known.add_buttons(self.measure)
        self.unit.chosen.connect(self.unit_chosen)
        pairs = (
            (self.best, self.best_wanted),
            (self.explore, self.explore_wanted),
            (self.random, self.random_wanted),
            (self.centre, self.centre_wanted),
            (self.measure, self.measure_wanted),
        )
        for button, signal in pairs:
            button.clicked.connect(signal)
        self.show_found(None, FactorsState(()))

    def show_found(self, found: FactorsEvent | None, state: FactorsState, can_measure: bool = False) -> None:
        """What was measured, if anything was."""
        self.unit.set_value(state.unit)
        for widget in (self.unit, self.random, self.centre):
            widget.setEnabled(found is not None)
        self.best.setEnabled(found is not None and state.cell is not None)
        self.explore.setEnabled(found is not None)
        self.measure.setEnabled(can_measure)
        self.explore.setText("Explore" if found is None else f"Explore z{state.chosen(found)[1] + 1}")
        self.explore.setAccessibleName(self.explore.text())
        self.measure.setText("Measure" if found is None else "Measure again")
        self.measure.setAccessibleName(self.measure.text())
        self.facts.setText("Nothing is measured yet." if found is None else words.verdict(found))
