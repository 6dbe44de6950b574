"""The inspector of the latent-space page: the code, the way from A to B, the model."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QLabel

from genstudio.api import ModelInfo
from genstudio.ui.tabs.vae_exports import SHEET
from genstudio.ui.tabs.vae_state import STEPS, VaeState
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.form import Choice, IntBox
from genstudio.ui.widgets.inspector import Inspector
from genstudio.ui.widgets.latent_sliders import LatentSliders

DEFAULT = VaeState("", (), (), ())


class VaeControls(QObject):
    """Fills an inspector; takes values in by methods and says what is wanted by signals.

    Signals:
        way_changed: the path's shape, the number of pictures, and what happens at B.
    """

    random_wanted = Signal()
    centre_wanted = Signal()
    sheet_wanted = Signal()
    a_wanted = Signal()
    b_wanted = Signal()
    swap_wanted = Signal()
    ends_wanted = Signal()
    way_changed = Signal(str, int, str)

    def __init__(self, inspector: Inspector) -> None:
        super().__init__(inspector)
        self.sliders = LatentSliders()
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
        self._code.add_widget(self.sliders)
        self._code.add_buttons(self.random, self.reset, self.sheet)
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

    # ---- data in -------------------------------------------------------------------------------

    def show_model(self, info: ModelInfo | None) -> None:
        """As many sliders as the model has latents, and the facts of its file."""
        self.sliders.set_count(info.latent_dim if info else 0)
        self.sliders.setVisible(info is not None)
        self._code.set_title(f"Code z · {info.latent_dim} latents" if info else "Code z")
        self.facts.setText(facts(info) if info else "")

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
        for widget in (self.sliders, *buttons, self.path, self.steps, self.at_b):
            widget.setEnabled(is_ready)

    # ---- hand ----------------------------------------------------------------------------------

    @Slot()
    def _say(self) -> None:
        self.way_changed.emit(self.path.value(), self.steps.value(), self.at_b.value())

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
    lines = [f"{info.dataset}, {info.size}×{info.size} px, {'colour' if info.channels == 3 else 'grey'}"]
    beta = getattr(info.settings, "beta", None)
    lines.append(f"{info.latent_dim} latents" + (f", β = {beta:g}" if beta is not None else ""))
    lines.append(f"trained for {info.iteration:,} iterations · {info.bytes / 1e6:.1f} MB")
    if (frechet := info.quality.get("frechet")) is not None:
        floor = info.quality.get("floor")
        beside = f", real pictures {floor:.2f}" if floor is not None else ""
        lines.append(f"Fréchet distance {frechet:.2f}{beside} (lower is better)")
    return "<br>".join(lines)
