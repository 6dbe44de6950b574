"""The code under the hand: sliders, class, truncation, the walk and the two ends, in the inspector."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from genstudio.errors import counted
from genstudio.ui.game.explore_state import PSI, Explored
from genstudio.ui.latent.axes import raw_axes
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.form import Choice
from genstudio.ui.widgets.inspector import Inspector
from genstudio.ui.widgets.latent_sliders import LatentSliders
from genstudio.ui.widgets.slider import Slider

ALL = -1  # the picker's entry for all classes beside each other
PSI_HELP = (
    "The code times ψ. Below 1 it is nearer to the mean code: pictures are more usual and more alike; above 1 they "
    "differ more, and more of them fail (the truncation trick: Brock et al. 2019, arXiv:1809.11096; ψ as in "
    "Karras et al. 2019, arXiv:1812.04948)."
)
PLACE = 1  # of the section: below Training


class ExploreControls(QObject):
    """A section of the inspector; takes values in by methods and says what is wanted by signals.

    Signals:
        code_changed: the whole code, under the hand.
        grabbed: a hand took hold of a slider.
        finished: a gesture is over.
        lock_wanted: the number of a latent.
        class_chosen: its number, or ALL.
        psi_moved: truncation under the hand.
    """

    code_changed = Signal(object)
    grabbed = Signal()
    finished = Signal()
    lock_wanted = Signal(int)
    class_chosen = Signal(object)
    psi_moved = Signal(float)
    random_wanted = Signal()
    centre_wanted = Signal()
    walk_wanted = Signal()
    a_wanted = Signal()
    b_wanted = Signal()
    ends_wanted = Signal()

    def __init__(self, inspector: Inspector) -> None:
        super().__init__(inspector)
        self.section = inspector.add_section("Code z", PLACE)
        self.sliders = LatentSliders()
        self.classes = Choice(label="Class")
        self.psi = Slider(*PSI, 0.05, tint="latent")
        self.psi.rest = 1.0
        self.psi.setAccessibleName("Truncation psi")
        self.random = TextButton("Random z", "A random code of the prior; what is locked stays (R)", "random")
        self.walk = TextButton("Walk", "The code wanders from one random code to the next (W)", "play")
        self.walk.setCheckable(True)
        self.centre = TextButton("Centre", "All sliders to 0, the mean code")
        self.set_a = TextButton("Set A", "The strip begins at this code")
        self.set_b = TextButton("Set B", "The strip ends at this code")
        self.ends = TextButton("New A, B", "Two random codes as A and B")
        self.ends.setAccessibleName("Random A and B")
        self.section.add_buttons(self.random, self.walk)
        self._class_row = self.section.add_row("Class", self.classes, "What the generator is asked to draw")
        self._psi_row = self.section.add_row("Truncation ψ", self.psi, PSI_HELP, self._reset_psi, width=92)
        self.section.add_buttons(self.set_a, self.set_b, self.ends)
        self.section.add_widget(self.sliders)
        self.section.add_buttons(self.centre)
        self.section.hide()
        self._class_row.hide()
        self._names: tuple[str, ...] = ()
        self._locked: tuple[int, ...] | None = None
        self._connect()

    def _connect(self) -> None:
        self.sliders.changed.connect(self.code_changed)
        self.sliders.grabbed.connect(self.grabbed)
        self.sliders.finished.connect(self.finished)
        self.sliders.lock_wanted.connect(self._lock)
        self.classes.chosen.connect(self.class_chosen)
        self.psi.moved.connect(self.psi_moved)
        self.psi.released.connect(self.finished)
        self.random.clicked.connect(self.random_wanted)
        self.centre.clicked.connect(self.centre_wanted)
        self.walk.clicked.connect(self.walk_wanted)
        self.set_a.clicked.connect(self.a_wanted)
        self.set_b.clicked.connect(self.b_wanted)
        self.ends.clicked.connect(self.ends_wanted)

    def show_state(self, state: Explored) -> None:
        """Put sliders and pickers where the code is."""
        latents = len(state.z)
        if latents != len(self.sliders.code()) or state.locked != self._locked:
            self._locked = state.locked
            names = frozenset(f"z{k + 1}" for k in state.locked)
            self.sliders.set_axes(raw_axes(latents), range(latents), state.z, names)
            self.section.set_title(f"Code z · {counted(latents, 'latent')}")
        else:
            self.sliders.set_code(state.z)
        if self._names:
            self.classes.set_value(ALL if state.has_all else state.label % len(self._names))
        self.psi.set_value(state.psi)
        self._psi_row.label.setText(f"Truncation ψ {state.psi:.2f}")
        self._psi_row.set_changed(state.psi != 1.0)

    def show_classes(self, names: tuple[str, ...]) -> None:
        """Offer those that the generator knows."""
        if names == self._names:
            return
        self._names = names
        self.classes.clear()
        if names:
            self.classes.add_choice("all classes", ALL)
        for number, name in enumerate(names):
            self.classes.add_choice(name, number)
        self._class_row.setVisible(bool(names))

    def show_walk(self, is_walking: bool) -> None:
        """Whether the code wanders."""
        self.walk.setChecked(is_walking)
        self.walk.setText("Stay" if is_walking else "Walk")
        self.walk.setAccessibleName(self.walk.text())
        self.walk.set_icon("pause" if is_walking else "play")

    @Slot()
    def _reset_psi(self) -> None:
        self.psi_moved.emit(1.0)
        self.finished.emit()

    @Slot(str)
    def _lock(self, name: str) -> None:
        self.lock_wanted.emit(int(name.removeprefix("z")) - 1)
