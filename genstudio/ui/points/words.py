"""The sentences of the game on points."""

from __future__ import annotations

import math
from collections.abc import Mapping

from genstudio.api import Floats
from genstudio.api.health import PIECES
from genstudio.ui.numbers import signed
from genstudio.ui.tabs.run_words import can_rewind

KINDS = {"point-gan": ("Points", "Small fully connected networks, on points in the plane (after GAN Lab)")}


def empty() -> str:
    """Nothing runs yet."""
    return (
        "The <generator>generator</generator> turns noise into points, the "
        "<discriminator>discriminator</discriminator> tells them from <real>real ones</real>: here one sees all of it."
    )


def before() -> str:
    """The real points are there, and nobody has learned from them yet."""
    return f"{empty()} These are real ones; press play, and G learns to make such."


def invitation(title: str) -> str:
    """On the empty plane."""
    return f"A generator learns to make points like these: {title}."


def other_points(learned: str, chosen: str, is_running: bool) -> str:
    """Others were chosen while a run is at hand, which stays with its own."""
    goes_on = "it goes on with them" if is_running else "<b>Go on</b> trains on with them"
    return (
        f"What you see is of the points before, <b>{learned}</b>: {goes_on}. <b>Restart with these settings</b> begins "
        f"anew with <b>{chosen}</b>."
    )


def learning(iteration: int, numbers: Mapping[str, Floats], scores: tuple[float, float], is_critic: bool) -> str:
    """While it learns: how far it is, and what D thinks."""
    return f"Iteration {iteration:,}: {how_far(numbers)} {verdict(*scores, is_critic)}"


def how_far(numbers: Mapping[str, Floats], at_start: bool = False) -> str:
    """What is measured between real and generated points; `at_start` of a sentence."""
    if "wasserstein" not in numbers:
        return ""
    moved, js = numbers["wasserstein"][0], numbers["js"][0]
    fake = "Generated" if at_start else "generated"
    parts = [f"<generated>{fake}</generated> points lie <b>{moved:.2f}</b> from <real>real</real> ones"]
    share = js / math.log(2)
    ends = "as if nothing were alike" if share > 0.97 else f"0 alike, {math.log(2):.2f} nothing alike"
    parts.append(f"JS <b>{js:.2f}</b> ({ends})")
    for name, word in PIECES.items():
        if name in numbers:
            found, good, all_ = numbers[name]
            parts.append(f"<b>{found:.0f} of {all_:.0f}</b> {word} found, {100 * good:.0f} % of the points on one")
    return "; ".join(parts) + "."


def on_the_way(share: float, between: float | None) -> str:
    """In a morph: where it is, and the share of the points between the islands, if there are some."""
    says = f"<b>{100 * share:.0f} %</b> of the way from the <latent>noise</latent> to where G puts it"
    if between is None:
        return f"{says}."
    return (
        f"{says}: <b>{100 * between:.0f} %</b> of the <generated>generated</generated> points lie between the islands."
    )


def verdict(d_real: float, d_fake: float, is_critic: bool) -> str:
    """What D says of both, on the curves' moving mean."""
    if is_critic:
        real, fake, gap = signed(d_real, "+.2f"), signed(d_fake, "+.2f"), signed(abs(d_real - d_fake), ".2f")
        return (
            f"Lately the <discriminator>critic</discriminator> scores real ones <real>{real}</real>, generated ones "
            f"<generated>{fake}</generated>: <b>{gap}</b> {'lower' if d_fake <= d_real else 'higher'}."
        )
    return (
        f"Lately <discriminator>D</discriminator> gives real ones <real>{d_real:.2f}</real>, generated ones "
        f"<generated>{d_fake:.2f}</generated>."
    )


def looking_back(iteration: int, newest: int, is_running: bool, numbers: Mapping[str, Floats], rewind_at: int) -> str:
    """In the history, away from the live end."""
    goes_on = "the game goes on" if is_running else "the game is paused"
    links = can_rewind(rewind_at, iteration) if rewind_at >= 0 else "<a href='live'>Back to the live end</a>."
    how = how_far(numbers, at_start=True)
    return f"Back at iteration <b>{iteration:,}</b> of {newest:,}; {goes_on}. {how} {links}"
