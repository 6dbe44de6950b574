"""What a picture says of itself: slant, stroke width, size, height and ink, of white strokes on black."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from genstudio.api.pictures import Floats, Pictures

Values = npt.NDArray[np.float64]

CHUNK = 2048  # pictures at once: the temporaries stay small


class Measure(NamedTuple):
    """How to read a number off pictures, its unit, and what it means."""

    of: Callable[[Pictures], Values]  # (N, H, W, C) gives (N,); NaN where there is no ink
    unit: str
    help: str


def measure(images: Pictures, names: Sequence[str] | None = None) -> Values:
    """The named measures, or all in the order of MEASURES, of pictures (N, H, W, C): (N, K).

    The mean of the channels counts as ink. A row of NaN is a picture without any.

    Raises:
        ValueError: for a name that is not in MEASURES.
    """
    names = list(MEASURES) if names is None else list(names)
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        raise ValueError(f"there is no measure {unknown[0]!r}; known measures: {', '.join(MEASURES)}")
    values = np.empty((len(images), len(names)))
    for first in range(0, len(images), CHUNK):
        chunk = images[first : first + CHUNK]
        for column, name in enumerate(names):
            values[first : first + CHUNK, column] = MEASURES[name].of(chunk)
    return values


def slant_deg(images: Pictures) -> Values:
    """How far strokes lean to the right: the shear that second moments show, as when digits are deskewed.

    A picture sheared by x - y tan(slant) about its centre has mu11 = -mu02 tan(slant) where it had 0
    (y runs downwards). NaN if all ink is in one row.
    """
    grey = _grey(images)
    rows, columns = grey.sum(2), grey.sum(1)
    y, x = _from_centre(rows), _from_centre(columns)
    mu11 = ((grey @ x[:, :, None])[:, :, 0] * y).sum(1)
    mu02 = (rows * y * y).sum(1)
    return np.degrees(np.arctan(_ratio(-mu11, np.where(mu02 > 1e-6, mu02, 0))))


def stroke_px(images: Pictures) -> Values:
    """Twice the ink over the length of its outline: the width of a stroke much longer than wide.

    The outline is as long as the grey levels' total variation, half grey edges included (coarea formula).
    A stroke's ends are outline too: a bar of w by l px shows w l / (w + l).
    """
    grey = _grey(images)
    around = np.pad(grey, ((0, 0), (1, 1), (1, 1)))
    down, right = np.diff(around, axis=1), np.diff(around, axis=2)
    dy = (down[:, :, 1:] + down[:, :, :-1]) / 2  # slopes where four pixels meet, (N, H + 1, W + 1)
    dx = (right[:, 1:] + right[:, :-1]) / 2
    return _ratio(2 * grey.sum((1, 2)), np.hypot(dx, dy).sum((1, 2)))


def height_px(images: Pictures) -> Values:
    """From the highest to the lowest point where some ink is half as white as the whitest."""
    return _extent(_grey(images).max(2))


def size_px(images: Pictures) -> Values:
    """The root of the bounding box's area, its height measured as by `height_px` and its width alike."""
    grey = _grey(images)
    return np.sqrt(_extent(grey.max(2)) * _extent(grey.max(1)))


def ink(images: Pictures) -> Values:
    """The mean grey level, above 0 to 1."""
    mean = _grey(images).mean((1, 2), dtype=np.float64)
    return np.where(mean > 0, mean, np.nan)


MEASURES = {
    "slant": Measure(slant_deg, "°", "How far the strokes lean to the right."),
    "stroke width": Measure(stroke_px, "px", "How wide the pen was: twice the ink over the length of its outline."),
    "size": Measure(size_px, "px", "The side of a square as large as the box around the ink."),
    "height": Measure(height_px, "px", "From the top to the bottom of the ink."),
    "ink": Measure(ink, "", "The mean grey level, from 0 for black to 1 for white."),
}


def _grey(images: Pictures) -> Floats:
    """(N, H, W, C) uint8 as (N, H, W) from 0 to 1."""
    scale = np.float32(1 / (255 * images.shape[3]))
    grey: Floats = images.sum(axis=3, dtype=np.float32) * scale
    return grey


def _ratio(above: npt.NDArray[np.floating], below: npt.NDArray[np.floating]) -> Values:
    """Above over below in float64, NaN where below is 0."""
    top = above.astype(np.float64)
    ratio: Values = np.divide(top, below, out=np.full_like(top, np.nan), where=below > 0)
    return ratio


def _from_centre(profile: Floats) -> Values:
    """Places of profiles (N, S) in px from their centre of mass, (N, S); NaN where they are 0."""
    places = np.arange(profile.shape[1], dtype=np.float64)
    return places - _ratio(profile @ places, profile.sum(1))[:, None]


def _extent(profile: Floats) -> Values:
    """Length of profiles (N, S) between their outermost crossings of half their peak, in px, to a fraction."""
    peak = profile.max(1, initial=0)
    level = np.pad(profile / np.where(peak > 0, peak, 1)[:, None], ((0, 0), (1, 1)))
    length = np.full(len(profile), profile.shape[1] + 1.0)
    for side in (level, level[:, ::-1]):
        first = np.maximum((side >= 0.5).argmax(1), 1)  # the first at or above half, seen from this side
        inner, outer = (np.take_along_axis(side, i[:, None], 1)[:, 0] for i in (first, first - 1))
        length -= first - (inner - 0.5) / np.maximum(inner - outer, 1e-9)
    return np.where(peak > 0, length, np.nan)
