"""An iteration of the adversarial game in stages: what each does, by the rules that hold, and how to go on by them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from genstudio.settings.adversarial import LOG_LOSSES, GameSettings

Player = Literal["d", "g"]
Learner = Literal["d", "g", "both"]


@dataclass(frozen=True)
class SlowRequest:
    """From now on every `next()` of the training in these places is one stage, or again one iteration.

    A run that is half way through an iteration finishes it at the next `next()`, or before it is saved or changed.
    """

    places: tuple[int, ...]
    on: bool


@dataclass(frozen=True)
class SlowEvent:
    """Answer to SlowRequest: whether it is on, and the places whose runs are half way through an iteration."""

    on: bool
    half: tuple[int, ...] = ()


@dataclass(frozen=True)
class TurnRequest:
    """The next `next()` of the run in a place is a whole iteration in which D learns alone, or G, or both do.

    An iteration that is half done is finished before; for both players that is all. Who does not learn has 0 updates
    for one iteration, which are changes of the run as those of a TuneRequest.
    """

    learner: Learner
    place: int = 0


@dataclass(frozen=True)
class TurnEvent:
    """Answer to TurnRequest."""

    learner: Learner
    place: int


@dataclass(frozen=True)
class Line:
    """One stage as the lecture has it: who acts and what is computed, on one line of plain text.

    `result` is the number that the formula's left side is, of those that the stage tells; "" if it is none of them.
    """

    name: str
    player: Player
    formula: str
    result: str = ""


@dataclass(frozen=True, eq=False)
class StageEvent:
    """A stage that has been carried out; TrainEvents bring them."""

    iteration: int  # of which it is a part, from 1
    number: int  # within it, from 1
    of: int
    line: Line
    update: int  # of its player, from 1
    updates: int
    numbers: dict[str, float]


def lines(settings: GameSettings) -> tuple[Line, ...]:
    """The stages of one update of D, then of one of G, in their order, for players that learn at all."""
    of_d = (
        Line("draw", "d", "x ~ data,  z ~ N(0, I)"),
        Line("generate", "d", "G(z)"),
        Line("score", "d", f"L_D = {_loss_d(settings)}", "d_loss"),
        *((Line("penalty", "d", f"P = {_penalty(settings)}", "penalty"),) if _penalty(settings) else ()),
        Line("update D", "d", _update(settings, "D", "L_D + P" if _penalty(settings) else "L_D")),
    )
    draws_again = settings.d_updates == 0 or settings.g_updates > 1
    of_g = (
        *((Line("generate again", "g", "G(z),  z ~ N(0, I)"),) if draws_again else ()),
        Line("score again", "g", f"L_G = {_loss_g(settings)}", "g_loss"),
        Line("update G", "g", _update(settings, "G", "L_G")),
    )
    return (*(of_d if settings.d_updates else ()), *(of_g if settings.g_updates else ()))


def sequence(settings: GameSettings) -> tuple[tuple[Line, int, int], ...]:
    """All stages of an iteration: the line, which update of its player that is, from 1, and of how many."""
    known = lines(settings)
    times: dict[Player, int] = {"d": settings.d_updates, "g": settings.g_updates}
    return tuple(
        (line, k, count)
        for player, count in times.items()
        for k in range(1, count + 1)
        for line in known
        if line.player == player and not (line.name == "generate again" and k == 1 and settings.d_updates)
    )


def _loss_d(settings: GameSettings) -> str:
    label = settings.real_label
    if settings.loss in LOG_LOSSES:
        real = "log D(x)" if label == 1 else f"{label:g} log D(x) + {1 - label:g} log(1 − D(x))"
        return f"−E[{real}] − E[log(1 − D(G(z)))]"
    return {
        "least-squares": f"½E[(D(x) − {label:g})²] + ½E[D(G(z))²]",
        "hinge": "E[max(0, 1 − D(x))] + E[max(0, 1 + D(G(z)))]",
        "wasserstein": "E[D(G(z))] − E[D(x)]",
    }[settings.loss]


def _loss_g(settings: GameSettings) -> str:
    return {
        "non-saturating": "−E[log D(G(z))]",
        "minimax": "E[log(1 − D(G(z)))]",
        "least-squares": "½E[(D(G(z)) − 1)²]",
    }.get(settings.loss, "−E[D(G(z))]")


def _penalty(settings: GameSettings) -> str:
    terms = ((settings.gradient_penalty, "E[(‖∇D(x′)‖ − 1)²]"), (settings.r1, "½E[‖∇D(x)‖²]"))
    return " + ".join(term if weight == 1 else f"{weight:g}·{term}" for weight, term in terms if weight)


def _update(settings: GameSettings, player: str, minimised: str) -> str:
    gradient = f"∇({minimised})" if "+" in minimised else f"∇{minimised}"
    step = {"adam": f"Adam({gradient})", "rmsprop": f"RMSprop({gradient})"}.get(settings.optimizer, gradient)
    clip = f",  |θ_D| ≤ {settings.clip:g}" if player == "D" and settings.clip else ""
    return f"θ_{player} ← θ_{player} − η·{step}{clip}"
