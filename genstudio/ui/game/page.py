"""The adversarial game: a pretrained generator that walks, and a new network that learns before one's eyes."""

from __future__ import annotations

import dataclasses
import random
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.engine import Failure
from genstudio.settings import ADVERSARIAL, SETTINGS, settings_from
from genstudio.ui.bridge import Bridge
from genstudio.ui.game import words
from genstudio.ui.game.curves import Curves
from genstudio.ui.game.explore import Explorer
from genstudio.ui.game.eye_watch import EyeWatch
from genstudio.ui.game.files import GameFiles
from genstudio.ui.game.lights import Alarms
from genstudio.ui.game.quality import Quality
from genstudio.ui.game.stages import SlowMotion
from genstudio.ui.game.view import NEW
from genstudio.ui.numbers import milliseconds
from genstudio.ui.tabs.model_card import card
from genstudio.ui.tabs.run_words import name_of
from genstudio.ui.tabs.runs_page import DATA, TRAIN


class GANTab(GameFiles):
    """Walks with a model of the picker, or shows the run of the train lane; the run goes on when one looks away."""

    drifts = frozenset({"explore"})

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._has_opened = False
        self._is_data_dropped = False  # the data that are being read were dropped on the page
        self._saved: dict[str, Any] = {}
        self.parts = [Alarms(self, self.controls.lights), Curves(self), Explorer(self)]
        if self.controls.quality is not None:
            self.parts.append(Quality(self, self.controls.quality))
        self.parts.append(SlowMotion(self, self.controls.steps))
        self.controls.settings_changed.connect(self._settings_changed)
        self.picker.chosen.connect(self._network_chosen)
        self.parts.append(EyeWatch(self))
        self.views.chosen.connect(self._view_chosen)
        self.eye.mode_chosen.connect(self._view_chosen)
        self.stage.button_clicked.connect(self._stage_pressed)
        self.data.downloaded.connect(self.catalog_stale)
        self.data.download_button.clicked.connect(self.show_invitation)

    # ---- the window's hooks -------------------------------------------------------------------------------

    def set_catalog(self, catalog: api.Catalog) -> None:
        """Fill both pickers; open on the first trained network."""
        super().set_catalog(catalog)
        self.picker.clear()
        for info in catalog.models_of(*ADVERSARIAL):
            self.picker.add_choice(name_of(info.name), info.name, card(info))
        self.picker.add_choice(words.run_name(self.run.request), NEW, words.run_card(self.run.request))
        if self.is_walking:
            self._offer_file(self._model)
        self.data.set_catalog(catalog)
        if self._is_active:
            self._open()
        if self._has_opened:
            self.show_invitation()
        self.refresh()

    def activate(self) -> None:
        """Something moves: the walk, or the run that went on meanwhile."""
        self._is_active = True
        if self.catalog is not None:
            self._open()
        self.walk.set_playing(self.is_walking and self._is_walk_wanted)
        self.remind(*ADVERSARIAL)
        self.refresh()

    def deactivate(self) -> None:
        """Nobody looks at the walk; a run goes on."""
        self._is_active = False
        self.walk.set_playing(False)
        self.show_parts()

    def _open(self) -> None:
        if self._has_opened or self.catalog is None:
            return
        self._has_opened = True
        self.set_parameters({k: v for k, v in self._saved.items() if k != "network"})
        names = [info.name for info in self.catalog.models_of(*ADVERSARIAL)]
        if names:
            saved = self._saved.get("network")
            self.show_model(saved if saved in names else names[0])
        else:
            self.show_run()
        self.remember()

    def parameters(self) -> dict[str, Any]:
        """Network, kind, dataset, settings and the seed of the walk."""
        return {
            "network": self._model if self._has_opened else self._saved.get("network", NEW),
            "dataset": self.data.name(),
            "family": self.controls.family,
            "settings": dataclasses.asdict(self.controls.form.value()),
            "seed": self._seed,
            "view": self.views.value(),
            "eye": self.eye.mode.value(),
            **{name: value for part in self.parts for name, value in part.parameters().items()},
        }

    def set_parameters(self, values: dict[str, Any]) -> None:
        """Go back to such parameters; what is missing or foreign is ignored."""
        if not self._has_opened:
            self._saved = dict(values)
        with suppress(KeyError, TypeError, ValueError):  # of another version: the defaults stay
            family = values.get("family", "gan")
            self.controls.set_value(settings_from({f: SETTINGS[f] for f in ADVERSARIAL}[family], values["settings"]))
        if isinstance(values.get("dataset"), str):
            self.data.select(values["dataset"])
        self.views.set_value(values.get("view", ""))
        self.eye.set_mode(values.get("eye", ""))
        for part in self.parts:
            part.set_parameters(values)
        seed, network = values.get("seed"), values.get("network")
        is_new_seed = isinstance(seed, int) and 0 <= seed < 2**31 and seed != self._seed
        if isinstance(seed, int) and is_new_seed:
            self._seed = int(seed)
        if not self._has_opened:
            return
        known = [info.name for info in self.catalog.models_of(*ADVERSARIAL)] if self.catalog else []
        if network == NEW and self.is_walking:
            self.show_run()
        elif network in known and (network != self._model or is_new_seed):
            self.show_model(network)
        if self.run.is_alive:
            self.tune()
        self.forget_failure()
        self.refresh()

    def random(self) -> None:
        """Another code of what is explored, another walk, or another seed for the next run."""
        if any(part.random() for part in self.parts):
            return
        seed = random.randrange(2**31)
        if self.is_walking:
            self._seed = seed % 100_000
            self.show_model(self._model)
        else:
            self.controls.form.set_value(dataclasses.replace(self.controls.form.value(), seed=seed % 100_000))
        self._settings_changed()

    def step(self, direction: int) -> None:
        """One picture of the walk, one moment of the history, or one iteration at its live end."""
        if self.is_walking:
            self._is_walk_wanted = False
            self.walk.set_playing(False)
            if direction > 0:
                self._shown = None
                self.walk.ask()
            self.refresh()
        else:
            super().step(direction)

    def toggle_play(self) -> None:
        """Let the walk or the run go on, or pause it."""
        if not self.is_walking:
            super().toggle_play()
            return
        self._is_walk_wanted, self._shown = not self.walk.is_playing, None
        self.walk.set_playing(self._is_walk_wanted)
        self.refresh()

    def offer_dataset(self, path: str) -> bool:
        """A dropped folder or zip is what the next network learns from, once it could be read."""
        self._is_data_dropped = True
        self.data.take(path)
        return True

    def offer_model(self, path: str) -> bool:
        """A dropped checkpoint walks, whatever folder it is in."""
        self._is_walk_wanted = True
        self._offer_file(path)
        self.show_model(path)
        return True

    def changeEvent(self, event: QEvent) -> None:
        """Whoever comes back to the window may have brought the pictures that were gone."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.forget_failure()

    # ---- what the user does -------------------------------------------------------------------------------

    @Slot()
    def _stage_pressed(self) -> None:
        """The button on the stage: what its words say."""
        if self.has_failed and self.is_walking:
            self.leave_failure()
        else:
            self.download_or_run()

    @Slot(object)
    def _network_chosen(self, name: str) -> None:
        if name == NEW:
            self.show_run()
        else:
            self._is_walk_wanted = True
            self.show_model(name)
        self.remember()

    @Slot(str)
    def _view_chosen(self, name: str) -> None:
        self.remember()
        self.refresh()

    @Slot()
    def _settings_changed(self) -> None:
        self.remember()
        if self.run.is_alive:
            self.tune()
        self.show_invitation()
        self.refresh()

    def show_kept(self, info: api.ModelInfo) -> None:
        """It walks, and can go on."""
        self._network_chosen(info.name)

    # ---- events -------------------------------------------------------------------------------------------

    def handle(self, verb: str, event: Any) -> None:
        """Pictures of the walk, progress of the run, the dataset, a saved file."""
        if self.handle_part(verb, event):
            return
        if verb == "walk":
            self._handle_walk(event)
        elif verb in TRAIN:
            self.handle_train(verb, event)
        elif verb in ("save", "keep"):
            self.handle_file(verb, event)
        elif verb == "tune":
            self.handle_tuned(event)
        elif verb == "load" and isinstance(event, api.ModelEvent):
            self._loaded = event.info
        elif verb == "show" and isinstance(event, api.PicturesEvent) and self._shown is not None:
            self.stage.set_pictures(event.images, api.natural_columns(event.request))
        elif verb in DATA:
            is_read = self.handle_data(verb, event)
            if verb == "look" and self._is_data_dropped and not isinstance(event, api.ProgressEvent):
                self._is_data_dropped = False
                if is_read:
                    self.show_run()
            self.show_invitation(is_read)
        if verb in ("walk", *TRAIN):
            self.refresh_soon()
        else:
            self.refresh()

    def _handle_walk(self, event: Any) -> None:
        if isinstance(event, api.PicturesEvent) and self.is_walking:
            self.walk.arrived()
            self.walk_came()
            if self._shown is None:
                self.stage.set_pictures(event.images)
                self.show_speed(f"{milliseconds(event.compute_ms)} for {len(event.images)} pictures")
        elif isinstance(event, Failure) and self.is_walking:
            self.walk_failed(event.error)


__all__ = ["NEW", "GANTab"]
