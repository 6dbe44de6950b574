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

NETWORKS = ("latent_dim", "width", "d_width", "levels", "d_norm", "diversity", "seed")
GAME = ("loss", "real_label", "d_updates", "g_updates", "clip", "gradient_penalty", "r1", "instance_noise")
LEARNING = ("lr_g", "lr_d", "decay", "optimizer", "beta1", "beta2", "ema_decay", "batch_size")


class GANControls(RunControls):
    """Sections Training, Data, New network, Rules of the game and Learning."""

    run_words: ClassVar[dict[RunState, str]] = {**RUN_WORDS, "none": "Train a new network"}
    step_help = "One iteration: D learns, then G (.)"
    go_on_help = "Train the network that walks, from where its file ended"

    def __init__(self, inspector: Inspector, bridge: Bridge, name: str) -> None:
        super().__init__(inspector, bridge, name)
        network = inspector.add_section("New network")
        self._form = SettingsForm(GANSettings, (*NETWORKS, *GAME, *LEARNING), tunes=True)
        network.add_widget(self.form)
        for title, names in (("Rules of the game", GAME), ("Learning", LEARNING)):
            section = inspector.add_section(title)
            for name in names:
                section.add_widget(self.form.rows[name])
        self.form.changed.connect(self._changed)
        self.show_state("none")

    @property
    def form(self) -> SettingsForm:
        """Of the GAN."""
        return self._form

    @Slot(object)
    def _changed(self, settings: GANSettings) -> None:
        self.settings_changed.emit()
