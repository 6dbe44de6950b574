"""What the map says. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from genstudio.api import called
from genstudio.ui.latent.code_map import COLORS
from genstudio.ui.latent.map_state import RARE, Holes, MapState

DRAW = "<a href='draw'>Draw a way</a> to get a film."


def map_sentence(state: MapState, codes: int, dataset: str, holes: Holes | None) -> str:
    """What is seen, one sentence for what lies on top; and what can be done."""
    axes = f"<latent>{state.across}</latent> across, <latent>{state.up}</latent> up"
    if state.holes and holes is not None:
        return (
            f"Blue are the <b>holes</b>: <b>{100 * holes.share:.0f} %</b> of the prior's codes fall into them. "
            f"Those of pictures are over {RARE:g} times rarer there, so nothing taught the decoder what to show. "
            "Dashed: the prior's 1, 2 and 3 σ."
        )
    if state.heat:
        return (
            "Orange is where the decoder <b>magnifies</b>: there a small step of the code changes the picture much, "
            f"elsewhere neighbours look alike. {DRAW}"
        )
    if codes and (state.codes or state.thumbs):
        return (
            f"<b>{codes:,}</b> pictures of {called(dataset)} that the model did not learn from, each at its code, in "
            f"its class's colour. Where there are none lie <a href='holes'>holes</a>. {DRAW}"
        )
    way = "each cell holds the same share of the prior" if state.is_warped() else "even steps of the code"
    return f"What the decoder makes of each code: {axes}, {way}. {DRAW}"


def way_sentence(position: int, count: int) -> str:
    """While a way is played."""
    again = "<a href='draw'>Draw another.</a>"
    return f"Picture <b>{position + 1}</b> of {count} on the way you have drawn. Export saves it as a film. {again}"


def legend(names: Sequence[str]) -> str:
    """The classes with their colours, as rich text."""
    return " &nbsp;".join(
        f"<span style='color:{COLORS[k % len(COLORS)]}'>●</span>&nbsp;{escape(name)}" for k, name in enumerate(names)
    )
