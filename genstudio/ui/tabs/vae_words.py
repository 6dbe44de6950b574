"""How far out a code of a VAE lies, in numbers and in words. No Qt."""

from __future__ import annotations

import math

import numpy as np

from genstudio.ui.latent.axes import COLLAPSE, Code, Face
from genstudio.ui.tabs.vae_state import Path

MISSED = 0.25  # deviations of a measure: nearer is what was asked for
# a sentence, and a button
NO_MODEL = ("There is no VAE here yet. Train one, or drop a model's file on the window.", "Train a VAE")


def share_farther(distance: float, latents: int) -> float:
    """Share of the prior N(0, I) that lies farther from its centre than `distance` (sigma).

    The squared length of such a code is chi-square with `latents` degrees of freedom; this is the
    regularised upper incomplete gamma function Q(latents / 2, distance^2 / 2).
    """
    s, x = latents / 2, distance * distance / 2
    if x <= 0:
        return 1.0
    front = math.exp(s * math.log(x) - x - math.lgamma(s))
    if x < s + 1:  # power series of the lower function
        term = total = 1 / s
        k = s
        while term > total * 1e-15:
            k += 1
            term *= x / k
            total += term
        return max(0.0, 1 - front * total)
    b = x + 1 - s  # continued fraction of the upper function, Lentz's method
    c, d = 1e300, 1 / b
    fraction = d
    for i in range(1, 500):
        numerator = -i * (i - s)
        b += 2
        d = 1 / (numerator * d + b)
        c = b + numerator / c
        fraction *= d * c
        if abs(d * c - 1) < 1e-14:
            break
    return front * fraction


def mean_distance(latents: int) -> float:
    """Mean distance of the prior's codes from its centre: sqrt(2) Gamma((n + 1) / 2) / Gamma(n / 2)."""
    return math.sqrt(2) * math.exp(math.lgamma((latents + 1) / 2) - math.lgamma(latents / 2))


def rare(share: float) -> str:
    """A small share of random codes in words: 0.0004 is 'only 1 in 2,500 random codes'."""
    if share < 1e-9:
        return "fewer than 1 in 1,000,000,000 random codes"
    count = 1 / share
    digits = max(0, math.floor(math.log10(count)) - 1)
    return f"only 1 in {round(count / 10**digits) * 10**digits:,} random codes"


def percent(share: float) -> str:
    """A share as a percentage that is never rounded to nothing or to everything."""
    if 0 < share < 0.01:
        return "less than 1 %"
    if 0.99 < share < 1:
        return "more than 99 %"
    return f"{share * 100:.0f} %"


def place_sentence(z: Code) -> str:
    """How far out a code lies and how much of the prior lies farther, as rich text."""
    latents = len(z)
    distance = float(np.linalg.norm(z))
    farther = share_farther(distance, latents)
    if distance < 5e-3:
        return (
            f"This code is the <a href='centre'>centre</a> of the prior; "
            f"random codes lie <b>{mean_distance(latents):.1f} σ</b> away from it on average."
        )
    start = f"This code lies <b>{distance:.1f} σ</b> from the prior's <a href='centre'>centre</a>"
    if farther < 1e-3:
        return f"{start}; <b>{rare(farther)}</b> lie farther out, so the picture may be of nothing at all."
    if farther > 0.999:
        return f"{start}; {rare(1 - farther)} comes so near."
    return f"{start}; <b>{percent(farther)}</b> of random codes lie farther out."


def path_sentence(position: float | None, path: Path) -> str:
    """Where on the way from A to B the picture is, as rich text; empty when it is not."""
    if position is None:
        return ""
    ends = "<a href='a'>A</a>", "<a href='b'>B</a>"
    if position in (0.0, 1.0):
        return f" It stands at {ends[int(position)]}."
    way = "on an arc" if path == "slerp" else "straight"
    return f" It is <b>{position * 100:.0f} %</b> of the way from {ends[0]} to {ends[1]}, {way}."


def unchanged_sentence(face: Face, before: float, after: float, is_known: bool) -> str:
    """That a slider went that far and the picture stayed as it was, and why, as rich text."""
    read = face.measured if face.is_measure else face.words
    way = f"from {read(before)} to {read(after)}"
    start = f"Moving <latent>{face.name}</latent> {way} changed next to nothing in the picture:"
    if not is_known:
        return (
            f"{start} the decoder seems to ignore it. <a href='study'>Study the codes</a> to see what each one tells."
        )
    if face.dead == COLLAPSE:
        return f"{start} this latent has collapsed, so the decoder ignores it."
    return f"{start} at this code the decoder does not answer to it."


def missed_sentence(face: Face, asked: float, seen: float) -> str:
    """What was asked of a measured slider, and what came of it, as rich text; "" where that is the same."""
    wish, fact = face.measured(asked), face.measured(seen)
    if not math.isfinite(seen) or wish == fact or abs(seen - asked) < MISSED:
        return ""
    return f"Asked for <b>{wish}</b> of {face.name}, the decoder made <latent>{fact}</latent>."


def sheet_sentence(count: int, seed: int, psi: float = 1.0) -> str:
    """What a sheet of random codes is, as rich text."""
    kind = "more alike" if psi < 1 else "more different"
    pull = f" at <b>{psi:.2f}</b> of their distance from the mean code, so they are {kind}" if psi != 1 else ""
    return (
        f"<b>{count}</b> random codes of seed <b>{seed}</b>{pull}, decoded: "
        "click one to take its code, double-click to see it large."
    )
