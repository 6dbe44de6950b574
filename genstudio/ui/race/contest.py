"""Who races whom: what both sides share, what differs, and how each side is called."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from genstudio.api import RaceRequest, TrainRequest
from genstudio.settings import SETTINGS, GameSettings, PointGANSettings, choices_of, setting_of, settings_from
from genstudio.settings.duels import DUELS, PICTURES, POINTS, TWIN, TWINS, Duel, Twin
from genstudio.ui.game.controls import GAME, LEARNING
from genstudio.ui.widgets.number_box import number_text

PLACES = (6, 7)  # of the session, for the two sides
PREVIEW = 36  # pictures a side
POINT_FAMILY = "point-gan"
TWIN_FIELDS = ("diversity", "seed", *GAME, *LEARNING)  # what both arenas have, the networks apart
NOTHING = {"clip": "no clipping", "gradient_penalty": "no penalty", "r1": "no R1", "instance_noise": "no noise",
           "ema_decay": "no EMA", "decay": "no decay"}  # settings that are off at 0  # fmt: skip
WITHOUT = frozenset({"latent_dim", "hidden", "layers", "width", "d_width", "levels"})  # sizes of the networks


@dataclass(frozen=True)
class Contest:
    """Two runs: settings of both, and those in which they differ, the same names on both sides; none in a twin."""

    settings: Any
    left: Mapping[str, Any] = field(default_factory=dict)
    right: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[str, ...]:
        """The settings that differ."""
        return tuple(self.left)

    def side(self, number: int) -> Any:
        """The settings of the left (0) or the right (1) run."""
        return fitting(dataclasses.replace(self.settings, **(self.left, self.right)[number]))

    def with_duel(self, duel: Duel, arena: str) -> Contest:
        """Such a race between networks of the same kind."""
        left, right = duel.sides[arena]
        fresh = type(self.settings)()
        sizes = {name: getattr(self.settings, name) for name in WITHOUT if hasattr(self.settings, name)}
        return Contest(dataclasses.replace(fresh, **sizes, **duel.shared, seed=self.settings.seed), left, right)

    def with_twin(self, twin: Twin) -> Contest:
        """Such a game in both arenas."""
        return Contest(dataclasses.replace(GameSettings(), **twin.shared, seed=self.settings.seed))

    def about(self, name: str) -> Contest:
        """A race in which another setting differs."""
        value = getattr(self.settings, name)
        return dataclasses.replace(self, left={name: value}, right={name: other_than(type(self.settings), name, value)})

    def names(self) -> tuple[str, str]:
        """What the sides are called, after the settings in which they differ."""
        cls = type(self.settings)
        return name_of(cls, self.left), name_of(cls, self.right)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"settings": dataclasses.asdict(self.settings), "left": dict(self.left), "right": dict(self.right)}

    @staticmethod
    def from_dict(cls: type[Any], values: Mapping[str, Any]) -> Contest:
        """Such a contest of settings of a class.

        Raises:
            KeyError, TypeError, ValueError: for anything that is none.
        """
        settings, sides = values["settings"], (dict(values["left"]), dict(values["right"]))
        if set(sides[0]) != set(sides[1]):
            raise ValueError("the sides differ in other settings")
        left, right = (settings_from(cls, {**settings, **side}) for side in sides)
        shared = settings_from(cls, settings)
        return Contest(shared, *({name: getattr(side, name) for name in sides[0]} for side in (left, right)))


def fitting(settings: Any) -> Any:
    """A penalty on D's slope needs a D that looks at one picture alone."""
    if settings.gradient_penalty and getattr(settings, "d_norm", "") == "batch":
        return dataclasses.replace(settings, d_norm="layer")
    return settings


def other_than(cls: type[Any], name: str, value: Any) -> Any:
    """A value worth comparing with: ten times as much, another word, a little, or nothing."""
    note, words = setting_of(cls, name), choices_of(cls, name)
    if words:
        return next(word for word in words if word != value)
    assert note is not None
    if not value:
        return type(value)(note.step)
    if name in NOTHING:
        return type(value)(0)
    more = value * (10 if note.log else 2)
    return type(value)(more if more <= note.high else value / 10 if note.log else max(note.low, value / 2))


def name_of(cls: type[Any], values: Mapping[str, Any]) -> str:
    """Settings in words: "Rate D 0.01", "minimax", "no R1"; of several those that are on."""
    on = {name: value for name, value in values.items() if value or name not in NOTHING}
    if not on:
        return NOTHING[next(iter(values))] if values else ""
    return ", ".join(_called(cls, name, value) for name, value in on.items())


def _called(cls: type[Any], name: str, value: Any) -> str:
    if isinstance(value, str) and name == "loss":
        return value
    note = setting_of(cls, name)
    said = value if isinstance(value, str) else number_text(value, note is not None and note.log)
    label = note.label if note and note.label else name
    return f"{label} = {said}" if label[-1].isdigit() else f"{label} {said}"


def contest_of(arena: str, family: str) -> Contest:
    """What an arena begins with."""
    if arena == TWIN:
        return Contest(GameSettings()).with_twin(TWINS["fair"])
    cls = PointGANSettings if arena == POINTS else SETTINGS[family]
    return Contest(cls()).with_duel(DUELS["rate"], arena)


def request_of(arena: str, contest: Contest, points: str, dataset: str, family: str) -> RaceRequest:
    """The race that such a contest is."""
    if arena == TWIN:
        shared = {name: getattr(contest.settings, name) for name in TWIN_FIELDS}
        drawn = fitting(SETTINGS[family](**shared))
        left = TrainRequest(POINT_FAMILY, points, PointGANSettings(**shared), preview=1)
        return RaceRequest(left, TrainRequest(family, dataset, drawn, preview=PREVIEW), PLACES)
    of_points = arena == POINTS
    kind, data, preview = (POINT_FAMILY, points, 1) if of_points else (family, dataset, PREVIEW)
    left, right = (TrainRequest(kind, data, contest.side(number), preview=preview) for number in (0, 1))
    return RaceRequest(left, right, PLACES)


def side_names(arena: str, contest: Contest) -> tuple[str, str]:
    """What the two sides are called in an arena."""
    return ("Points", "Pictures") if arena == TWIN else contest.names()


__all__ = ["PICTURES", "PLACES", "POINTS", "TWIN", "Contest", "contest_of", "request_of", "side_names"]
