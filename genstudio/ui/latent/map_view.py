"""The inspector of the map: its axes, its layers, the way, the code."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QObject, QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QLabel

from genstudio.api import StudyEvent
from genstudio.ui.latent.map_state import LAYERS, MapState
from genstudio.ui.latent.plane_axes import PlaneAxes
from genstudio.ui.latent.study_button import StudyButton
from genstudio.ui.widgets.button import TextButton
from genstudio.ui.widgets.check_box import CheckBox
from genstudio.ui.widgets.inspector import Inspector
from genstudio.ui.widgets.latent_sliders import LatentSliders
from genstudio.ui.widgets.plain import plain
from genstudio.ui.widgets.segments import Segments

SCALES = (
    ("sigma", "Even", "Even steps of σ, from −3 to +3"),
    ("quantiles", "Quantiles", "Through the prior's quantiles: every cell is as likely as any other"),
)
LAYER_WORDS = {
    "pictures": ("Decoded pictures", "What the decoder makes of each code: the manifold"),
    "codes": (
        "Codes of held-out pictures",
        "Pictures that the model did not learn from, at their codes, by class",
    ),
    "thumbs": ("Their thumbnails", "The pictures themselves at their codes, where there is room"),
    "holes": ("Holes", "Where the prior draws codes that no picture has: prior against aggregate posterior"),
    "heat": ("Magnification", "Where a small step of the code changes the picture much"),
}
NOT_QUANTILES = "These axes are no numbers of the prior; choose z1, z2 or another latent."
STUDY_HELP = "Encode 10,000 pictures, to sort the latents by what they tell and to find the principal axes"


class MapControls(QObject):
    """Takes a state in by `show_state`; `changed(field, value)` says what is wanted."""

    changed = Signal(str, object)
    random_wanted = Signal()
    centre_wanted = Signal()
    study_wanted = Signal()
    forget_wanted = Signal()
    draw_toggled = Signal(bool)

    def __init__(self, inspector: Inspector) -> None:
        super().__init__(inspector)
        self.axes = PlaneAxes(self)
        self.scale = Segments("Scale", SCALES)
        self.layers = {name: CheckBox(LAYER_WORDS[name][0]) for name in LAYERS}
        for name, box in self.layers.items():
            box.setToolTip(LAYER_WORDS[name][1])
        self.legend, self.facts = QLabel(), QLabel()
        for label in (self.legend, self.facts):
            label.setProperty("role", "small")
            label.setWordWrap(True)
        self.draw = TextButton("Draw a way", "The next drag over the map draws a line (the right button always does)")
        self.draw.setCheckable(True)
        self.forget = TextButton("Forget it", "No way on the map")
        self.study = StudyButton(STUDY_HELP)
        self.random = TextButton("Random", "A random code of the prior (R)")
        self.centre = TextButton("Centre", "All numbers to 0, the prior's centre")
        self.sliders = LatentSliders()
        self._fill(inspector)
        self._connect()
        self.set_ready(False)

    def _fill(self, inspector: Inspector) -> None:
        layers = inspector.add_section("On the map")
        for box in self.layers.values():
            layers.add_widget(box)
        layers.add_widget(self.legend)
        plane = inspector.add_section("Plane")
        self.axes.add_to(plane)
        plane.add_widget(self.scale)
        plane.add_widget(self.facts)
        plane.add_buttons(self.study)
        way = inspector.add_section("Way")
        way.add_buttons(self.draw, self.forget)
        code = inspector.add_section("Code at the ring")
        code.add_widget(self.sliders)
        code.add_buttons(self.random, self.centre)

    def _connect(self) -> None:
        self.axes.chosen.connect(self.changed)
        self.scale.chosen.connect(self._scale_chosen)
        for box in self.layers.values():
            box.toggled.connect(self._layer_toggled)
        self.draw.toggled.connect(self.draw_toggled)
        self.forget.clicked.connect(self.forget_wanted)
        self.study.clicked.connect(self.study_wanted)
        self.random.clicked.connect(self.random_wanted)
        self.centre.clicked.connect(self.centre_wanted)

    # ---- data in -------------------------------------------------------------------------------------

    def show_state(self, state: MapState) -> None:
        """The settings as they stand."""
        self.axes.show_axes(state.across, state.up)
        self.scale.set_available("quantiles", state.can_warp(), NOT_QUANTILES)
        self.scale.set_value("quantiles" if state.is_warped() else "sigma")
        for name, box in self.layers.items():
            with QSignalBlocker(box):
                box.setChecked(getattr(state, name))
        self.legend.setVisible(bool(self.legend.text()) and (state.codes or state.thumbs))
        self.forget.setEnabled(bool(state.way))

    def show_study(self, study: StudyEvent | None, latents: int, own: bool = False) -> None:
        """More axes to choose from."""
        self.axes.offer(study, latents, own)
        self.facts.setText("" if study is not None else "A study of the codes gives principal axes to choose, too.")
        self.facts.setVisible(study is None)
        self.study.set_studied(study is not None)

    def set_codes(self, has_codes: bool, legend: str, why_not: str = "") -> None:
        """Whether codes of pictures are known; else why not."""
        for name in ("codes", "thumbs", "holes"):
            self.layers[name].setEnabled(has_codes)
            self.layers[name].setToolTip(LAYER_WORDS[name][1] if has_codes or not why_not else plain(why_not))
        self.legend.setText(legend or escape(why_not))
        self.legend.setVisible(bool(legend or why_not))

    def set_ready(self, is_ready: bool) -> None:
        """Nothing can be moved before a model is loaded."""
        boxes = (self.layers["pictures"], self.layers["heat"])
        buttons = (self.draw, self.study, self.random, self.centre)
        for widget in (self.axes.across, self.axes.up, self.scale, self.sliders, *boxes, *buttons):
            widget.setEnabled(is_ready)
        if not is_ready:
            self.set_codes(False, "")
            self.forget.setEnabled(False)

    # ---- hand ----------------------------------------------------------------------------------------

    @Slot(object)
    def _scale_chosen(self) -> None:
        self.changed.emit("scale", self.scale.value())

    @Slot(bool)
    def _layer_toggled(self, is_on: bool) -> None:
        name = next(name for name, box in self.layers.items() if box is self.sender())
        self.changed.emit(name, is_on)
