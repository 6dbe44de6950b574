"""What the latent-space tab shows, as one value: the undo entry and what is remembered between sessions. No Qt."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from genstudio.api import InterpolateRequest, noise
from genstudio.ui.latent.axes import Code, Kind

Path = Literal["lerp", "slerp"]
Order = Literal["kl", "index"]
AtB = Literal["wander", "turn"]  # at B: go on to a new random code, or turn back to A
STEPS = (2, 60)  # fewest and most pictures of the strip
PSI = (0.0, 1.5)  # how far random codes may be from the mean code, times their own distance
MOST_LOCKS = 300


@dataclass(frozen=True)
class VaeState:
    """A model, the code shown, the way from A to B, and which random code comes next."""

    model: str
    z: tuple[float, ...]
    a: tuple[float, ...]
    b: tuple[float, ...]
    path: Path = "slerp"
    steps: int = 13
    at_b: AtB = "wander"
    position: float | None = 0.0  # of z on the way from A to B; None off the way
    seed: int = 0
    drawn: int = 2  # random codes drawn so far; the next is noise(seed, drawn)
    axes: Kind = "raw"  # what the sliders stand for
    order: Order = "kl"  # of the raw ones
    locked: tuple[str, ...] = ()  # names of sliders that random codes, reset and the walk leave alone
    psi: float = 1.0  # truncation

    @staticmethod
    def first(model: str, latents: int, seed: int = 0) -> VaeState:
        """The state a model opens with: on the way between its first two random codes."""
        a, b = (random_code(seed, k, latents) for k in (0, 1))
        return VaeState(model, a, a, b, seed=seed)

    def here(self) -> Code:
        """The code shown, as an array."""
        return np.array(self.z, dtype=np.float64)

    def on_path(self, position: float) -> VaeState:
        """This state with the code at `position` between A (0) and B (1)."""
        z = along(np.array(self.a), np.array(self.b), position, self.path)
        return dataclasses.replace(self, z=as_code(z), position=position)

    def at(self, z: npt.ArrayLike) -> VaeState:
        """This state with another code, off the path unless it is one of its ends."""
        code = as_code(z)
        position = 0.0 if code == self.a else 1.0 if code == self.b else None
        return dataclasses.replace(self, z=code, position=position)

    def advanced(
        self, legs: float, direction: int, tame: Callable[[tuple[float, ...]], tuple[float, ...]] = tuple
    ) -> tuple[VaeState, int]:
        """This state `legs` times the way from A to B later, and the direction it then goes in (1 or -1).

        A wanderer that stands off the path goes on from where it stands; one that turns back starts at A. `tame` is
        done to each new random code.
        """
        state, position = self, self.position
        if position is None:
            position, direction = 0.0, 1
            if self.at_b == "wander":
                state = dataclasses.replace(self, a=self.z)
        if state.at_b == "turn":
            phase = ((position if direction > 0 else 2 - position) + legs) % 2  # there and back is one period of 2
            return state.on_path(min(phase, 2 - phase)), 1 if phase < 1 else -1
        position += legs
        while position >= 1:
            code, state = state.draw()
            state = dataclasses.replace(state, a=state.b, b=tame(code))
            position -= 1
        return state.on_path(position), 1

    def neighbour(self, direction: int) -> float:
        """The position of the next picture of the strip in a direction (1 or -1); A from off the path."""
        if self.position is None:
            return 0.0
        here, last = self.position * (self.steps - 1), self.steps - 1
        place = math.floor(here + 1e-9) + 1 if direction > 0 else math.ceil(here - 1e-9) - 1
        return min(max(place, 0), last) / last

    def film(self) -> InterpolateRequest:
        """The pictures of the strip."""
        return InterpolateRequest(self.model, self.a, self.b, self.steps, self.path)

    def draw(self) -> tuple[tuple[float, ...], VaeState]:
        """The next random code, and the state that has used it."""
        code = random_code(self.seed, self.drawn, len(self.z))
        return code, dataclasses.replace(self, drawn=self.drawn + 1)

    def points(self, count: int) -> Code:
        """`count` codes from A to B, both included."""
        a, b = np.array(self.a), np.array(self.b)
        return np.stack([along(a, b, float(w), self.path) for w in np.linspace(0, 1, count)])

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in dataclasses.asdict(self).items()}

    @staticmethod
    def from_dict(values: Any, latents: int) -> VaeState | None:
        """The state of a dictionary; None if it is not one, or not one of a model with that many latents."""
        try:
            fields: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in dict(values).items()}
            state = VaeState(**fields)
            codes = (state.z, state.a, state.b)
            ok = (
                all(len(code) == latents and all(math.isfinite(x) for x in code) for code in codes)
                and isinstance(state.model, str)
                and state.path in get_args(Path)
                and state.at_b in get_args(AtB)
                and isinstance(state.steps, int)
                and STEPS[0] <= state.steps <= STEPS[1]
                and (state.position is None or 0 <= state.position <= 1)
                and all(isinstance(n, int) and 0 <= n < 2**31 for n in (state.seed, state.drawn))
                and state.axes in get_args(Kind)
                and state.order in get_args(Order)
                and isinstance(state.locked, tuple)
                and len(state.locked) <= MOST_LOCKS
                and all(isinstance(name, str) and len(name) <= 40 for name in state.locked)
                and isinstance(state.psi, (int, float))
                and PSI[0] <= state.psi <= PSI[1]
            )
        except (TypeError, ValueError):
            return None
        return state if ok else None


def random_code(seed: int, index: int, latents: int) -> tuple[float, ...]:
    """Code `index` of a seed: the very code of picture `index` of a SampleRequest with that seed."""
    return as_code(noise(seed, index, (latents,)))


def as_code(z: npt.ArrayLike) -> tuple[float, ...]:
    """A code as plain numbers, as requests carry it."""
    return tuple(float(x) for x in np.asarray(z, dtype=np.float64))


def along(a: Code, b: Code, position: float, path: Path) -> Code:
    """The code at `position` in [0, 1] on the way from a to b, the same way as the compute side's.

    slerp turns the direction along the great circle and changes the length evenly (Shoemake 1985);
    where the angle is undefined it is a straight line.
    """
    norm_a, norm_b = float(np.linalg.norm(a)), float(np.linalg.norm(b))
    cosine = float(np.dot(a, b)) / max(norm_a * norm_b, 1e-12)
    angle = math.acos(min(max(cosine, -1.0), 1.0))
    if path == "lerp" or math.sin(angle) < 1e-4 or norm_a * norm_b == 0:
        return a + position * (b - a)
    direction = math.sin((1 - position) * angle) * a / norm_a + math.sin(position * angle) * b / norm_b
    return direction / math.sin(angle) * ((1 - position) * norm_a + position * norm_b)
