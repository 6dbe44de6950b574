"""What the arithmetic of codes shows, as one value: the undo entry and what is remembered. No Qt."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from genstudio.api import DecodeRequest, InterpolateRequest
from genstudio.ui.tabs.vae_state import as_code, random_code

Shelf = Literal["random", "data", "means", "saved"]
SLOTS = "ABC"
STRENGTH = (-3.0, 3.0)
STEPS, STEP = 41, 0.05  # places of the scrubber: strengths 0 to 2
LONGEST = 60  # letters of a name
FILM = 41  # pictures of a film


@dataclass(frozen=True)
class ArithmeticState:
    """A - B + C; an empty slot has the code () and the name "". The difference counts `strength` times."""

    codes: tuple[tuple[float, ...], ...]
    names: tuple[str, ...]
    strength: float = 1.0
    shelf: Shelf = "random"
    seed: int = 0

    @staticmethod
    def first(latents: int) -> ArithmeticState:
        """How a model is shown first: three random codes."""
        codes = tuple(random_code(0, k, latents) for k in range(3))
        return ArithmeticState(codes, tuple(f"code {k + 1}" for k in range(3)))

    def is_full(self) -> bool:
        """Whether there is a result."""
        return all(self.codes)

    def result(self) -> tuple[float, ...]:
        """C + strength (A - B); () while a slot is empty."""
        if not self.is_full():
            return ()
        a, b, c = (np.array(code) for code in self.codes)
        return as_code(np.round(c + self.strength * (a - b), 6))

    def filled(self, slot: int, code: tuple[float, ...], name: str) -> ArithmeticState:
        """With another code in a slot; () empties it."""
        codes, names = list(self.codes), list(self.names)
        codes[slot], names[slot] = code, name[:LONGEST]
        return dataclasses.replace(self, codes=tuple(codes), names=tuple(names))

    def swapped(self) -> ArithmeticState:
        """A and B have changed places, so the difference is the other way round."""
        (a, b, c), (x, y, z) = self.codes, self.names
        return dataclasses.replace(self, codes=(b, a, c), names=(y, x, z))

    def cleared(self) -> ArithmeticState:
        """All slots empty."""
        return dataclasses.replace(self, codes=((),) * 3, names=("",) * 3)

    def decode(self, model: str) -> DecodeRequest | None:
        """The pictures of the slots that are filled, the result's last; None if none is."""
        codes = tuple(code for code in (*self.codes, self.result()) if code)
        return DecodeRequest(model, codes) if codes else None

    def places(self) -> tuple[int, ...]:
        """Which slot each picture of `decode` belongs to; 3 is the result."""
        return tuple(k for k, code in enumerate((*self.codes, self.result())) if code)

    def film(self, model: str) -> InterpolateRequest | None:
        """The result from strength 0 to 2."""
        if not self.is_full():
            return None
        a, b = (dataclasses.replace(self, strength=w).result() for w in (0.0, 2.0))
        return InterpolateRequest(model, a, b, FILM, "lerp")

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**dataclasses.asdict(self), "codes": [list(c) for c in self.codes], "names": list(self.names)}

    @staticmethod
    def from_dict(values: Any, latents: int) -> ArithmeticState:
        """Such a state of a model with so many latents; what does not fit is as it is first."""
        state = ArithmeticState.first(latents)
        given: dict[str, Any] = dict(values)
        codes: Any = given.get("codes")
        names: Any = given.get("names")
        if _is_list(codes) and _is_list(names) and all(_is_code(c, latents) for c in codes):
            codes = tuple(as_code(code) if code else () for code in codes)
            state = dataclasses.replace(state, codes=codes, names=tuple(str(name)[:LONGEST] for name in names))
        strength, seed = given.get("strength"), given.get("seed")
        shelf: Any = given.get("shelf")
        if isinstance(strength, (int, float)) and STRENGTH[0] <= strength <= STRENGTH[1]:
            state = dataclasses.replace(state, strength=float(strength))
        if isinstance(seed, int) and 0 <= seed < 2**31:
            state = dataclasses.replace(state, seed=seed)
        return dataclasses.replace(state, shelf=shelf) if shelf in get_args(Shelf) else state

    @staticmethod
    def of_codes(codes: tuple[tuple[float, ...], ...]) -> ArithmeticState | None:
        """The state whose four codes these are, as an exported row has them; None if they are no such sum."""
        if len(codes) != 4 or len({len(code) for code in codes}) != 1:
            return None
        a, b, c, r = (np.array(code) for code in codes)
        way = a - b
        length = float(way @ way)
        strength = round(float((r - c) @ way) / length, 3) if length > 0 else 1.0
        names = ("A", "B", "C")
        state = ArithmeticState(tuple(as_code(x) for x in (a, b, c)), names, strength)
        close = STRENGTH[0] <= strength <= STRENGTH[1] and np.allclose(state.result(), r, atol=1e-3)
        return state if close else None


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and len(value) == 3


def _is_code(code: Any, latents: int) -> bool:
    right = isinstance(code, (list, tuple)) and len(code) in (0, latents)
    return right and all(isinstance(x, (int, float)) and math.isfinite(x) for x in code)


@dataclass(frozen=True)
class ShelfItem:
    """A code one can take from the shelf."""

    code: tuple[float, ...]
    name: str
