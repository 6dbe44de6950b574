"""The inspector of the page on which diffusion models learn: a model may build on another one."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout

from genstudio.api import Catalog, ModelInfo, called
from genstudio.settings import SETTINGS, DiffusionSettings, VAESettings
from genstudio.settings.schedules import NAMED, PEN, curve_of, name_of_curve
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.forward_pad import CurvePad
from genstudio.ui.diffusion.forward_words import DRAW, SCHEDULE_HELPS
from genstudio.ui.diffusion.train_words import FAMILIES, STARTS
from genstudio.ui.tabs.family_controls import FamilyControls
from genstudio.ui.tabs.run_words import name_of
from genstudio.ui.widgets.inspector import Inspector

STRAIGHT = "straight"
DRAWS = ("ddpm", "latent-ddpm")  # families whose schedule can be drawn
BUILDS_ON = {"consistency": ("teacher", "ddpm"), "latent-ddpm": ("autoencoder", "vae")}  # a setting, and the family
FOLLOWS = {  # settings that are those of the model it builds on
    "consistency": {"schedule": "schedule", "timesteps": "timesteps"},
    "latent-ddpm": {"latent_dim": "latent_dim", "vae_width": "width", "blocks": "blocks"},
}
FIELDS = {
    family: tuple(field.name for field in dataclasses.fields(SETTINGS[family]) if field.name not in follows)
    for family, follows in FOLLOWS.items()
}


class DenoisingControls(FamilyControls):
    """Where a family builds on a model, the form has a picker of those there are, and follows the one chosen."""

    def __init__(self, inspector: Inspector, bridge: Bridge, name: str) -> None:
        self._pads: dict[str, CurvePad] = {}
        self._models: dict[str, tuple[ModelInfo, ...]] = {}  # by the families that build on them
        super().__init__(inspector, bridge, name, FAMILIES, STARTS, FIELDS)

    def set_catalog(self, catalog: Catalog) -> None:
        """The models there are to build on."""
        self._models = {family: catalog.models_of(kind) for family, (_, kind) in BUILDS_ON.items()}
        for family in self._forms:
            self._offer(family)

    def set_family(self, family: str) -> None:
        """Show the form of a family, without a signal; where it builds on a model, with those there are."""
        super().set_family(family)
        self._offer(family)

    def set_value(self, family: str, settings: Any) -> None:
        """Show other settings of a family, without a signal."""
        super().set_value(family, settings)
        self._offer(family)

    def show_schedule(self, schedule: str, timesteps: int) -> None:
        """A schedule that was chosen or drawn elsewhere, for the family in the picker or the first that has any."""
        if schedule == STRAIGHT:  # that is what flow matching is
            self.set_family("flow")
            return
        if self.family not in DRAWS:
            self.set_family(DRAWS[0])
        value = dataclasses.replace(self.form.value(), schedule=schedule, timesteps=timesteps)
        self.set_value(self.family, value)

    def _offer_drawn(self, family: str) -> None:
        """The schedules there are, and a pad for one of one's own."""
        form = self._form_of(family)
        if family not in self._pads:
            pad = self._pads[family] = CurvePad()
            column = form.layout()
            assert isinstance(column, QVBoxLayout)
            column.insertWidget(column.indexOf(form.rows["schedule"]) + 1, pad)
            pad.finished.connect(self._drawn)
        pad, schedule = self._pads[family], form.value().schedule
        if is_drawn := schedule.startswith(PEN):
            pad.set_curve(curve_of(schedule))
        pad.setVisible(is_drawn)
        named = [(name, name, SCHEDULE_HELPS[name][1]) for name in NAMED]
        form.offer("schedule", [*named, (DRAW[0].lower(), name_of_curve(pad.curve()), DRAW[1])])

    @Slot()
    def _drawn(self) -> None:
        form = self.form
        drawn = name_of_curve(self._pads[self.family].curve())
        form.set_value(dataclasses.replace(form.value(), schedule=drawn))
        self._changed(form.value())

    def _offer(self, family: str) -> None:
        if family in DRAWS:
            self._offer_drawn(family)
        if family not in BUILDS_ON or not self._models:
            return
        field, form, models = BUILDS_ON[family][0], self._form_of(family), self._models[family]
        chosen, default = (getattr(value, field) for value in (form.value(), SETTINGS[family]()))
        is_here = any(chosen in (info.name, info.path) for info in models)
        if models and not is_here and chosen == default and not self._is_locked:  # nobody has chosen it
            form.set_value(dataclasses.replace(form.value(), **{field: models[0].name}))
        form.offer(field, [(name_of(info.name), info.name, f"Trained on {called(info.dataset)}") for info in models])
        self._follow(family)

    def _follow(self, family: str) -> None:
        """Take what is to be as in the model that is built on."""
        form = self._form_of(family)
        chosen = getattr(form.value(), BUILDS_ON[family][0])
        info = next((info for info in self._models.get(family, ()) if chosen in (info.name, info.path)), None)
        if info is not None and isinstance(info.settings, DiffusionSettings | VAESettings):
            follows = {name: getattr(info.settings, theirs) for name, theirs in FOLLOWS[family].items()}
            form.set_value(dataclasses.replace(form.value(), **follows))

    @Slot(object)
    def _changed(self, settings: Any) -> None:
        if self.family in BUILDS_ON:
            self._follow(self.family)
        if self.family in DRAWS:
            self._offer_drawn(self.family)
        super()._changed(settings)
