"""A reverse process that is changed on its way: asked for something else, gone another way, painted into."""

from __future__ import annotations

import dataclasses
import itertools
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from torch import Tensor

from genstudio.api import Change
from genstudio.api.brush import stroke_of
from genstudio.core.brush import painted
from genstudio.core.levels import SPACINGS, Level, check_spacing
from genstudio.core.prediction import Predict
from genstudio.core.samplers import SAMPLERS, Step
from genstudio.core.samplers.repaint import noisier
from genstudio.core.schedules import Schedule
from genstudio.core.seeding import ImageNoise
from genstudio.core.start import Hole

PAINT, NOISE = "paint", "noise"  # changes of the picture; all others are of a field of `Way`
FIRST_EDIT = 1_000_000  # edits draw from streams of their own: that of the seed and this number plus the step's


@dataclass(frozen=True)
class Way:
    """How a reverse process goes on, and what it is asked for."""

    sampler: str
    steps: int
    spacing: str
    eta: float
    label: int
    guidance: float


@dataclass(frozen=True)
class Leg:
    """A part of the process on one way, from step `first` until its levels end; `touches` are done to its start."""

    first: int
    grid: Sequence[Level]  # of the whole process until then
    way: Way
    touches: tuple[Callable[[Tensor, ImageNoise], Tensor], ...] = ()

    @property
    def end(self) -> int:
        """The step at which the next leg begins, or the last."""
        return len(self.grid) - 1

    @cached_property
    def above(self) -> list[int]:
        """For how many steps noise can be put back at each step until the end, found once: there may be 1,000."""
        there: list[float] = []  # t of the levels so far, each once and the lowest first
        found = []
        for level in self.grid:
            place = bisect_right(there, level.t)
            found.append(len(there) - place)
            if place == 0 or there[place - 1] < level.t:
                there.insert(place, level.t)
        return found


@dataclass(frozen=True, eq=False)
class Point:
    """Where a process can be gone again bit for bit: before what is done at step `index`.

    Args:
        x: The state, (B, C, H, W).
        before: x0_hat of the step before.
        calls: Network calls until here.
        draws: How often noise was drawn from each picture's stream; the first was the beginning.
    """

    index: int
    x: Tensor
    before: Tensor | None = None
    calls: int = 0
    draws: int = 1


def legs(schedule: Schedule, way: Way, changes: Sequence[Change], top: int | None = None) -> list[Leg]:
    """The parts of a process. A change counts before the step of its `iteration`; they must be in order.

    Of "steps" there are so many from there on; NOISE goes back up over so many levels; PAINT is a stroke of a `brush`.

    Args:
        top: The schedule's index at which it begins; the noisiest if None.
    Raises:
        ValueError: for a change that cannot be.
    """
    found, leg = [], Leg(0, SPACINGS[way.spacing](schedule, way.steps, top), way)
    for index, group in itertools.groupby(changes, lambda change: change.iteration):
        if not leg.first <= index < leg.end:
            raise ValueError(f"a change at step {index} is not on the way, which has {leg.end} steps")
        found.append(dataclasses.replace(leg, grid=leg.grid[: index + 1]))
        leg = dataclasses.replace(leg, first=index, touches=())
        for change in group:
            leg = _turned(schedule, leg, change)
    return [*found, leg]


def reverse(
    legs: Sequence[Leg],
    predict_of: Callable[[Way], Predict],
    seed: int,
    indices: range,
    point: Point,
    hole: Hole | None = None,
    calls_each: Callable[[Way], int] = lambda way: 1,
) -> Iterator[tuple[Step, Point]]:
    """The steps from a point on, each with that from which it can be gone again.

    Args:
        seed, indices: Of the pictures, which tell their noise.
        hole: Around which the picture is known; it is filled by RePaint, whichever sampler a leg names.
        calls_each: How many network calls a prediction on a way takes.
    """
    shape = tuple(point.x.shape[1:])
    rng = ImageNoise(seed, indices, point.x.device)
    while rng.draws < point.draws:
        rng.draw(shape)
    for leg in legs:
        is_last = leg is legs[-1]
        if leg.end <= point.index and not is_last:
            continue
        x, before, earlier = point.x, point.before, point.calls
        if leg.first == point.index:
            edits = ImageNoise(seed, indices, x.device, FIRST_EDIT + leg.first)
            for touch in leg.touches:
                x, before = touch(x, edits), None  # what was estimated before is of another picture
        run = SAMPLERS[leg.way.sampler].run if hole is None else hole.run
        steps = run(predict_of(leg.way), leg.grid, x, rng, first=point.index, before=before, eta=leg.way.eta)
        each = calls_each(leg.way)
        for step in steps:
            calls = earlier + each * step.calls
            raw, kept = (point.x, point.before) if step.index == point.index else (step.x_t, before)
            if step.index == leg.end and not is_last:
                point = Point(leg.end, raw, before, calls, rng.draws)
                break
            yield (
                dataclasses.replace(step, calls=calls, above=leg.above[step.index]),
                Point(step.index, raw, kept, calls - each * bool(step.terms), rng.draws),
            )
            before = step.x0_hat


def _above(here: Level, way: Sequence[Level]) -> list[Level]:
    """The levels of a way with more noise than `here`, each once, the nearest first: noise may have risen on it."""
    return sorted({level for level in way if level.t > here.t}, key=lambda level: level.t)


def _turned(schedule: Schedule, leg: Leg, change: Change) -> Leg:
    """The leg with a change at its start."""
    first, name, value = leg.first, change.name, change.value
    here, done = leg.grid[first], leg.grid[:first]
    if name == PAINT:
        stroke = stroke_of(str(value))
        return dataclasses.replace(leg, touches=(*leg.touches, lambda x, rng: painted(x, here, stroke, rng)))
    if name == NOISE:
        if not (above := _above(here, done)):
            raise ValueError(f"at step {first} no noise can be put back: there was none more before")
        if not (isinstance(value, (int, float)) and 1 <= value <= len(above)):
            raise ValueError(f"at step {first} noise can be put back for 1 to {len(above)} steps, not for {value}")
        goal, between = above[int(value) - 1], above[: int(value) - 1]
        grid = [*done, goal, *reversed(between), *leg.grid[first:]]
        return dataclasses.replace(leg, grid=grid, touches=(*leg.touches, lambda x, rng: noisier(x, here, goal, rng)))
    if name not in (field.name for field in dataclasses.fields(Way)):
        raise ValueError(f"{name} cannot be changed on the way")
    try:
        way = dataclasses.replace(leg.way, **{name: type(getattr(leg.way, name))(value)})
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"at step {first} {name} cannot become {value!r}") from None
    check_spacing(way.spacing)
    if name in ("steps", "spacing"):
        steps = way.steps if name == "steps" else leg.end - first
        top = int(here.t)  # of a level between two the one below: noise must fall
        tail = SPACINGS[way.spacing](schedule, min(steps, top + 1), top)
        return dataclasses.replace(leg, grid=[*done, here, *tail[1:]], way=way)
    return dataclasses.replace(leg, way=way)
