"""The two rows of the wipe: what lies on which side, and how it is looked at."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from genstudio.ui.theme import pad, theme
from genstudio.ui.widgets.button import IconButton, TextButton
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.segments import Segments, choices
from genstudio.ui.wipe import words
from genstudio.ui.wipe.pair import Side

NAMES = ("Left side", "Right side")
LINES = 2  # of words below the pictures
FILE = "file"  # the key of the choice that asks for one
FILE_HELP = "Lay a picture file on this side; one can be dropped there, too"


class SidesBar(QWidget):
    """A picker over each side, and between them the button that swaps both.

    Signals:
        picked: a side, 0 or 1, and the key that the user has put there; FILE asks for a file.
        swap_wanted: what is left is to become right.
    """

    picked = Signal(int, str)
    swap_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pickers = [Choice(label=name, help=f"What lies on the {name.lower()}") for name in NAMES]
        self.swap = TextButton("Swap", "What is left becomes right (X)")
        row = pad(QHBoxLayout(self), 0, 8)
        for side, picker in enumerate(self.pickers):
            picker.setProperty("side", side)
            picker.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            picker.chosen.connect(self._picked)
            row.addWidget(picker, 1)
        row.insertWidget(1, self.swap)
        self.swap.clicked.connect(self.swap_wanted)

    def offer(self, sides: Sequence[Side]) -> None:
        """What can lie on a side. A list that is open stays as it is, and is filled anew at the next call after."""
        for picker in self.pickers:
            wanted = [*((side.name, side.key) for side in sides), (words.FILE, FILE)]
            if [(picker.itemText(k), picker.itemData(k)) for k in range(picker.count())] == wanted:
                for k, side in enumerate(sides):
                    picker.setItemData(k, words.many(len(side.pictures)), Qt.ItemDataRole.ToolTipRole)
            elif not picker.view().isVisible():
                key = picker.value()
                picker.clear()
                for side in sides:
                    picker.add_choice(side.name, side.key, words.many(len(side.pictures)))
                picker.add_choice(words.FILE, FILE, FILE_HELP)
                picker.set_value(key)

    def show_keys(self, keys: Sequence[str]) -> None:
        """What lies on the sides; no signal follows."""
        for picker, key in zip(self.pickers, keys, strict=True):
            if not picker.set_value(key):
                picker.setCurrentIndex(-1)

    @Slot(object)
    def _picked(self, key: str) -> None:
        self.picked.emit(int(self.sender().property("side")), key)


class Said(QLabel):
    """Sentences with room for LINES, so that what is above stays where it is; longer ones have more."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "second")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.fit)

    def say(self, text: str) -> None:
        """Show these."""
        self.setText(text)
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()

    @Slot()
    def fit(self) -> None:
        """As high as the words need."""
        self.setMinimumHeight(0)  # else it counts as the height that the words need
        metrics, need = self.fontMetrics(), self.heightForWidth(max(self.width(), 1))
        self.setFixedHeight(max(LINES * metrics.lineSpacing() + metrics.descent(), need))


class LookBar(QWidget):
    """The swing, what is seen, which of several pictures, and what becomes of it.

    Signals:
        leafed: -1 or 1, to the picture before or the next one.
        all_wanted: all pictures at once, or again the one that was seen alone.
    """

    leafed = Signal(int)
    all_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.swing = IconButton("play", "Swing", "Let the divider swing to and fro (Space)")
        self.views = Segments("What is seen", choices(words.VIEWS))
        self.back = IconButton("back", "Picture before", "The picture before this one alone, or all (,)", side=24)
        self.forward = IconButton("forward", "Next picture", "The next picture alone (.)", side=24)
        self.place = QLabel()
        self.place.setProperty("role", "small")
        self.place.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.all = TextButton("All", "")
        self.keep = TextButton("Keep left", words.KEEP)
        self.copy_button = IconButton("copy", "Copy", "Copy what is seen to the clipboard (Ctrl+C)")
        row = pad(QHBoxLayout(self), 0, 8)
        which = (self.back, self.place, self.forward, self.all)
        for widget in (self.swing, self.views, None, *which, None, self.keep, self.copy_button):
            row.addStretch(1) if widget is None else row.addWidget(widget)
        self.back.clicked.connect(self._one_back)
        self.forward.clicked.connect(self._one_on)
        self.all.clicked.connect(self.all_wanted)
        theme().changed.connect(self._fit)
        self._fit()

    def show_swing(self, swings: bool) -> None:
        """Whether the divider swings."""
        self.swing.set_icon("pause" if swings else "play")
        self.swing.setAccessibleName("Stop the divider" if swings else "Swing")

    def show_all(self, is_alone: bool) -> None:
        """Whether one picture is seen alone, and the button leads to all."""
        self.all.setText("All" if is_alone else "One")
        self.all.setAccessibleName(self.all.text())
        self.all.setToolTip("All pictures at once (A)" if is_alone else "One picture alone (A, or a double click)")

    @Slot()
    def _one_back(self) -> None:
        self.leafed.emit(-1)

    @Slot()
    def _one_on(self) -> None:
        self.leafed.emit(1)

    @Slot()
    def _fit(self) -> None:
        self.place.setMinimumWidth(self.place.fontMetrics().horizontalAdvance(words.place(98, 99)))
