"""What the forward page shows, as one value: the undo entry and what is remembered. No Qt."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal, get_args

from genstudio.api import ForwardRequest, PictureOrigin
from genstudio.settings.schedules import PEN, TIMESTEPS, curve_of, name_of_curve, straight_curve
from genstudio.ui.diffusion.picture_origin import BRUSH, BRUSH_REST, OWN, Tool, is_picture

View = Literal["sum", "x0", "eps", "x_t"]
SCHEDULES = ("linear", "cosine", "sigmoid", "straight")
SEEDS = 2**31
FRAMES = 101  # of a film, where T has as many


@dataclass(frozen=True)
class ForwardState:
    """A picture, the schedule by which noise covers it, and how far."""

    dataset: str = ""
    number: int = 0  # of the picture in it, OWN for another
    label: str = ""  # what the picture is of
    picture: str = ""  # packed; "" before there is one
    converted: str = ""  # what had to be done to it, in words
    schedule: str = "cosine"  # of SCHEDULES, or the name of a drawn one
    curve: str = name_of_curve(straight_curve())  # what was drawn last
    beside: str = ""  # the schedule it is compared with, "" none
    timesteps: int = 1000
    t: int = 250
    seed: int = 7
    view: View = "sum"
    tool: Tool = "draw"
    brush: float = BRUSH_REST

    @property
    def is_drawn(self) -> bool:
        """Whether the schedule is the drawn one."""
        return self.schedule.startswith(PEN)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return dataclasses.asdict(self)

    @staticmethod
    def from_dict(values: Any) -> ForwardState | None:
        """The state of a dictionary; None if it is not one."""
        try:
            state = ForwardState(**values)
            for name in (state.schedule, state.beside, state.curve):
                if name.startswith(PEN):
                    curve_of(name)
            texts = (state.dataset, state.label, state.picture, state.converted)
            numbers = (state.number, state.timesteps, state.t, state.seed)
            ok = (
                all(isinstance(text, str) for text in texts)
                and all(type(number) is int for number in numbers)
                and _is_schedule(state.schedule)
                and (not state.beside or _is_schedule(state.beside))
                and state.curve.startswith(PEN)
                and TIMESTEPS[0] <= state.timesteps <= TIMESTEPS[1]
                and 0 <= state.t <= state.timesteps
                and OWN <= state.number < SEEDS
                and 0 <= state.seed < SEEDS
                and state.view in get_args(View)
                and state.tool in get_args(Tool)
                and BRUSH[0] <= state.brush <= BRUSH[1]
                and (not state.picture or is_picture(state.picture))
            )
        except (AttributeError, TypeError, ValueError):
            return None
        return state if ok else None

    def at(self, timesteps: int) -> ForwardState:
        """The same with another T, as far along the way."""
        return dataclasses.replace(self, timesteps=timesteps, t=round(self.t / self.timesteps * timesteps))

    def request(self, steps: int) -> ForwardRequest:
        """What draws its way at so many moments."""
        origin = None if self.number == OWN else PictureOrigin(self.dataset, self.number, self.label, self.converted)
        return ForwardRequest(self.picture, self.schedule, self.timesteps, self.seed, steps, origin)

    def strip(self, steps: int) -> ForwardRequest:
        """The same with words."""
        return dataclasses.replace(self.request(steps), told=True)

    def film(self) -> ForwardRequest:
        """What draws its way as a film."""
        return self.request(min(self.timesteps + 1, FRAMES))


def _is_schedule(name: str) -> bool:
    return name in SCHEDULES or name.startswith(PEN)
