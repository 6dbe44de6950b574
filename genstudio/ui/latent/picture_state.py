"""What the picture page shows, as one value: the undo entry and what is remembered. Corruption and codes. No Qt."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from genstudio.api import EncodedEvent, Floats, Pictures, noise

View = Literal["back", "corrupt", "sheet"]
Tool = Literal["draw", "erase"]
Missing = Literal["none", "box", "share"]
Box = tuple[float, float, float, float]  # left, top, right, bottom, in shares of the picture

SHEET = 16  # codes drawn from the posterior
CONTENT = 8  # grey levels between the darkest and the lightest pixel below which a picture shows nothing
BRUSH = (0.5, 10.0)  # narrowest and widest, in pixels of a picture of 28
INKS = {"white": (255, 255, 255), "black": (0, 0, 0), "red": (220, 40, 40), "green": (40, 170, 70),
        "blue": (50, 90, 220), "yellow": (245, 215, 50)}  # fmt: skip
SEEDS = 2**31


@dataclass(frozen=True)
class PictureState:
    """A model, the picture it is shown, and what is done to it."""

    model: str
    picture: str = ""  # packed, as the model sees it; "" before there is one
    converted: str = ""  # what had to be done to it, in words
    view: View = "back"
    tool: Tool = "draw"
    brush: float = 2.5  # width, about that of MNIST's strokes,, in pixels of a picture of 28
    centres: bool = True  # whether a drawn digit is brought into the frame of the data
    ink: str = "white"  # of colour pictures
    noise: float = 0.15  # standard deviation, 1 is from black to white
    missing: Missing = "box"
    box: Box = (0.35, 0.2, 0.65, 0.35)
    share: float = 0.3  # of the pixels
    seed: int = 0  # of noise and missing pixels
    drawn: int = 0  # seed of the sheet of codes
    label: int = -1  # class of the held-out pictures, -1 all
    pick: int = 0  # seed of the held-out pictures

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {**dataclasses.asdict(self), "box": list(self.box)}

    @staticmethod
    def from_dict(values: Any) -> PictureState | None:
        """The state of a dictionary; None if it is not one."""
        try:
            fields = dict(values)
            box = tuple(float(x) for x in fields.get("box", PictureState.box))
            state = PictureState(**{**fields, "box": box})
            ok = (
                all(isinstance(text, str) for text in (state.model, state.picture, state.converted))
                and state.view in get_args(View)
                and state.tool in get_args(Tool)
                and state.missing in get_args(Missing)
                and isinstance(state.centres, bool)
                and state.ink in INKS
                and len(box) == 4
                and all(0 <= x <= 1 for x in (*box, state.noise, state.share))
                and BRUSH[0] <= state.brush <= BRUSH[1]
                and all(isinstance(n, int) and 0 <= n < SEEDS for n in (state.seed, state.drawn, state.pick))
                and isinstance(state.label, int)
                and -1 <= state.label < 10_000
            )
        except (TypeError, ValueError):
            return None
        return state if ok else None


def is_empty(picture: Pictures) -> bool:
    """Whether all of a picture has one shade."""
    return int(picture.max()) - int(picture.min()) < CONTENT


def blank(shape: tuple[int, int, int], ground: int) -> Pictures:
    """A picture of nothing but ground."""
    return np.full(shape, ground, np.uint8)


def corrupt(picture: Pictures, state: PictureState, ground: int) -> Pictures:
    """A copy with noise upon it and parts taken away; the same for the same seed."""
    height, width, channels = picture.shape
    rough = picture.astype(np.float32) + 255 * state.noise * noise(state.seed, 0, picture.shape)
    spoilt = np.clip(np.rint(rough), 0, 255).astype(np.uint8)
    if state.missing == "box":
        left, top, right, bottom = state.box
        spoilt[round(top * height) : round(bottom * height), round(left * width) : round(right * width)] = ground
    elif state.missing == "share":
        order = np.random.default_rng((state.seed, 1)).permutation(height * width)
        spoilt.reshape(-1, channels)[order[: round(state.share * height * width)]] = ground
    return spoilt


def difference(picture: Pictures, reconstruction: Pictures) -> Pictures:
    """Reconstruction less picture: grey 128 is none, 255 from black to white, 0 from white to black."""
    signed = reconstruction.astype(np.int16) - picture
    return (128 + np.floor_divide(signed, 2)).astype(np.uint8)


def posterior(event: EncodedEvent, seed: int, count: int = SHEET) -> tuple[tuple[float, ...], ...]:
    """Codes mu + sigma eps of the first picture; code k does not depend on how many there are."""
    mu, sigma = event.mu[0], event.sigma[0]
    codes = (mu + sigma * noise(seed, k, mu.shape) for k in range(count))
    return tuple(tuple(round(float(x), 4) for x in code) for code in codes)


def code_of(event: EncodedEvent, index: int = 0) -> tuple[float, ...]:
    """A mean code as plain numbers; four digits change no picture that an eye could tell."""
    return tuple(round(float(x), 4) for x in event.mu[index])


def looked_at(state: PictureState, event: EncodedEvent) -> int:
    """Which picture of an answer all that follows from a code is of: the corrupted one where that is shown."""
    return 1 if state.view == "corrupt" and len(event.mu) > 1 else 0


def has_posterior(event: EncodedEvent) -> bool:
    """Whether the model says how sure it is of a code."""
    return bool(np.any(event.sigma > 0))


def two_largest(mu: Floats) -> tuple[int, int]:
    """The two numbers of a code (D,) farthest from 0, in rising order; twice the same for a code of one."""
    order = np.argsort(-np.abs(mu), kind="stable")
    first, second = int(order[0]), int(order[min(1, len(order) - 1)])
    return min(first, second), max(first, second)


def share_easier(errors: Floats, error: float) -> float:
    """Share of held-out errors (rising) that are smaller than an error."""
    return float(np.searchsorted(errors, error)) / max(len(errors), 1)
