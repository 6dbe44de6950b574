"""The inspector of the page on which diffusion models learn: a model may build on another one."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout

from genstudio.api import Catalog, ModelInfo, called
from genstudio.settings import BUILDS_ON, SETTINGS, DiffusionSettings, VAESettings
from genstudio.settings.schedules import NAMED, PEN, curve_of, name_of_curve
from genstudio.ui.bridge import Bridge
from genstudio.ui.diffusion.built_on import best, how_well, misfit
from genstudio.ui.diffusion.forward_pad import CurvePad
from genstudio.ui.diffusion.forward_words import DRAW, SCHEDULE_HELPS
from genstudio.ui.diffusion.train_words import FAMILIES, STARTS
from genstudio.ui.tabs.family_controls import FamilyControls
from genstudio.ui.tabs.run_words import name_of
from genstudio.ui.widgets.inspector import Inspector

STRAIGHT = "straight"
DRAWS = ("ddpm", "latent-ddpm")  # families whose schedule can be drawn
FOLLOWS = {  # settings that are those of the model it builds on
    "consistency": {"schedule": "schedule", "timesteps": "timesteps"},
    "latent-ddpm": {"latent_dim": "latent_dim", "vae_width": "width", "blocks": "blocks"},
}
FIELDS = {
    family: tuple(field.name for field in dataclasses.fields(SETTINGS[family]) if field.name not in follows)
    for family, follows in FOLLOWS.items()
}


class DenoisingControls(FamilyControls):
    """Where a family builds on a model, the form has a picker of those there are, and follows the one chosen.

    Signals:
        suited: the models to build on go with the data, which have just been read; no hand has chosen them.
    """

    suited = Signal()

    def __init__(self, inspector: Inspector, bridge: Bridge, name: str) -> None:
        self._pads: dict[str, CurvePad] = {}
        self._models: dict[str, tuple[ModelInfo, ...]] = {}  # by the families that build on them
        self._unread: dict[str, ModelInfo | None] = {}  # on what each family built when data came that nobody had read
        self._settled: set[str] = set()  # families whose model to build on is as it was set, or was offered once
        super().__init__(inspector, bridge, name, FAMILIES, STARTS, FIELDS)

    def make_data(self, inspector: Inspector, bridge: Bridge, name: str) -> Any:
        """Nobody hears of other data before the model to build on goes with them."""
        data = super().make_data(inspector, bridge, name)
        data.chosen.connect(self._suit)
        data.known.connect(self._suit_read)
        return data

    def misfit(self) -> str:
        """How the model to build on does not go with the data, in a sentence; "" if it does, or there is none."""
        info = self._built_on(self.family)
        if info is None:
            return ""
        titles = self.data.title_of(info.dataset), self.data.title()
        return misfit(self.family, info, self.data.name(), self.data.info(), titles)

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
        self._settled.add(family)
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
        if not self._is_locked and (name := self._first_choice(family)):
            form.set_value(dataclasses.replace(form.value(), **{field: name}))
        self._settled.add(family)
        form.offer(field, [(name_of(info.name), info.name, f"Trained on {called(info.dataset)}") for info in models])
        self._follow(family)
        self._show_default(family)

    def _first_choice(self, family: str) -> str:
        """The model that a family builds on where none was set, or the usual one is not here; "" if it stays."""
        field = BUILDS_ON[family][0]
        is_usual = getattr(self._form_of(family).value(), field) == getattr(SETTINGS[family](), field)
        is_gone = is_usual and self._built_on(family) is None
        info = self._best(family) if is_gone or family not in self._settled else None
        return info.name if info is not None else ""

    @Slot()
    def _suit(self) -> None:
        """Other pictures were chosen: where another model goes better with them, build on that one."""
        self._build_on_best(self._families_that_build())
        is_read = self.data.info() is not None
        self._unread = {} if is_read else {family: self._built_on(family) for family in self._families_that_build()}

    @Slot()
    def _suit_read(self) -> None:
        """Now it is known how large and colourful they are; but what a hand has chosen since stays."""
        unread, self._unread = self._unread, {}
        self._build_on_best({family for family, info in unread.items() if info == self._built_on(family)})
        self.suited.emit()

    def _families_that_build(self) -> set[str]:
        """Those with a form, and models to choose from."""
        return self._forms.keys() & self._models.keys()

    def _build_on_best(self, families: set[str]) -> None:
        for family in families:
            now, better = self._built_on(family), self._best(family)
            if better is None or self._is_locked:
                continue
            how = partial(how_well, family, dataset=self.data.name(), data=self.data.info())
            if now is None or how(better) > how(now):
                form = self._form_of(family)
                form.set_value(dataclasses.replace(form.value(), **{BUILDS_ON[family][0]: better.name}))
                self._follow(family)
            self._show_default(family)

    def _best(self, family: str) -> ModelInfo | None:
        usual = getattr(SETTINGS[family](), BUILDS_ON[family][0])
        return best(family, self._models[family], self.data.name(), self.data.info(), usual)

    def _built_on(self, family: str) -> ModelInfo | None:
        """The model that the form names, if it is here; None also of a family that builds on none."""
        chosen = getattr(self._form_of(family).value(), BUILDS_ON[family][0]) if family in BUILDS_ON else ""
        return next((info for info in self._models.get(family, ()) if chosen in (info.name, info.path)), None)

    def _show_default(self, family: str) -> None:
        """The reset arrow leads to the model that goes with the data."""
        if (info := self._best(family)) is not None:
            start: Any = STARTS.get(family) or SETTINGS[family]()
            self._form_of(family).set_default(dataclasses.replace(start, **{BUILDS_ON[family][0]: info.name}))

    def _follow(self, family: str) -> None:
        """Take what is to be as in the model that is built on."""
        form, info = self._form_of(family), self._built_on(family)
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
