"""The mode of the game on points: what the user and the lanes do, and the gallery."""

from __future__ import annotations

import dataclasses
import random
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.settings import SETTINGS, settings_from
from genstudio.settings.games import FAILURES, Game
from genstudio.ui.bridge import Bridge
from genstudio.ui.game.curves import Curves
from genstudio.ui.game.exports import game_targets
from genstudio.ui.game.lights import Alarms
from genstudio.ui.game.stages import SlowMotion
from genstudio.ui.points.exports import PICTURE, plane_film, plane_picture
from genstudio.ui.points.morph import Morph
from genstudio.ui.points.view import FAMILY, PointsView
from genstudio.ui.tabs import run_notices as notices
from genstudio.ui.tabs.page import FilmSource, GridSource
from genstudio.ui.tabs.run_exports import RunExports, Targets
from genstudio.ui.tabs.run_words import KEPT, last_game
from genstudio.ui.tabs.runs_page import TRAIN
from genstudio.ui.widgets.picture_grid import to_qimage


class PointsPage(PointsView):
    """Runs as the game on pictures does; a file of one has no networks, only what repeats it."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.exports = RunExports(self.tempo, self.export_targets)
        controls = self.controls
        controls.settings_changed.connect(self._settings_changed)
        controls.game_wanted.connect(self.play)
        self.parts = [
            Alarms(self, controls.lights),
            self.examples,
            Morph(self, controls.shown, self.canvas, controls.layers["warp"]),
            Curves(self),
            SlowMotion(self, controls.steps),
        ]
        self.stage.button_clicked.connect(self.run_pressed)
        self.drawn.looked.connect(self.show_drawing)
        self.drawn.changed.connect(self._settings_changed)
        self.show_samples()
        self.refresh()

    # ---- the window's hooks ---------------------------------------------------------------------------

    def set_catalog(self, catalog: api.Catalog) -> None:
        """Points need no catalog, the speed line does."""
        super().set_catalog(catalog)
        self.refresh()

    def activate(self) -> None:
        """On top: the points are there before a game begins."""
        super().activate()
        self.remind()
        self.refresh()

    def remind(self, *families: str) -> None:
        """Once after a start: offer the game that was played last."""
        game = notices.newest_game(self.catalog.models_dir) if self.catalog is not None and self.keeps_runs else None
        if self.catalog is not None and not self._has_reminded:
            self._has_reminded = True
            if game is not None and self.run.state == "none":
                self.offered.emit(last_game(game.stem), "Play it again", partial(self.file_wanted.emit, str(game)))

    def parameters(self) -> dict[str, Any]:
        """The set of points and the settings."""
        return {
            "points": self.data.name(),
            "drawing": self.data.drawing,
            "settings": dataclasses.asdict(self.controls.form.value()),
            **{name: value for part in self.parts for name, value in part.parameters().items()},
        }

    def set_parameters(self, values: dict[str, Any]) -> None:
        """Go back to such parameters; what is foreign is ignored."""
        with suppress(KeyError, TypeError, ValueError):  # of another version: the defaults stay
            self.controls.set_value(settings_from(SETTINGS[FAMILY], values["settings"]))
        for part in self.parts:
            part.set_parameters(values)
        self.drawn.take(values)
        if self.run.is_alive:
            self.tune()
        self.refresh()
        self.show_samples()

    def random(self) -> None:
        """Another seed for the next game."""
        form = self.controls.form
        form.set_value(dataclasses.replace(form.value(), seed=random.randrange(100_000)))
        self._settings_changed()

    # ---- what the user does ---------------------------------------------------------------------------

    @Slot(object, bool)
    def play(self, game: Game, is_healed: bool = False) -> None:
        """Begin a game of the gallery, or a failure with its cure."""
        failure = FAILURES.get(game.name)
        settings = failure.healed() if failure is not None and is_healed else game.settings
        self.data.select(game.points)
        self.controls.set_value(settings)
        self.controls.show_game(game, failure is not None and is_healed)
        self.begin(self.wanted())  # which offers the way back

    @Slot()
    def _settings_changed(self) -> None:
        self.remember()
        if self.run.is_alive:
            self.tune()
        self.controls.show_game(None)
        self.drawn.is_open &= self.data.is_drawn
        self.refresh()
        self.show_samples()

    # ---- events ---------------------------------------------------------------------------------------

    def handle(self, verb: str, event: Any) -> None:
        """Progress of the run, and answers to changes."""
        if self.handle_part(verb, event):
            return
        if verb in TRAIN:
            self.handle_train(verb, event)
            self.refresh_soon()
        elif verb == "tune":
            self.handle_tuned(event)
            self.refresh()
        elif verb == "keep":
            self.handle_file(verb, event)

    # ---- in and out of files --------------------------------------------------------------------------

    def export_targets(self) -> Targets:
        """What there is beside pictures and a film."""
        request = self.run.request
        return game_targets(self.run, f"GAN on {api.called(request.dataset)}", self.is_critic()) if request else {}

    def export_source(self) -> GridSource:
        """What the menu chose, else the picture of the plane that is looked at."""
        if (chosen := self.exports.take()) is not None:
            return chosen
        return plane_picture(self.run, self.canvas.plane())

    def export_film_source(self) -> FilmSource:
        """The whole history."""
        return plane_film(self.run, self.canvas.plane())

    def copy(self) -> bool:
        """The plane, as finely drawn as a picture that is exported."""
        if self._layers.currentWidget() is not self.canvas:
            return super().copy()
        QGuiApplication.clipboard().setImage(to_qimage(self.canvas.plane().picture(PICTURE)))
        return True

    def restores(self, source: Any) -> bool:
        """Games on points."""
        return isinstance(source, api.TrainRequest) and source.family == FAMILY

    def restore(self, event: api.RestoredEvent) -> None:
        """Repeat the run of a dropped file to the same iteration, and compare the pictures."""
        if isinstance(event.source, api.TrainRequest):
            self.repeat(event, event.source)
            self.run.note_file(event.path, event.iteration, is_kept=self._is_kept(event.path))
            self.remember()
            self.refresh()

    def _is_kept(self, path: str) -> bool:
        """Whether a file was written by the page itself."""
        folder = self.catalog.models_dir if self.catalog is not None else ""
        return str(Path(path).parent) == folder and KEPT.fullmatch(Path(path).stem) is not None
