"""With what the reverse process begins, as one value: what is remembered and undone. No Qt."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from genstudio.api import ALL_CLASSES, MOST_REPEATS, Start, hole_of
from genstudio.api.brush import Stroke, text_of
from genstudio.ui.diffusion.picture_origin import OWN, is_picture

Kind = Literal["noise", "picture", "hole"]
STRENGTHS = (0.01, 1.0)
MARKERS = (1.0, 20.0)  # widths of the brush that marks, in pixels of a picture of 28
MOST_STROKES = 200


def _stroke(marks: bool, radius: float, *way: tuple[float, float]) -> tuple[str, ...]:
    return (text_of(Stroke(-1, None if marks else 1.0, radius, way)),)


AREAS: dict[str, tuple[str, tuple[str, ...]]] = {  # what can be marked without a brush
    "middle": ("the middle", _stroke(True, 0.25, (0.5, 0.5))),
    "left": ("the left half", _stroke(True, 0.25, (0.25, -1), (0.25, 2))),
    "right": ("the right half", _stroke(True, 0.25, (0.75, -1), (0.75, 2))),
    "upper": ("the upper half", _stroke(True, 0.25, (-1, 0.25), (2, 0.25))),
    "lower": ("the lower half", _stroke(True, 0.25, (-1, 0.75), (2, 0.75))),
    "everything": ("everything", _stroke(True, 2.0, (0.5, 0.5))),
    "nothing": ("nothing", _stroke(False, 2.0, (0.5, 0.5))),
}
DRAWN = "drawn"  # the area of other strokes


@dataclass(frozen=True)
class StartState:
    """Noise, a picture, or a picture with a hole; where the picture is from is told as the forward page tells it."""

    kind: Kind = "noise"
    dataset: str = ""
    number: int = OWN
    label: str = ""  # its class, where the dataset tells
    seen: str = ""  # of one's own picture: what the classifier takes it for
    certainty: float = 0.0  # of that, 0 to 1
    picture: str = ""  # packed; "" before there is one
    converted: str = ""
    strength: float = 0.6
    hole: tuple[str, ...] = AREAS["middle"][1]
    repeats: int = 5
    marker: float = 6.0

    def start(self) -> Start | None:
        """What a request says of it; None where it is noise, or there is no picture yet."""
        if self.kind == "noise" or not self.picture:
            return None
        if self.kind == "picture":
            return Start(self.picture, self.strength)
        return Start(self.picture, 1.0, self.hole, self.repeats)

    def of(self, start: Start | None) -> StartState:
        """The same for what a request says."""
        if start is None:
            return dataclasses.replace(self, kind="noise")
        unknown: dict[str, Any] = {"number": OWN, "label": "", "seen": "", "certainty": 0.0, "converted": ""}
        own = dataclasses.replace(self, picture=start.picture, **unknown)
        if start.hole:
            return dataclasses.replace(own, kind="hole", hole=start.hole, repeats=start.repeats)
        return dataclasses.replace(own, kind="picture", strength=start.strength)

    def class_in(self, classes: Sequence[str]) -> int:
        """The class of the picture among those of a model; all in turn where there is none or nobody knows."""
        named = self.label or self.seen
        return list(classes).index(named) if self.kind != "noise" and named in classes else ALL_CLASSES

    def area(self) -> str:
        """Which of the areas is marked, DRAWN for another."""
        return next((name for name, (_, hole) in AREAS.items() if hole == self.hole), DRAWN)

    def marked(self, stroke: Stroke) -> StartState:
        """With a stroke more; of too many the first are forgotten."""
        return dataclasses.replace(self, hole=(*self.hole[1 - MOST_STROKES :], text_of(stroke)))

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**dataclasses.asdict(self), "hole": list(self.hole)}

    @staticmethod
    def from_dict(values: Any) -> StartState:
        """The state of a dictionary; noise if it is not one."""
        try:
            state = StartState(**{**values, "hole": tuple(values["hole"])})
            texts = (state.dataset, state.label, state.seen, state.picture, state.converted)
            hole_of(state.hole, 2, 2)
            ok = (
                state.kind in get_args(Kind)
                and all(isinstance(text, str) for text in texts)
                and type(state.number) is int
                and state.number >= OWN
                and 0 < state.strength <= STRENGTHS[1]  # a file may have less than the slider
                and 0 < len(state.hole) <= MOST_STROKES
                and type(state.repeats) is int
                and 1 <= state.repeats <= MOST_REPEATS
                and MARKERS[0] <= state.marker <= MARKERS[1]
                and math.isfinite(state.marker)
                and 0 <= state.certainty <= 1
                and (not state.picture or is_picture(state.picture))
                and (state.kind == "noise" or bool(state.picture))
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            return StartState()
        return state if ok else StartState()
