"""A stroke of a brush on a picture of a reverse process, as a change or a hole says it."""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Stroke:
    """What a brush does to a noisy picture.

    Args:
        picture: Its number, -1 for all.
        grey: 0 black to 1 white, as bright as it is to be when it is clean; None leaves noise alone there.
        radius: In parts of the picture's side, as are `way`'s points (x, y) from the upper left corner.
    """

    picture: int
    grey: float | None
    radius: float
    way: tuple[tuple[float, float], ...]


def stroke_of(text: str) -> Stroke:
    """A stroke as a change says it: JSON [picture, grey or null, radius, [x, y], ...].

    Raises:
        ValueError: if it cannot be read.
    """
    try:
        picture, grey, radius, *way = json.loads(text)
        stroke = Stroke(
            int(picture),
            None if grey is None else float(grey),
            float(radius),
            tuple((float(x), float(y)) for x, y in way),
        )
    except (ValueError, TypeError) as error:
        raise ValueError(f"{text!r:.60} is no stroke of a brush") from error
    numbers: list[Any] = [stroke.radius, stroke.grey or 0.0, *itertools.chain(*stroke.way)]
    if not stroke.way or not all(math.isfinite(number) for number in numbers) or stroke.radius <= 0:
        raise ValueError("a stroke of a brush needs a radius and at least one point")
    return stroke


def text_of(stroke: Stroke) -> str:
    """What `stroke_of` reads, in thousandths."""
    way = [[round(x, 3), round(y, 3)] for x, y in stroke.way]
    return json.dumps([stroke.picture, stroke.grey, round(stroke.radius, 3), *way], separators=(",", ":"))


def touched(stroke: Stroke, height: int, width: int) -> npt.NDArray[np.bool_]:
    """The pixels (H, W) whose middle is within the radius of the way, or nearest to it."""
    y, x = np.mgrid[0:height, 0:width] + 0.5
    middle = np.stack([x / width, y / height], -1)  # (H, W, 2)
    distances = [
        _distance(middle, np.array(a), np.array(b)) for a, b in itertools.pairwise([stroke.way[0], *stroke.way])
    ]
    nearest = np.minimum.reduce(distances)
    inside: npt.NDArray[np.bool_] = nearest <= max(stroke.radius, nearest.min())
    return inside


def _distance(
    points: npt.NDArray[np.float64], a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Of points (..., 2) from the segment a b."""
    along = b - a
    share = np.clip(((points - a) @ along) / max(float(along @ along), 1e-12), 0, 1)
    distances: npt.NDArray[np.float64] = np.linalg.norm(points - (a + share[..., None] * along), axis=-1)
    return distances
