"""What the map says. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from genstudio.api import called
from genstudio.ui.latent.code_map import COLORS
from genstudio.ui.latent.map_state import RARE, Holes, MapState
from genstudio.ui.latent.picture_words import percent

DRAW = "<a href='draw'>Draw a way</a> to get a film."


def map_sentence(state: MapState, codes: int, dataset: str, holes: Holes | None) -> str:
    """What is seen, one sentence for what lies on top; and what can be done."""
    axes = f"<latent>{state.across}</latent> across, <latent>{state.up}</latent> up"
    if state.holes and holes is not None:
        return f"{_holes(holes)} {shadow(state, has_dots=False)}".rstrip()
    if state.heat:
        return (
            "Orange is where the decoder <b>magnifies</b>: there a small step of the code changes the picture much, "
            f"elsewhere neighbours look alike. {DRAW}"
        )
    if codes and (state.codes or state.thumbs):
        flat = shadow(state, has_dots=True) or "Where there are none lie <a href='holes'>holes</a>."
        return (
            f"<b>{codes:,}</b> pictures of {called(dataset)} that the model did not learn from, each at its code, in "
            f"its class's colour. {flat} {DRAW}"
        )
    way = "each cell holds the same share of the prior" if state.is_warped() else "even steps of the code"
    return f"What the decoder makes of each code: {axes}, {way}. {DRAW}"


def _holes(holes: Holes) -> str:
    if not holes.share:
        return (
            f"There are <b>no holes</b> on this plane: nowhere are codes of pictures over {RARE:g} times rarer than "
            "the prior's. Dashed: the prior's 1, 2 and 3 σ."
        )
    return (
        f"Blue are the <b>holes</b>: <b>{percent(holes.share)}</b> of the prior's codes fall into them. "
        f"Those of pictures are over {RARE:g} times rarer there, so nothing taught the decoder what to show. "
        "Dashed: the prior's 1, 2 and 3 σ."
    )


def shadow(state: MapState, *, has_dots: bool) -> str:
    """That a plane leaves most numbers of a code out, and what follows; "" where there are only two."""
    latents = len(state.z)
    if latents <= 2:
        return ""
    flat = f"This plane is a shadow of <latent>{latents} numbers</latent> on two"
    if not has_dots:
        return f"{flat}: holes among all {latents} do not show on it."
    return (
        f"{flat}: the decoded pictures have the ring's other {latents - 2}, the dots their own other {latents - 2}, "
        "so a dot may lie on a picture unlike its own."
    )


def way_sentence(position: int, count: int) -> str:
    """While a way is played."""
    again = "<a href='draw'>Draw another.</a>"
    return f"Picture <b>{position + 1}</b> of {count} on the way you have drawn. Export saves it as a film. {again}"


def legend(names: Sequence[str]) -> str:
    """The classes with their colours, as rich text."""
    return " &nbsp;".join(
        f"<span style='color:{COLORS[k % len(COLORS)]}'>●</span>&nbsp;{escape(name)}" for k, name in enumerate(names)
    )
