"""Whether a game is well: traffic lights for the ways in which it goes wrong, each with a reason and a remedy.

The signs are those of the literature's checklists (Goodfellow 2016, arXiv:1701.00160, section 5; Arjovsky & Bottou
2017, arXiv:1701.04862; Lucic et al. 2018, arXiv:1711.10337); the thresholds are ours, tried on the failures of the
gallery and on healthy runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from genstudio.settings.adversarial import LOG_LOSSES, GameSettings

WITH_PENALTY = {"loss": "wasserstein", "gradient_penalty": 10.0}
Level = Literal["good", "watch", "bad"]
Floats = npt.NDArray[np.float32]

EARLY = 200  # iterations before which a generator has not begun to make anything
LATELY = 5  # moments whose median counts
TURNS = 24  # moments over which swings are looked for
SURE, TOO_SURE = 0.93, 0.985  # share of pictures that D tells right
FAINT, GONE = 0.05, 0.01  # G's gradient over the longest it has had
LEAST_GRADIENT = 1e-4  # below which nothing is learnt, whatever it was before
NARROW, COLLAPSED = 0.7, 0.5  # spread of what is generated over that of what is real
FEW = 0.6  # share of the islands
SWING, SWINGS = 0.4, 4  # of D's confidence in what is generated, and how often it turns
LARGE, HUGE = 12.0, 40.0  # a loss, in nats or score


@dataclass(frozen=True)
class Moment:
    """What a game tells of itself after some iteration: its losses by name, and its numbers."""

    iteration: int
    losses: Mapping[str, float]
    numbers: Mapping[str, Floats]


@dataclass(frozen=True)
class Light:
    """One way in which a game goes wrong, how near it is, why one thinks so, and the settings that help."""

    name: str
    level: Level
    reason: str
    remedy: Mapping[str, Any] = field(default_factory=dict)


def lights(moments: Sequence[Moment], settings: GameSettings) -> tuple[Light, ...]:
    """One light for each way to fail, from the moments of a run so far, oldest first; all good of an empty one."""
    known = [moment for moment in moments if "gradient_norms" in moment.numbers]
    if not known:
        return tuple(Light(name, "good", "Nothing is known yet.") for name in RULES)
    return tuple(rule(known, settings) for rule in RULES.values())


def _balance(moments: Sequence[Moment], settings: GameSettings) -> Light:
    if settings.loss not in LOG_LOSSES:
        return Light("balance", "good", "A critic gives scores, not verdicts: it cannot be too sure.")
    right = _lately(moments, lambda n: (n["real_outputs"] > 0).mean() / 2 + (n["fake_outputs"] <= 0).mean() / 2)
    level = _level(right, SURE, TOO_SURE) if moments[-1].iteration >= EARLY else "good"
    reason = f"D tells {100 * right:.0f} % of what it sees right"
    end = "." if level == "good" else "; G hears only that all it makes is bad."
    remedy = {"lr_d": settings.lr_d / 4} if settings.d_updates <= 1 else {"d_updates": 1}
    return Light("balance", level, reason + end, {} if level == "good" else remedy)


def _gradient(moments: Sequence[Moment], settings: GameSettings) -> Light:
    norms = [float(moment.numbers["gradient_norms"][1]) for moment in moments]
    now, longest = float(np.median(norms[-LATELY:])), max(norms)
    share = now / longest if longest else 0.0
    level: Level = "bad" if share < GONE or now < LEAST_GRADIENT else "watch" if share < FAINT else "good"
    if moments[-1].iteration < EARLY and now >= LEAST_GRADIENT:
        level = "good"
    reason = f"G's gradient is {now:.2g} long, {100 * share:.0f} % of the longest"
    if level == "good":
        return Light("gradient", level, reason + ".")
    remedy: dict[str, Any] = {"loss": "non-saturating"}
    if settings.clip:
        remedy = WITH_PENALTY | {"clip": 0.0}
    elif settings.loss != "minimax":
        remedy = dict(WITH_PENALTY)
    return Light("gradient", level, reason + "; G learns next to nothing.", remedy)


def _oscillation(moments: Sequence[Moment], settings: GameSettings) -> Light:
    if settings.loss not in LOG_LOSSES:
        return Light("oscillation", "good", "A critic's scores may wander: only their differences count.")
    trusted = np.array([moment.losses.get("d_fake", 0.5) for moment in moments[-TURNS:]])
    swing = float(np.quantile(trusted, 0.9) - np.quantile(trusted, 0.1))
    middle = trusted - (trusted.max() + trusted.min()) / 2
    far = np.sign(middle[np.abs(middle) > SWING / 4])
    turns = int((np.diff(far) != 0).sum())
    level: Level = "good"
    if swing > SWING and turns >= 2 and moments[-1].iteration >= EARLY:
        level = "bad" if turns >= SWINGS else "watch"
    reason = f"D's trust in what G makes moves over {swing:.2f}"
    end = "." if level == "good" else f", to and fro {turns} times: each unlearns what the other has just learnt."
    return Light("oscillation", level, reason + end, {} if level == "good" else {"r1": 1.0, "beta1": 0.0})


def _collapse(moments: Sequence[Moment], settings: GameSettings) -> Light:
    share = _lately(moments, lambda n: n["spreads"][1] / max(float(n["spreads"][0]), 1e-9))
    level: Level = "bad" if share < COLLAPSED else "watch" if share < NARROW else "good"
    reason = f"What G makes is {100 * share:.0f} % as diverse as what is real"
    if "modes" in moments[-1].numbers:
        islands = float(moments[-1].numbers["modes"][2])
        found = _lately(moments, lambda n: n["modes"][0])
        reason = f"G finds {found:.0f} of {islands:.0f} islands"
        level = "bad" if found < FEW * islands else level
    if moments[-1].iteration < EARLY or level == "good":
        return Light("collapse", "good", reason + ".")
    remedy = {"g_updates": 1} if settings.g_updates > settings.d_updates else {"r1": 1.0}
    return Light("collapse", level, reason + ": it has settled on few things that D lets pass.", remedy)


def _divergence(moments: Sequence[Moment], settings: GameSettings) -> Light:
    losses = [abs(moments[-1].losses.get(name, 0.0)) for name in ("d_loss", "g_loss")]
    largest = max(losses)
    level = _level(largest, LARGE, HUGE) if np.isfinite(largest) else "bad"
    reason = f"The larger loss is {largest:.2g}" + ("." if level == "good" else ": no game that goes well is there.")
    halved = {"lr_g": settings.lr_g / 4, "lr_d": settings.lr_d / 4}
    return Light("divergence", level, reason, {} if level == "good" else halved)


RULES = {
    "balance": _balance,
    "gradient": _gradient,
    "oscillation": _oscillation,
    "collapse": _collapse,
    "divergence": _divergence,
}


def _lately(moments: Sequence[Moment], value: Any) -> float:
    return float(np.median([value(moment.numbers) for moment in moments[-LATELY:]]))


def _level(value: float, watch: float, bad: float) -> Level:
    return "bad" if value > bad else "watch" if value > watch else "good"
