"""The sections Change and Branches of the inspector: from where changes count, the brush, and the tree."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QLabel

from genstudio.ui.diffusion.branches_list import BranchList
from genstudio.ui.diffusion.brush import RADII
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.check_box import CheckBox
from genstudio.ui.widgets.form import IntBox
from genstudio.ui.widgets.inspector import Inspector
from genstudio.ui.widgets.segments import Segments, choices
from genstudio.ui.widgets.slider import Slider

STARTS = {
    "noise": ("From the start", "Another setting makes everything anew, with the same noise"),
    "here": ("From this step", "The steps before this one stay; from here on it goes another way"),
}
TOOLS = {
    "off": ("No brush", "The mouse selects pictures"),
    "light": ("Light", "Paint what is to be light in the clean picture"),
    "dark": ("Dark", "Paint what is to be dark in the clean picture"),
    "erase": (
        "Erase",
        "Leave noise alone there. Early on the model draws something new in it; late it stays grey: to get black, "
        "take Dark",
    ),
}
TARGETS = {"all": ("All pictures", "A stroke is on all of them"), "one": ("One", "A stroke is on its picture alone")}
NOT_HERE = "Pause between the first step and the last."
NO_BRANCH = "There is no branch yet: change something on the way."
ON_TRUNK = "The trunk itself is shown; choose a branch to lay it against."
ALONG = "Path and Matrix have no room for the trunk: take Pictures or Map."
BESIDE = "The trunk's pictures beside those of the branch, and where they differ"
NOTHING_ABOVE = "No step before this one has more noise."
RADIUS, NOISE = 0.08, 5  # at first


class BranchControls(QObject):
    """Takes in by methods what is so, and says by signals what is wanted.

    Signals:
        start_chosen: "noise" or "here".
        brush_changed: tool, radius or target.
        noise_wanted: so many steps back up.
        repeat_wanted: a branch without any change.
        beside_toggled: the trunk beside the branch.
    """

    start_chosen = Signal(str)
    brush_changed = Signal()
    noise_wanted = Signal(int)
    repeat_wanted = Signal()
    remove_wanted = Signal()
    beside_toggled = Signal(bool)

    def __init__(self, inspector: Inspector) -> None:
        super().__init__(inspector)
        self._change = inspector.add_section("Change", 1)
        self._branches = inspector.add_section("Branches", 2)
        self.start = Segments("Changes count", choices(STARTS))
        self.hint = QLabel()
        self.hint.setProperty("role", "small")
        self.hint.setWordWrap(True)
        self.tools, self.targets = Segments("Brush", choices(TOOLS)), Segments("Paint on", choices(TARGETS))
        self.tools.set_tight(True)
        self.radius = Slider(*RADII, 0.01)
        self.radius.set_value(RADIUS)
        self.radius.rest = RADIUS
        self._noise = NOISE  # wanted, also where fewer are possible
        self.noise = IntBox(1, 1000, NOISE, label="Steps back up")
        self.put_back = TextButton("Put noise back", "Noise as it was so many steps before, upon the picture as it is")
        self.repeat = TextButton("Unchanged", "Go on without a change: a branch that repeats the trunk bit for bit")
        for widget in (self.start, self.hint, self.tools, self.targets):
            self._change.add_widget(widget)
        self._radius_row = self._change.add_row("Radius", self.radius, "How wide the brush is ([ and ])")
        self._change.add_row("Steps back", self.noise, "Noise is put back for so many steps")
        self._change.add_buttons(self.put_back, self.repeat)
        self.list = BranchList()
        self.beside = CheckBox("Against the trunk (T)")
        self.remove = TextButton(
            "Delete", "Remove the branch that is shown, and those that leave it (Delete in the list)"
        )
        self._branches.add_widget(self.list)
        self._branches.add_buttons(self.beside, self.remove)
        self._connect()
        self._show_brush()
        self.allow_beside(NO_BRANCH)
        self.show_start(0, is_possible=False, is_inside=False, hint="", can_paint=True)
        self.set_most_noise(0, is_inside=False)
        self.allow_removing(False)

    def _connect(self) -> None:
        self.start.chosen.connect(self.start_chosen)
        self.tools.chosen.connect(self._brush_changed)
        self.targets.chosen.connect(self._brush_changed)
        self.radius.changed.connect(self._brush_changed)
        self.noise.valueChanged.connect(self._noise_chosen)
        self.put_back.clicked.connect(self._noise_wanted)
        self.repeat.clicked.connect(self.repeat_wanted)
        self.remove.clicked.connect(self.remove_wanted)
        self.beside.toggled.connect(self.beside_toggled)

    def show_start(self, start: int, is_possible: bool, is_inside: bool, hint: str, can_paint: bool) -> None:
        """From which step changes count, 0 the noise.

        Args:
            is_possible: They could count from a step.
            is_inside: A step on the way is shown, so that its pictures can be changed.
            can_paint: They are pictures, not codes.
        """
        self.start.set_available("here", is_possible, NOT_HERE)
        self.start.set_value("here" if start else "noise")
        self.hint.setText(hint)
        self.repeat.allow(is_inside, NOT_HERE)
        for tool in ("light", "dark", "erase"):
            self.tools.set_available(tool, can_paint, "This model takes noise away from codes.")

    def allow_beside(self, why_not: str) -> None:
        """The section is there from the beginning, so that nothing moves away from the hand that makes a branch.

        Args:
            why_not: In a sentence, why the trunk cannot stand beside a branch; "" if it can.
        """
        self.beside.setEnabled(not why_not)
        self.beside.setToolTip(why_not or BESIDE)

    def allow_removing(self, is_branch: bool) -> None:
        """Only a branch is ever taken away."""
        self.remove.allow(is_branch, "The trunk stays; choose a branch.")

    def set_most_noise(self, most: int, is_inside: bool) -> None:
        """No more steps back than there are with more noise."""
        self.put_back.allow(most > 0, NOTHING_ABOVE if is_inside else NOT_HERE)
        if most and most != self.noise.maximum():
            wanted = self._noise
            with QSignalBlocker(self.noise):
                self.noise.setMaximum(most)
                self.noise.setValue(wanted)

    def widen(self, direction: int) -> None:
        """A wider or a narrower brush."""
        self.radius.set_value(self.radius.value() * 1.25**direction)

    def set_beside(self, is_beside: bool) -> None:
        """Without a signal."""
        with QSignalBlocker(self.beside):
            self.beside.setChecked(is_beside)

    @Slot()
    def _brush_changed(self) -> None:
        self._show_brush()
        self.brush_changed.emit()

    def _show_brush(self) -> None:
        has_brush = self.tools.value() != "off"
        self.targets.setVisible(has_brush)
        self._radius_row.setVisible(has_brush)

    @Slot(int)
    def _noise_chosen(self, steps: int) -> None:
        self._noise = steps

    @Slot()
    def _noise_wanted(self) -> None:
        self.noise_wanted.emit(self.noise.value())
