"""What a page of the game writes to files, and what it shows of a dropped one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.settings import ADVERSARIAL
from genstudio.ui.bridge import Bridge
from genstudio.ui.game.exports import class_grid, game_targets, walk_film, walk_pictures
from genstudio.ui.game.failures import WalkFailures
from genstudio.ui.tabs.page import FilmSource, GridSource
from genstudio.ui.tabs.run_exports import CLASSES, RunExports, Targets
from genstudio.ui.tabs.run_files import run_film, run_pictures, run_table
from genstudio.ui.tabs.run_words import name_of
from genstudio.ui.tabs.walk_player import LEG

GRID = "Each row is a class, each column one code: down a column only the class changes, along a row only the code."
NAMES = {"gan": "DCGAN", "cgan": "Conditional DCGAN", "mlp-gan": "MLP GAN"}


class GameFiles(WalkFailures):
    """The walk or the run that is shown, in and out of files."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.exports = RunExports(self.tempo, self.export_targets)

    def refresh(self) -> None:
        """The same, with words of its own for a grid of classes."""
        super().refresh()
        if self.is_walking and isinstance(self._shown, api.ClassGridRequest) and not self.has_failed:
            self.caption.set_text(GRID)

    def export_targets(self) -> Targets:
        """What there is beside pictures and a film."""
        info = self.info()
        targets: dict[str, Callable[[], Any]] = {}
        if self.is_walking and info is not None and class_grid(self._model, info, self._seed) is not None:
            targets[CLASSES] = lambda: class_grid(self._model, info, self._seed)
        elif not self.is_walking:
            if run_table(self.run) is not None:
                targets[CLASSES] = lambda: run_table(self.run)
            if self.run.request is not None:
                title = f"{NAMES[self.run.request.family]} on {api.called(self.run.request.dataset)}"
                targets |= game_targets(self.run, title, self.is_critic())
        return targets

    def export_source(self) -> GridSource:
        """What the menu chose, else the codes of the walk, or the samples that are shown."""
        if (chosen := self.exports.take()) is not None:
            return chosen
        if self._shown is not None:
            return self._shown
        return walk_pictures(self.walk, self.info()) if self.is_walking else run_pictures(self.run)

    def has_film(self) -> bool:
        """As `export_film_source`, without putting the pictures of a run together."""
        if self.is_walking or self._shown is not None:
            return self.export_film_source() is not None
        return super().has_film()

    def export_film_source(self) -> FilmSource:
        """The walk from here on, of all pictures or the selected one, or the whole history of a run."""
        if self._shown is not None:
            return None  # the pictures of a dropped file, not the walk, are on the stage
        if self.is_walking:
            return walk_film(self.walk, self.stage.columns(), self.stage.selected())
        return run_film(self.run)

    def restore(self, event: api.RestoredEvent) -> None:
        """Show the pictures of a file, walk as its film does, or repeat its run to the same iteration and compare."""
        source = event.source
        if isinstance(source, api.WalkFilmRequest):
            self._is_walk_wanted, self._seed = True, source.seed
            self._walk_speed = LEG / source.leg if source.leg < LEG else min(self._walk_speed, 1.0)
            self._offer_file(source.model)
            self.show_model(source.model, source.first, source.count)
        elif not isinstance(source, api.TrainRequest):
            self._is_walk_wanted = False
            self._offer_file(source.model)
            self.show_model(source.model)
            self._shown = source
            self.ask("play", "show", source)
        elif source.family in ADVERSARIAL:
            self.repeat(event, source)
        self.remember()
        self.refresh()

    def _offer_file(self, path: str) -> None:
        """The picker has it, too."""
        if self.picker.findData(path) < 0:
            self.picker.insertItem(self.picker.count() - 1, name_of(path), path)
