"""The sentences about the picture that a reverse process begins with."""

from __future__ import annotations

from html import escape

import numpy as np

from genstudio.api import Pictures, hole_of, levels_left
from genstudio.ui.diffusion.start_state import StartState

KINDS = {
    "noise": ("Noise", "Begin with pure noise"),
    "picture": ("Picture", "Begin part of the way up to noise, with a picture: variants of it (SDEdit)"),
    "hole": ("Hole", "Make a part of a picture anew that fits to the rest, which stays as it is (RePaint)"),
}
TOOLS = {
    "erase": ("Mark", "The brush marks what is to be made anew"),
    "light": ("Keep", "The brush takes the mark away again"),
}
STRENGTH = (
    "How far up to noise the picture goes before the noise is taken away again: at 1 nearly nothing of it is left, at "
    "0.01 it hardly changes (Meng et al. 2022)"
)
REPEATS = (
    "How often each step is gone: between, its noise is put back, so that the new part and the known one come to fit. "
    "More take longer (U in Lugmayr et al. 2022)"
)
NO_HOLE = "This model takes noise away from codes, in which nothing has a place."


def hint(state: StartState, timesteps: int) -> str:
    """What strength or mark mean here."""
    if state.kind == "picture":
        begins = f"It begins at t = {levels_left(state.strength, timesteps)} of {timesteps}."
        if state.strength >= 0.9:
            return f"{begins} There nearly nothing of the picture is left."
        if state.strength <= 0.15:
            return f"{begins} There the picture hardly changes."
        return f"{begins} More strength goes further away from the picture, less stays nearer to it."
    share = float(hole_of(state.hole, 28, 28).mean())
    if not share:
        return "Nothing is marked, so the picture stays as it is. Mark with the brush what is to be made anew."
    if share == 1:
        return "All is marked, so nothing is known of the picture: it is made as if from noise."
    return f"{max(round(100 * share), 1)} % of the picture is made anew; the rest stays as it is, to the last pixel."


def aside(state: StartState, ends: Pictures, picture: Pictures | None) -> str:
    """How far the last pictures (N, H, W, C) are from that with which they began."""
    if picture is None or picture.shape != ends.shape[1:]:
        return ""
    off = np.abs(ends.astype(np.int16) - picture)
    mean = f"{100 * float(off.mean()) / 255:.1f} % of white"
    if state.kind == "picture":
        return f" On average they are <b>{mean}</b> away from the picture with which they began."
    known = ~hole_of(state.hole, *picture.shape[:2])
    if not known.any() or off[:, known].any():
        return ""
    where = "Nothing was marked:" if known.all() else "Around the hole"
    return f" {where} every pixel is <b>that of the picture</b>."


def of_class(state: StartState) -> str:
    """Why the class of the picture is the one that is asked for."""
    if state.label:
        return f" The class asked for is <b>{escape(state.label)}</b>, that of the picture."
    sure = f"{min(round(100 * state.certainty), 99)} %"
    return f" The class asked for is <b>{escape(state.seen)}</b>: that is what the classifier sees in it ({sure} sure)."
