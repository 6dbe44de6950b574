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

from genstudio.api import remedies
from genstudio.settings.adversarial import LOG_LOSSES, REACH, GameSettings, PointGANSettings

Level = Literal["early", "good", "watch", "bad"]
Floats = npt.NDArray[np.float32]

EARLY = 200  # iterations before which a generator has not begun to make anything
EARLY_ON_POINTS = 100  # its gradient and D's verdicts, where networks are small
LATE = 600  # after so many most points lie on islands
LATELY = 5  # moments whose median counts
AGO = 100  # iterations after which a large loss is forgotten
TURNS = 24  # moments over which swings are looked for
SURE, TOO_SURE = 0.93, 0.985  # share of pictures that D tells right
FAINT, GONE = 0.05, 0.01  # G's gradient over the longest it has had
LEAST_GRADIENT = 1e-4  # below which nothing is learnt, whatever it was before
NARROW, COLLAPSED = 0.7, 0.5  # spread of what is generated over that of what is real
PIECES = {"modes": "islands", "strokes": "strokes"}  # numbers that count them: what they are called
FEW, MANY = 0.6, 0.9  # share of the islands: too few at any time, and late
BESIDE, ASTRAY = 0.15, 0.1  # share of the points that lie on one, late
SWING, SWINGS = 0.4, 4  # of D's confidence in what is generated, and how often it turns
LARGE, HUGE = 12.0, 40.0  # a loss, in nats or score
BURST = 1000.0  # one that is not forgotten
OFF, FAR_OFF = 5.0, 10.0  # D's loss in nats: it is 1.4 where it only guesses
LEAVING, LEFT = 0.35, 0.5  # share of the generated points outside the plane
WIDE, WIDEST = 2.0, 3.0  # spread of what is generated over that of what is real


@dataclass(frozen=True)
class Moment:
    """What a game tells of itself after some iteration.

    Args:
        losses: By name, on the trend.
        peaks: The largest size of each loss since the moment before, of the first one since the settings are as they
            are, where it is known.
    """

    iteration: int
    losses: Mapping[str, float]
    numbers: Mapping[str, Floats]
    peaks: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Light:
    """One way in which a game goes wrong, how near it is, why one thinks so, and the settings that help.

    Args:
        begins_anew: The remedy helps only a run that begins with it.
    """

    name: str
    level: Level
    reason: str
    remedy: remedies.Remedy = field(default_factory=dict)
    begins_anew: bool = False

    @property
    def is_ill(self) -> bool:
        """Whether there is something to mend."""
        return self.level in ("watch", "bad")


def lights(moments: Sequence[Moment], settings: GameSettings, broke_at: int = 0) -> tuple[Light, ...]:
    """One light for each way to fail, from the moments of a run so far, oldest first.

    Args:
        broke_at: The iteration at which the run broke, if it stands where it went back to.
    """
    known = [moment for moment in moments if "gradient_norms" in moment.numbers]
    if not known:
        found = [Light(name, "early", "Nothing is known yet.") for name in RULES]
    else:
        found = [rule(known, settings) for rule in RULES.values()]
    if broke_at:
        reason = f"The loss was no longer a number at iteration {broke_at:,}."
        broken = Light("divergence", "bad", reason, remedies.against_divergence(settings))
        found = [broken if light.name == "divergence" else light for light in found]
    return tuple(found)


def worst(lights: Sequence[Light]) -> Light | None:
    """The first of those that are worst, if something is to be mended."""
    return max(filter(lambda light: light.is_ill, lights), key=lambda light: light.level == "bad", default=None)


def _balance(moments: Sequence[Moment], settings: GameSettings) -> Light:
    if settings.loss not in LOG_LOSSES:
        return Light("balance", "good", "A critic gives scores, not verdicts: it cannot be too sure.")
    right = _lately(moments, lambda n: (n["real_outputs"] > 0).mean() / 2 + (n["fake_outputs"] <= 0).mean() / 2)
    reason = f"D tells {100 * right:.0f} % of what it sees right"
    if moments[-1].iteration < _early(settings):
        return _too_early("balance", reason)
    level = _level(right, SURE, TOO_SURE)
    if level == "good":
        return Light("balance", level, reason + ".")
    remedy = remedies.against_a_sure_d(settings)
    return _light("balance", level, f"{reason}; G hears only that all it makes is bad.", settings, remedy)


