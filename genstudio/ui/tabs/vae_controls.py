"""The inspector of the latent-space page: the code, what it means, the way from A to B, the model."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QLabel

from genstudio.api import ModelInfo, called
from genstudio.errors import counted
from genstudio.ui.latent.axes import CodeAxes
from genstudio.ui.tabs.vae_exports import SHEET
from genstudio.ui.tabs.vae_saved_list import SavedList
from genstudio.ui.tabs.vae_state import PSI, STEPS, VaeState
from genstudio.ui.tabs.vae_study import StudyPanel
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.form import Choice, IntBox
from genstudio.ui.widgets.inspector import Inspector
from genstudio.ui.widgets.latent_sliders import LatentSliders
from genstudio.ui.widgets.segments import Segments
from genstudio.ui.widgets.slider import Slider

DEFAULT = VaeState("", (), (), ())
SETS = (
    ("raw", "Latents", "The numbers of the code themselves."),
    ("principal", "Principal", "The directions along which the codes of real pictures vary most."),
    ("measured", "Measured", "What can be measured on the pictures: slant, stroke width, size, height, ink."),
)
ORDERS = (
    ("kl", "By KL", "The latents that tell most come first."),
    ("index", "In order", "z1, z2, z3 and so on."),
)
UNKNOWN = "Study the codes first, below."
NO_KL = "The codes of this model are points, so no latent has a KL."
PSI_HELP = (
    "How far random codes and the walk may be from the mean code, times their own distance. Below 1 the pictures are "
    "more usual and more alike, at 0 there is one only; above 1 they differ more, and more of them fail."
)
PSI_STEP = 0.05


class VaeControls(QObject):
    """Fills an inspector; takes values in by methods and says what is wanted by signals.

    Signals:
        way_changed: the path's shape, the number of pictures, and what happens at B.
        axes_changed: which set of sliders, and the order of the raw ones.
        psi_moved, psi_finished: truncation under the hand, and let go.
    """

    random_wanted = Signal()
    centre_wanted = Signal()
    sheet_wanted = Signal()
    a_wanted = Signal()
    b_wanted = Signal()
    swap_wanted = Signal()
    ends_wanted = Signal()
    way_changed = Signal(str, int, str)
    axes_changed = Signal(str, str)
    psi_moved = Signal(float)
    psi_finished = Signal()

    def __init__(self, inspector: Inspector) -> None:
        super().__init__(inspector)
        self.sliders = LatentSliders()
        self.sets, self.order = Segments("Sliders over", SETS), Segments("Order of the latents", ORDERS)
        self._order: str = DEFAULT.order  # wanted, also where no KL is known
        self.psi = Slider(*PSI, PSI_STEP, tint="latent")
        self.psi.rest = 1.0
        self.psi.setAccessibleName("Truncation psi")
        self.study, self.saved = StudyPanel(), SavedList()
        self.random = TextButton("Random", "A random code of the prior (R)")
        self.reset = TextButton("Reset", "All sliders to 0, the prior's centre")
        self.sheet = TextButton(f"{SHEET} codes", f"A sheet of {SHEET} random codes to choose from")
        self.set_a = TextButton("Set A", "The way starts at the code shown")
        self.set_b = TextButton("Set B", "The way ends at the code shown")
        self.swap = TextButton("Swap", "A becomes B and B becomes A")
        self.ends = TextButton("Random", "Two random codes as A and B")
        self.ends.setAccessibleName("Random A and B")
        self.path = Choice(label="Path")
        self.path.add_choice("slerp · arc", "slerp")
        self.path.add_choice("lerp · line", "lerp")
        self.steps = IntBox(*STEPS, DEFAULT.steps, label="Pictures")
        self.at_b = Choice(label="At B")
        self.at_b.add_choice("wander on", "wander")
        self.at_b.add_choice("turn back", "turn")
        self.facts = QLabel()
        self.facts.setProperty("role", "small")
        self.facts.setWordWrap(True)
        self._fill(inspector)
        self._connect()
        self.set_ready(False)

    def _fill(self, inspector: Inspector) -> None:
        self._code = inspector.add_section("Code z")
        self._code.add_widget(self.sets)
        self._code.add_widget(self.sliders)
        self._code.add_widget(self.order)
        self._code.add_buttons(self.random, self.reset, self.sheet)
        self._psi_row = self._code.add_row("Truncation ψ", self.psi, PSI_HELP, self._reset_psi, width=92)
        inspector.add_section("What the latents mean").add_widget(self.study)
        way = inspector.add_section("From A to B")
        way.add_buttons(self.set_a, self.set_b)
        way.add_buttons(self.swap, self.ends)
        self._path_row = way.add_row(
            "Path",
            self.path,
            "slerp turns the code on an arc and keeps its distance from the centre, as random codes have it; "
            "lerp goes straight and passes nearer to the centre.",
            self._reset_path,
        )
        self._steps_row = way.add_row(
            "Pictures", self.steps, "Pictures in the strip, A and B included.", self._reset_steps
        )
        self._at_b_row = way.add_row(
            "At B", self.at_b, "While it plays: go on from B to a new random code, or turn back to A.", self._reset_at_b
        )
        inspector.add_section("Saved codes").add_widget(self.saved)
        model = inspector.add_section("Model")
        model.add_widget(self.facts)

    def _connect(self) -> None:
        self.random.clicked.connect(self.random_wanted)
        self.reset.clicked.connect(self.centre_wanted)
        self.sheet.clicked.connect(self.sheet_wanted)
        self.set_a.clicked.connect(self.a_wanted)
        self.set_b.clicked.connect(self.b_wanted)
        self.swap.clicked.connect(self.swap_wanted)
        self.ends.clicked.connect(self.ends_wanted)
        self.path.chosen.connect(self._say)
        self.at_b.chosen.connect(self._say)
        self.steps.valueChanged.connect(self._say)
        self.sets.chosen.connect(self._say_axes)
        self.order.chosen.connect(self._say_axes)
        self.psi.moved.connect(self.psi_moved)
        self.psi.released.connect(self.psi_finished)

    # ---- data in -------------------------------------------------------------------------------

    def show_model(self, info: ModelInfo | None) -> None:
        """As many sliders as the model has latents, and the facts of its file."""
        self.sliders.set_count(info.latent_dim if info else 0)
        self.sliders.setVisible(info is not None)
        self._code.set_title(f"Code z · {counted(info.latent_dim, 'latent')}" if info else "Code z")
        self.facts.setText(facts(info) if info else "")

    def show_axes(self, axes: CodeAxes, order: Sequence[int], state: VaeState, is_known: bool, has_kl: bool) -> None:
        """The sliders of a set in their order; what is not known yet cannot be chosen."""
        for key, _, _ in SETS[1:]:
            self.sets.set_available(key, is_known, UNKNOWN)
        self.sets.set_value(axes.kind)
        self._order = state.order
        self.order.set_available("kl", has_kl, NO_KL if is_known else UNKNOWN)
        self.order.set_value(state.order if has_kl else "index")
        self.order.setVisible(axes.kind == "raw")
        self.sliders.set_axes(axes, order, state.z, state.locked)

    def show_psi(self, psi: float) -> None:
        """Truncation as it stands."""
        self.psi.set_value(psi)
        self._psi_row.label.setText(f"Truncation ψ {psi:.2f}")
        self._psi_row.set_changed(psi != 1.0)

    def show_way(self, state: VaeState) -> None:
        """The way's settings as they stand."""
        self.path.set_value(state.path)
        self.at_b.set_value(state.at_b)
        self.steps.blockSignals(True)
        self.steps.setValue(state.steps)
        self.steps.blockSignals(False)
        self._path_row.set_changed(state.path != DEFAULT.path)
        self._steps_row.set_changed(state.steps != DEFAULT.steps)
        self._at_b_row.set_changed(state.at_b != DEFAULT.at_b)

    def set_ready(self, is_ready: bool) -> None:
        """Nothing can be moved before a model is loaded."""
        buttons = (self.random, self.reset, self.sheet, self.set_a, self.set_b, self.swap, self.ends)
        self.study.set_ready(is_ready)
        self.saved.set_ready(is_ready)
        for widget in (self.sliders, self.sets, self.order, self.psi, *buttons, self.path, self.steps, self.at_b):
            widget.setEnabled(is_ready)

    # ---- hand ----------------------------------------------------------------------------------

    @Slot()
    def _say(self) -> None:
        self.way_changed.emit(self.path.value(), self.steps.value(), self.at_b.value())

    @Slot()
    def _say_axes(self) -> None:
        order = self.order.value() if self.order.button("kl").isEnabled() else self._order
        self.axes_changed.emit(self.sets.value(), order)

    @Slot()
    def _reset_psi(self) -> None:
        self.psi_moved.emit(1.0)
        self.psi_finished.emit()

    @Slot()
    def _reset_path(self) -> None:
        self.path.set_value(DEFAULT.path)
        self._say()

    @Slot()
    def _reset_steps(self) -> None:
        self.steps.setValue(DEFAULT.steps)

    @Slot()
    def _reset_at_b(self) -> None:
        self.at_b.set_value(DEFAULT.at_b)
        self._say()


def facts(info: ModelInfo) -> str:
    """What the model's file says of it, line by line."""
    lines = [f"{called(info.dataset)}, {info.size}×{info.size} px, {'colour' if info.channels == 3 else 'grey'}"]
    beta = getattr(info.settings, "beta", None)
    lines.append(counted(info.latent_dim, "latent") + (f", β = {beta:g}" if beta is not None else ""))
    lines.append(f"trained for {info.iteration:,} iterations · {info.bytes / 1e6:.1f} MB")
    if (frechet := info.quality.get("frechet")) is not None:
        floor = info.quality.get("floor")
        beside = f", real pictures {floor:.2f}" if floor is not None else ""
        lines.append(f"Fréchet distance {frechet:.2f}{beside} (lower is better)")
    return "<br>".join(lines)
