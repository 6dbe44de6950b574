"""The inspector of the mode "Interpolate": the key that is chosen, the way, the model."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QLabel

from genstudio.api import ModelInfo
from genstudio.ui.latent.path_state import KEYS, STEPS, PathState
from genstudio.ui.latent.saved_menu import SavedMenu
from genstudio.ui.tabs.vae_controls import facts
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.check_box import CheckBox
from genstudio.ui.widgets.form import Choice, IntBox
from genstudio.ui.widgets.inspector import Inspector

DEFAULT = PathState("", ())


class PathControls(QObject):
    """Fills an inspector; takes values in by methods and says what is wanted by signals.

    Signals:
        data_wanted: the class of a picture to take from the data, -1 any.
        saved_wanted: the code under a name that is to be the key.
        pushed: -1 moves the chosen key to the left, 1 to the right.
        way_changed: way, pictures, loop, compare.
    """

    random_wanted = Signal()
    explore_wanted = Signal()
    data_wanted = Signal(int)
    add_wanted = Signal()
    remove_wanted = Signal()
    saved_wanted = Signal(object)
    draw_wanted = Signal()
    pushed = Signal(int)
    way_changed = Signal(str, int, bool, bool)

    def __init__(self, inspector: Inspector) -> None:
        super().__init__(inspector)
        self.random = TextButton("Random", "A random code of the prior as this key (R)")
        self.explore = TextButton("From Explore", "The code that Explore shows as this key")
        self.data = TextButton("From the data", "A picture of the data that the model has not learned from")
        self.label = Choice(label="Class")
        self.saved = TextButton("Saved code…", "One of the codes that you have named and kept in Explore as this key")
        self.draw = TextButton("Draw one…", "Draw a picture in the mode Picture; “Use as key” there brings it here")
        self.menu = SavedMenu(self.saved)
        self.saved.setMenu(self.menu)
        self.left = TextButton("← Left", "Move this key to the left (Ctrl ←)")
        self.right = TextButton("Right →", "Move this key to the right (Ctrl →)")
        self.left.setAccessibleName("Move left")
        self.right.setAccessibleName("Move right")
        self.add = TextButton("Add", f"One key more, up to {KEYS[1]} (+)")
        self.remove = TextButton("Remove", "Take this key out of the way (Delete)")
        self.way = Choice(label="Way")
        self.way.add_choice("slerp · arc", "slerp")
        self.way.add_choice("lerp · line", "lerp")
        self.way.add_choice("pixels · blend", "pixels")
        self.compares = CheckBox("Compare the three ways")
        self.compares.setToolTip("All three ways below each other (C)")
        self.steps = IntBox(*STEPS, DEFAULT.steps, label="Pictures")
        self.loop = CheckBox("Loop back to key 1")
        self.loop.setToolTip("After the last key the way leads back to the first; else playing turns round there.")
        self.facts = QLabel()
        self.facts.setProperty("role", "small")
        self.facts.setWordWrap(True)
        self._fill(inspector)
        self._connect()
        self.set_ready(False, None)

    def _fill(self, inspector: Inspector) -> None:
        self._key = inspector.add_section("Key")
        self._key.set_title("Key picture")
        self._key.add_buttons(self.random, self.explore)
        self._key.add_buttons(self.data, self.label)
        self._key.add_buttons(self.saved, self.draw)
        self._key.add_buttons(self.left, self.right)
        self._key.add_buttons(self.add, self.remove)
        hint = QLabel("Drop or paste a picture to make it this key.")
        hint.setProperty("role", "small")
        hint.setWordWrap(True)
        self._key.add_widget(hint)
        way = inspector.add_section("Way")
        self._way_row = way.add_row(
            "Way",
            self.way,
            "slerp turns the code on an arc and keeps its distance from the centre; lerp goes straight and passes "
            "nearer to it; pixels blends the pictures themselves, without codes.",
            self._reset_way,
        )
        self._steps_row = way.add_row(
            "Pictures", self.steps, "Pictures of the strip and the film, both ends included.", self._reset_steps
        )
        way.add_widget(self.loop)
        way.add_widget(self.compares)
        inspector.add_section("Model").add_widget(self.facts)

    def _connect(self) -> None:
        self.random.clicked.connect(self.random_wanted)
        self.explore.clicked.connect(self.explore_wanted)
        self.data.clicked.connect(self._want_data)
        self.draw.clicked.connect(self.draw_wanted)
        self.menu.code_chosen.connect(self.saved_wanted)
        self.label.chosen.connect(self._want_data)
        self.left.clicked.connect(self._push_left)
        self.right.clicked.connect(self._push_right)
        self.add.clicked.connect(self.add_wanted)
        self.remove.clicked.connect(self.remove_wanted)
        self.way.chosen.connect(self._say)
        self.steps.valueChanged.connect(self._say)
        self.loop.toggled.connect(self._say)
        self.compares.toggled.connect(self._say)

    # ---- data in ----------------------------------------------------------------------------------

    def show_model(self, info: ModelInfo | None, classes: Sequence[str] = ()) -> None:
        """The facts of its file, and the classes of its data to choose pictures from."""
        self.facts.setText(facts(info) if info else "")
        self.label.clear()
        self.label.add_choice("any class", -1, "Pictures of any class")
        for number, name in enumerate(classes):
            self.label.add_choice(name, number, f"Pictures of class {name}")

    def show_state(self, state: PathState, selected: int, has_explore: bool) -> None:
        """The settings as they stand, and what can be done with the chosen key."""
        count = len(state.keys)
        self._key.set_title(f"Key {selected + 1} of {count}")
        for box, value in ((self.loop, state.loop), (self.compares, state.compares)):
            with QSignalBlocker(box):
                box.setChecked(value)
        with QSignalBlocker(self.steps):
            self.steps.setValue(state.steps)
        self.way.set_value(state.way)
        self.label.set_value(state.label)
        self._way_row.set_changed(state.way != DEFAULT.way)
        self._steps_row.set_changed(state.steps != DEFAULT.steps)
        self.explore.setEnabled(has_explore)
        self.left.setEnabled(selected > 0)
        self.right.setEnabled(selected < count - 1)
        self.add.setEnabled(count < KEYS[1])
        self.remove.setEnabled(count > KEYS[0])

    def set_ready(self, is_ready: bool, state: PathState | None, selected: int = 0, has_explore: bool = False) -> None:
        """Nothing can be changed before a model is loaded."""
        keys = (self.random, self.explore, self.data, self.saved, self.draw)
        for widget in (
            *keys,
            self.left,
            self.right,
            self.add,
            self.remove,
            self.label,
            self.way,
            self.steps,
            self.loop,
            self.compares,
        ):
            widget.setEnabled(is_ready)
        if is_ready and state is not None:
            self.show_state(state, selected, has_explore)

    # ---- hand -------------------------------------------------------------------------------------

    @Slot()
    def _want_data(self) -> None:
        self.data_wanted.emit(int(self.label.value()))

    @Slot()
    def _push_left(self) -> None:
        self.pushed.emit(-1)

    @Slot()
    def _push_right(self) -> None:
        self.pushed.emit(1)

    @Slot()
    def _say(self) -> None:
        self.way_changed.emit(self.way.value(), self.steps.value(), self.loop.isChecked(), self.compares.isChecked())

    @Slot()
    def _reset_way(self) -> None:
        self.way.set_value(DEFAULT.way)
        self._say()

    @Slot()
    def _reset_steps(self) -> None:
        self.steps.setValue(DEFAULT.steps)