def _gradient(moments: Sequence[Moment], settings: GameSettings) -> Light:
    told = [float(moment.numbers["gradient_norms"][1]) for moment in moments]
    norms = [norm for norm in told if not np.isnan(norm)]
    if not norms:
        return Light("gradient", "early", "G has taken no step yet, so there is no gradient to judge.")
    now, longest = float(np.median(norms[-LATELY:])), max(norms)
    share = now / longest if longest else 0.0
    level: Level = "bad" if share < GONE or now < LEAST_GRADIENT else "watch" if share < FAINT else "good"
    reason = f"G's gradient is {now:.2g} long, {100 * share:.0f} % of the longest"
    if moments[-1].iteration < _early(settings) and now >= LEAST_GRADIENT:
        return _too_early("gradient", reason)
    if level == "good":
        return Light("gradient", level, reason + ".")
    remedy, begins_anew = remedies.against_no_gradient(settings, is_dead=now < LEAST_GRADIENT)
    return Light("gradient", level, reason + "; G learns next to nothing.", remedy, begins_anew)


def _oscillation(moments: Sequence[Moment], settings: GameSettings) -> Light:
    if settings.loss not in LOG_LOSSES:
        return Light("oscillation", "good", "A critic's scores may wander: only their differences count.")
    trusted = np.array([moment.losses.get("d_fake", 0.5) for moment in moments[-TURNS:]])
    swing = float(np.quantile(trusted, 0.9) - np.quantile(trusted, 0.1))
    middle = trusted - (trusted.max() + trusted.min()) / 2
    far = np.sign(middle[np.abs(middle) > SWING / 4])
    turns = int((np.diff(far) != 0).sum())
    reason = f"D's trust in what G makes moves over {swing:.2f}"
    if moments[-1].iteration < EARLY:
        return _too_early("oscillation", reason)
    if swing <= SWING or turns < 2:
        return Light("oscillation", "good", reason + ".")
    end = f", to and fro {turns} times: each unlearns what the other has just learnt."
    level: Level = "bad" if turns >= SWINGS else "watch"
    return _light("oscillation", level, reason + end, settings, remedies.against_turning(settings))


def _collapse(moments: Sequence[Moment], settings: GameSettings) -> Light:
    share = _spread(moments)
    level: Level = "bad" if share < COLLAPSED else "watch" if share < NARROW else "good"
    reason, end = f"What G makes is {100 * share:.0f} % as diverse as what is real", ": only what D lets pass."
    is_early = moments[-1].iteration < EARLY
    if name := next((name for name in PIECES if name in moments[-1].numbers), ""):
        found, on_one, pieces = np.mean([m.numbers[name] for m in _recent(moments) if name in m.numbers], 0)
        counts: Level = "bad" if found < FEW * pieces or on_one < ASTRAY else "good"
        if counts == "good" and (found < MANY * pieces or on_one < BESIDE):
            counts = "watch"
        is_early |= level == "good" and counts != "good" and found >= FEW * pieces and moments[-1].iteration < LATE
        level = max(level, counts, key=LEVELS.index)
        all_, much = f"{pieces:.0f} {PIECES[name]}", f"{100 * on_one:.0f} % of its points on one"
        reason = f"Lately G finds {round(found, 1):g} of {all_} on average, with {much}"
        if found < 0.05:
            reason, end = f"Lately G finds none of the {all_}", "."
        elif found >= FEW * pieces:
            end = ": the rest went astray." if on_one < BESIDE else ": it is not done with the others."
    if is_early:
        return _too_early("collapse", reason)
    if level == "good":
        return Light("collapse", "good", reason + ".")
    return _light("collapse", level, reason + end, settings, remedies.against_collapse(settings))


