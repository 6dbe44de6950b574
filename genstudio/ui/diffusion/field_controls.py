"""The inspector of the diffusion of points: training, points, what is drawn, the settings."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal, Slot

from genstudio.api import Catalog
from genstudio.settings import PointDiffusionSettings
from genstudio.settings.games import POINT_SETS
from genstudio.settings.point_diffusion import LINE_SETS
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.field_canvas import SHOWN
from genstudio.ui.points.chooser import PointsChooser
from genstudio.ui.points.layers import LayerBoxes
from genstudio.ui.tabs.run_controls import RunControls
from genstudio.ui.tabs.training_run import RunState
from genstudio.ui.widgets.form import Choice, SettingsForm
from genstudio.ui.widgets.inspector import Inspector

LAYERS = {
    "real": ("Real points", "What the network learns from"),
    "particles": ("Particles", "Always from the same noise, at the time of the slider"),
    "trails": ("Trails", "The ways of some particles"),
    "field": ("Field", "Noise times score, as the network says it: where each place is pulled; long arrows are cut"),
    "true": ("True field", "The same as the best network would say it: of these points every density is known"),
}
ABOUT = {
    "two": "Two islands: their field is known best, and learnt first.",
    "ring": "Eight islands on a circle: which way each particle goes is decided half way.",
    "pieces": "Two lines far apart.",
}
SETS = {name: (title, ABOUT.get(name, about)) for name, (title, about) in {**LINE_SETS, **POINT_SETS}.items()}


class FieldControls(RunControls):
    """Sections Training, Points, Shown and Settings."""

    layer_changed = Signal(str, bool)

    def __init__(self, inspector: Inspector, bridge: Bridge, name: str) -> None:
        super().__init__(inspector, bridge, name)
        self.save.hide()
        self.go_on.hide()
        shown = inspector.add_section("Shown")
        layers = LayerBoxes(shown, LAYERS, SHOWN, self)
        layers.toggled.connect(self.layer_changed)
        self.layers = layers.boxes
        section = inspector.add_section("Settings")
        fields = tuple(PointDiffusionSettings.__dataclass_fields__)
        ways = ("sampler", "steps")
        self._form = SettingsForm(
            PointDiffusionSettings, (*ways, *(field for field in fields if field not in ways)), tunes=True
        )
        section.add_widget(self._form)
        self._form.changed.connect(self._changed)
        self.show_state("none")

    def make_data(self, inspector: Inspector, bridge: Bridge, name: str) -> Any:
        """Points instead of pictures."""
        section = inspector.add_section("Points")
        helps = "What the particles are to become", "Draw with the mouse what the particles are to become"
        return PointsChooser(section, inspector, True, SETS, *helps)

    @property
    def form(self) -> SettingsForm:
        """The one there is."""
        return self._form

    def set_catalog(self, catalog: Catalog) -> None:
        """Samplers have titles."""
        picker = self._form.controls["sampler"]
        assert isinstance(picker, Choice)
        titles = {sampler.name: (sampler.title, sampler.help) for sampler in catalog.samplers}
        for index in range(picker.count()):
            if (found := titles.get(str(picker.itemData(index)))) is not None:
                picker.setItemText(index, found[0])

    def show_state(self, state: RunState, *, is_changed: bool = False, can_go_on: bool = False) -> None:
        """As of every run; one on points is not saved: its settings repeat it."""
        super().show_state(state, is_changed=is_changed)
        self.save.setEnabled(False)
        self._form.dim_fixed(state in ("running", "paused"))

    def shown_layers(self) -> list[str]:
        """What is drawn."""
        return [layer for layer, box in self.layers.items() if box.isChecked()]

    def show_layers(self, names: list[str]) -> None:
        """Draw these."""
        for layer, box in self.layers.items():
            box.setChecked(layer in names)

    @Slot(object)
    def _changed(self, settings: Any) -> None:
        self.settings_changed.emit()
