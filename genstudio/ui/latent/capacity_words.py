"""What the capacity mode says."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from genstudio.api import called
from genstudio.errors import counted
from genstudio.ui.latent.axes import DEAD
from genstudio.ui.latent.capacity_state import Ladder, Rung
from genstudio.ui.numbers import signed
from genstudio.ui.theme import theme

ALIKE = 0.05  # rates that differ by less than this share are the same


def nats(value: float) -> str:
    """Nats as they are read, with a true minus: those of a density may be below 0, and its ELBO above."""
    return signed(value, ".1f")


def caption(ladder: Ladder, place: int, used: Mapping[str, int], stranger: str) -> str:
    """What a rung costs and keeps, and what a step up would bring.

    Args:
        used: How many numbers of a code tell anything, of models whose pictures have come.
        stranger: Why other pictures than the models' own are shown, "" if they are their own.
    """
    rung = ladder.rungs[place]
    count = rung.info.latent_dim
    numbers = counted(count, "number")
    text = (
        f"<latent>{numbers}</latent> a picture: <latent>{nats(rung.rate)} nats</latent> of information; "
        f"<generated>{nats(rung.distortion)} nats</generated> are lost, so the ELBO is {nats(rung.elbo)}. "
    )
    return text + (f"{stranger} " if stranger else "") + _lesson(ladder, place, used.get(rung.key, count))


def _lesson(ladder: Ladder, place: int, used: int) -> str:
    rung = ladder.rungs[place]
    count = rung.info.latent_dim
    below = ladder.rungs[place - 1] if place else None
    above = ladder.rungs[place + 1] if place + 1 < len(ladder.rungs) else None
    few = f"Only {used} of them tell anything" if used < count else "That is enough"
    if below is not None and _adds_nothing(below, rung):
        off = ": the KL term has switched off the rest, and" if used < count else ", and"
        return f"{few}{off} no more is kept than with {_dim(below)}."
    if above is not None and _adds_nothing(rung, above):
        return f"{few}, and more numbers keep no more. {_random(None, rung)}".rstrip()
    if place == 0 and above is not None:
        return "So little room gives back typical pictures, blurred. More numbers keep more, at a price in KL."
    return f"More numbers keep more of it. {_random(below, rung)}".rstrip()


def _random(below: Rung | None, rung: Rung) -> str:
    """How far the pictures of random codes are from real ones, and whether a step up has brought them nearer."""
    now = rung.info.quality.get("frechet")
    if now is None:
        return ""
    before = below.info.quality.get("frechet") if below is not None else None
    if below is None or before is None:
        return f"Random codes: Fréchet distance <generated>{now:.0f}</generated>; 0 would be like real pictures."
    way = f"Fréchet distance <generated>{before:.0f} → {now:.0f}</generated> from {_dim(below)} to {_dim(rung)}"
    if abs(now - before) < ALIKE * before:
        return f"Random codes stay as good: {way}."
    if now < before:
        return f"Random codes become better, too: {way}, lower is better."
    return f"Random codes become worse: {way}, lower is better."


def _adds_nothing(lower: Rung, higher: Rung) -> bool:
    return _dim(lower) < _dim(higher) and higher.rate - lower.rate < ALIKE * higher.rate


def _dim(rung: Rung) -> int:
    return rung.info.latent_dim


def told(rung: Rung) -> str:
    """A dot of the curve, for its tooltip."""
    return (
        f"<b>{escape(rung.info.name)}</b><br>{counted(rung.info.latent_dim, 'number')} a picture<br>"
        f"rate {nats(rung.rate)} nats, distortion {nats(rung.distortion)} nats<br>ELBO {nats(rung.elbo)}"
    )


def table(ladder: Ladder, place: int, used: Mapping[str, int]) -> str:
    """All rungs with their numbers, the one shown in bold."""
    head = ("numbers", "in use", "told", "lost", "Fréchet")
    lines = ["".join(f"<td align='right' style='color:{theme().colors.text2}'>{word}</td>" for word in head)]
    for k, rung in enumerate(ladder.rungs):
        cells = (
            rung.label,
            str(used.get(rung.key, "–")),
            nats(rung.rate),
            nats(rung.distortion),
            f"{rung.info.quality['frechet']:.0f}" if "frechet" in rung.info.quality else "–",
        )
        bold = ("<b>", "</b>") if k == place else ("", "")
        lines.append("".join(f"<td align='right'>{bold[0]}{cell}{bold[1]}</td>" for cell in cells))
    return "<table width='100%' cellpadding='2'>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


def stranger(dataset: str, shown: str) -> str:
    """Why the pictures are others than those the models learned from."""
    return (
        ""
        if shown in ("", dataset)
        else f"{called(dataset)} is not on this computer: these are {shown}, new to every model."
    )


TABLE_HELP = (
    f"In use: numbers that tell at least {DEAD:g} nats. Told (rate) and lost (distortion): nats per held-out picture. "
    "Fréchet: distance of random codes' pictures to real ones; lower is better."
)
EMPTY = "To compare sizes takes at least two VAEs of the same pictures, with different numbers of latents."
UNMEASURED = "{} of {} have no rate and distortion yet. Measure them to see them on the curve."
