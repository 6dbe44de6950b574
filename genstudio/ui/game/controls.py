"""The inspector of the GAN's tab: what a run can do, the data, and the settings of a new network."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping
from typing import Any, ClassVar

from PySide6.QtCore import Slot

from genstudio.settings import SETTINGS, GameSettings, GANSettings, Settings
from genstudio.ui.bridge import Bridge
from genstudio.ui.game.lights import Lights
from genstudio.ui.game.words import KINDS
from genstudio.ui.tabs.run_controls import RUN_WORDS, RunControls
from genstudio.ui.tabs.training_run import RunState
from genstudio.ui.widgets.form import Choice, SettingsForm
from genstudio.ui.widgets.inspector import Inspector

NETWORKS = ("latent_dim", "width", "d_width", "levels", "hidden", "layers", "d_norm", "diversity", "seed")
GAME = ("loss", "real_label", "d_updates", "g_updates", "clip", "gradient_penalty", "r1", "instance_noise")
LEARNING = ("lr_g", "lr_d", "decay", "optimizer", "beta1", "beta2", "ema_decay", "batch_size")
RULES = frozenset(field.name for field in dataclasses.fields(GameSettings))


class GANControls(RunControls):
    """Sections Training, Data, Is it well?, Step by step, New network, Rules of the game, Learning; `form` is the
    family's."""

    kinds: ClassVar[Mapping[str, tuple[str, str]]] = KINDS  # families, with what they are called and are
    run_words: ClassVar[dict[RunState, str]] = {**RUN_WORDS, "none": "Train a new network"}
    step_help = "One iteration: D learns, then G (.)"
    go_on_help = "Train the network that walks, from where its file ended"
    measures: ClassVar[bool] = True  # there is a classifier that sees how good what it makes is

    def __init__(self, inspector: Inspector, bridge: Bridge, name: str) -> None:
        super().__init__(inspector, bridge, name)
        self.lights = Lights(inspector.add_section("Is it well?"), inspector)
        self.quality = inspector.add_section("Quality") if self.measures else None
        self.steps = inspector.add_section("Step by step")
        self.add_more(inspector)
        titles = ("New network", "Rules of the game", "Learning")
        self._sections = tuple(inspector.add_section(title) for title in titles)
        self._forms: dict[str, SettingsForm] = {}
        self.family = next(iter(self.kinds))
        self.kind_picker = Choice(label="Kind", help="What is trained")
        for family, (title, help_) in self.kinds.items():
            self.kind_picker.add_choice(title, family, help_)
        row = self._sections[0].add_row("Kind", self.kind_picker, "What is trained", width=0)
        policy = row.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(False)  # a kind has no default: its name needs the room
        row.reset.setSizePolicy(policy)
        row.setVisible(len(self.kinds) > 1)
        self.set_family(self.family)
        self.kind_picker.chosen.connect(self._kind_chosen)
        self.show_state("none")

    def add_more(self, inspector: Inspector) -> None:
        """Sections of a page's own, above those of the network."""

    @property
    def form(self) -> SettingsForm:
        """Of the family that is trained or would be."""
        return self._forms[self.family]

    def set_family(self, family: str) -> None:
        """Show the form of a family, without a signal."""
        self.family = family
        self.kind_picker.set_value(family)
        if family not in self._forms:
            self._forms[family] = self._new_form(family)
        for form in self._forms.values():
            for row in form.rows.values():
                row.setVisible(form is self.form)
            form.setVisible(form is self.form)

    def set_value(self, settings: Settings) -> None:
        """Show settings, in the form of their family, without a signal."""
        self.set_family(next(family for family in self.kinds if SETTINGS[family] is type(settings)))
        self.form.set_value(settings)

    def _new_form(self, family: str) -> SettingsForm:
        known = {field.name for field in dataclasses.fields(SETTINGS[family])}
        sections = [[name for name in names if name in known] for names in (NETWORKS, GAME, LEARNING)]
        form = SettingsForm(SETTINGS[family], tuple(itertools.chain(*sections)), tunes=True)
        self._sections[0].add_widget(form)
        for section, names in zip(self._sections[1:], sections[1:], strict=True):
            for name in names:
                section.add_widget(form.rows[name])
        form.changed.connect(self._changed)
        return form

    @Slot(object)
    def _kind_chosen(self, family: str) -> None:
        """The rules stay, the networks are others."""
        before: Any = self.form.value()
        self.set_family(family)
        rules = {name: getattr(before, name) for name in RULES}
        if isinstance(before, GANSettings) and isinstance(self.form.value(), GANSettings):
            rules = dataclasses.asdict(before)
        self.form.set_value(dataclasses.replace(self.form.value(), **rules))
        self.settings_changed.emit()

    @Slot(object)
    def _changed(self, settings: GameSettings) -> None:
        self.settings_changed.emit()
