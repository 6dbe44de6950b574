"""What the traversal shows, as one value: the undo entry and what is remembered. No Qt."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from genstudio.api import Axes, Floats, InterpolateRequest, PlaneRequest, StudyEvent, TraverseRequest
from genstudio.ui.latent.around import AroundCode
from genstudio.ui.tabs.vae_state import as_code, random_code

View = Literal["rows", "plane"]
COLUMNS, ROWS, REACH = (3, 25), (1, 32), (0.5, 6.0)
FEW = 64  # pictures at once while a hand moves the code
FILM = 41  # pictures of a film from one end to the other
CELLS, FEW_CELLS = 20, 8  # pictures a side of a plane, at rest and while a hand moves it


@dataclass(frozen=True)
class TraverseState(AroundCode):
    """The base code, and which pictures around it are seen. Axes are named z1, z2, … and PC1, PC2, …"""

    view: View = "rows"
    columns: int = 9
    reach: float = 3.0
    rows: int = 7
    page: int = 0
    across: str = "z1"
    up: str = "z2"
    heat: bool = False
    own: tuple[tuple[float, ...], ...] = ()  # directions U and V of a file's plane, and its middle
    only: tuple[int, ...] = ()  # the latents of a file's rows; () those of the page
    moving: bool = False  # one column more, at `sweep` of the way from one end to the other
    sweep: float = 0.5

    @staticmethod
    def first(latents: int) -> TraverseState:
        """How a model is shown first: two latents are a plane, more are rows."""
        return TraverseState(random_code(0, 0, latents), "plane" if latents == 2 else "rows", drawn=1)

    def values(self) -> tuple[float, ...]:
        """Where the columns are, in sigma."""
        return tuple(round(float(x), 4) for x in np.linspace(-self.reach, self.reach, self.columns))

    def pages(self) -> int:
        """How many pages the rows need."""
        if self.only:
            return 1
        return max(-(-len(self.z) // self.rows), 1)

    def dims(self, study: StudyEvent | None) -> tuple[int, ...]:
        """The latents of this page; of all, those that tell most come first where that is known."""
        if self.only:
            return self.only
        order = ordered(study, len(self.z))
        page = min(self.page, self.pages() - 1)
        return order[page * self.rows : (page + 1) * self.rows]

    def traverse(self, model: str, study: StudyEvent | None, *, few: bool = False) -> TraverseRequest:
        """The pictures of this page, or while a hand moves the code as many rows as it can follow."""
        dims = self.dims(study)
        return TraverseRequest(model, self.z, dims[: max(FEW // self.columns, 1)] if few else dims, self.values())

    def here(self) -> float:
        """What the numbers of the column that moves are."""
        return round((2 * self.sweep - 1) * self.reach, 4) + 0.0

    def now(self, model: str, study: StudyEvent | None) -> TraverseRequest:
        """The column that moves."""
        return TraverseRequest(model, self.z, self.dims(study), (self.here(),))

    def film(self, model: str, study: StudyEvent | None) -> TraverseRequest:
        """The same from one end to the other and back, without the ends twice."""
        there = [round(float(x), 4) for x in np.linspace(-self.reach, self.reach, FILM)]
        return TraverseRequest(model, self.z, self.dims(study), (*there, *there[-2:0:-1]))

    def cell(self, index: int, study: StudyEvent | None) -> TraverseState:
        """The same around the code of a cell."""
        values = (self.here(), *self.values()) if self.moving else self.values()
        row, column = divmod(index, len(values))
        z = list(self.z)
        z[self.dims(study)[row]] = values[column]
        return self.at(z)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        lists = {"z": list(self.z), "own": [list(way) for way in self.own], "only": list(self.only)}
        return {**dataclasses.asdict(self), **lists}

    @staticmethod
    def from_dict(values: Any, latents: int) -> TraverseState:
        """Such a state of a model with so many latents; what does not fit is as it is first."""
        state = TraverseState.first(latents)
        names = {field.name for field in dataclasses.fields(TraverseState)}
        changes: dict[str, Any] = {n: v for n, v in dict(values).items() if n in names and _fits(n, v, latents)}
        kinds: dict[str, Any] = {"z": as_code, "reach": float, "own": _codes, "only": tuple}
        changes = {name: kinds.get(name, _as_is)(value) for name, value in changes.items()}
        state = dataclasses.replace(state, **changes)
        if state.across == state.up:
            state = dataclasses.replace(state, across="z1", up="z2")
        return state


def _codes(values: Any) -> tuple[tuple[float, ...], ...]:
    return tuple(as_code(code) for code in values)


def _as_is(value: Any) -> Any:
    return value


def _fits(name: str, value: Any, latents: int) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    match name:
        case "z":
            numbers = isinstance(value, (list, tuple)) and len(value) == latents
            return numbers and all(isinstance(x, (int, float)) and math.isfinite(x) for x in value)
        case "own":
            three = isinstance(value, (list, tuple)) and len(value) in (0, 3)
            return three and all(_fits("z", way, latents) for way in value)
        case "only":
            some = isinstance(value, (list, tuple)) and len(value) <= ROWS[1] and len(set(value)) == len(value)
            return some and all(isinstance(dim, int) and 0 <= dim < latents for dim in value)
        case "sweep":
            return isinstance(value, (int, float)) and 0 <= value <= 1
        case "view":
            return value in get_args(View)
        case "columns" | "rows":
            low, high = COLUMNS if name == "columns" else ROWS
            return whole and low <= value <= high
        case "reach":
            return isinstance(value, (int, float)) and REACH[0] <= value <= REACH[1]
        case "page" | "drawn":
            return whole and 0 <= value < 2**31
        case "across" | "up":
            return isinstance(value, str) and (value.startswith("PC") or value in (*latent_names(latents), "U", "V"))
    return isinstance(value, bool)


def latent_names(latents: int) -> tuple[str, ...]:
    """z1, z2, …"""
    return tuple(f"z{k + 1}" for k in range(latents))


def axis_names(study: StudyEvent | None, latents: int, own: bool = False) -> tuple[str, ...]:
    """What a plane may lie along: latents, those that tell most first, and principal axes where they are known;
    U and V where a file brought its own."""
    axes = study.principal if study is not None else None
    count = len(axes.names) if axes is not None else 0
    return (
        *(f"z{k + 1}" for k in ordered(study, latents)),
        *(f"PC{k + 1}" for k in range(count)),
        *(("U", "V") if own else ()),
    )


def ordered(study: StudyEvent | None, latents: int) -> tuple[int, ...]:
    """All latents, by what they tell; in order where that is not known."""
    if study is None or len(study.kl) != latents:
        return tuple(range(latents))
    worth = study.kl if float(study.kl.sum()) > 0 else study.std
    return tuple(int(k) for k in np.argsort(-worth, kind="stable"))


def direction(name: str, study: StudyEvent | None, latents: int) -> Floats | None:
    """The step of a slider along an axis, (D,); None for a principal axis that is not known."""
    if name in latent_names(latents):
        return np.eye(latents, dtype=np.float32)[int(name[1:]) - 1]
    axes: Axes | None = study.principal if study is not None else None
    number = int(name[2:]) - 1 if name[2:].isdigit() else -1
    if axes is None or not 0 <= number < len(axes.names):
        return None
    step: Floats = (axes.units[number] * axes.scale[number]).astype(np.float32)
    return step if float(np.abs(step).max()) > 0 else None


@dataclass(frozen=True)
class Plane:
    """A plane of codes: `origin` + s u + t v, and where on it the base code is."""

    origin: tuple[float, ...]
    u: tuple[float, ...]
    v: tuple[float, ...]
    s: float
    t: float

    @staticmethod
    def of(state: TraverseState, study: StudyEvent | None) -> Plane | None:
        """The plane of a state, with the middle where both axes are 0; None where an axis is not known."""
        own = dict(zip("UV", state.own, strict=False))
        names = (state.across, state.up)
        u, v = (np.array(own[n]) if n in own else direction(n, study, len(state.z)) for n in names)
        if u is None or v is None:
            return None
        z = np.array(state.z)
        middle = study.mean if study is not None and "PC" in state.across + state.up else np.zeros(len(z))
        if set(names) <= set(own):
            middle = np.array(state.own[2])
        (s, t), *_ = np.linalg.lstsq(np.stack([u, v], 1).astype(float), z - middle, rcond=None)
        origin = np.round(z - s * u - t * v, 4) + 0.0
        return Plane(as_code(origin), as_code(u), as_code(v), float(s), float(t))

    def code(self, s: float, t: float) -> tuple[float, ...]:
        """The code at a place."""
        return as_code(np.array(self.origin) + s * np.array(self.u) + t * np.array(self.v))

    def film(self, model: str, extent: float) -> InterpolateRequest:
        """The way through the ring from the left end to the right."""
        return InterpolateRequest(model, self.code(-extent, self.t), self.code(extent, self.t), FILM, "lerp")

    def request(self, model: str, extent: float, *, few: bool = False) -> PlaneRequest:
        """Its pictures; fewer while a hand moves it."""
        return PlaneRequest(model, self.origin, self.u, self.v, FEW_CELLS if few else CELLS, extent)
