"""What helps a game that goes wrong: settings that go together, of which as few as possible need another run."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from genstudio.settings import check_settings, setting_of
from genstudio.settings.adversarial import GameSettings, PointGANSettings

Remedy = Mapping[str, Any]
WITH_PENALTY: Remedy = {"loss": "wasserstein", "gradient_penalty": 10.0, "clip": 0.0}
FAR = 10.0  # times the usual rate
GENTLER = 4.0  # a rate that is not far off is divided by it
USUAL_CLIP = 0.01  # of the first Wasserstein GAN


def changes(settings: GameSettings, remedy: Remedy) -> Remedy:
    """What of a remedy is not so already."""
    return {name: value for name, value in remedy.items() if getattr(settings, name) != value}


def needs_restart(settings: GameSettings, remedy: Remedy) -> bool:
    """Whether some of it counts only when a run begins."""
    notes = [setting_of(type(settings), name) for name in changes(settings, remedy)]
    return any(note is None or not note.live for note in notes)


def choose(settings: GameSettings, *wishes: Remedy) -> Remedy:
    """The first wish that changes something, completed so that it goes with all other settings; none if there is none.

    Of a gradient penalty on a D that looks at the whole batch that means another D.
    """
    for wish in wishes:
        norm = {"d_norm": "layer"} if wish.get("gradient_penalty") and _looks_at_batch(settings) else {}
        remedy = changes(settings, {**wish, **norm})
        if remedy and _is_allowed(settings, remedy):
            return remedy
    return {}


def against_a_sure_d(settings: GameSettings) -> Remedy:
    """D knows all."""
    often = {"d_updates": 1} if settings.d_updates > 1 else {}
    return choose(settings, _usual(settings, "lr_d"), often, _gentler(settings, "lr_d"), *_calm(settings))


def against_no_gradient(settings: GameSettings, is_dead: bool) -> tuple[Remedy, bool]:
    """G is told nothing; and whether only another run helps.

    Args:
        is_dead: Nothing at all is left of G's gradient.
    """
    if 0 < settings.clip < USUAL_CLIP and _looks_at_batch(settings):
        return choose(settings, {"clip": USUAL_CLIP}), False
    if settings.clip:
        return _sure(settings, choose(settings, WITH_PENALTY, {"clip": 0.0}))
    if settings.loss == "minimax":
        return choose(settings, {"loss": "non-saturating"}), False
    penalty = [] if _looks_at_batch(settings) else [WITH_PENALTY]
    remedy = choose(
        settings, _usual(settings, "lr_d"), *penalty, {"instance_noise": 0.2}, WITH_PENALTY, *_calm(settings)
    )
    remedy, begins_anew = _sure(settings, remedy)
    return remedy, begins_anew or is_dead  # units that have died do not come back


def against_turning(settings: GameSettings) -> Remedy:
    """Each unlearns what the other has learnt."""
    rest = {"r1": _r1(settings), "beta1": 0.0} if not settings.r1 else {"beta1": 0.0}
    return choose(
        settings, _usual(settings, "lr_d", "lr_g"), rest, _gentler(settings, "lr_d", "lr_g"), *_calm(settings)
    )


def against_collapse(settings: GameSettings) -> Remedy:
    """G makes few things."""
    turns = {"g_updates": max(settings.d_updates, 1)} if settings.g_updates > max(settings.d_updates, 1) else {}
    rest = {"r1": _r1(settings)} if not settings.r1 else {}
    wishes = (_usual(settings, "lr_d", "lr_g"), turns, rest, _gentler(settings, "lr_g"), *_calm(settings))
    return choose(settings, *wishes)


def against_divergence(settings: GameSettings) -> Remedy:
    """The losses grow, or what G makes leaves all bounds."""
    rates = ("lr_d", "lr_g")
    is_unbound = settings.loss == "wasserstein" and not (settings.gradient_penalty or settings.r1 or settings.clip)
    clip = {"clip": USUAL_CLIP} if is_unbound else {}
    return choose(settings, _usual(settings, *rates), clip, _gentler(settings, *rates), *_calm(settings))


def _sure(settings: GameSettings, remedy: Remedy) -> tuple[Remedy, bool]:
    return remedy, needs_restart(settings, remedy)


def _usual(settings: GameSettings, *rates: str) -> Remedy:
    """The rates that are far too large, as they usually are."""
    usual = type(settings)()
    return {name: getattr(usual, name) for name in rates if getattr(settings, name) >= FAR * getattr(usual, name)}


def _gentler(settings: GameSettings, *rates: str) -> Remedy:
    """Smaller rates; one that is above the usual one falls at least to that."""
    usual, found = type(settings)(), {}
    for name in rates:
        rate, normal = getattr(settings, name), getattr(usual, name)
        found[name] = normal if rate > normal else max(float(f"{rate / GENTLER:.3g}"), 1e-6)
    return found


def _calm(settings: GameSettings) -> tuple[Remedy, ...]:
    """What helps a little with everything, where all else is done already."""
    usual = type(settings)()
    return (
        {"r1": _r1(settings)} if not settings.r1 else {},
        {"instance_noise": 0.1} if not settings.instance_noise else {},
        {"lr_d": usual.lr_d, "lr_g": usual.lr_g},
        {"lr_d": usual.lr_d / GENTLER, "lr_g": usual.lr_g / GENTLER},
    )


def _r1(settings: GameSettings) -> float:
    """Islands of points are small beside pictures."""
    return 0.05 if isinstance(settings, PointGANSettings) else 1.0


def _looks_at_batch(settings: GameSettings) -> bool:
    return getattr(settings, "d_norm", "none") == "batch"


def _is_allowed(settings: GameSettings, remedy: Remedy) -> bool:
    try:
        check_settings(dataclasses.replace(settings, **remedy))
    except ValueError:
        return False
    return True
