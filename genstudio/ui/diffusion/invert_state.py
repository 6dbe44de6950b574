"""What the inversion page shows, as one value: the undo entry and what is remembered. No Qt."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from genstudio import api
from genstudio.api.inversion import FRAMES, MOST_CORRECTIONS, STEPS
from genstudio.settings import DENOISING, DenoisingSettings
from genstudio.ui.diffusion.picture_origin import BRUSH, BRUSH_REST, OWN, Tool, is_picture

View = Literal["ways", "between"]
Side = Literal["a", "b"]
INVERTIBLE = tuple(family for family in DENOISING if family != "consistency")  # that one jumps
AUTO = -3  # the class that the picture has itself
SEEDS = 2**31


@dataclass(frozen=True)
class End:
    """A picture, and the seed of a noise: whichever `is_noise` says is the end of the arc."""

    dataset: str = ""
    number: int = 0  # of the picture in it, OWN for another
    label: str = ""  # what the picture is of
    picture: str = ""  # packed; "" before there is one
    converted: str = ""  # what had to be done to it, in words
    is_noise: bool = False
    seed: int = 7

    @staticmethod
    def from_dict(values: Any) -> End:
        """The end of a dictionary.

        Raises:
            TypeError, ValueError: if it is none.
        """
        end = End(**values)
        texts = (end.dataset, end.label, end.picture, end.converted)
        ok = (
            all(isinstance(text, str) for text in texts)
            and type(end.number) is int
            and OWN <= end.number < SEEDS
            and type(end.is_noise) is bool
            and type(end.seed) is int
            and 0 <= end.seed < SEEDS
            and (not end.picture or is_picture(end.picture))
        )
        if not ok:
            raise ValueError("this is no end of an arc")
        return end


@dataclass(frozen=True)
class InvertState:
    """A picture on its way to noise and back, or two noises and the arc between them."""

    model: str = ""
    view: View = "ways"
    side: Side = "a"  # which end is chosen; its picture is the one that goes both ways
    a: End = field(default_factory=End)
    b: End = field(default_factory=lambda: End(number=1, seed=8))
    label: int = AUTO  # a class, api.NO_CLASS or AUTO
    steps: int = 100
    corrections: int = 0
    frames: int = 16
    moment: int = 0  # 0 the picture, `steps` its noise, 2 * `steps` what comes back
    frame: int = 0  # on the arc, 0 is A
    tool: Tool = "draw"
    brush: float = BRUSH_REST

    @property
    def end(self) -> End:
        """The chosen one."""
        return self.a if self.side == "a" else self.b

    def with_end(self, side: str, **fields: Any) -> InvertState:
        """The same with an end changed."""
        changed = dataclasses.replace(self.a if side == "a" else self.b, **fields)
        return dataclasses.replace(self, a=changed) if side == "a" else dataclasses.replace(self, b=changed)

    def lacking(self) -> str:
        """The end whose picture is needed and not there, "" if none is."""
        needed = (self.side,) if self.view == "ways" else tuple(s for s in "ab" if not getattr(self, s).is_noise)
        return next((side for side in needed if not getattr(self, side).picture), "")

    def class_of(self, classes: Sequence[str]) -> int:
        """What the network is told: the class asked for, or the one that all pictures have."""
        if self.label != AUTO:
            return self.label if self.label < len(classes) else api.NO_CLASS
        ends = (self.end,) if self.view == "ways" else tuple(end for end in (self.a, self.b) if not end.is_noise)
        found = {end.label for end in ends}
        label = next(iter(found)) if len(found) == 1 else ""
        return list(classes).index(label) if label in classes else api.NO_CLASS

    def request(self, classes: Sequence[str]) -> api.InvertRequest | None:
        """What draws both ways of the chosen picture; None before there is one."""
        if not self.model or self.lacking():
            return None
        label = self.class_of(classes)
        return api.InvertRequest(self.model, self.end.picture, label, self.steps, self.corrections)

    def slerp(self, classes: Sequence[str]) -> api.SlerpRequest | None:
        """What draws the pictures from A to B; None before both are there."""
        if not self.model or self.lacking():
            return None
        a, b = ("" if end.is_noise else end.picture for end in (self.a, self.b))
        label = self.class_of(classes)
        return api.SlerpRequest(
            self.model, a, b, self.a.seed, self.b.seed, label, self.steps, self.corrections, self.frames
        )

    def of(self, source: api.InvertRequest | api.SlerpRequest) -> InvertState:
        """The same for what a request says, from its first moment on; its pictures are of no dataset."""
        shared: dict[str, Any] = {"model": source.model, "label": source.label, "steps": source.steps}
        state = dataclasses.replace(self, **shared, corrections=source.corrections, side="a")
        if isinstance(source, api.InvertRequest):
            return dataclasses.replace(state, view="ways", a=End(picture=source.picture, number=OWN), moment=0)
        a = End(picture=source.picture_a, number=OWN, is_noise=not source.picture_a, seed=source.seed_a)
        b = End(picture=source.picture_b, number=OWN, is_noise=not source.picture_b, seed=source.seed_b)
        return dataclasses.replace(state, view="between", a=a, b=b, frames=source.count, frame=0)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return dataclasses.asdict(self)

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> InvertState | None:
        """The state of a dictionary; None if it is not one."""
        try:
            ends = {side: End.from_dict(values[side]) for side in ("a", "b")}
            state = InvertState(**{**values, **ends})
            limits = {
                "label": (AUTO, 10_000), "steps": STEPS, "corrections": (0, MOST_CORRECTIONS), "frames": FRAMES,
                "moment": (0, 2 * state.steps), "frame": (0, state.frames - 1),
            }  # fmt: skip
            ok = (
                isinstance(state.model, str)
                and state.view in get_args(View)
                and state.side in get_args(Side)
                and state.tool in get_args(Tool)
                and BRUSH[0] <= state.brush <= BRUSH[1]
                and all(type(getattr(state, name)) is int for name in limits)
                and all(low <= getattr(state, name) <= high for name, (low, high) in limits.items())
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            return None
        return state if ok else None


def most_steps(info: api.ModelInfo) -> int:
    """As many as its noise levels allow."""
    timesteps = info.settings.timesteps if isinstance(info.settings, DenoisingSettings) else STEPS[1]
    return min(STEPS[1], timesteps)


def fitted(state: InvertState, info: api.ModelInfo) -> InvertState:
    """The same with no more steps than a model has levels, no class that it does not know, and a place on the way."""
    steps = min(state.steps, most_steps(info))
    label = state.label if state.label < len(info.classes) else AUTO
    moment, frame = min(state.moment, 2 * steps), min(state.frame, state.frames - 1)
    return dataclasses.replace(state, steps=steps, label=label, moment=moment, frame=frame)
