"""The inspector of the GAN's tab: what a run can do, the data, and the settings of a new network."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Slot

from genstudio.settings import GANSettings
from genstudio.ui.bridge import Bridge
from genstudio.ui.tabs.run_controls import RUN_WORDS, RunControls
from genstudio.ui.tabs.training_run import RunState
from genstudio.ui.widgets.form import SettingsForm
from genstudio.ui.widgets.inspector import Inspector


class GANControls(RunControls):
    """Sections Training, Data and New network."""

    run_words: ClassVar[dict[RunState, str]] = {**RUN_WORDS, "none": "Train a new network"}
    step_help = "One iteration: D learns once, then G (.)"
    go_on_help = "Train the network that walks, from where its file ended"

    def __init__(self, inspector: Inspector, bridge: Bridge, name: str) -> None:
        super().__init__(inspector, bridge, name)
        network = inspector.add_section("New network")
        self._form = SettingsForm(GANSettings, tunes=True)
        network.add_widget(self.form)
        self.form.changed.connect(self._changed)
        self.show_state("none")

    @property
    def form(self) -> SettingsForm:
        """Of the GAN."""
        return self._form

    @Slot(object)
    def _changed(self, settings: GANSettings) -> None:
        self.settings_changed.emit()
