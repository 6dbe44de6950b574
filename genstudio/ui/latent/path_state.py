"""What the mode "Interpolate" shows, as one value: the undo entry and what is remembered between sessions. No Qt."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from genstudio.api import DecodeRequest, PathKind, PathRequest, PathSheetRequest
from genstudio.ui.latent.axes import Code
from genstudio.ui.tabs.vae_state import along, as_code, random_code

KEYS = (2, 8)  # fewest and most key pictures
STEPS = (2, 1000)  # all that an exported file may have
WAYS: tuple[PathKind, ...] = get_args(PathKind)
FIRST_KEYS = 3  # of a model that is shown for the first time


@dataclass(frozen=True)
class Key:
    """A code that the path goes through, and where it came from, in words."""

    z: tuple[float, ...]
    origin: str = "random"


@dataclass(frozen=True)
class PathState:
    """Key pictures of one model, the way between them, and the place on it, 0 at the first and 1 at the end."""

    model: str
    keys: tuple[Key, ...]
    way: PathKind = "slerp"
    steps: int = 25
    loop: bool = True
    compares: bool = False
    position: float = 0.0
    label: int = -1  # the class that pictures of the data are drawn from, -1 any
    seed: int = 0
    drawn: int = FIRST_KEYS  # what was drawn by chance so far: random codes and pictures of the data

    @staticmethod
    def first(model: str, latents: int, seed: int = 0) -> PathState:
        """The state a model opens with: its first random codes, one after the other and back."""
        return PathState(model, tuple(Key(random_code(seed, k, latents)) for k in range(FIRST_KEYS)), seed=seed)

    # ---- the way --------------------------------------------------------------------------------

    @property
    def legs(self) -> int:
        """Ways from one key to the next; a loop has one more, back to the first."""
        return len(self.keys) if self.loop else len(self.keys) - 1

    def leg(self, position: float | None = None) -> tuple[int, float]:
        """On which leg a position is, counted from 0, and how far along it."""
        place = (self.position if position is None else position) * self.legs
        number = min(int(place), self.legs - 1)
        return number, place - number

    def ends(self, leg: int) -> tuple[int, int]:
        """The keys at the ends of a leg, counted from 0."""
        return leg, (leg + 1) % len(self.keys)

    def of_key(self, index: int) -> float:
        """The position at which a key stands."""
        return index / self.legs

    def code(self, way: PathKind | None = None, position: float | None = None) -> Code:
        """The code at a position, the same as the compute side's; a blend of pixels has none, lerp's stands for it."""
        number, share = self.leg(position)
        a, b = (np.array(self.keys[key].z) for key in self.ends(number))
        return along(a, b, share, "slerp" if (way or self.way) == "slerp" else "lerp")

    def advanced(self, seconds_of_leg: float, direction: int) -> tuple[PathState, int]:
        """This state so many legs later, and the direction it then goes in: a loop goes round, else it turns."""
        ahead = seconds_of_leg / self.legs
        if self.loop:
            return dataclasses.replace(self, position=(self.position + ahead) % 1.0), 1
        phase = ((self.position if direction > 0 else 2 - self.position) + ahead) % 2
        return dataclasses.replace(self, position=min(phase, 2 - phase)), 1 if phase < 1 else -1

    def neighbour(self, direction: int) -> float:
        """The position of the next picture of the strip in a direction (1 or -1)."""
        here, last = self.position * (self.steps - 1), self.steps - 1
        place = math.floor(here + 1e-9) + 1 if direction > 0 else math.ceil(here - 1e-9) - 1
        if self.loop:
            place %= last
        return min(max(place, 0), last) / last

    # ---- requests -------------------------------------------------------------------------------

    def request(self, way: PathKind | None = None) -> PathRequest:
        """The pictures of a strip."""
        return PathRequest(self.model, tuple(key.z for key in self.keys), self.steps, way or self.way, self.loop)

    def sheet(self) -> PathSheetRequest:
        """The strips of all ways as one picture."""
        return PathSheetRequest(self.model, tuple(key.z for key in self.keys), self.steps, self.loop)

    def key_pictures(self) -> DecodeRequest:
        """The pictures of the keys."""
        return DecodeRequest(self.model, tuple(key.z for key in self.keys))

    def moments(self) -> DecodeRequest:
        """The codes at the position: of lerp and slerp where ways are compared, else of the way chosen."""
        ways: tuple[PathKind, ...] = ("lerp", "slerp") if self.compares else (self.way,)
        return DecodeRequest(self.model, tuple(as_code(self.code(way)) for way in ways))

    # ---- keys -----------------------------------------------------------------------------------

    def with_key(self, index: int, key: Key) -> PathState:
        """Another key at a place; at the end of the row it is added."""
        return dataclasses.replace(self, keys=(*self.keys[:index], key, *self.keys[index + 1 :]))

    def without(self, index: int) -> PathState:
        """One key less; the place stays on the way."""
        state = dataclasses.replace(self, keys=self.keys[:index] + self.keys[index + 1 :])
        return dataclasses.replace(state, position=min(index, state.legs) / state.legs if state.legs else 0.0)

    def moved(self, index: int, target: int) -> PathState:
        """A key at another place in the row, where the others make room."""
        keys = [key for k, key in enumerate(self.keys) if k != index]
        keys.insert(target, self.keys[index])
        return dataclasses.replace(self, keys=tuple(keys))

    def draw(self) -> tuple[Key, PathState]:
        """The next random code, and the state that has used it."""
        code = random_code(self.seed, self.drawn, len(self.keys[0].z))
        return Key(code), dataclasses.replace(self, drawn=self.drawn + 1)

    # ---- plain values ---------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        keys = [{"z": list(key.z), "origin": key.origin} for key in self.keys]
        return {**{f.name: getattr(self, f.name) for f in dataclasses.fields(self)}, "keys": keys}

    @staticmethod
    def from_dict(values: Any, model: str, latents: int) -> PathState | None:
        """The state of a dictionary for a model with so many latents; None if it does not fit."""
        try:
            keys = tuple(Key(tuple(float(x) for x in key["z"]), str(key["origin"])) for key in values["keys"])
            known = {f.name for f in dataclasses.fields(PathState)} - {"model", "keys"}
            state = PathState(model, keys, **{name: value for name, value in values.items() if name in known})
            ok = (
                KEYS[0] <= len(keys) <= KEYS[1]
                and all(len(key.z) == latents and all(math.isfinite(x) for x in key.z) for key in keys)
                and state.way in WAYS
                and all(isinstance(n, int) for n in (state.steps, state.label, state.seed, state.drawn))
                and STEPS[0] <= state.steps <= STEPS[1]
                and -1 <= state.label < 10_000
                and all(0 <= n < 2**31 for n in (state.seed, state.drawn))
                and isinstance(state.loop, bool)
                and isinstance(state.compares, bool)
                and 0 <= state.position <= 1
            )
        except (TypeError, ValueError, KeyError, AttributeError):
            return None
        return state if ok else None


def blend(a: np.ndarray, b: np.ndarray, share: float) -> np.ndarray:
    """The straight blend of two uint8 pictures, as the compute side makes it."""
    return np.rint(a.astype(np.float32) * (1 - share) + b.astype(np.float32) * share).astype(np.uint8)
