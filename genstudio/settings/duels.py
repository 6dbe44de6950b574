"""Races that teach something: one game played two ways; and games worth seeing in both arenas at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Values = Mapping[str, Any]  # settings by their names
POINTS, PICTURES, TWIN = "points", "pictures", "twin"  # arenas; a twin is points beside pictures


@dataclass(frozen=True)
class Duel:
    """What two runs do differently, and what one is to see.

    Args:
        sides: By arena: settings of the left and of the right run, the same names in both.
        shared: Of both.
    """

    name: str
    title: str
    says: str
    sides: Mapping[str, tuple[Values, Values]]
    shared: Values = field(default_factory=dict)


@dataclass(frozen=True)
class Twin:
    """Settings of a game in both arenas, and what one is to see."""

    name: str
    title: str
    says: str
    shared: Values = field(default_factory=dict)


def _both(left: Values, right: Values) -> Mapping[str, tuple[Values, Values]]:
    return {POINTS: (left, right), PICTURES: (left, right)}


DUELS: dict[str, Duel] = {
    duel.name: duel
    for duel in (
        Duel(
            "rate", "D's rate ×10",
            "A D that learns ten times as fast drives its G on at first; who is nearer after a while?",
            {POINTS: ({"lr_d": 1e-3}, {"lr_d": 1e-2}), PICTURES: ({"lr_d": 2e-4}, {"lr_d": 2e-3})},
        ),
        Duel(
            "loss", "Saturating or not",
            "The loss of the first paper is flat where D is sure; the other is steep just there.",
            _both({"loss": "minimax"}, {"loss": "non-saturating"}),
            {"real_label": 1.0, "d_updates": 10, "lr_d": 2e-3, "lr_g": 3e-4},
        ),
        Duel(
            "bound", "Clipping or penalty",
            "Both keep a Wasserstein critic from growing without bounds: small weights, or a slope of 1.",
            {
                POINTS: ({"clip": 0.01, "gradient_penalty": 0.0}, {"clip": 0.0, "gradient_penalty": 1.0}),
                PICTURES: ({"clip": 0.01, "gradient_penalty": 0.0}, {"clip": 0.0, "gradient_penalty": 10.0}),
            },
            {"loss": "wasserstein", "d_updates": 5, "beta1": 0.0, "beta2": 0.9},
        ),
        Duel(
            "r1", "Without or with R1",
            "A penalty on D's slope at real examples lets the game come to rest.",
            {POINTS: ({"r1": 0.0}, {"r1": 0.05}), PICTURES: ({"r1": 0.0}, {"r1": 1.0})},
        ),
        Duel(
            "smoothing", "Without or with label smoothing",
            "A D that is asked for 0.9 on real examples never becomes quite sure.",
            _both({"real_label": 1.0}, {"real_label": 0.9}),
        ),
        Duel(
            "turns", "One turn of G or three",
            "A G that learns three times for each lesson of D runs to where D looks away just now.",
            _both({"g_updates": 1}, {"g_updates": 3}),
        ),
        Duel(
            "average", "Without or with EMA",
            "The same two networks; only the pictures on the right come from an average of G.",
            {PICTURES: ({"ema_decay": 0.0}, {"ema_decay": 0.998})},
        ),
    )
}  # fmt: skip
TWINS: dict[str, Twin] = {
    twin.name: twin
    for twin in (
        Twin(
            "fair", "A fair game", "Equal players: D stays unsure, and G goes on learning, in both arenas.",
            {"lr_d": 5e-4, "lr_g": 5e-4},
        ),
        Twin(
            "sure", "D is sure",
            "D has learnt five times before G moves once, and the saturating loss is flat where D is sure.",
            {"loss": "minimax", "real_label": 1.0, "d_updates": 5, "lr_d": 1e-3, "lr_g": 2e-4},
        ),
        Twin(
            "collapse", "Mode collapse",
            "A hasty G puts everything where D looks away: few islands on the left, few digits on the right.",
            {"g_updates": 3, "lr_g": 3e-3, "lr_d": 5e-4},
        ),
        Twin(
            "critic", "Wasserstein with penalty",
            "A critic with a slope of 1: its score says how far it still is.",
            {
                "loss": "wasserstein", "gradient_penalty": 5.0, "d_updates": 5, "beta1": 0.0, "beta2": 0.9,
                "lr_d": 5e-4, "lr_g": 5e-4,
            },
        ),
    )
}  # fmt: skip
