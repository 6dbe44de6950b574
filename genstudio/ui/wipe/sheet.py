"""The wipe as a sheet over the window: what lies on which side, the divider that swings, and how far they differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from genstudio.api import NO_PICTURES, Difference
from genstudio.api.differences import difference
from genstudio.ui.tabs.play_clock import PlayClock
from genstudio.ui.theme import pad, px
from genstudio.ui.wipe import words
from genstudio.ui.wipe.bars import FILE, LookBar, Said, SidesBar
from genstudio.ui.wipe.drops import LEFT, RIGHT, DropSheet
from genstudio.ui.wipe.pair import Pair, Side, has, highest, is_same, paired
from genstudio.ui.wipe.stage import WipeStage

WIDE, HIGH = 1200, 860  # design px
SWING_S = 4.0  # to and fro
LOOK_MS = 100  # between two looks at what is behind


class WipeSheet(DropSheet):
    """Takes what is on offer in by `offer`; keeps which of it lies on which side, and how it is looked at.

    Signals:
        looked: while it is seen, again and again: what is on offer may have changed.
        chosen: the user has put something else on a side.
        file_wanted: a file is to be laid on a side.
        keep_wanted: what lies on the left is to be kept as it is now.
        copied: whether what is seen is in the clipboard.
    """

    follows = True
    looked = Signal()
    chosen = Signal()
    file_wanted = Signal(int)
    keep_wanted = Signal()
    copied = Signal(bool)
    _is_built = False

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Wipe")
        self._offered: list[Side] | None = None
        self._sides: dict[str, Side] = {}
        self._keys = ["", ""]  # what lies on the left and on the right
        self._number = -1  # the picture that is seen alone; -1 all
        self._before = 0  # the one that was last
        self._columns = 0  # in which several stand; 0: as fills the sheet best
        self.pair: Pair | None = None  # what is seen
        self._phase = 0.0  # of the swing
        self.names, self.stage, self.said, self.look = SidesBar(), WipeStage(), Said(), LookBar()
        self._clock = PlayClock(self)
        self._watch = QTimer(self)
        self._watch.setInterval(LOOK_MS)
        self._watch.timeout.connect(self.looked)
        frame = QFrame()
        frame.setProperty("role", "stage")
        pad(QVBoxLayout(frame), 8, 0).addWidget(self.stage)
        body = pad(QVBoxLayout(), (24, 0, 24, 16), 8)
        body.addWidget(self.names)
        body.addWidget(frame, 1)
        body.addWidget(self.said)
        body.addWidget(self.look)
        self.column.addLayout(body, 1)
        self._connect()
        self._is_built = True

    def _connect(self) -> None:
        self.names.picked.connect(self._picked)
        self.names.swap_wanted.connect(self.swap_sides)
        self.look.views.chosen.connect(self._show)
        self.look.swing.clicked.connect(self.toggle_swing)
        self.look.leafed.connect(self.leaf)
        self.look.all_wanted.connect(self.toggle_all)
        self.look.keep.clicked.connect(self.keep_wanted)
        self.look.copy_button.clicked.connect(self._copy)
        self.stage.moved.connect(self._moved)
        self.stage.cell_double_clicked.connect(self._opened)
        self._clock.ticked.connect(self._tick)

    # ---- data in and out ----------------------------------------------------------------------------------

    def offer(self, sides: Sequence[Side], columns: int = 0) -> None:
        """What can lie on a side, in order, and the columns in which several pictures stand, 0 if that is all the same.
        What lies there stays, with the pictures that it has now."""
        before, self._offered = self._offered, list(sides)
        if columns != self._columns:
            self._columns, before = columns, None
        self._sides = {side.key: side for side in sides}
        self.names.offer(sides)
        is_known = before is not None and [side[:2] for side in before] == [side[:2] for side in sides]
        if not is_known or not all(is_same(a.pictures, b.pictures) for a, b in zip(before or (), sides, strict=True)):
            self._show()

    def lay(self, left: str, right: str, number: int = -1) -> None:
        """Put what these keys stand for on the sides; `number` is the picture that is seen alone, -1 all."""
        self._keys, self._number = [left, right], number
        self._show()

    def keys_laid(self) -> tuple[str, str]:
        """What lies on the left and on the right."""
        return self._keys[LEFT], self._keys[RIGHT]

    def side(self, number: int) -> Side | None:
        """What lies on a side, with its pictures."""
        return self._sides.get(self._keys[number])

    def number(self) -> int:
        """The picture that is seen alone; -1 all."""
        return self._number

    def set_view(self, view: str) -> None:
        """Look at it in another way."""
        self.look.views.set_value(view)
        self._show()

    # ---- what it shows ------------------------------------------------------------------------------------

    @Slot()
    def _show(self) -> None:
        both, look = self._both(), self.look
        self.names.show_keys(self._keys)
        for widget in (self.names.swap, look.views, look.keep, look.copy_button):
            self.keyboard.enable(widget, both is not None)
        self.keyboard.enable(look.swing, both is not None and look.views.value() == "wipe")
        if both is None:
            self.pair = None
            self._clock.run(False)
            self.stage.show_sides(NO_PICTURES, None)
            missing = next((side for side in map(self.side, (LEFT, RIGHT)) if side is not None and not has(side)), None)
            self.stage.set_message(words.NOTHING if missing is None else words.missing(missing))
            self.said.say("")
        else:
            self.pair = paired(both[LEFT].pictures, both[RIGHT].pictures, self._number)
            self._lay(self.pair)
            same = words.ALONE if len(self._sides) == 1 else words.SAME
            told = words.told(*both, self.pair, look.views.value())
            self.said.say(told if both[LEFT].key != both[RIGHT].key else same)
            self.stage.setAccessibleName(f"{both[LEFT].name} and {both[RIGHT].name}")
        self._show_place()
        look.show_swing(self._clock.runs())

    def _both(self) -> tuple[Side, Side] | None:
        """What lies on the sides; None while one of them has no picture."""
        left, right = self.side(LEFT), self.side(RIGHT)
        return (left, right) if left is not None and right is not None and has(left) and has(right) else None

    def _lay(self, pair: Pair) -> None:
        view, columns = self.look.views.value(), self._columns if len(pair.left) > self._columns else 0
        if view == "wipe":
            self.stage.show_sides(pair.left, pair.right, columns)
        else:
            self.stage.show_sides(difference(pair.right, pair.left, cast(Difference, view)), None, columns)
            self._clock.run(False)

    def _ends(self) -> tuple[int, int]:
        """The first and the last picture that can be seen alone; the first is -1 where all can be seen at once."""
        counts = [len(side.pictures) for side in self._both() or ()]
        if max(counts, default=1) == 1:
            return -1, -1
        return (0 if min(counts) == 1 else -1), highest(*counts)

    def _show_place(self) -> None:
        (first, last), pair, look = self._ends(), self.pair, self.look
        for widget in (look.back, look.place, look.forward):
            self.show_part(widget, pair is not None and last > 0)
        if pair is not None:
            look.place.setText(words.place(pair.number, last + 1))
            self.keyboard.enable(look.back, pair.number > first)
            self.keyboard.enable(look.forward, pair.number < last)
            look.show_all(pair.number >= 0)
            self._before = max(pair.number, 0) if pair.number >= 0 else self._before
        self.show_part(look.all, pair is not None and first < 0 < last)

    # ---- hand ---------------------------------------------------------------------------------------------

    @Slot(int, str)
    def _picked(self, side: int, key: str) -> None:
        if key == FILE:
            self._show()
            self.file_wanted.emit(side)
            return
        self._keys[side] = key
        self._show()
        self.chosen.emit()

    @Slot()
    def swap_sides(self) -> None:
        """What is left becomes right."""
        self._keys.reverse()
        self._show()
        self.chosen.emit()

    @Slot(int)
    def leaf(self, direction: int) -> None:
        """The next picture alone, or the one before; before the first all."""
        first, last = self._ends()
        if self.pair is not None and last > 0:
            self._number = min(max(self.pair.number + direction, first), last)
            self._show()

    @Slot(int)
    def _opened(self, index: int) -> None:
        """A double click shows one picture alone, or all again."""
        first, last = self._ends()
        if self.pair is not None and first < 0 < last:
            self._number = index if self.pair.number < 0 else -1
            self._show()

    @Slot()
    def toggle_all(self) -> None:
        """All pictures at once, or again the one that was seen alone."""
        first, last = self._ends()
        if self.pair is not None and first < 0 < last:
            self._number = -1 if self.pair.number >= 0 else min(self._before, last)
            self._show()

    @Slot()
    def _copy(self) -> None:
        self.copied.emit(self.stage.copy())

    @Slot()
    def toggle_swing(self) -> None:
        """Let the divider swing from where it is, or stay."""
        runs = not self._clock.runs() and self.stage.has_divider()
        if runs:
            self._phase = math.acos(1 - 2 * self.stage.share())
        self._clock.run(runs)
        self.look.show_swing(runs)

    @Slot(float)
    def _tick(self, seconds: float) -> None:
        self._phase += 2 * math.pi * seconds / SWING_S
        self.stage.set_share((1 - math.cos(self._phase)) / 2)

    @Slot(float)
    def _moved(self, share: float) -> None:
        """A hand has the divider now."""
        if self._clock.runs():
            self._clock.run(False)
            self.look.show_swing(False)

    def _next_view(self) -> None:
        views = list(words.VIEWS)
        self.set_view(views[(views.index(self.look.views.value()) + 1) % len(views)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, letter = event.key(), event.text().lower()
        if event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier):
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.toggle_swing()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
            self.stage.keyPressEvent(event)
        elif letter == "d" and self.pair is not None:
            self._next_view()
        elif letter == "a":
            self.toggle_all()
        elif letter == "x":
            self.swap_sides()
        elif letter in (",", "."):
            self.leaf(1 if letter == "." else -1)
        else:
            super().keyPressEvent(event)
        event.accept()

    # ---- Qt -------------------------------------------------------------------------------------------------

    def show_drop(self, side: int) -> None:
        self.stage.show_drop(side)

    def wanted_size(self, window: QWidget) -> tuple[int, int]:
        return px(WIDE), px(HIGH)

    def first_focus(self) -> QWidget:
        return self.stage

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._watch.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: nothing swings, and nothing is followed."""
        if self._is_built:  # Qt hides what is being made, too
            self._watch.stop()
            self._clock.run(False)
            self.show_drop(-1)
        super().hideEvent(event)