def _divergence(moments: Sequence[Moment], settings: GameSettings) -> Light:
    remedy = remedies.against_divergence(settings)
    is_early = moments[-1].iteration < EARLY
    recent = [moment for moment in moments[-LATELY:-1] if moment.iteration > moments[-1].iteration - AGO]
    seen = [_sizes(moment) for moment in (*(() if is_early else recent), moments[-1])]
    d, g = (max((sizes[name] for sizes in seen), key=_order) for name in ("d_loss", "g_loss"))
    largest = max(d, g, key=_order)
    if not np.isfinite(largest):
        return _light("divergence", "bad", "A loss is no longer a number.", settings, remedy)
    is_log = settings.loss in LOG_LOSSES
    burst = max(size for moment in moments for name, size in _sizes(moment).items() if is_log or name == "d_loss")
    if burst > BURST:
        reason = f"A loss has been {burst:.2g}: no game that goes well comes there."
        return _light("divergence", "bad", reason, settings, remedy)
    level = max(
        _level(g if is_log else d, LARGE, HUGE), _level(d, OFF, FAR_OFF) if is_log else "good", key=LEVELS.index
    )
    reason = f"The largest loss lately is {d if not is_log or _level(d, OFF, FAR_OFF) != 'good' else largest:.2g}"
    end = ": no game that goes well is there."
    outside, spread = _outside(moments, settings), _spread(moments)
    most = max(outside, default=0.0)
    if (astray := _level(most, LEAVING, LEFT)) != "good" and LEVELS.index(astray) >= LEVELS.index(level):
        is_now = _level(outside[-1], LEAVING, LEFT) == astray
        reason, end = f"{100 * outside[-1]:.0f} % of what G makes is outside the plane", "."
        level, reason = astray, reason if is_now else f"Lately {100 * most:.0f} % of what G made was outside the plane"
    if (wide := _level(spread, WIDE, WIDEST)) != "good" and LEVELS.index(wide) > LEVELS.index(level):
        level, reason, end = wide, f"What G makes is spread {spread:.1f} times as far as what is real", "."
    if is_early and level != "bad":
        return _too_early("divergence", reason)
    if level == "good":
        return Light("divergence", level, reason + ".")
    return _light("divergence", level, reason + end, settings, remedy)


LEVELS: tuple[Level, ...] = ("early", "good", "watch", "bad")
RULES = {
    "balance": _balance,
    "gradient": _gradient,
    "oscillation": _oscillation,
    "collapse": _collapse,
    "divergence": _divergence,
}


def _recent(moments: Sequence[Moment]) -> Sequence[Moment]:
    """Those of the last iterations, but not too many, and not too few."""
    count = sum(moment.iteration > moments[-1].iteration - AGO for moment in moments)
    return moments[-min(max(count, LATELY), TURNS) :]


def _lately(moments: Sequence[Moment], value: Any) -> float:
    return float(np.median([value(moment.numbers) for moment in moments[-LATELY:]]))


def _spread(moments: Sequence[Moment]) -> float:
    return _lately(moments, lambda n: n["spreads"][1] / max(float(n["spreads"][0]), 1e-9))


def _outside(moments: Sequence[Moment], settings: GameSettings) -> list[float]:
    """The share of the generated points that is outside the plane, of each of the last moments."""
    known = [m for m in _recent(moments) if "fake" in m.numbers and m.iteration >= _early(settings)]
    return [float((~(np.abs(m.numbers["fake"]) <= REACH).all(1)).mean()) for m in known]


def _sizes(moment: Moment) -> dict[str, float]:
    """Of both losses, as large as they were."""
    sizes = {}
    for name in ("d_loss", "g_loss"):
        loss = abs(moment.losses.get(name, 0.0))
        sizes[name] = max(loss, moment.peaks.get(name, 0.0)) if np.isfinite(loss) else loss
    return sizes


def _order(size: float) -> float:
    return size if np.isfinite(size) else np.inf


def _early(settings: GameSettings) -> int:
    return EARLY_ON_POINTS if isinstance(settings, PointGANSettings) else EARLY


def _too_early(name: str, reason: str) -> Light:
    return Light(name, "early", reason + "; it is too early to judge.")


def _light(name: str, level: Level, reason: str, settings: GameSettings, remedy: remedies.Remedy) -> Light:
    return Light(name, level, reason, remedy, remedies.needs_restart(settings, remedy))


def _level(value: float, watch: float, bad: float) -> Level:
    return "bad" if value > bad else "watch" if value > watch else "good"
