"""How evenly pictures change along a path, and what a place on it teaches, in words. No Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from genstudio.api import Floats, PathKind
from genstudio.api.numbers import percent
from genstudio.ui.latent.path_state import PathState

EVEN = 2.0  # times the smallest step: where the largest is no more than that, a way is even
JUMP = 3.0  # times the mean: a larger step is a jump


@dataclass(frozen=True)
class Evenness:
    """The smallest and the largest step against the mean of all, how many are jumps, and which leg has the largest."""

    least: float
    ratio: float
    jumps: int
    leg: int


def evenness(distances: Floats, legs: int) -> Evenness | None:
    """Of the distances between neighbouring pictures of a path; None where nothing changes."""
    mean = float(np.mean(distances)) if len(distances) else 0.0
    if not mean > 1e-9:
        return None
    steps = len(distances)
    largest = int(np.argmax(distances))
    leg = min(int((largest + 0.5) / steps * legs), legs - 1)
    least = float(distances.min()) / mean
    return Evenness(least, float(distances[largest]) / mean, int((distances > JUMP * mean).sum()), leg)


def evenness_words(distances: Floats, state: PathState) -> str:
    """ "even: steps are 0.8 to 1.2 times the mean", or where it jumps."""
    found = evenness(distances, state.legs)
    if found is None:
        return "nothing changes along the way"
    spread = f"steps are {found.least:.1f} to {found.ratio:.1f} times the mean"
    if found.ratio <= EVEN * found.least:
        return f"even: {spread}"
    a, b = (key + 1 for key in state.ends(found.leg))
    if not found.jumps:
        return f"uneven: {spread}, the largest between keys {a} and {b}"
    what = "one jump" if found.jumps == 1 else f"{found.jumps} jumps, the largest"
    return f"{what} of {found.ratio:.1f} times the mean between keys {a} and {b}"


def place_words(state: PathState) -> str:
    """ "key 2" or "key 2 → 3, 40 %"."""
    number, share = state.leg()
    a, b = (key + 1 for key in state.ends(number))
    if share < 5e-3:
        return f"key {a}"
    if share > 1 - 5e-3:
        return f"key {b}"
    return f"key {a} → {b}, {percent(share)}"


def usual_norm(latents: int) -> float:
    """About how far from the centre random codes lie."""
    return math.sqrt(latents)


def nearest_norm(state: PathState) -> float:
    """How near the centre the straight lines between the keys come."""
    nearest = math.inf
    for leg in range(state.legs):
        a, b = (np.array(state.keys[key].z) for key in state.ends(leg))
        along = b - a
        share = float(np.clip(-(a @ along) / max(float(along @ along), 1e-12), 0, 1))
        nearest = min(nearest, float(np.linalg.norm(a + share * along)))
    return nearest


def caption(state: PathState) -> str:
    """What is seen at this place and what it teaches, as rich text short enough for two lines of a small window."""
    latents = len(state.keys[0].z)
    usual = f"random codes about √{latents} = <b>{usual_norm(latents):.1f}</b>"
    if state.compares:
        line, arc = (_norm(state, way) for way in ("lerp", "slerp"))
        return (
            "Blended <b>pixels</b> show both keys at once, a code in between one new picture. From the centre: "
            f"<a href='lerp'>line</a> <latent>{line}</latent>, <a href='slerp'>arc</a> <latent>{arc}</latent>, {usual}."
        )
    if state.way == "pixels":
        return (
            "Blended pixels: one picture fades out while the other fades in, and <b>both are seen at once</b>. "
            "A code between them is one new picture: see the <a href='slerp'>arc</a> or the <a href='lerp'>line</a>."
        )
    start = f"This code lies <latent>{_norm(state, state.way)}</latent> from the centre, {usual}."
    if state.way == "lerp":
        return (
            f"{start} The line cuts through the middle, here down to <b>{nearest_norm(state):.1f}</b>, where pictures "
            "turn average; see the <a href='slerp'>arc</a>."
        )
    return f"{start} The arc keeps the distance of its keys; a <a href='lerp'>line</a> would cut through the middle."


def _norm(state: PathState, way: PathKind) -> str:
    return f"{np.linalg.norm(state.code(way)):.1f}"


def label(state: PathState) -> str:
    """Where we are, beside the scrubber."""
    place = place_words(state)
    if state.way == "pixels" and not state.compares:
        return f"{place} · pixels"
    return f"{place} · |z| {_norm(state, state.way)}"
