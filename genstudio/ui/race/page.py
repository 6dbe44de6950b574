"""The mode Race: two games side by side, what the user does with them, and what the lanes answer."""

from __future__ import annotations

import dataclasses
import random
from contextlib import suppress
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.engine import Ended, Failure
from genstudio.errors import sentence, whole
from genstudio.settings import ADVERSARIAL, SETTINGS, GameSettings, PointGANSettings
from genstudio.settings.duels import PICTURES, POINTS, TWIN
from genstudio.ui.bridge import Bridge
from genstudio.ui.numbers import it_per_s
from genstudio.ui.race.contest import Contest, request_of
from genstudio.ui.race.files import RaceFiles, endless
from genstudio.ui.tabs.run_words import PUT_AWAY

MEASURED = 500  # pictures each time
METERS = ("meter-left", "meter-right")  # verbs
AWAY = PUT_AWAY.replace("run", "race")


class RacePage(RaceFiles):
    """Begins, pauses and steps both sides together. A race is not written to files: its settings repeat it."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._put_away_at: dict[str, Any] | None = None  # the parameters when undo would bring a race back
        controls = self.controls
        controls.run_wanted.connect(self.run_pressed)
        controls.step_wanted.connect(self.step_pressed)
        controls.reset_wanted.connect(self.reset)
        controls.restart_wanted.connect(self.start_run)
        controls.settings_changed.connect(self._settings_changed)
        self.stages.stage.button_clicked.connect(self._stage_pressed)
        self.data.pictures.downloaded.connect(self.catalog_stale)
        self.data.pictures.download_button.clicked.connect(self.show_race)
        self.data.pictures.own_wanted.connect(self.own_data_wanted)
        self.data.pictures.drawing_wanted.connect(self.drawing_wanted)
        self.show_run()

    # ---- the window's hooks ---------------------------------------------------------------------------

    def set_catalog(self, catalog: api.Catalog) -> None:
        """Pictures need it, and the speed line."""
        super().set_catalog(catalog)
        self.data.pictures.set_catalog(catalog)
        self.show_run()

    def parameters(self) -> dict[str, Any]:
        """The arena, its data, and who races in each arena."""
        controls = self.controls
        return {
            "arena": controls.arena,
            "points": self.data.points.name(),
            "dataset": self.data.pictures.name(),
            "family": controls.family,
            "contests": {arena: contest.to_dict() for arena, contest in sorted(controls.contests.items())},
        }

    def set_parameters(self, values: dict[str, Any]) -> None:
        """Go back to such parameters; what is foreign is ignored."""
        controls = self.controls
        if values.get("family") in ADVERSARIAL:
            controls.family = values["family"]
        classes = {POINTS: PointGANSettings, PICTURES: SETTINGS[controls.family], TWIN: GameSettings}
        contests = values.get("contests")
        for arena, cls in classes.items():
            controls.contests.pop(arena, None)
            with suppress(KeyError, TypeError, ValueError):  # of another version: as at the beginning
                controls.contests[arena] = Contest.from_dict(cls, contests[arena])  # type: ignore[index]
        if isinstance(values.get("points"), str):
            self.data.points.select(values["points"])
        if isinstance(values.get("dataset"), str):
            self.data.pictures.select(values["dataset"])
        if values.get("arena") in classes:
            self.data.set_arena(values["arena"])
        controls.show_contest()
        self._forget_failure()
        self.show_run()

    def random(self) -> None:
        """Another seed for both sides of the next race."""
        contest = self.controls.contest
        settings = dataclasses.replace(contest.settings, seed=random.randrange(100_000))
        self.controls.set_contest(dataclasses.replace(contest, settings=settings))

    def training(self) -> str:
        """Whether the race goes on."""
        return "racing" if self.run.state == "running" else ""

    def pace(self) -> str:
        """How fast the race goes on."""
        return it_per_s(self.run.iterations_per_s)

    def can_learn(self) -> bool:
        """Where it is about pictures."""
        return self.data.has_pictures

    def offer_dataset(self, path: str) -> bool:
        """A folder or zip is what both sides learn from, where they learn from pictures."""
        if not self.data.has_pictures:
            return False
        self.data.pictures.take(path)
        return True

    def is_settled(self) -> bool:
        """Both sides are there."""
        return self.catalog is not None and (self.run.state == "none" or self.run.history.shown() is not None)

    # ---- what the user does ---------------------------------------------------------------------------

    def wanted(self) -> api.RaceRequest:
        """The race that the controls describe."""
        data, controls = self.data, self.controls
        return request_of(controls.arena, controls.contest, data.points.name(), data.pictures.name(), controls.family)

    def is_changed(self) -> bool:
        """Whether the controls describe another race than the one there is."""
        return self.run.request is not None and endless(self.run.request) != self.wanted()

    @Slot()
    def start_run(self) -> None:
        """Begin; the race before is over."""
        if obstacle := self.data.obstacle():
            self.tell(obstacle)
        else:
            self.begin(self.wanted())

    def begin(self, request: api.RaceRequest) -> None:
        """Begin a race that the controls describe."""
        self._put_away_at = self.repeated = None
        self.withdrawn.emit(AWAY)
        self.player.start(request, self.names())
        self.plots.clear()
        self.tell("")
        self.show_run()
        self.remember()

    @Slot()
    def run_pressed(self) -> None:
        """The big button: begin, pause or go on; who goes on sees what comes of it."""
        if not self.run.is_alive:
            self.start_run()
            return
        if self.run.state == "paused":
            self.run.history.look(len(self.run.history))
        self.player.set_running(self.run.state == "paused")
        self.show_run()

    @Slot()
    def reset(self) -> None:
        """Put the race away; what is left is the invitation to begin another."""
        self.player.put_away()
        self.plots.clear()
        self.tell("")
        self.show_run()
        if len(self.player.away.history):
            self._put_away_at = self.parameters()
            self.offered.emit(AWAY, "Undo", self.bring_back)

    @Slot()
    def bring_back(self) -> None:
        """The race that was put away is as it was, paused."""
        self._put_away_at = None
        self.withdrawn.emit(AWAY)
        self.player.bring_back()
        self.build_plots()
        self.show_run()

    def undo(self) -> bool:
        """Bring back the race that was put away, if that was the last change; else as every page."""
        if self._put_away_at is None:
            return super().undo()
        if self._put_away_at == self.parameters() or not super().undo():
            self.bring_back()
        return True

    @Slot()
    def _stage_pressed(self) -> None:
        pictures = self.data.pictures
        if self.data.has_pictures and pictures.is_missing() and self.run.state == "none":
            pictures.download()
            self.show_race()
        else:
            self.run_pressed()

    @Slot()
    def _settings_changed(self) -> None:
        self.remember()
        self._forget_failure()
        self.show_run()

    def _forget_failure(self) -> None:
        """A race that could not begin is forgotten once something is changed."""
        if self.run.state == "failed" and not len(self.run.history):
            self.player.put_away()
            self.tell("")

    # ---- events ---------------------------------------------------------------------------------------

    def handle(self, verb: str, event: Any) -> None:
        """Progress of the race, and of the data."""
        pictures = self.data.pictures
        if verb == "race":
            self._handle_race(event)
            self.refresh_soon()
            return
        if verb in METERS:
            return  # what it finds comes with the race
        if verb == "look":
            pictures.handle_look(event)
        elif verb == "download":
            pictures.handle_download(event)
        self.show_run()

    def _handle_race(self, event: Any) -> None:
        before, run = self.player.run.troubles, self.player.handle(event)
        if run is not self.run:
            return
        if isinstance(event, api.RaceEvent):
            if not self.plots.plots:
                self.build_plots()
                self._ask_meters()
            self.plots.grew()
            if run.history.is_live:
                self.show_race()
            self.compare()
            self._tell_trouble(before, event.troubles)
        elif isinstance(event, Failure) and not len(run.history):
            self.stages.show_message(whole(sentence(event.error)), "Try again")
        elif isinstance(event, Ended) and not len(run.history):  # stopped while it was reading its pictures
            self.player.put_away()
            self.show_race()

    def _tell_trouble(self, before: tuple[str, str], now: tuple[str, str]) -> None:
        for name, was, trouble in zip(self.run.names, before, now, strict=True):
            if trouble and not was:
                self.tell(f"{name}: {trouble}", "", True)

    def _ask_meters(self) -> None:
        """Pictures are measured on the way."""
        for number, side in enumerate(self.run.sides):
            if not self.run.is_of_points(number) and side.signs.asked < 0:
                side.signs.asked = MEASURED
                self.ask("train", METERS[number], api.MeterRequest(side.place, MEASURED))
