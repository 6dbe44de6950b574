"""Games on points that teach something: ones that go well, and failures with what heals them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from genstudio.settings.adversarial import PointGANSettings

POINT_SETS = {  # name: title, and what it is for
    "line": ("Line", "One line: the easiest thing to learn."),
    "two": ("Two Gaussians", "Two islands: will G find both?"),
    "ring": ("Ring of 8", "Eight islands on a circle: the classic test of mode collapse."),
    "grid": ("Grid of 25", "Twenty-five islands in rows."),
    "spiral": ("Spiral", "One arm that winds outwards."),
    "moons": ("Moons", "Two half circles that reach into each other."),
    "pieces": ("Disjoint pieces", "Two lines far apart: where supports do not touch, JS says nothing."),
}
CRITIC: dict[str, Any] = {"loss": "wasserstein", "gradient_penalty": 1.0, "beta1": 0.0, "beta2": 0.9, "d_updates": 5}
SURE_D: dict[str, Any] = {"loss": "minimax", "real_label": 1.0, "d_updates": 10, "lr_d": 2e-3, "lr_g": 2e-5}


@dataclass(frozen=True)
class Game:
    """A game on points with its settings, and one sentence that says what is to be seen.

    Args:
        points: A name of the point sets.
        iterations: After so many one sees it.
    """

    name: str
    title: str
    points: str
    settings: PointGANSettings
    says: str
    iterations: int


@dataclass(frozen=True)
class Failure(Game):
    """A game that fails.

    Args:
        alarm: The light that turns red.
        cure: Settings that heal it, from the beginning.
        why: What the cure changes, one sentence.
    """

    alarm: str = ""
    cure: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""

    def healed(self) -> PointGANSettings:
        """The settings with the cure."""
        return dataclasses.replace(self.settings, **self.cure)


GAMES: dict[str, Game] = {
    game.name: game
    for game in (
        Game(
            "ring", "Ring of 8", "ring", PointGANSettings(r1=0.05),
            "G finds all eight islands: the R1 penalty lets the game come to rest.", 500,
        ),
        Game(
            "grid", "Grid of 25", "grid",
            PointGANSettings(r1=0.01, hidden=128, layers=3, d_updates=2, lr_g=2e-3, lr_d=2e-3, decay=6000),
            "Twenty-five islands, all found: larger networks, two lessons of D a turn, and rates that fall to 0.",
            6000,
        ),
        Game(
            "moons", "Moons", "moons", PointGANSettings(r1=0.05),
            "G bends the square of its noise into two half circles.", 500,
        ),
        Game(
            "critic", "Wasserstein with penalty", "ring", PointGANSettings(**CRITIC),
            "The critic's score is a slope that every point can follow home.", 500,
        ),
    )
}  # fmt: skip
FAILURES: dict[str, Failure] = {
    failure.name: failure
    for failure in (
        Failure(
            "collapse", "Mode collapse", "ring", PointGANSettings(lr_g=5e-3, g_updates=3),
            "G learns three times for each lesson of D, and puts everything where D looks away just now.", 400,
            alarm="collapse", cure={"lr_g": 1e-3, "g_updates": 1, "r1": 0.05},
            why="Equal turns, a calmer G, and a penalty on D's slope.",
        ),
        Failure(
            "vanishing", "Vanishing gradients", "ring", PointGANSettings(**SURE_D),
            "D is sure, and the saturating loss is flat where D is sure: G hears nothing.", 400,
            alarm="gradient", cure={"loss": "non-saturating", "d_updates": 1, "lr_d": 1e-3, "lr_g": 1e-3, "r1": 0.05},
            why="-log D(G(z)) is steep just where log(1 - D(G(z))) is flat.",
        ),
        Failure(
            "clipping", "Clipping too tight", "ring",
            PointGANSettings(loss="wasserstein", clip=0.003, optimizer="rmsprop", lr_g=5e-4, lr_d=5e-4, d_updates=5),
            "With all its weights within 0.003 the critic is flat, and G stands still.", 300,
            alarm="gradient", cure={**CRITIC, "clip": 0.0, "optimizer": "adam", "lr_g": 1e-3, "lr_d": 1e-3},
            why="A penalty asks for a slope of 1 instead of small weights.",
        ),
        Failure(
            "rate", "D's rate too high", "ring", PointGANSettings(lr_d=0.1),
            "D's first steps are so long that its units die, and with them what it could tell G.", 1000,
            alarm="gradient", cure={"lr_d": 1e-3, "r1": 0.05},
            why="A step a hundred times shorter.",
        ),
        Failure(
            "disjoint", "Disjoint supports", "pieces", PointGANSettings(**SURE_D),
            "Real and generated points do not touch: JS is ln 2 wherever G goes, and has no slope.", 400,
            alarm="balance", cure={**CRITIC, "lr_g": 1e-3, "lr_d": 1e-3},
            why="The earth mover's distance knows how far it still is.",
        ),
    )
}  # fmt: skip


def games_like(points: str, settings: PointGANSettings) -> tuple[tuple[Game, bool], ...]:
    """The games of the gallery with such points and settings, and whether they are failures with their cure."""
    well = [(game, False) for game in (*GAMES.values(), *FAILURES.values()) if game.settings == settings]
    healed = [(failure, True) for failure in FAILURES.values() if failure.healed() == settings]
    return tuple((game, is_healed) for game, is_healed in (*well, *healed) if game.points == points)
