"""A race in and out of files: both sides beside each other, and the race of a dropped file again."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtWidgets import QWidget

from genstudio import api
from genstudio.settings import PLANAR, GameSettings
from genstudio.settings.duels import PICTURES, POINTS, TWIN
from genstudio.ui.bridge import Bridge
from genstudio.ui.race.exports import both, race_curves, race_film, race_pictures
from genstudio.ui.race.view import RaceView
from genstudio.ui.tabs.page import FilmSource, GridSource
from genstudio.ui.tabs.run_exports import CURVES, RunExports, Targets


class RaceFiles(RaceView):
    """The race that is shown as a picture or a film, whose receipt names both sides."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.exports = RunExports(self.tempo, self.export_targets)
        self.repeated: api.RestoredEvent | None = None  # the file whose race is repeated, until it is compared

    def begin(self, request: api.RaceRequest) -> None:
        """Begin a race that the controls describe."""
        raise NotImplementedError

    def export_targets(self) -> Targets:
        """What there is beside pictures and a film."""
        return {CURVES: lambda: race_curves(self.run)} if self.run.request is not None and self.run.iteration else {}

    def export_source(self) -> GridSource:
        """What the menu chose, else both sides at the moment that is looked at."""
        if (chosen := self.exports.take()) is not None:
            return chosen
        return race_pictures(self.run)

    def has_film(self) -> bool:
        """As soon as there are two moments."""
        return len(self.run.history) > 1

    def export_film_source(self) -> FilmSource:
        """Both sides through the whole history."""
        return race_film(self.run)

    def restore(self, event: api.RestoredEvent) -> None:
        """Repeat the race of a dropped file to the same iteration, and compare the pictures."""
        left, right = event.source, event.beside
        if not isinstance(left, api.TrainRequest) or right is None:
            return
        self.set_parameters(parameters_of(left, right))
        learned = next((side.dataset for side in (left, right) if side.family not in PLANAR), "")
        dataset = self.data.pictures.find(learned) if learned else ""
        if learned and (not dataset or self.data.obstacle()):
            missing = f"The race learned from {api.called(learned)}, which is not on this computer"
            self.tell(f"{missing}; choose it under Data, then drop the file again.", "", True)
            return
        if dataset:
            self.data.pictures.select(dataset)
        first, second = (
            dataclasses.replace(
                side, iterations=event.iteration, dataset=side.dataset if side.family in PLANAR else dataset
            )
            for side in (left, right)
        )
        self.begin(api.RaceRequest(first, second))
        self.repeated = event

    def compare(self) -> None:
        """Say whether the race of a file is the same again, once it is as far."""
        event, pair = self.repeated, self.run.history[-1] if len(self.run.history) else None
        if event is not None and pair is not None and pair.iteration >= event.iteration:
            from genstudio.export.repeats import compare

            self.repeated = None
            if not event.iteration:  # no end is set
                self.player.set_running(False)
            self.tell(compare(event, both(pair))[1].replace("The run of", "The race of"))


def endless(request: api.RaceRequest) -> api.RaceRequest:
    """The race as one begins it by hand: no end is set, and nothing is to change on the way."""
    left, right = (dataclasses.replace(side, iterations=0, changes=()) for side in (request.left, request.right))
    return dataclasses.replace(request, left=left, right=right)


def parameters_of(left: api.TrainRequest, right: api.TrainRequest) -> dict[str, Any]:
    """The page's parameters that describe such a race."""
    of_points = [side.family in PLANAR for side in (left, right)]
    arena = POINTS if all(of_points) else PICTURES if not any(of_points) else TWIN
    values = [dataclasses.asdict(side.settings) for side in (left, right)]
    if arena == TWIN:
        rules = {field.name: values[0][field.name] for field in dataclasses.fields(GameSettings)}
        contest: dict[str, Any] = {"settings": rules, "left": {}, "right": {}}
    else:
        names = [name for name, value in values[0].items() if value != values[1].get(name)]
        sides = [{name: value[name] for name in names or ["lr_d"]} for value in values]
        contest = {"settings": values[0], "left": sides[0], "right": sides[1]}
    told: dict[str, Any] = {"arena": arena, "contests": {arena: contest}}
    for side, is_of_points in zip((left, right), of_points, strict=True):
        told |= {"points": side.dataset} if is_of_points else {"dataset": side.dataset, "family": side.family}
    return told
